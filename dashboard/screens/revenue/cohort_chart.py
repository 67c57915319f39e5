"""Cohorts as a heat map: how much of each month's new subscriptions still counts, by count or by won."""

from collections.abc import Iterable, Sequence

import streamlit as st
from services.months import month_name
from services.revenue.cohorts import Cohort

from dashboard.kit.numbers import amount, numbers
from dashboard.kit.plots import Trace, plot
from dashboard.locale import _
from dashboard.words import formats

_SCALE = [[0, "#64748B"], [0.6, "#64748B"], [1, "#065F46"]]
"""Dark all through, so that white numbers read well on it in both themes; red is for refunds and failures."""


def cohort_map(cohorts: Sequence[Cohort], currency: str, *, running: int) -> None:
    """Retention at the end of each month since the first; hatched where that month is `running`, like 202611."""
    if not cohorts:
        st.caption(_("No subscription began in these months."))
        return
    by_won = _by_won()
    words = _(
        "Beside each month what began in it; below, months since. Each cell: how much of it still counted, in %. "
        "Hatched: the month that still runs."
    )
    st.caption(words)
    columns = max(len(one.kept) for one in cohorts)
    shown = [_row(one, columns, by_won=by_won) for one in cohorts]
    trace = {
        "type": "heatmap",
        "x": list(range(columns)),
        "y": list(range(len(cohorts))),
        "customdata": [[month_name(one.month)] * columns for one in cohorts],
        "z": shown,
        "text": [["" if share is None else f"{100 * share:.0f}" for share in row] for row in shown],
        "texttemplate": "%{text}",
        "textfont": {"color": "white", "size": 10},
        "hovertemplate": "%{customdata} +%{x}: %{text}%<extra></extra>",
        "colorscale": _SCALE,
        "zmin": 0,
        "zmax": 1,
        "showscale": False,
        "hoverongaps": False,
        "xgap": 2,
        "ygap": 2,
    }
    plot(
        [trace, *_hatched(cohorts, running)],
        key="cohort_map",
        alt=_("Retention by cohort and month since"),
        height=80 + 26 * len(cohorts),
        yaxis={
            "range": [len(cohorts) - 0.5, -0.5],
            "showgrid": False,
            "zeroline": False,
            "tickvals": trace["y"],
            "ticktext": [f"{month_name(one.month)} · {_size(one, currency, by_won=by_won)}" for one in cohorts],
        },
        xaxis={
            "range": [-0.5, columns - 0.5],
            "dtick": 1,
            "showgrid": False,
            "zeroline": False,
        },
        hovermode="closest",
        showlegend=False,
    )
    _table(cohorts, columns, currency, by_won=by_won)


def _by_won() -> bool:
    chosen = st.segmented_control(
        _("Retention by"),
        ["count", "won"],
        default="count",
        required=True,
        format_func=lambda code: {"count": _("Subscribers"), "won": _("MRR")}[code],
        key="revenue.cohorts",
        persist_state="session",
        label_visibility="collapsed",
    )
    return bool(chosen == "won")


def _size(one: Cohort, currency: str, *, by_won: bool) -> str:
    """How much began in a month."""
    if by_won:
        return formats.short_won(one.mrr) if currency == "KRW" else formats.money(one.mrr, currency)
    return f"{one.subscribers:,}"


def _hatched(cohorts: Sequence[Cohort], running: int) -> Iterable[Trace]:
    """Over the cells of the month that still runs."""
    for row, one in enumerate(cohorts):
        column = len(one.kept) - 1
        if one.kept[column][0] == running:
            left, right, top, bottom = column - 0.5, column + 0.5, row - 0.5, row + 0.5
            yield {
                "type": "scatter",
                "mode": "none",
                "name": month_name(running),
                "x": [left, right, right, left],
                "y": [top, top, bottom, bottom],
                "fill": "toself",
                "fillpattern": {"shape": "/", "fgcolor": "rgba(255, 255, 255, 0.35)", "bgcolor": "rgba(0, 0, 0, 0)"},
                "hoverinfo": "skip",
            }


def _row(one: Cohort, columns: int, *, by_won: bool) -> list[float | None]:
    """Shares of the first month; None where the month is yet to come."""
    first = one.mrr if by_won else one.subscribers
    kept = [(mrr if by_won else subscribers) / first if first else None for _month, subscribers, mrr in one.kept]
    return [*kept, *[None] * (columns - len(kept))]


def _table(cohorts: Sequence[Cohort], columns: int, currency: str, *, by_won: bool) -> None:
    later = {
        str(at): [
            None if at >= len(one.kept) else amount(one.kept[at][2], currency) if by_won else one.kept[at][1]
            for one in cohorts
        ]
        for at in range(columns)
    }
    numbers(
        _("Cohorts, by months since the first"),
        {_("Cohort"): [month_name(one.month) for one in cohorts], **later},
        key="cohorts",
        currency=currency,
        money=tuple(later) if by_won else (),
    )
