"""Rows behind a month's figures: what changed in it since, and what leads from one time basis to the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic

import pyarrow as pa
import streamlit as st
from services.clock import day_to_date
from services.revenue.bridge import BridgeRow
from services.revenue.known import Change
from services.store.lists.keyset import Page, Row

from dashboard.kit.list_order import heads
from dashboard.kit.money_cells import money_cells, money_column
from dashboard.kit.page_buttons import page_buttons
from dashboard.kit.session import Slot
from dashboard.kit.tables import list_height
from dashboard.locale import _
from dashboard.screens.revenue.closing_figures import what
from dashboard.words import formats

ROWS = 50
Cursor = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Part(Generic[Row]):
    """One page of a list on this screen: what the session calls the list, the widget's key, the rows."""

    name: str
    key: str
    page: Page[Row]


def change_table(part: Part[Change]) -> str | None:
    """What moved the month's days later; returns the imp_uid of the row that was picked."""
    rows, moved = part.page.rows, _("Moved by")
    money = [(row.amount, row.currency) for row in rows]
    columns = {
        _("Learnt at"): [formats.time(row.learnt_at) for row in rows],
        _("Day"): [day_to_date(row.day).isoformat() for row in rows],
        _("What"): [what(row.what) for row in rows],
        moved: money_cells(money),
        _("Rows"): [row.rows for row in rows],
        "imp_uid": [row.imp_uid for row in rows],
    }
    config = {
        moved: money_column(None, money, signed=True),
        _("Rows"): st.column_config.NumberColumn(format="%+,d"),
    }
    picked = _table(part, columns, config, _("What changed in the month since"))
    _onward_pages(part, lambda row: (row.id,))
    return picked


def bridge_rows_table(part: Part[BridgeRow], currency: str) -> str | None:
    """Payments or refunds of one item; returns the imp_uid of the row that was picked."""
    rows, money = part.page.rows, [(row.amount, currency) for row in part.page.rows]
    columns = {
        _("Paid or refunded at"): [formats.time(row.at) for row in rows],
        _("Time of the status"): [formats.time(row.status_at) for row in rows],
        _("Amount"): money_cells(money),
        "imp_uid": [row.imp_uid for row in rows],
    }
    picked = _table(part, columns, {_("Amount"): money_column(None, money)}, _("Rows behind it"))
    _onward_pages(part, lambda row: (row.at, row.imp_uid, row.seq))
    return picked


def last_seen(name: str) -> Cursor | None:
    """After which row the page of a list begins."""
    pages = _pages(name)
    return pages[-1] if pages else None


def _pages(name: str) -> list[Cursor]:
    """The last rows of the pages before."""
    kept: Slot[list[Cursor]] = Slot(name, list)
    return kept.get()


def part_here(name: str, rows: Sequence[Row]) -> Part[Row]:
    """The page of a list that is shown; `rows` has one more than a page where there are more."""
    seen = last_seen(name)
    back, on = "back" if seen else None, "on" if len(rows) > ROWS else None
    return Part(name, f"{name}.{seen}", Page(tuple(rows[:ROWS]), back, on))


def _onward_pages(part: Part[Row], cursor: Callable[[Row], Cursor]) -> None:
    """One page back or on."""
    name, found, pages = part.name, part.page, _pages(part.name)

    def turn(*, after: str | None = None, before: str | None = None) -> None:
        if after:
            pages.pop()
        elif before:
            pages.append(cursor(found.rows[-1]))

    if found.newer or found.older:
        page_buttons(found, turn, labels=(_("Earlier"), _("Later")), name=name)


def _table(part: Part[Any], columns: dict[str, list[Any]], config: dict[str, Any], alt: str) -> str | None:
    found = part.page
    picked = st.dataframe(
        pa.table(formats.cells(columns)),
        hide_index=True,
        column_config=config,
        height=list_height(len(found.rows)),
        alt=alt,
        **heads(part.key, found),
    )
    chosen = picked["selection"]["rows"]
    return found.rows[chosen[0]].imp_uid if chosen and chosen[0] < len(found.rows) else None
