"""The filters of the recovery desk, the radar and subscriptions: a text, one kind, one PG, an order; the pages."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st
from services.store.lists.filters import AmountOrder
from services.store.lists.keyset import Page

from dashboard.kit.filters import names
from dashboard.kit.filters.choices import OneOf, Pick, Words
from dashboard.kit.filters.form import FilterForm
from dashboard.kit.filters.kept import Onward
from dashboard.kit.filters.typed import Search
from dashboard.kit.lists.list_order import InOrder
from dashboard.kit.lists.page_buttons import page_buttons
from dashboard.locale import _
from dashboard.words import formats, labels
from dashboard.words.states import States

ROWS = 50
"""Rows of a page: what is chosen of one is carried out while an intent lives."""


@dataclass(frozen=True, slots=True)
class DeskFilter:
    """One kind or all, one PG or all, what holds a text or all."""

    text: str = ""
    search_buyers: bool = True
    kind: str | None = None
    pg_provider: str | None = None
    order: AmountOrder | None = None

    @property
    def narrows(self) -> bool:
        """Whether it leaves any row out."""
        return bool(self.text or self.kind or self.pg_provider)


@dataclass(frozen=True, slots=True)
class Tile:
    """One kind of rows: its badge, how many there are, and what they come to in each currency."""

    kind: str
    badge: str
    rows: int
    sums: Sequence[tuple[str, int]]


def desk_form(
    desk: str,
    kind: tuple[str, Collection[str], Words],
    own: str,
    amounts: Mapping[str, str],
    providers: Collection[str] = (),
    *,
    buyers: bool = True,
) -> FilterForm[DeskFilter]:
    """A desk's fields: its `kind` (name in an address, codes, words), what its own order is called, heads of amounts.

    `buyers` False leaves buyers out of the search.
    """
    (parameter, kinds, words), pg = kind, names.PG if providers else None
    options = {one: one for one in map(str, kinds)}
    with_buyers, without = _("Name, phone, e-mail, card, product, billing key"), _("Product, billing key")
    return FilterForm(
        Onward(desk),
        partial(DeskFilter, search_buyers=buyers),
        (
            Search("text", "text", with_buyers if buyers else without, parameter="q"),
            OneOf("kind", "kind", "", options, words, None, parameter=parameter, typed=names.STATUS),
            Pick("pg", "pg_provider", _("PG"), providers, labels.provider, width=240, typed=pg),
            InOrder("order", "order", {"": own}, amounts),
        ),
        ids=frozenset({"customer_uid", "merchant_uid"}),
    )


def tiles_of(states: States, sums: Iterable[tuple[str, int, str, int]]) -> list[Tile]:
    """A tile for each state, out of sums by state and currency: (state, rows, currency, amount)."""
    known = list(sums)
    return [
        Tile(
            state,
            states.badge(state),
            sum(rows for code, rows, _currency, _amount in known if code == state),
            [(currency, amount) for code, _rows, currency, amount in known if code == state],
        )
        for state in states
    ]


def kind_tiles(desk: str, tiles: Sequence[Tile], chosen: str | None, *, counted: bool = True) -> None:
    """Count and sum of each kind, where these are `counted`; a click shows it alone, and a second one all again."""
    with st.container(horizontal=True, gap="xsmall", key=f"{desk}_tiles"):
        for tile in tiles:
            badge = formats.escape(tile.badge)
            money = [formats.escape(formats.money(amount, currency)) for currency, amount in tile.sums]
            st.button(
                " · ".join([f"{badge} **{tile.rows:,}**", *money]) if counted else badge,
                key=f"tile_{tile.kind}",
                type="primary" if tile.kind == chosen else "secondary",
                on_click=Onward(desk).choose,
                args=("kind", None if tile.kind == chosen else tile.kind),
            )


def desk_pager(desk: str, found: Page[Any], names: tuple[str, str], words: str = "") -> None:
    """The pages before and after, and `words`."""
    kept = Onward(desk)
    page_buttons(kept.page(found), kept.turn_page, words, labels=names)
