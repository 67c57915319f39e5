"""The forecast of subscription revenue with its range, and how the same forecast did on the mirror's own past."""

from collections.abc import Sequence

import streamlit as st
from services.clock import day_to_date
from services.months import month_name
from services.revenue.forecast_reads import Backtest, Expected, ForecastDay, ForecastMonth, Range

from dashboard.kit.lists.cards import on_phone
from dashboard.kit.numbers import Columns, amount, number_table, numbers
from dashboard.kit.plots import BLUE, GRAY, GREEN, LEGEND, NOTED, Trace, day_axis, plot, scale_for
from dashboard.locale import _
from dashboard.words import formats

_BAND = "rgba(16, 147, 106, 0.25)"
_HEIGHT = 270
_TESTED = 60
"""Days of the back-test that a chart can show; its table has all."""


def forecast_table(months: Sequence[ForecastMonth], currency: str) -> None:
    """What this month and the next ones come to, in a table: certain, booked and guessed make the middle."""
    if not months:
        return
    names: Columns = {_("Month"): [month_name(one.month) for one in months]}
    title, key, ranges = _("Forecast of subscriptions by month"), "forecast_months", _range_columns(months, currency)
    columns = names | _expected_columns(months, currency)
    if on_phone():
        number_table(title, names | ranges, key=f"{key}_range", currency=currency, money=tuple(ranges))
        numbers(title, columns, key=key, currency=currency, money=tuple(columns)[1:])
        return
    number_table(title, columns, key=key, currency=currency, money=tuple(columns)[1:])


def forecast_chart(days: Sequence[ForecastDay], currency: str) -> None:
    """Its parts upon each other within low to high, by Seoul day."""
    st.markdown("**{}**".format(_("Forecast of subscriptions by day")))
    dates = [day_to_date(day.day).isoformat() for day in days]
    scale = scale_for((day.p90 for day in days), currency)
    parts = [
        scale.trace(amounts, type="bar", x=dates, name=words, marker={"color": color})
        for (words, amounts), color in zip(_parts(days).items(), (BLUE, GREEN, GRAY), strict=True)
    ]
    alt = _("Forecast of subscription revenue by day")
    _range_plot(dates, days, parts, currency, key="forecast_days", alt=alt, stacked=True)
    columns: Columns = {_("Day"): dates} | _expected_columns(days, currency)
    numbers(_("Forecast by day"), columns, key="forecast_days", currency=currency, money=tuple(columns)[1:])


def backtest_chart(past: Backtest, currency: str) -> None:
    """What was expected a week before each past day, beside what came."""
    st.markdown("**{}**".format(_("Back-test: the range, and what came")))
    if past.coverage is None:
        st.caption(_("The mirror's past is too short to test the forecast on it."))
        return
    within = sum(day.p10 <= day.actual <= day.p90 for day in past.days)
    words = _(
        "Back-test: of {n} past days, each forecast from what was known a week before, {within} ({share}) came between "
        "low and high; 80% should."
    )
    told = words.format(n=f"{past.n:,}", within=f"{within:,}", share=f"{past.coverage:.1%}")
    days = past.days[-_TESTED:]
    dates = [day_to_date(day.day).isoformat() for day in days]
    scale = scale_for((day.p90 for day in days), currency)
    came = scale.trace(
        [day.actual for day in days],
        type="scatter",
        mode="markers",
        x=dates,
        name=_("What came"),
        marker={"color": BLUE, "size": 6},
    )
    _range_plot(dates, days, [came], currency, key="backtest", alt=_("Back-test: the range, and what came"))
    columns: Columns = {_("Day"): [day_to_date(day.day).isoformat() for day in past.days]}
    columns |= _range_columns(past.days, currency)
    columns |= {_("What came"): [amount(day.actual, currency) for day in past.days]}
    numbers(_("Back-test by day"), columns, key="backtest", currency=currency, money=tuple(columns)[1:])
    st.caption(formats.escape(told))


def _range_columns(ranges: Sequence[Range], currency: str) -> Columns:
    return {
        _("Low"): [amount(one.p10, currency) for one in ranges],
        _("Middle"): [amount(one.p50, currency) for one in ranges],
        _("High"): [amount(one.p90, currency) for one in ranges],
    }


def _parts(expected: Sequence[Expected]) -> dict[str, list[int]]:
    """What the middle is made of, the certain first."""
    return {
        _("Paid already"): [one.paid for one in expected],
        _("Booked"): [one.booked for one in expected],
        _("Expected without a booking"): [one.unbooked for one in expected],
    }


def _expected_columns(expected: Sequence[Expected], currency: str) -> Columns:
    parts = {words: [amount(one, currency) for one in amounts] for words, amounts in _parts(expected).items()}
    return parts | _range_columns(expected, currency)


def _range_plot(
    dates: Sequence[str],
    ranges: Sequence[Range],
    more: Sequence[Trace],
    currency: str,
    *,
    key: str,
    alt: str,
    stacked: bool = False,
) -> None:
    """With `more` traces; where they are parts, `stacked`, they reach up to the middle, which needs no line then."""
    low, middle, high = [one.p10 for one in ranges], [one.p50 for one in ranges], [one.p90 for one in ranges]
    scale = scale_for(high, currency)
    edge = {"type": "scatter", "x": dates, "mode": "lines", "showlegend": False}
    traces = [
        scale.trace(low, name=_("Low"), line={"width": 0}, **edge),
        scale.trace(high, name=_("High"), line={"width": 0}, fill="tonexty", fillcolor=_BAND, **edge),
        scale.trace(middle, name=_("Middle"), line={"color": GREEN, "width": 0 if stacked else 2}, **edge),
    ]
    ends = ((_("Low"), low, -14), (_("Middle"), middle, 0), (_("High"), high, 14))
    plot(
        [*traces, *more],
        key=key,
        alt=alt,
        height=_HEIGHT,
        barmode="stack",
        legend=LEGEND | {"traceorder": "normal"},
        xaxis=day_axis(dates),
        yaxis=scale.axis() | {"rangemode": "tozero"},
        margin=NOTED,
        annotations=[scale.end_label(amounts[-1], words, shift=shift) for words, amounts, shift in ends],
    )
