"""Rows of a list to pick from: a table, or cards on a phone."""

from collections.abc import Sequence
from typing import Any
from zlib import crc32

import pyarrow as pa
import streamlit as st
from services.store.lists.keyset import Page, Row

from dashboard.kit.lists.cards import draw_cards, on_phone
from dashboard.kit.lists.columns import ADDED, Column, MoneyColumn
from dashboard.kit.lists.list_order import ListOrder, heads, order_told, table_key
from dashboard.kit.lists.money_cells import money_cells, money_column
from dashboard.kit.lists.tables import list_height, picked_row
from dashboard.words import formats


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

    `alt` says what the list holds.
    `headed`: a table's data are called by the headings too, not by the columns' names. Columns in which nothing
    stands are left out, but for a `whole` table, whose columns the person chose, and there those that were ADDED.
    """
    head = _order_head(found, order)
    if on_phone():
        key = table_key(key, found, order)
        picked = draw_cards(found.rows, columns, alt=alt, key=key, many=many)
    else:
        data, config = _as_table(found.rows, columns, head, paged=order is not None, whole=whole, headed=headed)
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


def key_of_rows(key: str, ids: Sequence[str]) -> str:
    """The key of a table with boxes: a box is kept by its place, and in another list would be another row's."""
    return f"{key}_{crc32(chr(0).join(ids).encode()):08x}"


def _order_head(found: Page[Row], order: ListOrder | None) -> tuple[str, str]:
    """The head of the column that the list is in order by, and the arrow before its words."""
    by = order_told(order, found)
    head = order.amounts.get(by.column, by.column) if order and by else ""
    return head, "↓ " if by and by.largest_first else "↑ "


def _is_empty(cell: Any) -> bool:
    return cell in (None, "", formats.NOTHING) or (isinstance(cell, tuple) and cell[0] is None)


def _as_table(
    rows: Sequence[Row],
    columns: Sequence[Column[Row]],
    head: tuple[str, str],
    *,
    paged: bool,
    whole: bool,
    headed: bool,
) -> tuple[dict[str, list[Any]], dict[str, Any]]:
    data: dict[str, list[Any]] = {}
    config: dict[str, Any] = {}
    for column in columns:
        cells = [column.cell(row) for row in rows]
        if all(map(_is_empty, cells)) and not (whole and column.name not in ADDED):
            continue
        name = column.heading if headed else column.name
        label = head[1] + column.heading if head[0] in (column.heading, column.name) else column.heading
        if isinstance(column, MoneyColumn):
            data[name] = money_cells(cells, paged=paged)
            config[name] = money_column(label, cells, signed=column.signed)
        else:
            data[name] = cells
            config[name] = column.show(label, cells)
    return data, config
