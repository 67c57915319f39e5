"""What a list says when no row matches: other days, and no filters."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import streamlit as st

from dashboard.kit.filters.days import show_days
from dashboard.kit.filters.form import FilterForm, View
from dashboard.locale import _
from dashboard.words import periods


class OtherDays(NamedTuple):
    """Days that a button offers; `name` is its key's."""

    name: str
    label: str
    days: tuple[int, int]
    period: str = periods.CUSTOM


def longer(lengths: Iterable[int], from_day: int, today: int) -> list[OtherDays]:
    """So many last days, where that is further back than a list looks now."""
    words = _("Look at {days} days")
    return [
        OtherDays(str(length), words.format(days=length), (today - length + 1, today))
        for length in lengths
        if today - from_day + 1 < length
    ]


def nothing_in_days(form: FilterForm[Any], words: str, days: tuple[int, int], others: Iterable[OtherDays]) -> None:
    """Says what to do next."""
    title = _("Nothing in these {days} days").format(days=max(days[1] - days[0] + 1, 1))
    st.info(words, title=title, icon=":material/search_off:")
    with st.container(horizontal=True):
        for one in others:
            args = (form.kept, *one.days, one.period)
            st.button(one.label, key=f"look_{one.name}", on_click=show_days, args=args)
        st.button(_("Clear filters"), key="clear_all", on_click=form.forget)


def filtered_away(view: View[Any], form: FilterForm[Any], words: str) -> bool:
    """Whether the filters, or a page behind the last, leave no row of a list that has some; says so."""
    if away := bool(view.chosen.narrows or view.after):
        nothing_left(form, words)
    return away


def nothing_left(form: FilterForm[Any], words: str, title: str | None = None) -> None:
    """Says that the filters leave no row, and offers to take them away."""
    st.info(words, title=title or _("Nothing here"), icon=":material/search_off:")
    st.button(_("Clear filters"), key="clear_all", on_click=form.forget)
