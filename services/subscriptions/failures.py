"""Failed schedules of one key: what each came to, and who had it paid after all.

A failed schedule is recovered by the first later payment that is paid under its order number, or, before the next
cycle, by one of the same amount on the same key that is not another booking's own. Until then the latest failure of
its key decides what can be done, whatever payment that was.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from services.clock import DAY, day_of, day_start
from services.months import month_of
from services.store.writes.chains import History, KeyPayment, KeySchedule, Row
from services.subscriptions.cadence import Cadence
from services.subscriptions.reasons import remedy
from services.tables.chains import RecoveredBy
from services.tables.journal import OperationKind
from services.tables.keys import KeyState
from services.tables.v1 import ScheduleStatus

POLICY = "policy"
"""Where what nobody asked for comes from, in the journal: the policy of the settings."""
_WITHOUT_CADENCE = 31 * DAY


class _Failure(NamedTuple):
    at: int
    amount: int
    currency: str
    reason: str | None


def failed_schedules(uid: str, history: History, cadence: Cadence | None) -> list[Row]:
    """The rows to keep of a key, oldest first."""
    attempts: dict[str, list[KeyPayment]] = {}
    for one in history.payments:
        attempts.setdefault(one.merchant_uid, []).append(one)
    booked = {one.merchant_uid for one in history.schedules}
    taken: set[str] = set()
    found = []
    for schedule in history.schedules:
        own = attempts.get(schedule.merchant_uid, [])
        if failures := _failures(schedule, own):
            paid = _recovery(failures, own, history.payments, booked | taken, cadence)
            found.append(_row(uid, history, schedule, failures, paid))
            if paid:
                taken.add(paid.merchant_uid)
    return found


def _failures(schedule: KeySchedule, own: Sequence[KeyPayment]) -> list[_Failure]:
    """Its payments that failed, oldest first; what the schedule itself says where there are none."""
    failed = [one for one in own if one.failed_at and not one.paid_at]
    if not failed and schedule.payment_status == "failed":
        at = schedule.executed_at or schedule.schedule_at
        return [_Failure(at, schedule.amount, schedule.currency, schedule.fail_reason)]
    found = [_Failure(one.failed_at, one.amount, one.currency, one.fail_reason) for one in failed]
    return sorted(found, key=lambda one: one.at)


def _recovery(
    failures: Sequence[_Failure],
    own: Sequence[KeyPayment],
    payments: Sequence[KeyPayment],
    others: set[str],
    cadence: Cadence | None,
) -> KeyPayment | None:
    """The payment that made up for it."""
    first = failures[0]
    until = first.at + _WITHOUT_CADENCE
    if cadence is not None:
        # Up to the cycle after the one that failed.
        until = day_start(cadence.grid.after(day_of(first.at)))
    candidates = [one for one in own if one.paid_at > first.at] + [
        one
        for one in payments
        if first.at < one.paid_at < until
        and one.merchant_uid not in others
        and (one.amount, one.currency) == (first.amount, first.currency)
    ]
    return min(candidates, key=lambda one: one.paid_at, default=None)


def _row(
    uid: str, history: History, schedule: KeySchedule, failures: Sequence[_Failure], paid: KeyPayment | None
) -> Row:
    first, latest = failures[0], failures[-1]
    reason = latest.reason if paid else _latest_reason(history, latest)
    booked = schedule.schedule_status == ScheduleStatus.SCHEDULED
    return {
        "merchant_uid": schedule.merchant_uid,
        "customer_uid": uid,
        "pg_provider": history.key.pg_provider,
        "sandbox": history.key.sandbox,
        "amount": schedule.amount,
        "currency": schedule.currency,
        "name": schedule.name,
        "failed_at": first.at,
        "last_failed_at": latest.at,
        "fail_reason": reason,
        "action": remedy(reason).action.value,
        "tries": len(failures) - 1,
        "booked_at": schedule.schedule_at if booked else None,
        "ended": _is_over(history, schedule, latest.at),
        "recovered_at": paid.paid_at if paid else None,
        "recovered_month": month_of(paid.paid_at) if paid else None,
        "recovered_amount": paid.amount if paid else None,
        "recovered_imp_uid": paid.imp_uid if paid else None,
        "recovered_by": _by(history, paid).value if paid else None,
    }


def _latest_reason(history: History, own: _Failure) -> str | None:
    """Of the key's last failure; the booking's own where its payment is not known."""
    return history.key.fail_reason if history.key.failed_at > own.at else own.reason


def _is_over(history: History, schedule: KeySchedule, failed_at: int) -> bool:
    """The key is gone, this booking was taken back, or another one was since and nothing else is booked any more."""
    others = [one for one in history.schedules if one is not schedule]
    if history.key.state == KeyState.DELETED or schedule.schedule_status == ScheduleStatus.REVOKED:
        return True
    left = any(at > failed_at for at in revocations(others))
    return left and not any(one.schedule_status == ScheduleStatus.SCHEDULED for one in others)


def revocations(schedules: Iterable[KeySchedule]) -> list[int]:
    """When bookings were taken back, in UNIX seconds."""
    return [one.revoked_at for one in schedules if one.schedule_status == ScheduleStatus.REVOKED]


def _by(history: History, paid: KeyPayment) -> RecoveredBy:
    """Who asked last for what was paid, as the journal knows it; who booked it first asked for no recovery."""
    asked = [
        one
        for one in history.asked
        if one.merchant_uid == paid.merchant_uid and one.asked_at <= paid.paid_at and one.kind != OperationKind.BOOK
    ]
    if not asked:
        return RecoveredBy.ELSEWHERE
    last = max(asked, key=lambda one: one.asked_at)
    by_policy = last.asked_from == POLICY and last.kind != OperationKind.CHARGE
    return RecoveredBy.POLICY if by_policy else RecoveredBy.PERSON
