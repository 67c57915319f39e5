"""Plotly charts in the theme's colours; each with a text for those who do not see it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from dashboard.locale import current_language
from dashboard.words import formats

Trace = dict[str, Any]
_CONFIG = {"displayModeBar": False, "scrollZoom": False}
_LAYOUT = {
    "margin": {"l": 0, "r": 0, "t": 8, "b": 0},
    "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0},
    "hovermode": "x unified",
    "dragmode": False,
    "bargap": 0.25,
}
GREEN, RED, BLUE, ORANGE, GRAY = "#10936A", "#D64545", "#3B82F6", "#C77700", "#7B8794"
"""At least 3:1 against the light and the dark background: one chart is drawn for both."""

_FEW_DAYS = 10
"""Plotly's own marks are ten at most, so that over more days none is closer than a day."""
_KOREAN = ((10**8, "억"), (10**4, "만"))


def plot(traces: Sequence[Trace], *, key: str, alt: str, height: int = 320, **layout: Any) -> None:
    """Draws traces, given as plotly's dicts."""
    figure = go.Figure({"data": list(traces), "layout": _LAYOUT | {"height": height} | layout})
    st.plotly_chart(figure, key=key, config=_CONFIG, alt=alt)


@dataclass(frozen=True, slots=True)
class Scale:
    """How a chart writes the amounts of one currency on its axis: `divisor` smallest units make one of it."""

    currency: str
    divisor: int
    unit: str
    tick: str

    def axis(self) -> dict[str, Any]:
        """The axis, named by its unit."""
        return {"title": {"text": self.unit}, "tickformat": self.tick, "zeroline": True}

    def values(self, amounts: Iterable[int]) -> list[float]:
        """Smallest units as numbers that the chart draws."""
        return [amount / self.divisor for amount in amounts]

    def trace(self, amounts: Sequence[int], **more: Any) -> Trace:
        """A trace of amounts that says each to the last won."""
        words = [formats.money(amount, self.currency) for amount in amounts]
        return {"y": self.values(amounts), "customdata": words, "hovertemplate": "%{customdata}", **more}


def day_axis(dates: Sequence[str]) -> dict[str, Any]:
    """Days the same in every language, each named once: over few of them plotly marks the hours between too."""
    axis = {"type": "date", "tickformat": "%m-%d\n%Y", "hoverformat": "%Y-%m-%d"}
    if 0 < len(dates) <= _FEW_DAYS:
        return axis | {"tickmode": "array", "tickvals": list(dates)}
    return axis


def scale_for(amounts: Iterable[int], currency: str) -> Scale:
    """Korean readers count won in 만 and 억; plotly has thousands and millions alone."""
    unit, most = formats.unit_name(currency), max(map(abs, amounts), default=0)
    if currency == "KRW" and current_language() == "ko":
        divisor, word = next(((size, word) for size, word in _KOREAN if most >= 10 * size), (1, ""))
        return Scale(currency, divisor, word + unit, ",")
    return Scale(currency, formats.units(currency), unit, ",.3~s")
