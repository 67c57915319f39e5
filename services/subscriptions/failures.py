"""Failed schedules of one key: what each came to, and who had it paid after all.

A failed schedule is recovered by the first later payment that is paid under its order number, or, before the next
cycle, by one of the same amount on the same key that is not another booking's own.
"""

from collections.abc import Sequence

from services.clock import DAY, day_of, day_start, seoul
from services.store.writes.chains import History, Row
from services.subscriptions.cadence import Cadence
from services.subscriptions.reasons import remedy
from services.tables.chains import RecoveredBy
from services.tables.journal import OperationKind
from services.tables.keys import KeyState
from services.tables.v1 import ScheduleStatus

POLICY = "policy"
"""Where what nobody asked for comes from, in the journal: the policy of the settings."""
_WITHOUT_CADENCE = 31 * DAY


def failed_schedules(uid: str, history: History, cadence: Cadence | None) -> list[Row]:
    """The rows to keep of a key, oldest first."""
    attempts: dict[str, list[Row]] = {}
    for row in history.payments:
        attempts.setdefault(row["merchant_uid"], []).append(row)
    booked = {row["merchant_uid"] for row in history.schedules}
    taken: set[str] = set()
    found = []
    for schedule in history.schedules:
        own = attempts.get(schedule["merchant_uid"], [])
        failures = sorted((row for row in own if row["failed_at"] and not row["paid_at"]), key=_failed_at)
        if not failures and schedule["payment_status"] == "failed":
            failures = [schedule | {"failed_at": schedule["executed_at"] or schedule["schedule_at"]}]
        if failures:
            paid = _recovery(failures, own, history.payments, booked | taken, cadence)
            found.append(_row(uid, history, schedule, failures, paid))
            if paid:
                taken.add(paid["merchant_uid"])
    return found


def _failed_at(row: Row) -> int:
    at: int = row["failed_at"]
    return at


def _recovery(
    failures: Sequence[Row], own: Sequence[Row], payments: Sequence[Row], others: set[str], cadence: Cadence | None
) -> Row | None:
    """The payment that made up for it."""
    since = failures[0]["failed_at"]
    until = since + _WITHOUT_CADENCE
    if cadence is not None:
        # Up to the cycle after the one that failed.
        until = day_start(cadence.grid.after(day_of(since)))
    fits = (failures[0]["amount"], failures[0]["currency"])
    candidates = [row for row in own if row["paid_at"] > since] + [
        row
        for row in payments
        if since < row["paid_at"] < until
        and row["merchant_uid"] not in others
        and (row["amount"], row["currency"]) == fits
    ]
    return min(candidates, key=lambda row: row["paid_at"], default=None)


def _row(uid: str, history: History, schedule: Row, failures: Sequence[Row], paid: Row | None) -> Row:
    first, latest = failures[0], failures[-1]
    reason = latest["fail_reason"]
    booked = schedule["schedule_status"] == ScheduleStatus.SCHEDULED
    return {
        "merchant_uid": schedule["merchant_uid"],
        "customer_uid": uid,
        "pg_provider": history.key.pg_provider,
        "sandbox": history.key.sandbox,
        "amount": schedule["amount"],
        "currency": schedule["currency"],
        "name": schedule["name"],
        "failed_at": first["failed_at"],
        "last_failed_at": latest["failed_at"],
        "fail_reason": reason,
        "action": remedy(reason).action.value,
        "tries": len(failures) - 1,
        "booked_at": schedule["schedule_at"] if booked else None,
        "ended": _is_over(history, schedule, latest["failed_at"]),
        "recovered_at": paid["paid_at"] if paid else None,
        "recovered_month": int(f"{seoul(paid['paid_at']):%Y%m}") if paid else None,
        "recovered_amount": paid["amount"] if paid else None,
        "recovered_imp_uid": paid["imp_uid"] if paid else None,
        "recovered_by": _by(history, paid).value if paid else None,
    }


def _is_over(history: History, schedule: Row, failed_at: int) -> bool:
    """The key is gone, this booking was taken back, or another one was since and nothing else is booked any more."""
    others = [row for row in history.schedules if row is not schedule]
    if history.key.state == KeyState.DELETED or schedule["schedule_status"] == ScheduleStatus.REVOKED:
        return True
    left = any(row["schedule_status"] == ScheduleStatus.REVOKED and row["revoked_at"] > failed_at for row in others)
    return left and not any(row["schedule_status"] == ScheduleStatus.SCHEDULED for row in others)


def _by(history: History, paid: Row) -> RecoveredBy:
    """Who asked last for what was paid, as the journal knows it."""
    asked = [
        one
        for one in history.asked
        if one["merchant_uid"] == paid["merchant_uid"] and one["asked_at"] <= paid["paid_at"]
    ]
    if not asked:
        return RecoveredBy.ELSEWHERE
    last = max(asked, key=lambda one: one["asked_at"])
    by_policy = last["asked_from"] == POLICY and last["kind"] != OperationKind.CHARGE
    return RecoveredBy.POLICY if by_policy else RecoveredBy.PERSON
