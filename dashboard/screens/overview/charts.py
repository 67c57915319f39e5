"""Charts, drawn by ECharts in the theme's colours; each has a text for those who do not see it."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st
from services.clock import day_to_date
from services.store.lists.totals import DayTotal, ScheduleDay

from dashboard.locale import _, ngettext
from dashboard.words import formats


def days_chart(days: Sequence[DayTotal], currency: str) -> None:
    """Gross as bars, refunds below the line, net as a line, by Seoul day."""
    unit = formats.units(currency)
    rows = pd.DataFrame(
        {
            "day": [day_to_date(total.day).isoformat() for total in days],
            _("Gross"): [total.gross / unit for total in days],
            _("Refunds"): [-total.refunds / unit for total in days],
            _("Net"): [total.net / unit for total in days],
        }
    )
    series: list[dict[str, Any]] = [
        {"type": "bar", "stack": "day", "encode": {"x": "day", "y": _("Gross")}, "name": _("Gross")},
        {"type": "bar", "stack": "day", "encode": {"x": "day", "y": _("Refunds")}, "name": _("Refunds")},
        {
            "type": "line",
            "showSymbol": False,
            "encode": {"x": "day", "y": _("Net")},
            "name": _("Net"),
            "lineStyle": {"type": "dashed"},
        },
    ]
    st.echarts_chart(
        axes(rows, series, currency),
        height=300,
        key="days_chart",
        alt=_("Gross, refunds and net for each of the last {n} days").format(n=len(days)),
    )


def upcoming_chart(booked: Sequence[ScheduleDay], days: Sequence[int], currency: str) -> None:
    """What is booked in one currency for each of the coming Seoul days."""
    amounts = {row.day: row.amount / formats.units(currency) for row in booked if row.currency == currency}
    if not amounts:
        st.caption(_("No schedule is booked for these days."))
        return
    mine = [row for row in booked if row.currency == currency]
    n = sum(row.schedules for row in mine)
    words = ngettext("{n} schedule, {amount} in all", "{n} schedules, {amount} in all", n)
    st.text(words.format(n=f"{n:,}", amount=formats.money(sum(row.amount for row in mine), currency)))
    rows = pd.DataFrame(
        {
            "day": [day_to_date(day).isoformat() for day in days],
            _("Booked"): [amounts.get(day, 0) for day in days],
        }
    )
    series: list[dict[str, Any]] = [
        {"type": "bar", "barMaxWidth": 48, "encode": {"x": "day", "y": _("Booked")}, "name": _("Booked")}
    ]
    st.echarts_chart(
        axes(rows, series, currency),
        height=220,
        key="upcoming_chart",
        alt=_("Amounts booked for the coming {n} days").format(n=len(days)),
    )


def axes(rows: pd.DataFrame, series: list[dict[str, Any]], currency: str) -> dict[str, Any]:
    """A chart of amounts over a category, in one currency."""
    return {
        "legend": {"top": 0},
        "grid": {"left": 8, "right": 8, "top": 36, "bottom": 8, "containLabel": True},
        "tooltip": {"trigger": "axis", "valueFormatter": formats.money_column_format(currency)},
        "dataset": {"source": rows},
        "xAxis": {"type": "category"},
        "yAxis": {"type": "value", "name": formats.unit_name(currency)},
        "series": series,
    }
