"""A month of booked payments as a calendar: won, count and states of each Seoul day, and the same as a table."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st
from services.clock import date_to_day, day_to_date
from services.holidays import is_business_day
from services.months import month_after
from services.store.lists.schedules import CalendarDay

from dashboard.kit.lists.money_cells import money_cells, money_column
from dashboard.kit.lists.tables import picked_row
from dashboard.locale import _, ngettext
from dashboard.screens.schedules import schedule_filters
from dashboard.screens.schedules.schedule_filters import FIRST, LAST
from dashboard.words import formats
from dashboard.words.schedule_labels import TILES, due_state

_ROW = 76
_HEAD = 28
_WIDE = 9
_LINES = 3
_TEXT = {"light": "#31333F", "dark": "#FAFAFA"}
_OTHER = {"light": "dark", "dark": "light"}
_FREE = {"light": "#C62828", "dark": "#F87171"}
_FILL = {"light": "#0B6E4F", "dark": "#34D399"}


def month_title(month: date) -> str:
    """`2026-11`, as people of the language write a month."""
    return _("{year}-{month:02}").format(year=month.year, month=month.month)


def schedule_calendar(days: Sequence[CalendarDay], month: date, today: int) -> None:
    """The month, drawn and as a table; choosing a day opens its list."""
    _month_turner(month, days, today)
    _chart(days, today)
    _legend()
    fold = st.expander(_("The same as a table"), icon=":material/table:", on_change="rerun", key="calendar_table")
    if fold.open:
        with fold:
            _table([one for one in days if one.schedules])


def _month_turner(month: date, days: Sequence[CalendarDay], today: int) -> None:
    """The month with what it comes to, and the ways to the months beside it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        here = month_after(day_to_date(today), 0)
        for label, icon, to, key in (
            (_("Earlier"), ":material/chevron_left:", month_after(month, -1), "Left"),
            (_("This month"), ":material/today:", here, None),
            (_("Later"), ":material/chevron_right:", month_after(month, 1), "Right"),
        ):
            st.button(
                label,
                icon=icon,
                icon_position="right" if key == "Right" else "left",
                shortcut=key,
                disabled=to == month or not FIRST <= date_to_day(to) <= LAST,
                on_click=schedule_filters.turn_month,
                args=(to,),
            )
    n, won = sum(one.schedules for one in days), sum(one.won for one in days)
    words = ngettext("{n} schedule", "{n} schedules", n).format(n=f"{n:,}")
    st.header(formats.escape(month_title(month)))
    st.markdown(f"{words} · **{formats.escape(formats.money(won, 'KRW'))}**")


def _chart(days: Sequence[CalendarDay], today: int) -> None:
    """The month drawn; a click on a day opens its list."""
    theme = st.context.theme.type or "light"
    first, last = day_to_date(days[0].day), day_to_date(days[-1].day)
    # Weeks begin on Sunday, as on Korean calendars.
    weeks = (len(days) + (first.weekday() + 1) % 7 + 6) // 7
    height = _HEAD + weeks * _ROW
    key = f"calendar_{first:%Y_%m}"
    st.echarts_chart(
        {
            "calendar": {
                "orient": "vertical",
                "range": [first.isoformat(), last.isoformat()],
                "top": _HEAD,
                "left": 1,
                "right": 1,
                "height": weeks * _ROW - 2,
                "cellSize": ["auto", _ROW],
                "dayLabel": {
                    "firstDay": 0,
                    "nameMap": [*formats.weekdays()[6:], *formats.weekdays()[:6]],
                    "color": _TEXT[theme],
                },
                "monthLabel": {"show": False},
                "yearLabel": {"show": False},
                "splitLine": {"show": False},
                "itemStyle": {"color": "transparent", "borderColor": "rgba(128,128,128,0.35)", "borderWidth": 1},
            },
            "visualMap": {
                "show": False,
                "min": 0,
                "max": max(1, *(one.won for one in days)),
                "inRange": {"color": [_FILL[theme], _FILL[theme]], "colorAlpha": [0, 0.45]},
            },
            "series": [
                {
                    "type": "heatmap",
                    "coordinateSystem": "calendar",
                    "selectedMode": "single",
                    "data": [_cell(one, today) for one in days],
                    "label": {"show": True, "color": _TEXT[theme], "rich": _styles(theme)},
                    "itemStyle": {"borderColor": "rgba(128,128,128,0.35)", "borderWidth": 1},
                    "emphasis": {"itemStyle": {"borderColor": _TEXT[theme], "borderWidth": 2}},
                }
            ],
        },
        height=height,
        key=key,
        on_select=partial(_open_day, key, [one.day for one in days]),
        renderer="svg",
        alt=_("Calendar of {month}: the same figures stand in the table below").format(month=month_title(first)),
    )


def _table(shown: Sequence[CalendarDay]) -> None:
    """For those who do not see the drawing."""
    if not shown:
        st.caption(_("Nothing is booked in this month."))
        return
    states = [*TILES, *sorted({state for one in shown for state in one.states} - set(TILES))]
    money = [(one.won, "KRW") for one in shown]
    data: dict[str, list[Any]] = {
        _("Day"): [formats.day(day_to_date(one.day)) for one in shown],
        _("Schedules"): [one.schedules for one in shown],
        _("Amount"): money_cells(money),
    }
    for state in states:
        data[due_state.badge(state)] = [one.states[state].schedules if state in one.states else 0 for one in shown]
    key = f"calendar_days_{shown[0].day}"
    st.dataframe(
        pd.DataFrame(formats.cells(data)),
        hide_index=True,
        column_config={_("Amount"): money_column(None, money)},
        on_select=partial(_open_row, key, [one.day for one in shown]),
        selection_mode="single-cell",
        placeholder="",
        key=key,
        alt=_("Days of the month with something booked"),
    )


def _legend() -> None:
    """What the signs in the calendar stand for."""
    signs = " · ".join(map(due_state.badge, TILES))
    rest = _("stronger colour: more won · red day: banks are closed · a click on a day opens its list")
    st.caption(formats.escape(f"{signs} · {rest}"))


def _open_day(key: str, days: Sequence[int]) -> None:
    selected = st.session_state[key]["selection"]["selected"]
    numbers = [number for group in selected for number in group["data_indices"]]
    if numbers:
        schedule_filters.show_day(days[numbers[0]])


def _open_row(key: str, days: Sequence[int]) -> None:
    place = picked_row(st.session_state[key], len(days))
    if place is not None:
        schedule_filters.show_day(days[place])


def _cell(one: CalendarDay, today: int) -> dict[str, Any]:
    at = day_to_date(one.day)
    style = "t" if one.day == today else "d" if is_business_day(at) else "h"
    lines = [f"{{{style}|{at.day}}}"]
    if one.schedules:
        lines.append(f"{{w|{formats.short_won(one.won)}}}")
        lines += [f"{{s|{line}}}" for line in sign_lines({code: sums.schedules for code, sums in one.states.items()})]
    return {"value": [at.isoformat(), one.won], "label": {"formatter": "\n".join(lines)}}


def sign_lines(counts: Mapping[str, int]) -> list[str]:
    """Counts of states in lines as long as a day is wide on a telephone; what has no room stands in the table."""
    lines: list[str] = []
    for state in dict.fromkeys((*TILES, *counts)):
        if state in counts:
            words = f"{due_state.sign(state)} {counts[state]}"
            if lines and len(lines[-1]) + len(words) < _WIDE:
                lines[-1] += f" {words}"
            else:
                lines.append(words)
    return lines if len(lines) <= _LINES else [*lines[: _LINES - 1], lines[_LINES - 1] + " …"]


def _styles(theme: str) -> dict[str, Any]:
    base: dict[str, Any] = {"color": _TEXT[theme], "lineHeight": 15}
    return {
        "d": base | {"fontSize": 12, "fontWeight": "bold"},
        "h": base | {"fontSize": 12, "fontWeight": "bold", "color": _FREE[theme]},
        # Today stands on a plate, so that it is found without seeing a colour.
        "t": base
        | {"fontSize": 12, "fontWeight": "bold", "color": _TEXT[_OTHER[theme]]}
        | {"backgroundColor": _TEXT[theme], "borderRadius": 8, "padding": [2, 6]},
        "w": base | {"fontSize": 12},
        "s": base | {"fontSize": 11},
    }
