"""`jangbu vbank` and `jangbu cvs`: what waits for money is issued, changed, revoked and listed."""

from datetime import datetime
from typing import Annotated

import typer
from services.errors import InvalidRequest
from services.operations.actions.vbanks.forms import BUYERS
from services.vbanks.waiting_list import WaitingState

from dashboard.access import Permission
from dashboard.commands.answer import AsJson, Wait, answer, ready, say, tell
from dashboard.commands.money import Again, TaxFree
from dashboard.locale import _
from dashboard.process.resources import known_tier

vbank = typer.Typer(no_args_is_help=True, help="Virtual accounts that wait for money.")
cvs = typer.Typer(no_args_is_help=True, help="Numbers to pay by at a convenience store (Galaxia).")
Payment = Annotated[str, typer.Argument(metavar="IMP_UID", help="The payment.")]
Order = Annotated[str, typer.Option(help="The order number: the same words issue nothing twice for it.")]
Channel = Annotated[str, typer.Option(help="Key of the channel that issues it.")]
Amount = Annotated[str, typer.Option(help="How much is to be paid, in won.")]
Name = Annotated[str, typer.Option(help="What it is for: the buyer sees it.")]
Until = Annotated[datetime, typer.Option(formats=["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"], help="Korean time.")]
Whose = Annotated[
    typer.FileText | None,
    typer.Option(
        "--fields-from",
        help="A file, or - for stdin, with a line NAME=VALUE each: buyer_name, buyer_tel, buyer_email, vbank_holder, "
        "product_type, …: whose it is stands in no list of processes.",
    ),
]
Tier = Annotated[str, typer.Option(help="Code of the sub-store that is paid, of JANGBU_TIERS.")]
_KNOWN = (*BUYERS, "vbank_holder", "product_type", "vbank_num", "vbank_key", "business_registration_number", "barcode")
_SHOWN = ("imp_uid", "state", "amount", "vbank_date", "merchant_uid", "name", "vbank_name", "vbank_num", "pg_provider",
          "pay_method", "sandbox")  # fmt: skip


@vbank.command()
def issue(
    order: Order,
    channel: Channel,
    amount: Amount,
    bank: Annotated[str, typer.Option(help="The bank's standard code of three digits, as 088.")],
    until: Until,
    name: Name,
    fields_from: Whose = None,
    tax_free: TaxFree = None,
    vat_amount: Annotated[str | None, typer.Option(help="VAT, of contracts that set it.")] = None,
    tier: Tier = "",
    again: Again = False,
    wait: Wait = 30,
    as_json: AsJson = False,
) -> None:
    """Issue a virtual account for an order by telephone."""
    from dashboard.commands.follow import carry_out
    from dashboard.commands.wishes.vbanks import NewOrder, ask_vbank

    with ready(as_json, Permission.VBANK):
        more = _fields(fields_from)
        wish = NewOrder(
            order, channel, amount, name, until, bank, tax_free, vat_amount, more, again, tier=known_tier(tier)
        )
        carry_out(ask_vbank(wish), wait, as_json)


@vbank.command()
def change(
    imp_uid: Payment,
    amount: Annotated[str | None, typer.Option(help="Another amount, in won.")] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"], help="Another time, Korean.")
    ] = None,
    wait: Wait = 30,
    as_json: AsJson = False,
) -> None:
    """Change amount or term of an account that waits, where the PG takes that."""
    from dashboard.commands.follow import carry_out
    from dashboard.commands.wishes.vbanks import ask_change

    with ready(as_json, Permission.VBANK):
        carry_out(ask_change(imp_uid, amount, until), wait, as_json)


@vbank.command()
def revoke(imp_uid: Payment, wait: Wait = 30, as_json: AsJson = False) -> None:
    """Revoke an account before anybody has paid."""
    _revoke(imp_uid, wait, as_json)


@vbank.command(name="list")
def list_(
    days: Annotated[int, typer.Option(min=1, help="Issued in so many last days.")] = 30,
    state: Annotated[list[WaitingState] | None, typer.Option(help="overdue, soon, open or no_term.")] = None,
    text: Annotated[str, typer.Option(help="Looked for as in the list's search box.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """What waits for money, what ends first on top; store numbers too."""
    from services.clock import day_of, system_clock
    from services.store.engine import reading
    from services.vbanks.waiting_list import WaitingFilter, list_waiting

    from dashboard.process.access_log.commands import note_search, note_shown
    from dashboard.process.executor import commander_may
    from dashboard.process.resources import open_store

    with ready(as_json, Permission.SEE_PAYMENTS, require_gateway=False):
        states, now = frozenset(one.value for one in state or ()), system_clock()
        with reading(open_store()) as conn:
            buyers = commander_may(conn, Permission.SEE_BUYERS)
            chosen = WaitingFilter(int(now), states, text=text, from_day=day_of(now) - days + 1, search_buyers=buyers)
            found = list_waiting(conn, chosen, limit=limit).rows
        note_search("waiting", text, len(found))
        note_shown("waiting", len(found))
        shown = [name for name in _SHOWN if buyers or name != "vbank_num"]
        rows = [{name: getattr(one, name) for name in shown} for one in found]
        if as_json:
            answer({"waiting": rows}, as_json=True)
            return
        for row in rows:
            tell(" · ".join(f"{name} {value}" for name, value in row.items() if value not in (None, "")))
        if not rows:
            say(_("Nothing waits for money."))


@cvs.command("issue")
def issue_number(
    order: Order,
    channel: Channel,
    amount: Amount,
    name: Name,
    fields_from: Whose = None,
    tier: Tier = "",
    again: Again = False,
    wait: Wait = 30,
    as_json: AsJson = False,
) -> None:
    """Issue a number by which an order is paid at a convenience store."""
    from dashboard.commands.follow import carry_out
    from dashboard.commands.wishes.vbanks import NewOrder, ask_cvs

    with ready(as_json, Permission.VBANK):
        wish = NewOrder(order, channel, amount, name, more=_fields(fields_from), again=again, tier=known_tier(tier))
        carry_out(ask_cvs(wish), wait, as_json)


@cvs.command("revoke")
def revoke_number(imp_uid: Payment, wait: Wait = 30, as_json: AsJson = False) -> None:
    """Revoke a number before it is paid."""
    _revoke(imp_uid, wait, as_json)


def _revoke(imp_uid: str, wait: float, as_json: bool) -> None:
    from dashboard.commands.follow import carry_out
    from dashboard.commands.wishes.vbanks import ask_revocation

    with ready(as_json, Permission.VBANK):
        carry_out(ask_revocation(imp_uid), wait, as_json)


def _fields(file: typer.FileText | None) -> dict[str, str]:
    """NAME=VALUE each. Raises InvalidRequest."""
    lines = [line for line in (file.read() if file else "").splitlines() if line.strip()]
    found = {name.strip(): value.strip() for name, _sign, value in (line.partition("=") for line in lines)}
    if strange := sorted(found.keys() - set(_KNOWN)):
        raise InvalidRequest("No PG wants “{value}”, but: {known}.", field="field", value=strange[0],
                             known=", ".join(_KNOWN))  # fmt: skip
    return found
