"""The order of a list with pages: chosen behind a button or by a click on a column's head; of all rows, not a page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import streamlit as st
from services.store.lists.amount_order import MOST
from services.store.lists.filters import AmountOrder
from services.store.lists.keyset import Page

from dashboard.kit.filters.field import Single
from dashboard.kit.filters.kept import Kept
from dashboard.kit.lists.page_buttons import Turn
from dashboard.locale import _


@dataclass(frozen=True, slots=True)
class ListOrder:
    """Where the session keeps a list's order, what it can go by, and what turns its pages."""

    key: str
    own: Mapping[str, str]
    """Orders of its own by their codes, and what they are called; the first is the one it starts with."""
    amounts: Mapping[str, str]
    """Columns of amounts, and their heads."""
    turn: Turn
    others: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Other columns that it can go by, and what both ways are called."""

    @property
    def columns(self) -> frozenset[str]:
        """What it can go by besides its own orders."""
        return frozenset({*self.amounts, *self.others})

    def by(self, found: Page[Any]) -> AmountOrder | None:
        """The column that these rows are in order by."""
        return AmountOrder.read(st.session_state[self.key], self.columns) if found.in_order else None

    def choose(self) -> None:
        """One of the orders."""
        columns = [way for name in (*self.amounts, *self.others) for way in self._ways(name)]
        st.selectbox(
            _("Order"),
            [*self.own, *columns],
            format_func=self._words,
            key=self.key,
            on_change=self.turn,
            persist_state="session",
        )

    def _words(self, way: str) -> str:
        by = AmountOrder.read(way, self.columns)
        if by is None:
            return self.own[way]
        if by.column in self.others:
            return self.others[by.column][by.largest_first]
        words = _("{amount}: largest first") if by.largest_first else _("{amount}: smallest first")
        return words.format(amount=self.amounts[by.column])

    def _ways(self, column: str) -> list[str]:
        """Both ways of a column as texts: of an amount the largest first, of what is read its begin."""
        ways = [str(AmountOrder(column)), str(AmountOrder(column, largest_first=False))]
        return ways if column in self.amounts else ways[::-1]

    def go_on(self, column: str) -> None:
        """By this column one way, then the other, then as the list goes by itself."""
        ways = [*self._ways(column), next(iter(self.own))]
        now = st.session_state[self.key]
        st.session_state[self.key] = ways[(ways.index(now) + 1) % 3] if now in ways[:2] else ways[0]
        self.turn()


@dataclass(frozen=True, slots=True)
class InOrder(Single[Any]):
    """A list's order as a field of its filter: one of its own, which `value` makes of a code, or by a column."""

    own: Mapping[str, str]
    amounts: Mapping[str, str]
    value: Callable[[str], object] = lambda _code: None
    others: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """As a ListOrder has them."""

    def decode(self, text: str) -> Any:
        return AmountOrder.read(text, {*self.amounts, *self.others}) or self.value(
            text if text in self.own else self._first
        )

    def encode(self, value: Any) -> str:
        return "" if value is None or str(value) == self._first else str(value)

    def remember(self, kept: Kept, chosen: object) -> None:
        kept[self.name] = self.encode(getattr(chosen, self.attribute)) or self._first

    def told(self, kept: Kept) -> dict[str, Any]:
        return {self.attribute: self.decode(kept[self.name])}

    def listed(self, kept: Kept) -> ListOrder:
        """Where the session keeps it, for the heads of a table."""
        return ListOrder(f"{kept.key}.{self.name}", self.own, self.amounts, kept.turn_page, self.others)

    @property
    def _first(self) -> str:
        return next(iter(self.own))


def order_told(order: ListOrder | None, found: Page[Any]) -> AmountOrder | None:
    """The column that a list is in order by; says so where its rows are too many for that."""
    if found.too_many:
        words = _("More than {n} rows are not put in this order: choose fewer days or more filters.")
        st.caption(words.format(n=f"{MOST:,}"))
    return order.by(found) if order else None


def table_key(table: str, found: Page[Any], order: ListOrder | None) -> str:
    """The key of a table whose rows are in this order."""
    by = order.by(found) if order else None
    return f"{table}_{by}" if by else table


def heads(table: str, found: Page[Any], order: ListOrder | None = None, *, many: bool = False) -> dict[str, Any]:
    """What a click on a row or a head does, as options of st.dataframe; `table` is its key, another in another order.

    A row opens, or with `many` is one of those that are chosen by their boxes; a head puts the whole list in order.
    Streamlit's own sorting, of the rows shown, is left to lists that show all they have; it is off where columns can
    be chosen.
    """
    table = table_key(table, found, order)
    mode = "multi-row" if many else "single-cell"
    if order is None and not (found.newer or found.older):
        return {"key": table, "on_select": "rerun", "selection_mode": mode}
    return {"key": table, "on_select": partial(_clicked, table, order), "selection_mode": [mode, "single-column"]}


def _clicked(table: str, order: ListOrder | None) -> None:
    """A column is not chosen for good: only the heads of what the list can go by do something."""
    selection = st.session_state[table]["selection"]
    if not selection["columns"]:
        return
    (name,) = selection["columns"]
    st.session_state[table] = {"selection": selection | {"columns": []}}
    if order:
        heads_of = {head: column for column, head in order.amounts.items()}
        if (column := heads_of.get(name, name)) in order.columns:
            order.go_on(column)
