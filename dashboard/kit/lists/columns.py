"""Columns of lists: each is declared once, with its heading, its cells and how they are shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic

import streamlit as st
from services.store.lists.keyset import Row

from dashboard.kit.lists.money_cells import Money
from dashboard.kit.lists.tables import badge_column, text_width
from dashboard.words.states import States

ADDED = frozenset({"hits", "sandbox"})
"""Columns that stand in a table whenever something is in them, chosen by nobody."""
_PADDING, _LONG = 18, 280
"""Pixels: at both sides of a text together, and what a sentence may take."""
Show = Callable[[str, Sequence[Any]], Any]
"""Streamlit's config of a column by its heading and its cells."""


def _text(label: str, _cells: Sequence[Any]) -> Any:
    return st.column_config.TextColumn(label)


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column of texts, unless `show` says otherwise."""

    name: str
    heading: str
    cell: Callable[[Row], Any]
    show: Show = _text
    colors: Mapping[str, str] = field(default_factory=dict)
    """Of its badges, where its cells are lists of one."""


@dataclass(frozen=True, slots=True)
class MoneyColumn(Column[Row]):
    """A column of amounts, each with its currency: its head can put the list in order."""

    cell: Callable[[Row], Money]
    signed: bool = False
    less: bool = False
    """It was taken from the amount before it."""


def state_column(name: str, heading: str, states: States, code: Callable[[Row], str]) -> Column[Row]:
    """A column of states, each a badge in its colour."""

    colors = states.colors()

    def show(label: str, cells: Sequence[Any]) -> Any:
        return badge_column(label, [cell[0] for cell in cells], colors)

    return Column(name, heading, lambda row: [states.badge(code(row))], show, colors)


def whole_text(label: str, cells: Sequence[Any]) -> Any:
    """A text that few rows have, as wide as the longest: Streamlit measures only some rows."""
    longest = max((text_width(str(cell)) for cell in cells if cell), default=0)
    return st.column_config.TextColumn(label, width=_PADDING + min(max(longest, text_width(label)), _LONG))


def percent(label: str, _cells: Sequence[Any]) -> Any:
    """A whole number of a hundred, as a bar."""
    return st.column_config.ProgressColumn(label, format="%d%%", min_value=0, max_value=100)


def number(label: str, _cells: Sequence[Any], *, form: str | None = None) -> Any:
    """A number."""
    return st.column_config.NumberColumn(label, format=form)


signed_number = partial(number, form="%+,d")
"""A number that is a difference."""
