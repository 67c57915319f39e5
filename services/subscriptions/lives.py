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
    revoked = _revoked(history)
    lives, began = [], paid[0]
    for before, after in pairwise(paid):
        if after.cycle - before.cycle > 1:
            lives.append(_past(began, before, after, attempts, revoked, cadence))
            began = after
    standing = _standing(history, began.at, paid[-1], attempts, revoked, cadence, now)
    return [*lives, standing.life], standing


def _revoked(history: History) -> list[tuple[int, int]]:
    """(due, taken back) of what was booked."""
    back = (one for one in history.schedules if one.schedule_status == ScheduleStatus.REVOKED)
    return [(one.schedule_at, one.revoked_at) for one in back]


def _past(
    began: Attempt,
    last: Attempt,
    next_paid: Attempt,
    attempts: Iterable[Attempt],
    revoked: Iterable[tuple[int, int]],
    cadence: Cadence,
) -> Life:
    """How a life ended that another one followed."""
    failed = _latest(one.at for one in attempts if not one.paid and last.cycle < one.cycle < next_paid.cycle)
    left = _latest(back for due, back in revoked if last.at < due < next_paid.at)
    if left > failed:
        return Life(began.at, left, Churn.CHOSEN)
    if failed:
        return Life(began.at, failed, Churn.FAILED)
    return Life(began.at, _due(cadence, last), Churn.LAPSED)


def _standing(
    history: History,
    began_at: int,
    last: Attempt,
    attempts: Iterable[Attempt],
    revoked: Iterable[tuple[int, int]],
    cadence: Cadence,
    now: float,
) -> Standing:
    failed = _latest(one.at for one in attempts if not one.paid and one.cycle > last.cycle)
    left = _latest(back for due, back in revoked if due > last.at)
    if history.key.next_at is not None:
        return Standing(Life(began_at), SubscriptionState.PAST_DUE if failed else SubscriptionState.ACTIVE)
    if left > failed:
        return _over(began_at, left, Churn.CHOSEN)
    gone = history.key.state == KeyState.DELETED
    due = _due(cadence, last)
    if failed:
        return _open_until(began_at, failed, Churn.FAILED, 0 if gone else failed + GRACE, now)
    if gone:
        at = history.key.deleted_at or due
        return _over(began_at, at if at <= due + GRACE else due, Churn.CHOSEN)
    if now < due:
        return Standing(Life(began_at), SubscriptionState.ACTIVE, due)
    return _open_until(began_at, due, Churn.LAPSED, due + GRACE, now)


def _open_until(began_at: int, at: int, churn: Churn, until: int, now: float) -> Standing:
    """Ended at `at`, but only once `until` is over."""
    if now < until:
        return Standing(Life(began_at), SubscriptionState.PAST_DUE, until)
    return _over(began_at, at, churn)


def _over(began_at: int, at: int, churn: Churn) -> Standing:
    return Standing(Life(began_at, at, churn), SubscriptionState.ENDED)


def _due(cadence: Cadence, last: Attempt) -> int:
    return day_start(cadence.grid.day(last.cycle + 1))


def _latest(times: Iterable[int]) -> int:
    return max(times, default=0)
