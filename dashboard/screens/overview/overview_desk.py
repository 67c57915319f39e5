"""What the overview reads of the store: the last thirty days, what comes, and what stands open."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.payment_states import PaymentState
from services.revenue.figures import Figures, figures, figures_of
from services.revenue.periods import Period
from services.store.lists import totals
from services.store.lists.filters import PaymentFilter
from services.store.lists.operations import Waiting, waiting_for_approval
from services.store.lists.system import list_sync_runs
from services.store.lists.totals import DayTotal, ScheduleDay, Share
from services.tables.v1 import SyncRun

from dashboard.access import Permission
from dashboard.process.after_sync import recurring_now
from dashboard.process.resources import open_session
from dashboard.screen import Screen
from dashboard.screens.overview.desks_today import Recurring

DAYS = 30
COMING = 7


@dataclass(frozen=True, slots=True)
class OverviewScreen:
    """Figures in one currency; days are Seoul's, test rows are outside."""

    first: int
    today: int
    runs: Sequence[SyncRun]
    days: Sequence[DayTotal]
    """DAYS of them, oldest first."""
    sums: Figures
    """Of these days."""
    sums_today: Figures
    by_pg: Sequence[Share]
    by_method: Sequence[Share]
    coming: Sequence[ScheduleDay]
    """What is booked for the COMING days."""
    unpaid: int
    """Virtual accounts of these days that nobody has paid into yet."""
    open_now: Recurring
    approvals: Sequence[Waiting]
    """Refunds that wait for a second person."""


def read_overview(screen: Screen, currency: str) -> OverviewScreen:
    """Everything but the words, from kept rows alone."""
    today, first = screen.today, screen.today - DAYS + 1
    waiting = PaymentFilter(from_day=first, to_day=today, pay_methods=frozenset({"vbank"}))
    with open_session() as session:
        rows = totals.by_basis(session, first, today, currency)
        return OverviewScreen(
            first=first,
            today=today,
            runs=list_sync_runs(session, 20),
            days=totals.days_of(rows, first, today),
            sums=figures_of(rows),
            sums_today=figures(session, Period(today, today), currency=currency),
            by_pg=totals.shares_of(rows, "pg_provider"),
            by_method=totals.shares_of(rows, "pay_method"),
            coming=totals.upcoming_schedules(session, today, today + COMING - 1),
            unpaid=totals.tiles(session, waiting).get(PaymentState.READY, 0),
            open_now=recurring_now(session, screen.now),
            approvals=waiting_for_approval(session) if screen.user.may(Permission.RESOLVE) else (),
        )
