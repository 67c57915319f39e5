"""What Home reads of the store: yesterday, today and the month beside their days before, and what stands open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.clock import date_to_day
from services.escrow.delivery_list import DAYS as DELIVERY_DAYS
from services.escrow.delivery_list import count_waiting
from services.months import month_of_day, month_span, previous_month
from services.operations.actions.naver.due import DueOrders, due_orders
from services.payment_states import PaymentKind
from services.recovery.reports import recovered_by_month
from services.revenue.closed_months import Closed, closing_of
from services.revenue.figures import Figures, figures_of
from services.revenue.forecast_reads import ForecastMonth, forecast_months
from services.revenue.mrr import MrrMonth, mrr_months
from services.revenue.periods import Period
from services.store.lists import totals
from services.store.lists.filters import PaymentFilter
from services.store.lists.operations import UnderWay, Waiting, refunds_under_way, waiting_for_approval
from services.store.lists.refunds import refund_totals
from services.store.lists.system import list_sync_runs
from services.store.lists.totals import BasisRow, Count, DayTotal, RowSum
from services.tables.journal import OperationKind
from services.tables.v1 import SyncRun
from services.vbanks.waiting_list import count_overdue, count_payable

from dashboard.access import Permission
from dashboard.process.after_sync import recurring_now
from dashboard.process.resources import open_session
from dashboard.screen import Screen
from dashboard.screens.naver.bulk_desk import kinds_here
from dashboard.screens.naver.naver_desk import since
from dashboard.screens.overview.desks_today import Recurring

DAYS = 30


@dataclass(frozen=True, slots=True)
class HomeScreen:
    """Figures in one currency; days are Seoul's, test rows are outside."""

    first: int
    today: int
    runs: Sequence[SyncRun]
    days: Sequence[DayTotal]
    """DAYS of them, oldest first."""
    sums_today: Figures
    yesterday: Figures
    parts: Sequence[RowSum]
    """Yesterday's refunds of a part of a payment."""
    week_before: Figures
    """The day a week before yesterday."""
    month: Period
    """This month up to today."""
    this_month: Figures
    month_before: Figures
    """The same days of the month before."""
    charges: Figures
    """This month's payments by billing key, failed ones too."""
    charges_before: Figures
    closing_month: int
    closed: Closed | None
    payable: Count
    """Virtual accounts of these days that can still be paid."""
    overdue: int
    """… and those that are past their term and never changed."""
    open_now: Recurring
    in_flight: UnderWay
    """Refunds under way."""
    approvals: Sequence[Waiting]
    """Refunds that wait for a second person."""
    orders: Mapping[OperationKind, DueOrders]
    """Naver Pay orders that wait, by what is to be done on them."""
    parcels: Count | None
    """Escrow payments of the last days without a delivery; None for whoever enters none."""
    parcels_from: int
    """The first of these days."""


@dataclass(frozen=True, slots=True)
class Growth:
    """MRR of the month before and of this one, what was recovered in each, and what this one should bring."""

    months: tuple[MrrMonth, MrrMonth]
    recovered: int
    recovered_before: int
    expected: ForecastMonth | None


def read_home(screen: Screen, currency: str) -> HomeScreen:
    """Everything but the words, from kept rows alone."""
    today, first = screen.today, screen.today - DAYS + 1
    month = Period(month_span(month_of_day(today))[0], today)
    parcels_from = today - DELIVERY_DAYS + 1
    before, closing_month = month.before(today), previous_month(month_of_day(today))
    with open_session() as session:
        rows = totals.by_basis(session, min(first, before.from_day), today, currency)
        charges = [row for row in rows if row[2].kind == PaymentKind.RECURRING]
        return HomeScreen(
            first=first,
            today=today,
            runs=list_sync_runs(session, 20),
            days=totals.days_of((row for row in rows if row[1] >= first), first, today),
            sums_today=_sums(rows, Period(today, today)),
            yesterday=_sums(rows, Period(today - 1, today - 1)),
            parts=refund_totals(session, PaymentFilter(from_day=today - 1, to_day=today - 1, whole=False)),
            week_before=_sums(rows, Period(today - 8, today - 8)),
            month=month,
            this_month=_sums(rows, month),
            month_before=_sums(rows, before),
            charges=_sums(charges, month),
            charges_before=_sums(charges, before),
            closing_month=closing_month,
            closed=closing_of(session, closing_month),
            payable=count_payable(session, int(screen.now), first),
            overdue=count_overdue(session, int(screen.now), first),
            open_now=recurring_now(session, screen.now),
            in_flight=refunds_under_way(session),
            approvals=waiting_for_approval(session) if screen.user.may(Permission.RESOLVE) else (),
            orders={
                kind: due_orders(session, kind, date_to_day(first_day))
                for kind in kinds_here(screen.settings, screen.user)
                if (first_day := since(screen.settings, kind))
            },
            parcels=count_waiting(session, parcels_from, today) if screen.user.may(Permission.DELIVERY) else None,
            parcels_from=parcels_from,
        )


def read_growth(screen: Screen, currency: str) -> Growth:
    """What subscriptions do this month, from kept rows alone."""
    month = month_of_day(screen.today)
    last = previous_month(month)
    with open_session() as session:
        before, now = mrr_months(session, last, month, currency=currency)
        recovered = [row for row in recovered_by_month(session, last, month) if row.currency == currency]
        expected = [one for one in forecast_months(session, currency=currency) if one.month == month]
    sums = [sum(row.amount for row in recovered if row.month == one) for one in (month, last)]
    return Growth((before, now), sums[0], sums[1], next(iter(expected), None))


def _sums(rows: Iterable[BasisRow], period: Period) -> Figures:
    return figures_of(row for row in rows if period.from_day <= row[1] <= period.to_day)
