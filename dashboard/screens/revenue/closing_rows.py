"""Rows behind a month's figures: what changed in it since, and what leads from one time basis to the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic

from services.clock import day_to_date
from services.revenue.bridge import BridgeRow
from services.revenue.known import Change
from services.store.lists.keyset import Page, Row

from dashboard.kit.lists.columns import Column, MoneyColumn, signed_number
from dashboard.kit.lists.page_buttons import page_buttons
from dashboard.kit.lists.pick import pick_rows
from dashboard.kit.session import Slot
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
    columns: list[Column[Change]] = [
        Column("learnt_at", _("Learnt at"), lambda row: formats.time(row.learnt_at)),
        Column("day", _("Day"), lambda row: day_to_date(row.day).isoformat()),
        Column("what", _("What"), lambda row: what(row.what)),
        MoneyColumn("amount", _("Moved by"), lambda row: (row.amount, row.currency), signed=True),
        Column("rows", _("Rows"), lambda row: row.rows, signed_number),
        Column("imp_uid", "imp_uid", lambda row: row.imp_uid),
    ]
    picked = pick_rows(part.page, columns, alt=_("What changed in the month since"), key=part.key, headed=True)
    _onward_pages(part, lambda row: (row.id,))
    return picked[0].imp_uid if picked else None


def bridge_rows_table(part: Part[BridgeRow], currency: str) -> str | None:
    """Payments or refunds of one item; returns the imp_uid of the row that was picked."""
    columns: list[Column[BridgeRow]] = [
        Column("at", _("Paid or refunded at"), lambda row: formats.time(row.at)),
        Column("status_at", _("Time of the status"), lambda row: formats.time(row.status_at)),
        MoneyColumn("amount", _("Amount"), lambda row: (row.amount, currency)),
        Column("imp_uid", "imp_uid", lambda row: row.imp_uid),
    ]
    picked = pick_rows(part.page, columns, alt=_("Rows behind it"), key=part.key, headed=True)
    _onward_pages(part, lambda row: (row.at, row.imp_uid, row.seq))
    return picked[0].imp_uid if picked else None


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
