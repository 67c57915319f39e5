"""When a subscription counts: from its first paid charge until it ends, and again from one that comes after."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.clock import DAY, day_start
from services.store.writes.chains import History
from services.subscriptions.cadence import Cadence
from services.subscriptions.regular import Attempt
from services.tables.keys import KeyState
from services.tables.revenue import Churn, SubscriptionState
from services.tables.v1 import ScheduleStatus

GRACE = 7 * DAY
"""How long a failed or missing charge leaves it open."""


@dataclass(frozen=True, slots=True)
class Life:
    """UNIX seconds; `ended_at` None while it counts."""

    began_at: int
    ended_at: int | None = None
    churn: Churn | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The last life, how it stands now, and when that changes by time alone."""

    life: Life
    state: SubscriptionState
    review_at: int | None = None


def lives_of(
    history: History, attempts: Sequence[Attempt], cadence: Cadence, now: float
) -> tuple[list[Life], Standing]:
    """Every life, oldest first, the last of them with how it stands; there is at least one paid attempt."""
    paid = [one for one in attempts if one.paid]
    lives, began = [], paid[0]
    for before, after in pairwise(paid):
        if over := _past(began.at, before, after, history, attempts, cadence):
            lives.append(over)
            began = after
    standing = _standing(history, began.at, paid[-1], attempts, cadence, now)
    return [*lives, standing.life], standing


def _past(
    began_at: int, last: Attempt, next_paid: Attempt, history: History, attempts: Iterable[Attempt], cadence: Cadence
) -> Life | None:
    """How a life ended before a payment; None where it went on."""
    missed = next_paid.cycle - last.cycle > 1
    failures = (one for one in attempts if one.cycle < next_paid.cycle or (not missed and one.at < next_paid.at))
    due = _due(cadence, last)
    failed, left = _trouble(history, last, failures, due, next_paid.at)
    if not missed and not _is_late(history, next_paid.order, next_paid.at, _end(failed, left, last, due)):
        return None
    if left > failed:
        return Life(began_at, left, Churn.CHOSEN)
    return Life(began_at, failed, Churn.FAILED) if failed else Life(began_at, due, Churn.LAPSED)


def _standing(
    history: History, began_at: int, last: Attempt, attempts: Iterable[Attempt], cadence: Cadence, now: float
) -> Standing:
    due = _due(cadence, last)
    failed, left = _trouble(history, last, attempts, due, None)
    ended_at = _end(failed, left, last, due)
    booked = [one for one in history.schedules if one.schedule_status == ScheduleStatus.SCHEDULED]
    if any(not _is_late(history, one.merchant_uid, now, ended_at) for one in booked):
        return Standing(Life(began_at), SubscriptionState.PAST_DUE if failed else SubscriptionState.ACTIVE)
    if left > failed:
        return _over(began_at, left, Churn.CHOSEN)
    gone = history.key.state == KeyState.DELETED
    if failed:
        return _open_until(began_at, failed, Churn.FAILED, 0 if gone else failed + GRACE, now)
    if gone:
        at = history.key.deleted_at or due
        return _over(began_at, at if at <= due + GRACE else due, Churn.CHOSEN)
    if now < due:
        return Standing(Life(began_at), SubscriptionState.ACTIVE, due)
    return _open_until(began_at, due, Churn.LAPSED, due + GRACE, now)


def _trouble(
    history: History, last: Attempt, attempts: Iterable[Attempt], due: int, before: int | None
) -> tuple[int, int]:
    """When a charge failed and a booking was taken back last since a paid one, and `before` the next; 0 where never.

    What was booked only after it had ended is left out: it moves no end.
    """
    failures = [(one.at, one.order, True) for one in attempts if not one.paid and one.cycle > last.cycle]
    back = [
        (one.revoked_at, one.merchant_uid, False)
        for one in history.schedules
        if one.schedule_status == ScheduleStatus.REVOKED
        and last.at < one.schedule_at
        and (before is None or one.schedule_at < before)
    ]
    failed = left = 0
    for at, order, is_failure in sorted([*failures, *back]):
        if not _is_late(history, order, at, _end(failed, left, last, due)):
            failed, left = (at, left) if is_failure else (failed, at)
    return failed, left


def _end(failed: int, left: int, last: Attempt, due: int) -> int:
    """When it ends, if nothing else comes."""
    latest = max(failed, left)
    return latest if latest > last.at else due


def _is_late(history: History, order: str, by: float, ended_at: int) -> bool:
    """Whether a charge was asked for when it was over for seven days; V1 does not say it of what others book."""
    asked = [one.asked_at for one in history.asked if one.merchant_uid == order and one.asked_at <= by]
    return bool(asked) and max(asked) > ended_at + GRACE


def _open_until(began_at: int, at: int, churn: Churn, until: int, now: float) -> Standing:
    """Ended at `at`, but only once `until` is over."""
    if now < until:
        return Standing(Life(began_at), SubscriptionState.PAST_DUE, until)
    return _over(began_at, at, churn)


def _over(began_at: int, at: int, churn: Churn) -> Standing:
    return Standing(Life(began_at, at, churn), SubscriptionState.ENDED)


def _due(cadence: Cadence, last: Attempt) -> int:
    return day_start(cadence.grid.day(last.cycle + 1))
