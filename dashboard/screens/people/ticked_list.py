"""Rows that are ticked, and the button that ends those."""

from collections.abc import Callable, Sequence

import streamlit as st
from services.errors import JangbuError
from services.store.lists.keyset import Page, Row

from dashboard.kit.lists.columns import Column
from dashboard.kit.lists.pick import key_of_rows, pick_rows
from dashboard.words import formats

End = Callable[[Sequence[Row]], JangbuError | None]


def ticked_list(
    found: Sequence[Row],
    columns: Sequence[Column[Row]],
    ids: Sequence[str],
    end: End[Row],
    *,
    name: str,
    alt: str,
    hint: str,
    button: Callable[[int], str],
    icon: str,
) -> None:
    """`name` is how the table's keys begin; `hint` stands there while nothing is ticked, else the words of `button`."""
    key = key_of_rows(name, ids)
    chosen = pick_rows(Page(tuple(found)), columns, alt=alt, key=key, many=True)
    if not chosen:
        st.caption(hint)
        return
    if st.button(button(len(chosen)), icon=icon, key=f"end_{key}"):
        if error := end(chosen):
            st.error(formats.told(error), icon=":material/error:")
            return
        st.rerun()
