"""Rows behind a month's figures: what changed in it since, and what leads from one time basis to the other."""

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import streamlit as st
from services.clock import day_to_date
from services.revenue.bridge import BridgeRow
from services.revenue.known import Change
from services.store.paging import Page

from dashboard.components import formats
from dashboard.components.closing_figures import what
from dashboard.components.paging import page_buttons
from dashboard.components.tables import list_height
from dashboard.locale import _

ROWS = 50
Cursor = tuple[Any, ...]


def change_table(rows: Sequence[Change], *, key: str) -> str | None:
    """What moved the month's days later; returns the imp_uid of the row that was picked."""
    return _table(
        {
            _("Learnt at"): [formats.time(row.learnt_at) for row in rows],
            _("Day"): [day_to_date(row.day).isoformat() for row in rows],
            _("What"): [what(row.what) for row in rows],
            _("Moved by"): [("+" if row.amount > 0 else "") + formats.money(row.amount, row.currency) for row in rows],
            _("Rows"): [f"{row.rows:+,}" for row in rows],
            "imp_uid": [row.imp_uid for row in rows],
        },
        [row.imp_uid for row in rows],
        _("What changed in the month since"),
        key,
    )


def bridge_rows_table(rows: Sequence[BridgeRow], currency: str, *, key: str) -> str | None:
    """Payments or refunds of one item; returns the imp_uid of the row that was picked."""
    return _table(
        {
            _("Paid or refunded at"): [formats.time(row.at) for row in rows],
            _("Time of the status"): [formats.time(row.status_at) for row in rows],
            _("Amount"): [formats.money(row.amount, currency) for row in rows],
            "imp_uid": [row.imp_uid for row in rows],
        },
        [row.imp_uid for row in rows],
        _("Rows behind it"),
        key,
    )


def last_seen(name: str) -> Cursor | None:
    """After which row the page of a list begins."""
    pages: list[Cursor] = st.session_state.setdefault(name, [])
    return pages[-1] if pages else None


def onward_pages(name: str, rows: Sequence[Any], cursor: Callable[[Any], Cursor]) -> None:
    """One page back or on; `rows` has one more than a page where there are more."""
    pages: list[Cursor] = st.session_state[name]
    more = len(rows) > ROWS

    def turn(*, after: str | None = None, before: str | None = None) -> None:
        if after:
            pages.pop()
        elif before:
            pages.append(cursor(rows[ROWS - 1]))

    if pages or more:
        found: Page[Any] = Page((), "back" if pages else None, "on" if more else None)
        page_buttons(found, turn, labels=(_("Earlier"), _("Later")), name=name)


def _table(columns: dict[str, list[str]], imp_uids: Sequence[str], alt: str, key: str) -> str | None:
    picked = st.dataframe(
        pa.table(formats.cells(columns)),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        height=list_height(len(imp_uids)),
        key=key,
        alt=alt,
    )
    chosen = picked["selection"]["rows"]
    return imp_uids[chosen[0]] if chosen and chosen[0] < len(imp_uids) else None
