"""Which days of revenue are shown, beside which others, in which currency; carried by the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st
from services.revenue.periods import Period

from dashboard.kit.filters.choices import OneOf
from dashboard.kit.filters.days import Days, read_day
from dashboard.kit.filters.form import FilterForm
from dashboard.kit.filters.kept import Kept
from dashboard.locale import _
from dashboard.words import periods
from dashboard.words.periods import FIRST_DAY, Periods, period_days

_PERIODS = Periods(("7d", "30d", "this_month", "last_month", "6m", periods.CUSTOM), "this_month", period_days)
_BEFORE, _LAST_YEAR = "before", "last_year"
_LONGEST = 731
"""Days: two years."""


@dataclass(frozen=True, slots=True)
class RevenueView:
    """A period, the one it is held against, and one currency: sums never mix them."""

    period: Period
    against: Period
    currency: str
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Chosen:
    from_day: int
    to_day: int
    against: str
    currency: str


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
    with st.container(horizontal=True, vertical_alignment="bottom"):
        form.draw("period")
        view = form.view()
        chosen = view.chosen
        if too_long := chosen.to_day - chosen.from_day >= _LONGEST:
            st.error(_("At most two years at once."), icon=":material/error:", width=250)
        form.draw("against", *(["currency"] if len(currencies) > 1 else []))
    if too_long:
        return None
    period = Period(chosen.from_day, chosen.to_day)
    against = period.before() if chosen.against == _BEFORE else period.last_year()
    return RevenueView(period, against, chosen.currency, form.to_params(view, with_text=False))


def _form(currencies: Sequence[str], today: int) -> FilterForm[Any]:
    against = {_BEFORE: _("The period before"), _LAST_YEAR: _("The same last year")}
    same = {code: code for code in against}
    return FilterForm(
        Kept("revenue"),
        _Chosen,
        (
            _Days(_("Period"), _PERIODS, today, FIRST_DAY, today),
            OneOf("against", "against", _("Against"), same, against.__getitem__, _BEFORE),
            OneOf("currency", "currency", _("Currency"), {one: one for one in currencies}, str, currencies[0]),
        ),
    )
