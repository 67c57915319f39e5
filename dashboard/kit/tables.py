"""How tables of any subject look: as high as their rows, states as badges."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import streamlit as st

_MOST_AT_ONCE = 20
_HEIGHT = 700
_ROW = 35
LOW_ROW = 29
"""Pixels, for a table that shares a screen with charts."""
_BADGE_PADDING = 36


def list_height(rows: int) -> Literal["content"] | int:
    """A list as high as its rows, up to where it scrolls by itself."""
    return "content" if rows <= _MOST_AT_ONCE else _HEIGHT


def table_height(rows: int, each: int = _ROW) -> int:
    """Of so many rows and their heads, in pixels; a row is `each` high."""
    return _ROW + each * rows + 2


def badge_column(label: str, badges: Iterable[str], colors: Mapping[str, str]) -> Any:
    """A column whose cells are lists of one badge each, with a colour for each badge."""
    shown = sorted(set(badges))
    return st.column_config.MultiselectColumn(
        label,
        options=shown,
        color=[colors.get(badge, "gray") for badge in shown],
        # Streamlit measures only some of the rows: a long word further down would be cut.
        width=_BADGE_PADDING + max(map(_width, shown), default=0),
    )


def _width(words: str) -> int:
    """About how many pixels a text takes: Korean syllables are twice as wide as letters."""
    return sum(14 if ord(sign) > 0x2000 else 8 for sign in words)
