"""What was recovered: failed schedules that were paid after all, by month and by whom."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from services.months import month_name, month_of_day
from services.recovery.reports import Recovered
from services.tables.chains import RecoveredBy

from dashboard.kit.lists.money_cells import money_cells, money_column
from dashboard.kit.plots import BLUE, GRAY, GREEN, NOTED, bars, month_axis, plot, scale_for, unfinished_note
from dashboard.locale import _
from dashboard.screens.revenue.revenue_words import meaning
from dashboard.words import formats, recovery_labels

MONTHS = 12
_COLORS = dict(zip(RecoveredBy, (GREEN, BLUE, GRAY), strict=True))


def recovered_report(rows: Sequence[Recovered], months: Sequence[int], currency: str, *, today: int) -> None:
    """One currency by month as a chart, the table behind it, and the other currencies in the table alone."""
    title = _("Recovered, last {n} months").format(n=MONTHS)
    st.markdown(f"**{title}**", help=meaning("recovered"))
    if not rows:
        words = _("No failed schedule was paid after all in these months. What is paid from now on is counted here.")
        st.caption(words)
        return
    _chart([row for row in rows if row.currency == currency], months, currency, today)
    with st.expander(_("The numbers"), icon=":material/table:"):
        st.caption(
            _("By the month in Korea in which it was paid after all, and by who had it tried. Test rows are left out.")
        )
        money = [(row.amount, row.currency) for row in reversed(rows)]
        data = {
            _("Month"): [month_name(row.month) for row in reversed(rows)],
            _("By"): [recovery_labels.recovered_by(row.by) for row in reversed(rows)],
            _("Schedules"): [row.schedules for row in reversed(rows)],
            _("Amount"): money_cells(money),
        }
        config, alt = {_("Amount"): money_column(None, money)}, _("Recovered by month")
        st.dataframe(pd.DataFrame(formats.cells(data)), hide_index=True, column_config=config, alt=alt)


def _chart(rows: Sequence[Recovered], months: Sequence[int], currency: str, today: int) -> None:
    if not rows:
        return
    sums = {(row.month, row.by): row.amount for row in rows}
    names, runs = [month_name(month) for month in months], months[-1] == month_of_day(today)
    scale = scale_for(sums.values(), currency)
    plot(
        [
            scale.trace(
                [sums.get((month, by), 0) for month in months],
                type="bar",
                x=names,
                name=recovery_labels.recovered_by(by),
                marker=bars(color, len(months), unfinished=runs),
            )
            for by, color in _COLORS.items()
            if any(row.by == by for row in rows)
        ],
        key="recovered_chart",
        alt=_("Recovered by month"),
        height=260,
        barmode="stack",
        showlegend=True,
        xaxis=month_axis(names),
        yaxis=scale.axis(),
        margin=NOTED | {"r": 0},
        annotations=[unfinished_note(names, _("This month so far"))] if runs else [],
    )
