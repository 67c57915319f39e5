"""Tables whose rows can be picked: a column is declared once, with its heading, its cells and how they are shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic

import pyarrow as pa
import streamlit as st
from services.store.lists.keyset import Page, Row

from dashboard.kit.lists.list_order import ListOrder, heads, order_told
from dashboard.kit.lists.money_cells import Money, money_cells, money_column
from dashboard.kit.lists.tables import badge_column, list_height, picked_row, text_width
from dashboard.words import formats
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


@dataclass(frozen=True, slots=True)
class MoneyColumn(Column[Row]):
    """A column of amounts, each with its currency: its head can put the list in order."""

    cell: Callable[[Row], Money]
    signed: bool = False


def state_column(name: str, heading: str, states: States, code: Callable[[Row], str]) -> Column[Row]:
    """A column of states, each a badge in its colour."""

    def show(label: str, cells: Sequence[Any]) -> Any:
        return badge_column(label, [cell[0] for cell in cells], states.colors())

    return Column(name, heading, lambda row: [states.badge(code(row))], show)


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


def _is_empty(cell: Any) -> bool:
    return cell in (None, "", formats.NOTHING) or (isinstance(cell, tuple) and cell[0] is None)


def pick_rows(
    found: Page[Row],
    columns: Sequence[Column[Row]],
    *,
    alt: str,
    key: str,
    order: ListOrder | None = None,
    many: bool = False,
    whole: bool = False,
    headed: bool = False,
) -> list[Row]:
    """Draws a page of rows as they come, and returns the one that was clicked, or with `many` those that were chosen.

    `alt` says what the table holds.
    `headed`: its data are called by the headings too, not by the columns' names. Columns in which nothing stands are
    left out, but for a `whole` table, whose columns the person chose, and there those that were ADDED.
    """
    by = order_told(order, found)
    head = order.amounts.get(by.column, by.column) if order and by else ""
    arrow = "↓ " if by and by.largest_first else "↑ "
    data: dict[str, list[Any]] = {}
    config: dict[str, Any] = {}
    for column in columns:
        name, cells = column.heading if headed else column.name, [column.cell(row) for row in found.rows]
        if not (whole and column.name not in ADDED) and all(map(_is_empty, cells)):
            continue
        label = arrow + column.heading if head in (column.heading, column.name) else column.heading
        if isinstance(column, MoneyColumn):
            data[name] = money_cells(cells, paged=order is not None)
            config[name] = money_column(label, cells, signed=column.signed)
        else:
            data[name] = cells
            config[name] = column.show(label, cells)
    picked = st.dataframe(
        pa.table(formats.cells(data)),
        hide_index=True,
        column_config=config,
        placeholder="",
        height=list_height(len(found.rows)),
        alt=alt,
        **heads(key, found, order, many=many),
    )
    if many:
        return [found.rows[place] for place in picked["selection"]["rows"] if place < len(found.rows)]
    place = picked_row(picked, len(found.rows))
    return [] if place is None else [found.rows[place]]
