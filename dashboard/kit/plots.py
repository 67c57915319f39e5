"""Plotly charts in the theme's colours; each with a text for those who do not see it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from dashboard.words import formats

Trace = dict[str, Any]
_CONFIG = {"displayModeBar": False, "scrollZoom": False}
LEGEND = {"orientation": "h", "yref": "container", "yanchor": "top", "y": 1, "x": 0}
_LAYOUT = {
    "margin": {"l": 0, "r": 0, "t": 8, "b": 0},
    "legend": LEGEND,
    "hovermode": "x unified",
    "dragmode": False,
    "bargap": 0.25,
}
GREEN, RED, BLUE, ORANGE, GRAY = "#10936A", "#D64545", "#3B82F6", "#C77700", "#7B8794"
"""Money that came in, refunds and failures, what is left of both, what subscriptions lost, what it is held against.

At least 3:1 against the light and the dark background: one chart is drawn for both.
"""
LABELLED = {"l": 0, "r": 88, "t": 20, "b": 0}
"""Margins with room for labels at the right ends of lines, and above."""
NOTED = LABELLED | {"t": 40}
"""… and above for a legend and a note beneath it."""

_FEW_BARS = 4
_FEW_DAYS = 10
"""Plotly's own marks are ten at most, so that over more days none is closer than a day."""


def plot(traces: Sequence[Trace], *, key: str, alt: str, height: int = 320, **layout: Any) -> None:
    """Draws traces, given as plotly's dicts."""
    figure = go.Figure({"data": list(traces), "layout": _LAYOUT | {"height": height} | layout})
    st.plotly_chart(figure, key=key, config=_CONFIG, alt=alt)


@dataclass(frozen=True, slots=True)
class Scale:
    """How a chart writes the amounts of one currency on its axis: `divisor` smallest units make one `unit`."""

    currency: str
    divisor: int
    unit: str

    def axis(self) -> dict[str, Any]:
        """The axis, its marks as short as `200만` and `2M`."""
        return {"tickformat": ",", "ticksuffix": self.unit, "zeroline": True}

    def trace(self, amounts: Sequence[int], **more: Any) -> Trace:
        """A trace of amounts that says each to the last won, after its name where it has one."""
        words = [formats.money(amount, self.currency) for amount in amounts]
        said = "%{customdata}" if "name" in more else "%{customdata}<extra></extra>"
        return {"y": [amount / self.divisor for amount in amounts], "customdata": words, "hovertemplate": said, **more}

    def end_label(self, amount: int, words: str, *, shift: int = 0) -> dict[str, Any]:
        """What a line is called, in the margin at its right end; `shift` pixels up, away from another's."""
        place = {"x": 1, "xref": "paper", "y": amount / self.divisor, "xanchor": "left", "xshift": 4, "yshift": shift}
        return place | {"text": words, "showarrow": False}


def day_axis(dates: Sequence[str]) -> dict[str, Any]:
    """Days the same in every language, each named once: over few of them plotly marks the hours between too."""
    axis = {"type": "date", "tickformat": "%m-%d\n%Y", "hoverformat": "%Y-%m-%d"}
    if 0 < len(dates) <= _FEW_DAYS:
        return axis | {"tickmode": "array", "tickvals": list(dates)}
    return axis


def month_axis(names: Sequence[str]) -> dict[str, Any]:
    """Months like `2026-11`, every third one named, the last among them."""
    return {"type": "category", "tickangle": 0, "tickvals": list(names)[::-3]}


def scale_for(amounts: Iterable[int], currency: str) -> Scale:
    """The largest of the language's large units of which two or more stand on the axis."""
    units, most = formats.units(currency), max(map(abs, amounts), default=0)
    known = ((size * units, word) for size, word in formats.large_units(currency))
    divisor, word = next(((size, word) for size, word in known if most >= 2 * size), (units, ""))
    return Scale(currency, divisor, word)


def bars(color: str, n: int, *, unfinished: bool) -> dict[str, Any]:
    """The marker of `n` bars; the last of them hatched where its time still runs."""
    return {"color": color, "pattern": {"shape": [""] * (n - 1) + ["/" if unfinished else ""]}}


def unfinished_note(names: Sequence[str], words: str) -> dict[str, Any]:
    """Says above the last bar, a hatched one, that its time still runs."""
    # The only bars stand below the legend.
    few = len(names) < _FEW_BARS
    x = {"x": 1, "xref": "paper"} if few else {"x": names[-1]}
    place = x | {"y": 1, "yref": "paper", "xanchor": "right", "yanchor": "bottom", "xshift": 8}
    return place | {"text": words, "showarrow": False}
