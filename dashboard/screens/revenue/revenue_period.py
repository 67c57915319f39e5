"""Which days of revenue are shown, beside which others, in which currency; carried by the address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st
from services.clock import date_to_day, day_to_date
from services.revenue.periods import Period

from dashboard.locale import _
from dashboard.words import periods
from dashboard.words.periods import FIRST_DAY

_KEY = "revenue."
_DEFAULT = "this_month"
_PERIODS = ("7d", "30d", _DEFAULT, "last_month", "6m", periods.CUSTOM)
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


def revenue_view(
    currencies: Sequence[str], params: Mapping[str, str], *, entered: bool, today: int
) -> RevenueView | None:
    """Draws the choice and returns it; None while it cannot be read, which stands beside the field. Won first."""
    currencies = sorted(currencies, key=lambda currency: currency != "KRW")
    if _KEY + "period" not in st.session_state or (entered and {"from", "to", "against", "currency"} & params.keys()):
        _remember(params, currencies, today)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        days = _days(today)
        against = _one(_("Against"), "against", (_BEFORE, _LAST_YEAR), _against_label)
        currency = _one(_("Currency"), "currency", currencies, str) if len(currencies) > 1 else currencies[0]
    if days is None:
        return None
    period = Period(*days)
    return RevenueView(
        period,
        period.before() if against == _BEFORE else period.last_year(),
        currency,
        _params(period, against, currency, currencies, today),
    )


def _remember(params: Mapping[str, str], currencies: Sequence[str], today: int) -> None:
    days = periods.period_days(_DEFAULT, today)
    if (first := _day(params.get("from", ""))) and (last := _day(params.get("to", ""))):
        days = max(min(first, today), FIRST_DAY), max(min(last, today), FIRST_DAY)
    named = (name for name in _PERIODS[:-1] if periods.period_days(name, today) == days)
    state, currency = st.session_state, params.get("currency")
    state[_KEY + "period"] = next(named, periods.CUSTOM)
    state[_KEY + "days"] = (day_to_date(min(days)), day_to_date(max(days)))
    state[_KEY + "against"] = _LAST_YEAR if params.get("against") == _LAST_YEAR else _BEFORE
    state[_KEY + "currency"] = currency if currency in currencies else currencies[0]


def _days(today: int) -> tuple[int, int] | None:
    chosen = _one(_("Period"), "period", _PERIODS, periods.period_label)
    if chosen != periods.CUSTOM:
        return periods.period_days(chosen, today)
    st.date_input(
        _("Days in Korea"),
        key=_KEY + "days",
        min_value=day_to_date(FIRST_DAY),
        max_value=day_to_date(today),
        format="YYYY-MM-DD",
        persist_state="session",
        width=250,
    )
    # While a range is being picked it has one end.
    ends: Sequence[date] = st.session_state[_KEY + "days"] or (day_to_date(today),)
    first, last = date_to_day(ends[0]), date_to_day(ends[-1])
    if last - first >= _LONGEST:
        st.error(_("At most two years at once."), icon=":material/error:", width=250)
        return None
    return first, last


def _one(label: str, name: str, options: Sequence[str], words: Callable[[str], str]) -> str:
    chosen = st.segmented_control(
        label, options, required=True, format_func=words, key=_KEY + name, persist_state="session"
    )
    return chosen or options[0]


def _against_label(code: str) -> str:
    return {_BEFORE: _("The period before"), _LAST_YEAR: _("The same last year")}[code]


def _params(period: Period, against: str, currency: str, currencies: Sequence[str], today: int) -> dict[str, str]:
    """None for what the page starts with."""
    params = {}
    if (period.from_day, period.to_day) != periods.period_days(_DEFAULT, today):
        params = {"from": day_to_date(period.from_day).isoformat(), "to": day_to_date(period.to_day).isoformat()}
    if against != _BEFORE:
        params["against"] = against
    return params | ({"currency": currency} if currency != currencies[0] else {})


def _day(text: str) -> int | None:
    try:
        return date_to_day(date.fromisoformat(text))
    except ValueError:
        return None
