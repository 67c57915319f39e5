"""Which part of revenue is shown, of which days, beside which others, in which currency; carried by the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, get_args

import streamlit as st
from services.clock import day_to_date
from services.months import month_name, month_of_day, previous_month
from services.revenue.periods import Period
from services.revenue.splits import By

from dashboard.kit.filters.choices import OneOf, codes
from dashboard.kit.filters.days import Days, read_day
from dashboard.kit.filters.form import FilterForm
from dashboard.kit.filters.kept import Kept
from dashboard.locale import _
from dashboard.screens.revenue.revenue_words import definitions
from dashboard.words import labels, periods
from dashboard.words.labels import Words, once_a_language
from dashboard.words.periods import FIRST_DAY, Periods, period_days

_PERIODS = Periods(
    ("yesterday", "7d", "30d", "this_month", "last_month", "6m", "12m", periods.CUSTOM), "this_month", period_days
)
_KEPT = Kept("revenue")
_BEFORE, _LAST_YEAR = "before", "last_year"
_LONGEST = 731
"""Days: two years."""


class Tab(StrEnum):
    """A part of revenue, as the parameter `tab` names it."""

    SALES = "sales"
    SUBSCRIPTIONS = "subscriptions"
    COHORTS = "cohorts"
    FAILURES = "failures"
    FORECAST = "forecast"


_COMPARED = (Tab.SALES, Tab.FAILURES)
"""What holds a period against another one; subscriptions go by the month before, a forecast by today."""


@dataclass(frozen=True, slots=True)
class RevenueView:
    """A tab, a period, the one it is held against, and one currency: sums never mix them."""

    tab: Tab
    period: Period
    against: Period
    currency: str
    by: By
    """What gross is split by."""
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Chosen:
    tab: Tab
    from_day: int
    to_day: int
    against: str
    currency: str
    by: By


@dataclass(frozen=True, slots=True)
class _Days(Days):
    """Any two days of an address are a range, and only another one than the first stands there."""

    def written(self, chosen: object) -> dict[str, str]:
        return {} if self._range(chosen) == self.periods.first(self.today) else Days.written(self, chosen)

    def _asked(self, params: Mapping[str, str]) -> tuple[int, int] | None:
        first, last = read_day(params.get("from")), read_day(params.get("to"))
        if first is None or last is None:
            return None
        ends = [max(min(day, self.latest), self.earliest) for day in (first, last)]
        return min(ends), max(ends)


def revenue_view(
    currencies: Sequence[str], params: Mapping[str, str], *, entered: bool, today: int
) -> RevenueView | None:
    """Draws the choice and returns it; None while it cannot be read, which stands beside the field. Won first."""
    form = _form(sorted(currencies, key=lambda currency: currency != "KRW"), today)
    form.recall(params, entered=entered)
    shown = form.view().chosen.tab
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if shown != Tab.FORECAST:
            form.draw("period")
        view = form.view()
        chosen = view.chosen
        if too_long := chosen.to_day - chosen.from_day >= _LONGEST:
            st.error(_("At most two years at once."), icon=":material/error:", width=250)
        form.draw(*(["against"] if shown in _COMPARED else []), *(["currency"] if len(currencies) > 1 else []))
    if too_long:
        return None
    period = Period(chosen.from_day, chosen.to_day)
    against = period.before(today) if chosen.against == _BEFORE else period.last_year()
    with st.container(horizontal=True, vertical_alignment="center"):
        form.draw("tab")
        st.caption(_compared(chosen.tab, period, against), width="content")
        st.space("stretch")
        definitions()
    params = form.to_params(view, with_text=False)
    return RevenueView(chosen.tab, period, against, chosen.currency, chosen.by, params)


def choose_split() -> None:
    """What gross is split by; the view knows it."""
    _split().draw(_KEPT)


@once_a_language
def tab_words() -> Words:
    """A tab's name."""
    return {
        Tab.SALES: _("Overview"),
        Tab.SUBSCRIPTIONS: _("Subscriptions, MRR"),
        Tab.COHORTS: _("Cohorts"),
        Tab.FAILURES: _("Failures and recovery"),
        Tab.FORECAST: _("Forecast"),
    }


def _compared(tab: Tab, period: Period, against: Period) -> str:
    """What a tab shows, and what it is held against."""
    month = month_of_day(period.to_day)
    now, before = month_name(month), month_name(previous_month(month))
    return {
        Tab.SALES: _("{days}, against {before}").format(days=_days(period), before=_days(against)),
        Tab.SUBSCRIPTIONS: _("End of {month} as known now, against {before}").format(month=now, before=before),
        Tab.COHORTS: _("Twelve months up to {month}").format(month=now),
        Tab.FAILURES: _("{days}, against {before}").format(days=_days(period), before=_days(against)),
        Tab.FORECAST: _("Subscriptions alone: paid so far, and to come; of new subscriptions the first payments alone"),
    }[tab]


def _days(period: Period) -> str:
    """`2026-11-01 – 11-24`, one day alone."""
    first, last = day_to_date(period.from_day), day_to_date(period.to_day)
    if first == last:
        return first.isoformat()
    return f"{first} – {last:%m-%d}" if first.year == last.year else f"{first} – {last}"


def _split() -> OneOf:
    by = {code: code for code in get_args(By)}
    return OneOf("by", "by", _("By"), by, labels.field, "pg_provider", hidden_label=True)


def _form(currencies: Sequence[str], today: int) -> FilterForm[Any]:
    against = {_BEFORE: _("vs the period before"), _LAST_YEAR: _("vs last year")}
    same, known = ({code: code for code in some} for some in (against, currencies))
    return FilterForm(
        _KEPT,
        _Chosen,
        (
            _Days(_("Period"), _PERIODS, today, FIRST_DAY, today),
            OneOf("tab", "tab", _("Part of revenue"), codes(Tab), tab_words, Tab.SALES, hidden_label=True),
            OneOf("against", "against", _("Against"), same, against.__getitem__, _BEFORE, hidden_label=True),
            OneOf("currency", "currency", _("Currency"), known, str, currencies[0], hidden_label=True),
            _split(),
        ),
    )
