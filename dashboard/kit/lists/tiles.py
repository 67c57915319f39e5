"""Small boxes side by side: tiles of a list with how many rows are in each state, and facts under their names."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import streamlit as st

from dashboard.words import formats
from dashboard.words.states import States


def count_tiles(
    states: Sequence[str],
    words: States,
    counts: Mapping[str, int] | None,
    chosen: Collection[str],
    toggle: Callable[[str], None],
) -> None:
    """One tile a state, those without a word of ours too: a click filters by it. No numbers where none are kept."""
    known = counts or {}
    with st.container(horizontal=True, gap="xsmall", key="state_tiles"):
        for state in (*states, *sorted(known.keys() - set(states))):
            st.button(
                formats.escape(words.badge(state)) + ("" if counts is None else f" **{known.get(state, 0):,}**"),
                key=f"tile_{state}",
                type="primary" if state in chosen else "secondary",
                on_click=toggle,
                args=(state,),
            )


def facts(rows: Iterable[tuple[str, str | None]]) -> None:
    """Names and values, in as many columns as there is room for; what is empty is not drawn."""
    with st.grid(4, min_column_width=150):
        for name, value in rows:
            if value:
                with st.container(gap=None):
                    st.caption(name)
                    st.text(formats.shown(value))
