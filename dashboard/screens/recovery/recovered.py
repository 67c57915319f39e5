"""What was recovered: failed schedules that were paid after all, by month and by whom."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st
from services.months import month_name
from services.recovery.reports import Recovered
from services.tables.chains import RecoveredBy

from dashboard.kit.charts import axes
from dashboard.kit.money_cells import money_cells, money_column
from dashboard.locale import _
from dashboard.words import formats, recovery_labels

MONTHS = 12


def recovered_report(rows: Sequence[Recovered], months: Sequence[int]) -> None:
    """Won by month as a chart, the table behind it, and the other currencies in the table alone."""
    st.subheader(_("Recovered, last {n} months").format(n=MONTHS))
    if not rows:
        words = _("No failed schedule was paid after all in these months. What is paid from now on is counted here.")
        st.caption(words)
        return
    _chart([row for row in rows if row.currency == "KRW"], months)
    st.caption(
        _("By the month in Korea in which it was paid after all, and by who had it tried. Test rows are left out.")
    )
    with st.expander(_("The numbers"), icon=":material/table:"):
        money = [(row.amount, row.currency) for row in reversed(rows)]
        data = {
            _("Month"): [month_name(row.month) for row in reversed(rows)],
            _("By"): [recovery_labels.recovered_by(row.by) for row in reversed(rows)],
            _("Schedules"): [row.schedules for row in reversed(rows)],
            _("Amount"): money_cells(money),
        }
        config, alt = {_("Amount"): money_column(None, money)}, _("Recovered by month")
        st.dataframe(pd.DataFrame(formats.cells(data)), hide_index=True, column_config=config, alt=alt)


def _chart(rows: Sequence[Recovered], months: Sequence[int]) -> None:
    if not rows:
        return
    sums = {(row.month, row.by): row.amount for row in rows}
    shown = [by for by in RecoveredBy if any(row.by == by for row in rows)]
    names = {by: recovery_labels.recovered_by(by) for by in shown}
    source = pd.DataFrame(
        {"month": [month_name(month) for month in months]}
        | {names[by]: [sums.get((month, by), 0) for month in months] for by in shown}
    )
    series: list[dict[str, Any]] = [
        {"type": "bar", "stack": "all", "barMaxWidth": 48, "encode": {"x": "month", "y": name}, "name": name}
        for name in names.values()
    ]
    st.echarts_chart(axes(source, series, "KRW"), height=260, key="recovered_chart", alt=_("Recovered by month"))
