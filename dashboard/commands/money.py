"""`jangbu refund` and `charge`: money moved from the command line, once however often the command is given."""

from collections.abc import Mapping
from enum import StrEnum
from typing import IO, Annotated

import msgspec
import typer
from services.errors import InvalidRequest

from dashboard.access import Permission
from dashboard.commands.answer import AsJson, Wait, ready, say
from dashboard.locale import _

_AMOUNT = typer.Option(help="As people write it: 12000, 12,000원, $10.50; 12.000 is refused.")
Key = Annotated[str, typer.Argument(help="The billing key.")]
Price = Annotated[str, _AMOUNT]
Product = Annotated[str, typer.Option(help="What it is for: the buyer sees it.")]
Currency = Annotated[str, typer.Option(help="KRW, USD, …")]
TaxFree = Annotated[str | None, typer.Option(help="Tax-free part, where the payment has one.")]
OwnOrder = Annotated[str, typer.Option("--order", help="An order number of the shop's own, never used before.")]
More = Annotated[
    list[str] | None,
    typer.Option(help="What V1 takes besides, NAME=VALUE: vat_amount, promotion_id, custom_data, notice_url, …"),
]
BuyerFrom = Annotated[
    typer.FileText | None,
    typer.Option(help="A file with who buys, or - for stdin, a line each: buyer_name=…, buyer_tel=…, buyer_email=…"),
]
Again = Annotated[bool, typer.Option("--again", help="A second one is meant, though the same was asked for today.")]


class Requester(StrEnum):
    """Who wants the money back."""

    CUSTOMER = "customer"
    ADMIN = "admin"


def refund(
    imp_uid: Annotated[str, typer.Argument(help="The payment.")],
    reason: Annotated[str, typer.Option(help="The real one: the buyer's bank and Naver Pay are told.")],
    requester: Annotated[Requester, typer.Option(help="Who asked for it.")],
    amount: Annotated[str | None, _AMOUNT] = None,
    full: Annotated[bool, typer.Option("--full", help="Everything that is left.")] = False,
    tax_free: TaxFree = None,
    vat_amount: Annotated[str | None, typer.Option(help="VAT, where the payment set it.")] = None,
    bank: Annotated[str | None, typer.Option(help="Where it goes to an account: the bank's three-digit code.")] = None,
    account: Annotated[str | None, typer.Option(help="Where it goes to an account: its number.")] = None,
    holder: Annotated[str | None, typer.Option(help="Where it goes to an account: its holder.")] = None,
    tel: Annotated[str | None, typer.Option(help="The holder's phone, where the PG asks.")] = None,
    refund_to: Annotated[
        typer.FileText | None,
        typer.Option(
            help='The four above as a JSON file, or - for stdin: {"bank": …}. They stand in no list of processes.'
        ),
    ] = None,
    webhook: Annotated[bool, typer.Option("--webhook", help="Have i'mport send its webhook for it.")] = False,
    retain_promotion: Annotated[
        bool, typer.Option("--retain-promotion", help="Keep its promotion, whatever is left.")
    ] = False,
    again: Again = False,
    wait: Wait = 30,
    as_json: AsJson = False,
) -> None:
    """Refund a payment, in part or all that is left. The same command again reports what became of the first."""
    from dashboard.commands.follow import carry_out
    from dashboard.commands.wishes.money import RefundOrder, ask_refund

    with ready(as_json, Permission.REFUND):
        order = RefundOrder(
            imp_uid=imp_uid,
            amount=amount,
            full=full,
            reason=reason,
            requester=requester.value,
            tax_free=tax_free,
            vat_amount=vat_amount,
            account=_account({"bank": bank, "account": account, "holder": holder, "tel": tel}, refund_to),
            enable_webhook=webhook,
            retain_promotion=retain_promotion,
            again=again,
        )
        asked = ask_refund(order)
        _tell_receipt(imp_uid)
        carry_out(asked, wait, as_json)


def _tell_receipt(imp_uid: str) -> None:
    """Says so where a cash receipt stands, which a refund by a command leaves as it is."""
    from services.receipts.kept import live_receipt
    from services.store.engine import reading

    from dashboard.process.resources import open_store

    with reading(open_store()) as conn:
        stands = live_receipt(conn, imp_uid)
    if stands:
        say(_("A cash receipt stands and is left as it is: jangbu receipt cancel {imp_uid}").format(imp_uid=imp_uid))


def _account(given: Mapping[str, str | None], file: IO[str] | None) -> dict[str, str | None]:
    """Where the money goes, by V1's names, from the options or from a file. Raises InvalidRequest."""
    if file is not None:
        if any(given.values()):
            raise InvalidRequest("Give the account by --refund-to or by its options, not by both.", field="refund_to")
        try:
            given = msgspec.json.decode(file.read(), type=dict[str, str])
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise InvalidRequest("{file} is no JSON of texts.", field="refund_to", file=file.name) from None
        if unknown := given.keys() - {"bank", "account", "holder", "tel"}:
            raise InvalidRequest("{file} has what no account has: {names}.", field="refund_to", file=file.name,
                                 names=", ".join(sorted(unknown)))  # fmt: skip
    return {f"refund_{name}": value for name, value in given.items()}


def charge(
    customer_uid: Key,
    amount: Price,
    name: Product,
    tax_free: TaxFree = None,
    quota: Annotated[int, typer.Option(min=0, help="Instalments in months; 0: at once.")] = 0,
    naver_use_cfm: Annotated[str | None, typer.Option(help="Naver Pay's day of use, yyyyMMdd.")] = None,
    currency: Currency = "KRW",
    order: OwnOrder = "",
    more: More = None,
    buyer_from: BuyerFrom = None,
    again: Again = False,
    wait: Wait = 30,
    as_json: AsJson = False,
) -> None:
    """Charge a billing key once. The same command again reports what became of the first."""
    from dashboard.commands.follow import carry_out
    from dashboard.commands.wishes.money import ChargeOrder, ask_charge
    from dashboard.commands.wishes.more import given_more

    with ready(as_json, Permission.CHARGE):
        wish = ChargeOrder(
            customer_uid=customer_uid,
            amount=amount,
            name=name,
            currency=currency.upper(),
            tax_free=tax_free,
            card_quota=quota,
            naver_use_cfm=naver_use_cfm,
            order=order,
            more=given_more(more, buyer_from),
            again=again,
        )
        carry_out(ask_charge(wish), wait, as_json)
