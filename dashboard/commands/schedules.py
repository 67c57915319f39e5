"""`jangbu schedule`: payments booked on a billing key, moved, cancelled, charged now and booked again."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.access import Permission
from dashboard.commands.answer import AsJson, Wait, answer, notes, ready, results
from dashboard.commands.money import Again, BuyerFrom, Currency, Key, More, OwnOrder, Price, Product, TaxFree
from dashboard.locale import _

if TYPE_CHECKING:
    from dashboard.commands.wishes.money import Asked
    from dashboard.commands.wishes.schedules import BookOrder

schedule = typer.Typer(no_args_is_help=True, help="Payments booked on billing keys.")
Order = Annotated[str, typer.Argument(metavar="MERCHANT_UID", help="The order number that it is booked under.")]
Orders = Annotated[list[str], typer.Argument(metavar="MERCHANT_UID...", help="Order numbers, all of one billing key.")]
To = Annotated[str, typer.Option(help="The new time as it is in Korea: 2027-01-31 10:00.")]


@schedule.command()
def add(
    customer_uid: Key,
    at: Annotated[str, typer.Option(help="When the first one is charged, as it is in Korea: 2027-01-31 10:00.")],
    amount: Price,
    name: Product,
    every: Annotated[str | None, typer.Option(help="A series: 2w for two weeks, 1m for a month.")] = None,
    count: Annotated[int | None, typer.Option(help="A series of so many payments, the first one included.")] = None,
    until: Annotated[str | None, typer.Option(help="A series up to this day, 2027-12-31.")] = None,
    day: Annotated[int | None, typer.Option(help="The day of the month meant, where the first month lacks it.")] = None,
    naver_use_after: Annotated[
        int | None, typer.Option(min=0, help="Naver Pay's day of use: so many days after each payment.")
    ] = None,
    tax_free: TaxFree = None,
    currency: Currency = "KRW",
    order: OwnOrder = "",
    more: More = None,
    buyer_from: BuyerFrom = None,
    preview: Annotated[bool, typer.Option("--preview", help="Show what would be booked, and book nothing.")] = False,
    again: Again = False,
    wait: Wait = 30,
    as_json: AsJson = False,
) -> None:
    """Book a payment, or with --every a series, in one call. The same command again books nothing more."""
    from dashboard.commands.wishes.more import given_more
    from dashboard.commands.wishes.schedules import BookOrder, ask_booking

    with ready(as_json, Permission.SCHEDULE):
        wish = BookOrder(
            customer_uid=customer_uid,
            at=at,
            amount=amount,
            name=name,
            currency=currency.upper(),
            tax_free=tax_free,
            naver_use_after=naver_use_after,
            every=every,
            count=count,
            until=until,
            month_day=day,
            order=order,
            more=given_more(more, buyer_from),
            again=again,
        )
        _show(wish, preview, as_json)
        if not preview:
            _carry_out(lambda: ask_booking(wish), wait, as_json)


@schedule.command()
def move(order: Order, to: To, again: Again = False, wait: Wait = 30, as_json: AsJson = False) -> None:
    """Move a booked payment to another time, a minute ahead at least."""
    from dashboard.commands.wishes.schedules import ask_move

    with ready(as_json, Permission.SCHEDULE):
        _carry_out(lambda: ask_move(order, to, again=again), wait, as_json)


@schedule.command()
def cancel(
    orders: Orders,
    reason: Annotated[str, typer.Option(help="Why: it stays with the operation.")],
    again: Again = False,
    wait: Wait = 30,
    as_json: AsJson = False,
) -> None:
    """Cancel booked payments: exactly those that are named."""
    from dashboard.commands.wishes.schedules import ask_cancellation

    with ready(as_json, Permission.SCHEDULE):
        _carry_out(lambda: ask_cancellation(orders, reason, again=again), wait, as_json)


@schedule.command()
def retry(order: Order, again: Again = False, wait: Wait = 30, as_json: AsJson = False) -> None:
    """Charge a failed or cancelled one now, under its own order number."""
    from dashboard.commands.wishes.schedules import ask_retry

    with ready(as_json, Permission.SCHEDULE):
        _carry_out(lambda: ask_retry(order, again=again), wait, as_json)


@schedule.command()
def rebook(order: Order, to: To, again: Again = False, wait: Wait = 30, as_json: AsJson = False) -> None:
    """Book a failed or cancelled one again, under its own order number."""
    from dashboard.commands.wishes.schedules import ask_rebooking

    with ready(as_json, Permission.SCHEDULE):
        _carry_out(lambda: ask_rebooking(order, to, again=again), wait, as_json)


def _carry_out(ask: "Callable[[], Asked]", wait: float, as_json: bool) -> None:
    from dashboard.commands.follow import carry_out

    carry_out(ask(), wait, as_json)


def _show(order: "BookOrder", preview: bool, as_json: bool) -> None:
    """What would be booked, day by day, for the person; with `preview` as the command's answer too."""
    from dashboard.commands.report import number
    from dashboard.commands.wishes.schedules import forms_of, plan_of
    from dashboard.words import formats

    plan, amount = plan_of(order), forms_of(order)[0].amount or 0
    console = results if preview and not as_json else notes
    for one in plan:
        marks = [one.holiday, _("weekend") if one.weekend else None]
        parts = [f"{formats.time(one.schedule_at)} KST", formats.money(amount, order.currency), *marks]
        console.print(" · ".join(part for part in parts if part), markup=False, highlight=False, soft_wrap=True)
    whole = _("{n} payments, {amount} together").format(
        n=f"{len(plan):,}", amount=formats.money(amount * len(plan), order.currency)
    )
    console.print(whole, markup=False, highlight=False)
    if preview and as_json:
        rows = [{"schedule_at": one.schedule_at, "weekend": one.weekend, "holiday": one.holiday} for one in plan]
        answer({"schedules": rows, "amount": number(amount * len(plan), order.currency)}, as_json=True)
