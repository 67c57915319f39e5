"""The filters of the recovery desk and the radar: one kind, one PG, and the page; carried by the address.

Their lists are read onwards only: the pages that were turned are remembered, so that one can go back.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard.components import formats, labels
from dashboard.locale import _

PAGE = 50
"""Rows of a page: what is chosen of one is carried out while an intent lives."""
Cursor = tuple[int, str]


@dataclass(frozen=True, slots=True)
class DeskView:
    """What a list shows: one kind or all, one PG or all, and the last row of the page before."""

    kind: str | None
    pg_provider: str | None
    after: Cursor | None

    def params(self, kind_name: str) -> dict[str, str]:
        """The parameters that bring this view back; `kind_name` is what the kind is called there."""
        after = f"{self.after[0]}.{self.after[1]}" if self.after else None
        given = {kind_name: self.kind, "pg": self.pg_provider, "after": after}
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class Tile:
    """One kind of rows: its badge, how many there are, and what they come to in each currency."""

    kind: str
    badge: str
    rows: int
    sums: Sequence[tuple[str, int]]


def desk_view(
    desk: str, kind_name: str, kinds: Collection[str], params: Mapping[str, str], *, entered: bool
) -> DeskView:
    """The view that the session remembers for a desk; an address that says something counts when it is entered."""
    state = st.session_state
    if f"{desk}.kind" not in state or (entered and {kind_name, "pg", "after"} & params.keys()):
        kind, after = params.get(kind_name), _cursor(params.get("after", ""))
        state[f"{desk}.kind"] = kind if kind in kinds else None
        state[f"{desk}.pg"] = params.get("pg") or None
        state[f"{desk}.pages"] = [after] if after else []
    pages: list[Cursor] = state[f"{desk}.pages"]
    return DeskView(state[f"{desk}.kind"], state[f"{desk}.pg"], pages[-1] if pages else None)


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
        on_change=forget_pages,
        args=(desk,),
        persist_state="session",
        width=240,
    )


def desk_pager(desk: str, last: Cursor | None, names: tuple[str, str], words: str) -> None:
    """The pages before and after, and `words`; `last` is the last row of this one where more come after it."""
    pages = st.session_state[f"{desk}.pages"]
    if not pages and last is None:
        st.caption(words)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, icon, side, turned, off in (
            (names[0], ":material/chevron_left:", "Left", pages[:-1], not pages),
            (names[1], ":material/chevron_right:", "Right", [*pages, last], last is None),
        ):
            st.button(
                label,
                icon=icon,
                icon_position="right" if side == "Right" else "left",
                shortcut=side,
                disabled=off,
                on_click=_turn,
                args=(desk, turned),
            )
        st.caption(words, width="content")


def forget_filters(desk: str) -> None:
    """Everything again, from the first row."""
    st.session_state[f"{desk}.pg"] = None
    _choose(desk, None)


def forget_pages(desk: str) -> None:
    """From the first row again."""
    _turn(desk, [])


def _choose(desk: str, kind: str | None) -> None:
    st.session_state[f"{desk}.kind"] = kind
    forget_pages(desk)


def _turn(desk: str, pages: list[Cursor]) -> None:
    st.session_state[f"{desk}.pages"] = pages


def _cursor(text: str) -> Cursor | None:
    at, dot, identifier = text.partition(".")
    return (int(at), identifier) if dot and at.isdecimal() and len(at) < 16 else None
