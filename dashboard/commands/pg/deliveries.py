"""`jangbu payco` and `jangbu paymentwall`: what both are told of a delivery, step by step."""

from enum import StrEnum
from typing import Annotated

import typer
from services.operations.actions.deliveries.payco import CONFIRMED, SHIPPED
from services.operations.actions.deliveries.paymentwall import CARRIER, PaymentwallForm

from dashboard.access import Permission
from dashboard.commands.answer import AsJson, Wait, ready
from dashboard.commands.pg.escrow import pairs

payco = typer.Typer(no_args_is_help=True, help="PAYCO: the state of an order.")
paymentwall = typer.Typer(no_args_is_help=True, help="Paymentwall: a delivery.")
Payment = Annotated[str, typer.Argument(metavar="IMP_UID", help="The payment.")]


class PaycoState(StrEnum):
    """What PAYCO is told; an order is cancelled by a refund."""

    SHIPPED = "shipped"
    CONFIRMED = "confirmed"


class Sold(StrEnum):
    """What was sold."""

    PHYSICAL = "physical"
    DIGITAL = "digital"


class PaymentwallState(StrEnum):
    """How far a delivery is."""

    PLACED = "order_placed"
    SHIPPED = "order_shipped"
    DELIVERING = "delivering"
    DELIVERED = "delivered"


@payco.callback()
@paymentwall.callback()
def _group() -> None:
    # With a callback the one command of each keeps its name.
    pass


@payco.command()
def status(
    imp_uid: Payment,
    state: Annotated[PaycoState, typer.Argument(help="shipped, then confirmed; nothing leads back.")],
    elsewhere: Annotated[
        bool, typer.Option("--shipped-elsewhere", help="PAYCO was told outside of Jangbu that it was shipped.")
    ] = False,
    wait: Wait = 30,
    as_json: AsJson = False,
) -> None:
    """Tell PAYCO that an order was shipped, or that its purchase is confirmed."""
    from dashboard.commands.follow import carry_out
    from dashboard.commands.wishes.deliveries import ask_payco

    with ready(as_json, Permission.DELIVERY):
        code = SHIPPED if state == PaycoState.SHIPPED else CONFIRMED
        carry_out(ask_payco(imp_uid, code, elsewhere=elsewhere), wait, as_json)


@paymentwall.command()
def delivery(
    imp_uid: Payment,
    sold: Annotated[Sold, typer.Option("--type", help="Goods or a digital product.")],
    state: Annotated[PaymentwallState, typer.Option("--status", help="How far it is; nothing leads back.")],
    carrier: Annotated[str, typer.Option(help="Of goods: the carrier.")] = "",
    tracking: Annotated[str, typer.Option(help="Of goods: its number.")] = "",
    arrives_at: Annotated[str | None, typer.Option(help="Of goods, in Korea: 2026-12-02 18:00.")] = None,
    news_at: Annotated[str | None, typer.Option(help="Of goods: when its state is told next.")] = None,
    receiver_from: Annotated[
        typer.FileText | None,
        typer.Option(
            help="A file, or - for stdin, with lines email=…, firstname=…, lastname=…, phone=…, country=…, state=…, "
            "city=…, street=…, zip=…; what is left out is as the payment has it."
        ),
    ] = None,
    refundable: Annotated[bool, typer.Option(help="Whether the buyer can still have it refunded.")] = True,
    reason: Annotated[str, typer.Option(help="A reason, if any.")] = "",
    details: Annotated[str, typer.Option(help="Details, if any.")] = "",
    wait: Wait = 30,
    as_json: AsJson = False,
) -> None:
    """Tell Paymentwall of a delivery, at each of its states: it pays nothing out for goods without."""
    from services.operations.actions.schedule_steps import read_time

    from dashboard.commands.follow import carry_out
    from dashboard.commands.wishes.deliveries import ask_paymentwall, buyer_of

    with ready(as_json, Permission.DELIVERY):
        told = pairs(receiver_from.read().strip().splitlines(), "receiver_from") if receiver_from else {}
        arrives, news = (
            None if text is None else read_time(text, field=name)
            for name, text in (("arrives_at", arrives_at), ("news_at", news_at))
        )
        form = PaymentwallForm(
            sold.value,
            state.value,
            refundable,
            arrives,
            news,
            carrier=dict(zip(CARRIER, (carrier, tracking), strict=True)),
            receiver=buyer_of(imp_uid) | told,
            reason=reason,
            details=details,
        )
        carry_out(ask_paymentwall(imp_uid, form), wait, as_json)
