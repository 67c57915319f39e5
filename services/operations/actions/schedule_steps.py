"""What the operations on schedules share: reading them anew, and what may no longer be touched."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from services.clock import DAY, SEOUL
from services.errors import GatewayError, InvalidRequest, NotFound, UnreadableAnswer
from services.gateway import Gateway
from services.gateway.payloads import Payload
from services.mirror.schedules import schedules_of_key
from services.operations.actions.charges import FAILED_IS_NOT_FINAL
from services.operations.journal.journal import Wanted
from services.operations.journal.states import Why
from services.operations.journal.stores import OF_SCHEDULE
from services.operations.outcomes import Outcome, Stop
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from services.tables.v1 import PaymentStatus, Schedule, ScheduleStatus
from services.typed_text import checked, typed

CLOSE = 60
"""Seconds before its time from which on a schedule is left alone: the gateway may be at it already."""
_WINDOW = 90 * DAY
_AHEAD = 5 * 366 * DAY
_LONGEST_NAME = 40
_MAY_TURN = 1_800
"""Seconds in which a PG that takes failures back is waited for; the resolver looks for as long at a charge."""
_LOOKS_WAITED = 5
"""Looks after which a call whose answer was lost is taken for dead: the last one comes after a quarter of an hour."""


def subject_of(merchant_uid: str) -> str:
    """The subject of operations on a schedule, of which one is open at most."""
    return f"{OF_SCHEDULE}{merchant_uid}"


def subject_of_all(customer_uid: str | None) -> str:
    """The subject of operations on several schedules of one billing key."""
    return f"schedules_of:{customer_uid}"


def wanted_of(
    kind: OperationKind, token: str, schedule: Schedule, request: Mapping[str, object] | None = None
) -> Wanted:
    """The intent to change one schedule, which no other operation on it or on all of its key may meet."""
    return Wanted(
        token=token,
        kind=kind,
        subject=subject_of(schedule.merchant_uid),
        beside=(subject_of_all(schedule.customer_uid),),
        amount=schedule.amount,
        currency=schedule.currency,
        merchant_uid=schedule.merchant_uid,
        customer_uid=schedule.customer_uid,
        request=request or {},
    )


def read_time(text: str, *, field: str) -> int:
    """`2027-01-31 10:00` in Korea as UNIX seconds. Raises InvalidRequest, also for a day without a time."""
    try:
        found = datetime.fromisoformat(text.strip() if ":" in text else "")
    except ValueError:
        raise InvalidRequest("A time is written 2027-01-31 10:00, as it is in Korea.", field=field) from None
    return int((found if found.tzinfo else found.replace(tzinfo=SEOUL)).timestamp())


def checked_time(at: int, now: float, *, field: str = "schedule_at") -> int:
    """A time to book for. Raises InvalidRequest where it is not a minute ahead, or absurdly far."""
    if at < now + CLOSE:
        raise InvalidRequest("The time must be at least a minute from now.", field=field)
    if at > now + _AHEAD:
        raise InvalidRequest("That is more than five years ahead.", field=field)
    return at


def checked_name(name: str) -> str:
    """A product's name. Raises InvalidRequest where it is empty or too long."""
    if not typed(name):
        raise InvalidRequest("Say what it is for: the buyer sees this name.", field="name")
    return checked(name, "name", most=_LONGEST_NAME)


def require_booked(schedule: Schedule, now: float) -> None:
    """Raises InvalidRequest unless the schedule is booked, and for longer than a minute."""
    if schedule.schedule_status != ScheduleStatus.SCHEDULED:
        raise InvalidRequest("Only a payment that is still booked can be changed.", field="merchant_uid")
    if schedule.schedule_at < now + CLOSE:
        raise InvalidRequest("It is due within a minute: it is left alone.", field="merchant_uid")


def require_ended(schedule: Schedule) -> None:
    """Raises InvalidRequest unless the schedule failed or was revoked."""
    if schedule.schedule_status == ScheduleStatus.SCHEDULED or schedule.payment_status in ("paid", "cancelled"):
        raise InvalidRequest("Only a failed or revoked one can be booked or charged again.", field="merchant_uid")


def still_booked(gateway: Gateway, merchant_uids: Sequence[str]) -> tuple[Payload, ...]:
    """The schedules as they are now. Raises Stop where one ran, was revoked, or is due within a minute."""
    found = tuple(gateway.schedule(uid) for uid in merchant_uids)
    for one in found:
        if one.fields["schedule_status"] == ScheduleStatus.EXECUTED:
            raise Stop(Why.EXECUTED_MEANWHILE, one.fields["fail_reason"], schedules=found)
        if one.fields["schedule_status"] != ScheduleStatus.SCHEDULED:
            raise Stop(Why.NOT_BOOKED, schedules=found)
        if one.fields["schedule_at"] < gateway.now() + CLOSE:
            raise Stop(Why.TOO_CLOSE, schedules=found)
    return found


def require_ahead(gateway: Gateway, schedule_at: int) -> None:
    """Raises Stop unless a time to book for is still a minute ahead, by the gateway's clock."""
    if schedule_at < gateway.now() + CLOSE:
        raise Stop(Why.TOO_CLOSE)


def ended(gateway: Gateway, merchant_uid: str) -> Payload:
    """A failed or revoked schedule as it is now. Raises Stop where it is booked or paid, or may still turn out paid."""
    found = gateway.schedule(merchant_uid)
    if found.fields["payment_status"] in ("paid", "cancelled"):
        raise Stop(Why.EXECUTED_MEANWHILE, schedules=(found,))
    if found.fields["schedule_status"] == ScheduleStatus.SCHEDULED:
        raise Stop(Why.NOT_BOOKED, schedules=(found,))
    _require_failed(gateway, found)
    return found


def _require_failed(gateway: Gateway, schedule: Payload) -> None:
    """The PG may have thought better of an attempt: its payment says so, the schedule keeps saying that it failed."""
    try:
        attempts = gateway.find_all_payments(schedule.fields["merchant_uid"])
    except NotFound:
        return
    for one in attempts.items:
        if one.fields["status"] == PaymentStatus.PAID:
            raise Stop(Why.EXECUTED_MEANWHILE, payment=one, schedules=(schedule,))
    if attempts.unreadable:
        # What cannot be read may be the one that was paid.
        raise UnreadableAnswer("The gateway's answer could not be read.")
    for one in attempts.items:
        recent = one.fields["failed_at"] > gateway.now() - _MAY_TURN
        if recent and one.fields["pg_provider"] in FAILED_IS_NOT_FINAL:
            raise Stop(Why.FAILED_FOR_NOW, one.fields["fail_reason"], payment=one, schedules=(schedule,))


def seen_after(look: Callable[[Gateway, Operation], Outcome | None], gateway: Gateway, operation: Operation) -> Outcome:
    """What stands at the gateway after a call that was answered. Where it cannot be read now, the resolver reads it."""
    try:
        found = look(gateway, operation)
    except GatewayError:
        # Not even "not sent" may come out of here: it was sent.
        found = None
    return found or Outcome(State.UNKNOWN, why=Why.STILL_PENDING)


def may_still_arrive(operation: Operation, schedules: Sequence[Payload]) -> bool:
    """Whether a call whose answer was lost could still change what has failed, once somebody books it again."""
    open_end = operation.state == State.UNKNOWN and operation.looks < _LOOKS_WAITED
    return open_end and any(one.fields["payment_status"] not in ("paid", "cancelled") for one in schedules)


def booked_on(gateway: Gateway, customer_uid: str) -> list[Payload]:
    """Everything that is still booked on a billing key, as far ahead as anybody books.

    Raises UnreadableAnswer where a row cannot be understood: it may be one of them.
    """
    begin = int(gateway.now()) - DAY
    windows = ((from_at, from_at + _WINDOW) for from_at in range(begin, begin + _AHEAD, _WINDOW))
    found: list[Payload] = []
    for page in schedules_of_key(gateway, customer_uid, windows):
        if page.unreadable:
            raise UnreadableAnswer("The gateway's answer could not be read.")
        found += page.items
    return [one for one in found if one.fields["schedule_status"] == ScheduleStatus.SCHEDULED]
