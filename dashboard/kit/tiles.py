"""Tiles above a list: how many rows are in each state; a click filters by it."""

from collections.abc import Callable, Collection, Mapping, Sequence

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
    """One tile a state, those without a word of ours too; no numbers where nothing is kept for the filter."""
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
