"""The filters of the recovery desk and the radar: one kind, one PG, and the page; carried by the address.

Their lists are read onwards only: the pages that were turned are remembered, so that one can go back.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import streamlit as st
from services.store.lists.filters import AmountOrder
from services.store.lists.keyset import Page

from dashboard.kit.list_order import ListOrder
from dashboard.kit.page_buttons import page_buttons
from dashboard.locale import _
from dashboard.words import formats, labels

ROWS = 50
"""Rows of a page: what is chosen of one is carried out while an intent lives."""
_BACK = "back"
_CURSOR = re.compile(r"(~[A-Za-z]{3}~-?\d{1,18}~)?\d{1,15}\..+", re.ASCII)
"""What an address may say of where a page begins."""


@dataclass(frozen=True, slots=True)
class DeskView:
    """What a list shows: one kind or all, one PG or all, and the last row of the page before."""

    kind: str | None
    pg_provider: str | None
    order: AmountOrder | None
    after: str | None

    def params(self, kind_name: str) -> dict[str, str]:
        """The parameters that bring this view back; `kind_name` is what the kind is called there."""
        given = {kind_name: self.kind, "pg": self.pg_provider, "order": str(self.order or ""), "after": self.after}
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class Tile:
    """One kind of rows: its badge, how many there are, and what they come to in each currency."""

    kind: str
    badge: str
    rows: int
    sums: Sequence[tuple[str, int]]


def desk_view(
    desk: str,
    kind_name: str,
    kinds: Collection[str],
    params: Mapping[str, str],
    *,
    amounts: Collection[str],
    entered: bool,
) -> DeskView:
    """The view that the session remembers for a desk; an address that says something counts when it is entered.

    `amounts` are the columns by which the list can be put in order.
    """
    state = st.session_state
    if f"{desk}.kind" not in state or (entered and {kind_name, "pg", "order", "after"} & params.keys()):
        kind, after = params.get(kind_name), params.get("after", "")
        state[f"{desk}.kind"] = kind if kind in kinds else None
        state[f"{desk}.pg"] = params.get("pg") or None
        state[f"{desk}.order"] = str(AmountOrder.read(params.get("order"), amounts) or "")
        state[f"{desk}.pages"] = [after] if _CURSOR.fullmatch(after) and after.isprintable() else []
    pages: list[str] = state[f"{desk}.pages"]
    order = AmountOrder.read(state[f"{desk}.order"], amounts)
    return DeskView(state[f"{desk}.kind"], state[f"{desk}.pg"], order, pages[-1] if pages else None)


def desk_order(desk: str, own: str, amounts: Mapping[str, str]) -> ListOrder:
    """What a desk's list is in order by: `own` is what its own order is called, `amounts` are heads of columns."""
    return ListOrder(f"{desk}.order", {"": own}, amounts, partial(_first_page, desk))


def kind_tiles(desk: str, tiles: Sequence[Tile], chosen: str | None) -> None:
    """Count and sum of each kind; a click shows it alone, and a second one all again."""
    with st.container(horizontal=True, gap="xsmall", key=f"{desk}_tiles"):
        for tile in tiles:
            money = [formats.escape(formats.money(amount, currency)) for currency, amount in tile.sums]
            st.button(
                " · ".join([f"{formats.escape(tile.badge)} **{tile.rows:,}**", *money]),
                key=f"tile_{tile.kind}",
                type="primary" if tile.kind == chosen else "secondary",
                on_click=_choose,
                args=(desk, None if tile.kind == chosen else tile.kind),
            )


def choose_pg(desk: str, providers: Sequence[str]) -> None:
    """One PG, or all."""
    chosen = st.session_state[f"{desk}.pg"]
    st.selectbox(
        _("PG"),
        [*providers, *([chosen] if chosen and chosen not in providers else [])],
        index=None,
        format_func=labels.provider,
        placeholder=_("Any"),
        key=f"{desk}.pg",
        on_change=_first_page,
        args=(desk,),
        persist_state="session",
        width=240,
    )


def desk_pager(desk: str, found: Page[Any], names: tuple[str, str], words: str) -> None:
    """The pages before and after, and `words`."""
    before = _BACK if st.session_state[f"{desk}.pages"] else None
    page_buttons(replace(found, newer=before), partial(_turn, desk), words, labels=names)


def forget_filters(desk: str) -> None:
    """Everything again, from the first row."""
    st.session_state[f"{desk}.pg"], st.session_state[f"{desk}.order"] = None, ""
    _choose(desk, None)


def _choose(desk: str, kind: str | None) -> None:
    st.session_state[f"{desk}.kind"] = kind
    _first_page(desk)


def _first_page(desk: str) -> None:
    st.session_state[f"{desk}.pages"] = []


def _turn(desk: str, *, after: str | None = None, before: str | None = None) -> None:
    """One page back, or on to the rows that come after `before`."""
    pages: list[str] = st.session_state[f"{desk}.pages"]
    if after == _BACK:
        pages.pop()
    elif before:
        pages.append(before)
