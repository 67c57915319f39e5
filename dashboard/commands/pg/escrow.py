"""`jangbu escrow`: deliveries of escrow payments entered, changed, read and listed."""

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from services.errors import InvalidRequest
from services.tables.escrow import DeliveryState

from dashboard.access import Permission
from dashboard.commands.answer import AsJson, Wait, answer, ready, say, tell
from dashboard.commands.money import Again
from dashboard.locale import _

escrow = typer.Typer(no_args_is_help=True, help="Deliveries of escrow payments.")
Payment = Annotated[str, typer.Argument(metavar="IMP_UID", help="The payment.")]
Courier = Annotated[str, typer.Option(help="The courier, by name or by V1's code: CJ대한통운, EPOST.")]
Invoice = Annotated[str, typer.Option(help="The tracking number.")]
Sent = Annotated[str | None, typer.Option(help="When it was sent, in Korea: 2026-11-30 14:00. Now where left out.")]
Sender = Annotated[
    list[str] | None,
    typer.Option(help="name=…, tel=…, postcode=…, addr=… of the sender; what is left out is as it was last time."),
]
Receiver = Annotated[
    typer.FileText | None,
    typer.Option(help="A file, or - for stdin, with lines name=…, tel=…: whom it goes to, if not the payment's buyer."),
]
Field = Annotated[list[str] | None, typer.Option(help="What the PG wants besides: receiving_at=20261201, address=…")]
_SHOWN = ("imp_uid", "company", "invoice", "sent_at", "applied_at", "entered_by")
_LISTED = ("imp_uid", "merchant_uid", "state", "paid_at", "pg_provider", "company", "invoice", "sent_at")


@escrow.command()
def enter(
    imp_uid: Payment,
    courier: Courier,
    invoice: Invoice,
    sent_at: Sent = None,
    sender: Sender = None,
    receiver_from: Receiver = None,
    field: Field = None,
    mail: Annotated[bool, typer.Option(help="NICE: write to the buyer once the purchase is confirmed.")] = True,
    again: Again = False,
    wait: Wait = 30,
    as_json: AsJson = False,
) -> None:
    """Enter the delivery of an escrow payment."""
    with ready(as_json, Permission.DELIVERY):
        told = {"mail": mail, "change": False, "again": again}
        _carry_out(imp_uid, courier, invoice, sent_at, sender, receiver_from, field, told, wait, as_json)


@escrow.command()
def change(
    imp_uid: Payment,
    courier: Courier,
    invoice: Invoice,
    sent_at: Sent = None,
    sender: Sender = None,
    receiver_from: Receiver = None,
    field: Field = None,
    again: Again = False,
    wait: Wait = 30,
    as_json: AsJson = False,
) -> None:
    """Change the delivery that stands; not every PG lets it."""
    with ready(as_json, Permission.DELIVERY):
        told = {"mail": True, "change": True, "again": again}
        _carry_out(imp_uid, courier, invoice, sent_at, sender, receiver_from, field, told, wait, as_json)


@escrow.command()
def show(imp_uid: Payment, as_json: AsJson = False) -> None:
    """Read the delivery at the gateway."""
    from dashboard.commands.wishes.deliveries import read_now

    with ready(as_json, Permission.READ_AGAIN):
        found = read_now(imp_uid)
        if found is None and not as_json:
            say(_("No delivery is known."))
        told = {name: getattr(found, name) for name in _SHOWN} if found else {"imp_uid": imp_uid, "company": None}
        if found or as_json:
            answer(told, as_json)


@escrow.command(name="list")
def list_(
    days: Annotated[int, typer.Option(min=1, help="How far back, by the day of the payment.")] = 90,
    state: Annotated[list[DeliveryState] | None, typer.Option(help="to_enter or entered.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Paid escrow payments with their deliveries; of those that wait alone the one that waits longest first."""
    from services.clock import day_of, system_clock
    from services.escrow.delivery_list import DeliveryFilter, list_deliveries
    from services.store.engine import reading

    from dashboard.process.access_log.commands import note_shown
    from dashboard.process.resources import open_store

    with ready(as_json, Permission.SEE_PAYMENTS, require_gateway=False):
        chosen = DeliveryFilter(frozenset(one.value for one in state or ()), from_day=day_of(system_clock()) - days + 1)
        with reading(open_store()) as conn:
            found = list_deliveries(conn, chosen, limit=limit).rows
        note_shown("deliveries", len(found))
        _tell([{name: getattr(one, name) for name in _LISTED} for one in found], as_json)


def _carry_out(
    imp_uid: str,
    courier: str,
    invoice: str,
    sent_at: str | None,
    sender: Sequence[str] | None,
    receiver: typer.FileText | None,
    more: Sequence[str] | None,
    told: dict[str, bool],
    wait: float,
    as_json: bool,
) -> None:
    from services.operations.actions.schedule_steps import read_time

    from dashboard.commands.follow import carry_out
    from dashboard.commands.wishes.deliveries import ParcelOrder, ask_delivery

    order = ParcelOrder(
        imp_uid,
        courier,
        invoice,
        None if sent_at is None else read_time(sent_at, field="sent_at"),
        pairs(sender, "sender"),
        pairs(receiver.read().strip().splitlines(), "receiver_from") if receiver else None,
        pairs(more, "field"),
        told["mail"],
        told["change"],
        told["again"],
    )
    carry_out(ask_delivery(order), wait, as_json)


def pairs(given: Sequence[str] | None, field: str) -> dict[str, str]:
    """NAME=VALUE each. Raises InvalidRequest."""
    if not all("=" in one for one in given or ()):
        raise InvalidRequest("Write each as NAME=VALUE.", field=field)
    return dict(one.partition("=")[::2] for one in given or ())


def _tell(rows: Sequence[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        answer({"deliveries": list(rows)}, as_json=True)
        return
    for one in rows:
        tell(" · ".join(f"{name} {value}" for name, value in one.items() if value not in (None, "")))
    if not rows:
        say(_("No escrow payment is here."))
