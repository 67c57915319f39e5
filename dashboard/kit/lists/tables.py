"""How tables of any subject look and open: as high as their rows, states as badges, a click anywhere on a row."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Literal

import streamlit as st

from dashboard.kit import session
from dashboard.kit.reader import resume
from dashboard.kit.script_turns import script_turn

OPENS: dict[str, Any] = {"on_select": "rerun", "selection_mode": "single-cell"}
"""Options of a table whose rows open by a click anywhere on them."""

_MOST_AT_ONCE = 20
_HEIGHT = 700
_HEAD = 32
LOW_ROW = 29
"""Pixels, for a table that shares a screen with charts."""
_BADGE_PADDING = 36


def list_height(rows: int) -> Literal["content"] | int:
    """A list as high as its rows, up to where it scrolls by itself."""
    return "content" if rows <= _MOST_AT_ONCE else _HEIGHT


def low_table_height(rows: int) -> int:
    """Of so many low rows and their heads, in pixels."""
    return _HEAD + LOW_ROW * rows + 2


def picked_row(selected: Any, rows: int) -> int | None:
    """The number of the row that was clicked in what st.dataframe returned, or keeps; None where none of `rows` was."""
    cells = selected["selection"]["cells"]
    return cells[0][0] if cells and cells[0][0] < rows else None


def open_drawer(title: str, table: str, draw: Callable[[], None]) -> None:
    """Draws at the right edge what there is to say of the row that was clicked in `table`; closing it lets go of it.

    The search of everything goes before it.
    """
    if session.SEARCHING.get():
        return

    @st.dialog(title, position="right", on_dismiss=partial(_let_go, table))
    def shown() -> None:
        with script_turn():
            resume()
            draw()

    shown()


def _let_go(table: str) -> None:
    st.session_state[table] = {"selection": {"rows": [], "columns": [], "cells": []}}


def badge_column(label: str, badges: Iterable[str], colors: Mapping[str, str]) -> Any:
    """A column whose cells are lists of one badge each, with a colour for each badge."""
    shown = sorted(set(badges))
    return st.column_config.MultiselectColumn(
        label,
        options=shown,
        color=[colors.get(badge, "gray") for badge in shown],
        # Streamlit measures only some of the rows: a long word further down would be cut.
        width=_BADGE_PADDING + max(map(text_width, shown), default=0),
    )


def text_width(words: str) -> int:
    """About how many pixels a text takes: Korean syllables are twice as wide as letters."""
    return sum(14 if ord(sign) > 0x2000 else 8 for sign in words)
