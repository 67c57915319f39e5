"""What a command on schedules or keys asks for, written into the journal: checked against the gateway as it is now."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from services.clock import system_clock
from services.errors import InvalidRequest, NotFound
from services.mirror.account import claimed_at
from services.mirror.keep import keep_schedules
from services.mirror.stores.whose import in_turn, store_of, stores_of
from services.operations.actions import (
    bookings,
    charges,
    key_deletions,
    moves,
    rebookings,
    retries,
    revocations,
)
from services.operations.actions.bookings import BookingForm
from services.operations.actions.schedule_steps import (
    booked_on,
    read_time,
    subject_of,
    subject_of_all,
)
from services.operations.actions.series import Planned, Series, booking_forms, planned, read_every
from services.operations.journal.journal import Wanted, record
from services.operations.journal.same import booking_differs
from services.operations.resolve import stands
from services.store.engine import reading
from services.store.lists.one import get_schedule
from services.tables.journal import Operation
from services.tables.v1 import BillingKey, Schedule
from services.typed_text import typed

from dashboard.commands.wishes.money import Asked, SaleOrder, fresh_key, minor, once_written
from dashboard.commands.wishes.more import sealed_more
from dashboard.locale import current_language
from dashboard.process.executor import cli_actor
from dashboard.process.resources import current_settings, open_gateway, open_store


@dataclass(frozen=True, slots=True, kw_only=True)
class BookOrder(SaleOrder):
    """`jangbu schedule add` as it was typed."""

    at: str
    naver_use_after: int | None = None
    every: str | None = None
    count: int | None = None
    until: str | None = None
    month_day: int | None = None


def plan_of(order: BookOrder) -> tuple[Planned, ...]:
    """The payments that an order books, the first one first. Raises InvalidRequest."""
    at, until = read_time(order.at, field="at"), _day(order.until)
    if order.every is not None:
        unit, every = read_every(order.every)
        series = Series(at, unit, every, order.count, until, order.month_day)
    elif order.count is None and until is None and order.month_day is None:
        series = Series(at, *read_every("1m"), count=1)
    else:
        raise InvalidRequest("A series says how often with --every.", field="every")
    return planned(series, language=current_language())


def forms_of(order: BookOrder) -> list[BookingForm]:
    """The payments that an order books, as forms. Raises InvalidRequest."""
    form = BookingForm(
        schedule_at=0,
        amount=minor(order.amount, order.currency, "amount"),
        name=order.name,
        currency=order.currency,
        tax_free=minor(order.tax_free, order.currency, "tax_free"),
        merchant_uid=order.order,
        more=order.more,
    )
    return booking_forms(plan_of(order), form, use_after=order.naver_use_after)


def wanted_of(order: BookOrder, token: str) -> Wanted:
    """The intent of an order, on the key as it is now. Raises JangbuErrors."""
    forms, minimum = forms_of(order), current_settings().naverpay_minimum
    return bookings.wanted_booking(token, fresh_key(order.customer_uid), forms, minimum=minimum, now=system_clock())


def ask_booking(order: BookOrder) -> Asked:
    """Looks the key up afresh and writes the intent down. Raises JangbuErrors; nothing is sent here."""
    wished = [{**asdict(form), "name": typed(form.name)} for form in forms_of(order)]
    plainly = (f"{name}={value}" for one in wished for name, value in sorted(one.items()) if value and name != "more")
    words = ("book", *plainly, *sealed_more(order.more))

    def differing(operation: Operation) -> list[str] | None:
        return booking_differs(operation, wished)

    return once_written(
        charges.subject_of(order.customer_uid), words, order.again, lambda token: _record(wanted_of(order, token)),
        differing=differing,
    )  # fmt: skip


def ask_move(merchant_uid: str, to: str, *, again: bool) -> Asked:
    """To another time. Raises JangbuErrors; nothing is sent here."""
    at = read_time(to, field="to")

    def wanted(token: str) -> Wanted:
        return moves.wanted_move(token, fresh_schedule(merchant_uid), at, now=system_clock())

    return _on_schedule(merchant_uid, ("move", str(at)), again, wanted)


def ask_rebooking(merchant_uid: str, to: str, *, again: bool) -> Asked:
    """A failed or revoked one, at another time. Raises JangbuErrors; nothing is sent here."""
    at = read_time(to, field="to")

    def wanted(token: str) -> Wanted:
        return rebookings.wanted_rebooking(token, fresh_schedule(merchant_uid), at, now=system_clock())

    return _on_schedule(merchant_uid, ("rebook", str(at)), again, wanted)


def ask_retry(merchant_uid: str, *, again: bool) -> Asked:
    """A failed or revoked one, now. Raises JangbuErrors; nothing is sent here."""

    def wanted(token: str) -> Wanted:
        return retries.wanted_retry(token, fresh_schedule(merchant_uid))

    return _on_schedule(merchant_uid, ("retry",), again, wanted)


def ask_cancellation(merchant_uids: Sequence[str], reason: str, *, again: bool) -> Asked:
    """Exactly these, all of one billing key. Raises JangbuErrors; nothing is sent here."""
    orders = list(dict.fromkeys(merchant_uids))
    schedules = [fresh_schedule(order) for order in orders]
    subject = subject_of(orders[0]) if len(orders) == 1 else subject_of_all(schedules[0].customer_uid)

    def written(token: str) -> Operation:
        return _record(revocations.wanted_revocation(token, schedules, reason=reason, now=system_clock()))

    return once_written(subject, ("cancel", *orders, typed(reason)), again, written, stands=_stands)


def ask_deletion(customer_uid: str, reason: str, requester: str, *, again: bool) -> Asked:
    """A key on which nothing is booked. Raises JangbuErrors; nothing is sent here."""

    def written(token: str) -> Operation:
        key = fresh_key(customer_uid)
        booked = len(booked_now(customer_uid))
        return _record(key_deletions.wanted_deletion(token, key, reason=reason, requester=requester, booked=booked))

    return _on_key(customer_uid, ("delete", typed(reason), requester), again, written)


def ask_ending(customer_uid: str, booked: Sequence[Schedule], reason: str, requester: str, *, again: bool) -> Asked:
    """What is booked is revoked, then the key is deleted. Raises JangbuErrors; nothing is sent here."""

    def written(token: str) -> Operation:
        return key_deletions.end_subscription(
            open_store(), token, fresh_key(customer_uid), booked,
            reason=reason, requester=requester, actor=cli_actor(), now=system_clock(),
        )  # fmt: skip

    return _on_key(customer_uid, ("end", typed(reason), requester), again, written)


def booked_now(customer_uid: str) -> list[Schedule]:
    """Everything that is booked on a key at the gateway, kept; the next one first. Raises GatewayError."""
    gateway = store_of(open_gateway(), open_store(), BillingKey, customer_uid)
    as_of = claimed_at(gateway, open_store())
    found = booked_on(gateway, customer_uid)
    keep_schedules(open_store(), found, as_of=as_of)
    with reading(open_store()) as conn:
        rows = [get_schedule(conn, one.fields["merchant_uid"]) for one in found]
    return sorted((row for row in rows if row), key=lambda row: row.schedule_at)


def fresh_schedule(merchant_uid: str) -> Schedule:
    """A schedule as the gateway has it now, kept. Raises InvalidRequest where there is none."""
    gateway = open_gateway()
    as_of = claimed_at(gateway, open_store())
    try:
        stores = stores_of(gateway, open_store(), Schedule, merchant_uid)
        keep_schedules(open_store(), [in_turn(stores, lambda one: one.schedule(merchant_uid))], as_of=as_of)
    except NotFound:
        row = None
    else:
        with reading(open_store()) as conn:
            row = get_schedule(conn, merchant_uid)
    if row is None:
        raise InvalidRequest("No payment is booked under this order number.", field="merchant_uid")
    return row


def _on_schedule(merchant_uid: str, words: tuple[str, ...], again: bool, wanted: Callable[[str], Wanted]) -> Asked:
    def written(token: str) -> Operation:
        return _record(wanted(token))

    return once_written(subject_of(merchant_uid), words, again, written, stands=_stands)


def _on_key(customer_uid: str, words: tuple[str, ...], again: bool, written: Callable[[str], Operation]) -> Asked:
    return once_written(charges.subject_of(customer_uid), words, again, written, stands=_stands)


def _stands(known: Operation) -> bool:
    return stands(open_gateway(), known)


def _record(wanted: Wanted) -> Operation:
    return record(open_store(), wanted, cli_actor(), system_clock())


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidRequest("A day is written 2027-01-31.", field="until") from None
