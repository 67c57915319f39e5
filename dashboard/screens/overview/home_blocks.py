"""The blocks of Home, first the one that a role comes for; each figure says what it is held against."""

from collections.abc import Mapping, Sequence

import streamlit as st
from services.clock import day_to_date
from services.months import month_name
from services.payment_states import PaymentKind
from services.revenue.figures import Figures
from services.revenue.mrr import MrrMonth
from services.revenue.periods import Period
from services.store.lists.operations import UnderWay
from services.tables.revenue import Movement
from services.tables.v1 import SyncRun

from dashboard.access import Permission, User
from dashboard.kit.figure import Rows, Sense, figure, money_change, whole_day, whole_month
from dashboard.locale import _, ngettext
from dashboard.navigation import link_to_form
from dashboard.screens.overview.overview import failed_rows, paid_rows, part_rows, refund_rows
from dashboard.screens.overview.overview_desk import Growth, HomeScreen
from dashboard.screens.revenue.revenue_words import meaning
from dashboard.words import formats

WORK, SALES, GROWTH = "work", "sales", "growth"


def blocks_for(user: User) -> tuple[str, ...]:
    """In a role's order, which is known by what it may do: finance closes months, support refunds, others look on."""
    if user.may(Permission.CLOSE_MONTH):
        return SALES, WORK, GROWTH
    return (WORK, SALES) if user.may(Permission.REFUND) else (GROWTH, SALES, WORK)


def today_figures(home: HomeScreen, user: User, currency: str) -> None:
    """What failed and went back today, beside a usual day, and refunds that are under way."""
    now, period = home.sums_today, Period(home.today, home.today)
    with st.grid(3, min_column_width=190):
        usual = _usual([day.failures for day in home.days])
        rows = failed_rows(now, period, currency)
        figure(_("Failed today"), f"{now.failures:,}", None, rows, usual)
        usual = _usual([day.refund_count for day in home.days])
        rows = refund_rows(now, period, currency)
        figure(_("Refunded today"), formats.money(now.refunds, currency), None, rows, usual)
        if user.may(Permission.REFUND):
            _in_flight(home.in_flight)


def sales_figures(home: HomeScreen, currency: str) -> None:
    """Net of yesterday, of today so far and of this month, and how the last month stands."""
    yesterday, before = Period(home.today - 1, home.today - 1), day_to_date(home.today - 8)
    month = home.month
    with st.grid(4, min_column_width=200):
        words = _("against {day}").format(day=formats.day(before))
        parts = part_rows(home.parts, yesterday, currency)
        _net(_("Yesterday, net"), home.yesterday, home.week_before, yesterday, words, currency, parts=parts)
        _net(_("Today so far, net"), home.sums_today, None, Period(home.today, home.today), "", currency)
        words, earlier = _month_before(home, formats.money(home.month_before.net, currency))
        trend = [day.net for day in home.days[:-1]]
        held_against = None if earlier else home.month_before
        _net(_("This month, net"), home.this_month, held_against, month, words, currency, trend, earlier)
        state = _("Closed") if home.closed else _("Open")
        rows = Rows(_("To the closing"), "month_end", {"month": month_name(home.closing_month)})
        figure(_("Closing of {month}").format(month=month_name(home.closing_month)), state, None, rows)
    if last := _agrees(home.runs):
        words = _("As many payments as the gateway counts: compared at {time} KST.")
        st.caption(f":material/done_all: {formats.escape(words.format(time=formats.time(last.finished_at)))}")


def _month_before(home: HomeScreen, value: str) -> tuple[str, Rows | None]:
    """What this month is held against; on its first day, which still runs, all of a day to see it beside."""
    before = home.month.before(home.today)
    if home.month.has_just_begun(home.today):
        return "", whole_day(before.from_day, value)
    return _("against {days}").format(days=_days(before)), None


def _agrees(runs: Sequence[SyncRun]) -> SyncRun | None:
    """The latest run, where it went well and none of these ended with another number than the gateway's."""
    last = next((run for run in runs if run.finished_at), None)
    return last if last and not last.error and not any(run.drift for run in runs) else None


def growth_figures(home: HomeScreen, growth: Growth, currency: str) -> None:
    """MRR and who left, what failed and was recovered, and what the month should bring."""
    before, now = growth.months
    of_month = {"month": month_name(now.month), "currency": currency}
    against = _("against the end of {month}").format(month=month_name(before.month))
    with st.grid(5, min_column_width=180):
        words = ngettext("{n} subscriber", "{n} subscribers", now.subscribers).format(n=f"{now.subscribers:,}")
        change = money_change(now.mrr, before.mrr, currency)
        rows = Rows(words, "subscriptions", of_month)
        figure(_("MRR, inferred"), formats.money(now.mrr, currency), change, rows, against=against)
        _ended(now, before, of_month)
        _failed_charges(home, currency)
        value = formats.money(growth.recovered, currency)
        rows = Rows(_("Failures and recovery"), "revenue", {"tab": "failures"})
        earlier = whole_month(before.month, formats.money(growth.recovered_before, currency))
        figure(_("Recovered this month"), value, None, rows, earlier, hint=meaning("recovered"))
        _forecast(growth, currency)


def _ended(now: MrrMonth, before: MrrMonth, of_month: Mapping[str, str]) -> None:
    left, left_before = (f"{one.churned_subscribers:,}" for one in (now, before))
    words = ngettext("{n} ended", "{n} ended", now.churned_subscribers).format(n=left)
    rows = Rows(words, "subscriptions", {**of_month, "moved": Movement.CHURN.value})
    figure(_("Ended this month"), left, None, rows, whole_month(before.month, left_before))


def _failed_charges(home: HomeScreen, currency: str) -> None:
    now, before = home.charges, home.charges_before
    value = formats.money(now.failed_amount, currency)
    against, earlier = _month_before(home, formats.money(before.failed_amount, currency))
    change = None if earlier else money_change(now.failed_amount, before.failed_amount, currency)
    rows = [failed_rows(now, home.month, currency, kind=PaymentKind.RECURRING.value), *([earlier] if earlier else [])]
    figure(_("Failed charges this month"), value, change, *rows, sense=Sense.TROUBLE, against=against)


def _forecast(growth: Growth, currency: str) -> None:
    rows = Rows(_("Forecast"), "revenue", {"tab": "forecast"})
    label, expected = _("Expected this month"), growth.expected
    if expected is None:
        figure(label, formats.NOTHING, None, rows)
        return
    low, high = (formats.money(one, currency) for one in (expected.p10, expected.p90))
    figure(label, formats.money(expected.p50, currency), None, rows, Rows(f"{low} – {high}"))


def _net(
    label: str,
    now: Figures,
    before: Figures | None,
    period: Period,
    against: str,
    currency: str,
    trend: Sequence[int] = (),
    parts: Rows | None = None,
) -> None:
    change = money_change(now.net, before.net, currency) if before else None
    rows = [paid_rows(now, period, currency), refund_rows(now, period, currency), *([parts] if parts else [])]
    figure(label, formats.money(now.net, currency), change, *rows, against=against, trend=trend)


def _in_flight(found: UnderWay) -> None:
    with st.container(border=True, gap="xxsmall", height="stretch"):
        st.metric(_("Refunds under way"), f"{found.refunds:,}")
        for one in found.oldest:
            link_to_form(f"{one.imp_uid} · {formats.money(one.amount, one.currency)}", one)


def _usual(counts: Sequence[int]) -> Rows:
    """A day's count on average, without the last day, which still runs."""
    over = counts[:-1]
    return Rows(_("A usual day: {n}").format(n=f"{round(sum(over) / len(over)):,}"))


def _days(period: Period) -> str:
    return f"{day_to_date(period.from_day):%m-%d} – {day_to_date(period.to_day):%m-%d}"
