"""`jangbu receipt`: cash receipts issued, cancelled, read and listed; the number comes by stdin or a file."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer
from services.errors import InvalidRequest
from services.tables.receipts import CashReceipt, ReceiptState, ReceiptType

from dashboard.access import Permission
from dashboard.commands.answer import AsJson, Wait, answer, ready, say, tell
from dashboard.commands.money import Again, TaxFree
from dashboard.locale import _

receipt = typer.Typer(no_args_is_help=True, help="Cash receipts.")
Payment = Annotated[str | None, typer.Argument(metavar="IMP_UID", help="The payment.")]
Order = Annotated[str | None, typer.Option(help="Instead of a payment: the order number of a sale made elsewhere.")]
_FIELDS = ("buyer_name", "buyer_tel", "buyer_email", "corp_reg_no", "company_name", "company_tel", "product_type",
           "pay_method")  # fmt: skip
_SHOWN = ("apply_num", "type", "amount", "vat", "tax_free", "applied_at", "cancelled_at", "imp_uid", "merchant_uid",
          "pg_provider", "identifier_kind", "identifier_end", "receipt_url")  # fmt: skip


class Kind(StrEnum):
    """Which kind of number it goes to."""

    PHONE = "phone"
    BUSINESS = "business"
    TAXCARD = "taxcard"
    PERSON = "person"


@receipt.command()
def issue(
    to: Annotated[Kind, typer.Option(help="Which kind of number it goes to.")],
    number_from: Annotated[
        typer.FileText,
        typer.Option(
            help="A file with that number, or - for stdin: it stands in no list of processes. "
            "Lines after it: buyer_name=…, buyer_tel=…"
        ),
    ],
    imp_uid: Payment = None,
    order: Order = None,
    purpose: Annotated[ReceiptType, typer.Option("--for", help="Income deduction or proof of expense.")] = (
        ReceiptType.PERSON
    ),
    amount: Annotated[str | None, typer.Option(help="Of a sale made elsewhere: what was paid, in won.")] = None,
    name: Annotated[str, typer.Option(help="Of a sale made elsewhere: what was sold.")] = "",
    channel: Annotated[str, typer.Option(help="Of a sale made elsewhere: key of the channel that issues it.")] = "",
    tax_free: TaxFree = None,
    vat_amount: Annotated[str | None, typer.Option(help="VAT, where the shop may set it.")] = None,
    meant: Annotated[bool, typer.Option("--meant", help="A proof of expense to a phone number is meant.")] = False,
    field: Annotated[
        list[str] | None, typer.Option(help="What the PG wants besides: product_type=…, company_name=…")
    ] = None,
    again: Again = False,
    wait: Wait = 30,
    as_json: AsJson = False,
) -> None:
    """Issue a cash receipt over what is left of a payment, or of a sale made elsewhere."""
    from dashboard.commands.follow import carry_out
    from dashboard.commands.receipts.orders import ReceiptOrder, Whose, ask_issue

    with ready(as_json, Permission.RECEIPT):
        number, *told = number_from.read().strip().splitlines() or [""]
        if not all("=" in line for line in told):
            raise InvalidRequest("After the number each line is NAME=VALUE.", field="number_from")
        wish = ReceiptOrder(
            whose=Whose(imp_uid, order),
            type=purpose.value,
            kind=to.value,
            number=number,
            tax_free=tax_free,
            vat_amount=vat_amount,
            meant=meant,
            more=_fields([*(field or []), *told]),
            amount=amount,
            name=name,
            channel=channel,
            again=again,
        )
        carry_out(ask_issue(wish), wait, as_json)


@receipt.command()
def cancel(
    imp_uid: Payment = None, order: Order = None, again: Again = False, wait: Wait = 30, as_json: AsJson = False
) -> None:
    """Cancel the cash receipt that stands, whole."""
    from dashboard.commands.follow import carry_out
    from dashboard.commands.receipts.orders import Whose, ask_cancel

    with ready(as_json, Permission.RECEIPT):
        carry_out(ask_cancel(Whose(imp_uid, order), again=again), wait, as_json)


@receipt.command()
def show(imp_uid: Payment = None, order: Order = None, as_json: AsJson = False) -> None:
    """Read a receipt at the gateway, and show all that are known."""
    from dashboard.commands.receipts.orders import Whose
    from dashboard.process.access_log.commands import note_shown

    with ready(as_json, Permission.READ_AGAIN):
        whose = Whose(imp_uid, order)
        known, kept = whose.read(), whose.kept()
        note_shown("receipt", len(kept), imp_uid or order or "")
        _tell([_told(one) for one in kept], as_json, known=known)


@receipt.command(name="list")
def list_(
    days: Annotated[int, typer.Option(min=1, help="How far back.")] = 30,
    state: Annotated[list[ReceiptState] | None, typer.Option(help="live, differs or cancelled.")] = None,
    text: Annotated[str, typer.Option(help="Looked for as in the list's search box.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Receipts of the last days, the latest first."""
    from services.clock import day_of, system_clock
    from services.receipts.receipt_list import ReceiptFilter, list_receipts
    from services.store.engine import reading

    from dashboard.process.access_log.commands import note_search, note_shown
    from dashboard.process.executor import commander_may
    from dashboard.process.resources import open_store

    with ready(as_json, Permission.SEE_PAYMENTS, require_gateway=False):
        states = frozenset(one.value for one in state or ())
        since = day_of(system_clock()) - days + 1
        with reading(open_store()) as conn:
            buyers = commander_may(conn, Permission.SEE_BUYERS)
            chosen = ReceiptFilter(states, text=text, from_day=since, search_buyers=buyers)
            found = list_receipts(conn, chosen, limit=limit).rows
        note_search("receipts", text, len(found))
        note_shown("receipts", len(found))
        rows = [{"state": one.state} | {name: getattr(one, name) for name in _SHOWN} for one in found]
        _tell(rows, as_json)


def _told(one: CashReceipt) -> dict[str, Any]:
    state = ReceiptState.CANCELLED if one.cancelled_at else ReceiptState.LIVE
    return {"state": state.value} | {name: getattr(one, name) for name in _SHOWN}


def _tell(rows: Sequence[dict[str, Any]], as_json: bool, **more: Any) -> None:
    if as_json:
        answer({"receipts": list(rows), **more}, as_json=True)
        return
    for one in rows:
        tell(" · ".join(f"{name} {value}" for name, value in one.items() if value not in (None, "")))
    if not rows:
        say(_("No receipt is known here."))


def _fields(given: Sequence[str]) -> dict[str, str]:
    """NAME=VALUE each. Raises InvalidRequest."""
    found = dict(one.partition("=")[::2] for one in given)
    if strange := sorted(found.keys() - set(_FIELDS)):
        raise InvalidRequest("No PG wants “{value}”, but: {known}.", field="field", value=strange[0],
                             known=", ".join(_FIELDS))  # fmt: skip
    return found
