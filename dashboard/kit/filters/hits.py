"""Beside the rows of a search: in which fields the text is, and how many rows hold it outside the days of the list."""

from collections.abc import Iterable
from typing import Any, Protocol

import streamlit as st
from services.store.lists.keyset import Page
from services.store.lists.totals import Count
from services.store.search.marks import held_parts

from dashboard.kit.filters.days import Days, show_days
from dashboard.kit.filters.form import FilterForm
from dashboard.kit.filters.kept import Kept
from dashboard.kit.filters.no_rows import OtherDays, nothing_in_days, nothing_left
from dashboard.kit.filters.query import plain
from dashboard.kit.lists.columns import Column
from dashboard.locale import _
from dashboard.words import formats, labels


class Sought(Protocol):
    """A row that says in which fields the text was found."""

    @property
    def hits(self) -> tuple[str, ...]: ...


_AROUND = 12
"""Signs of a field that are shown beside the part that was found."""


def hits_column(kept: Kept) -> Column[Any]:
    """In which fields the text of a list's search box is; none has been typed where the table is on another page."""
    text = plain((kept["text"] or "") if "text" in kept else "")

    def cell(row: Sought) -> str:
        return ", ".join(hit_words(row, text))

    return Column("hits", labels.field("hits"), cell)


def hit_words(row: Sought, text: str) -> list[str]:
    """The fields that hold a text, each with the part that does in `‹›`."""
    return [f"{labels.field(name)} {_marked(row, name, text)}".strip() for name in row.hits]


def _marked(row: Sought, name: str, text: str) -> str:
    value = getattr(row, name, None)
    # What may not be seen is hidden first: marks within it would keep it from being known.
    shown = formats.shown(value) if isinstance(value, str) else ""
    parts = held_parts(shown, text)
    if not parts:
        return ""
    first, last = max(parts[0][0] - _AROUND, 0), parts[-1][1] + _AROUND
    told, end = "…" if first else "", first
    for start, stop in parts:
        told += f"{shown[end:start]}‹{shown[start:stop]}›"
        end = stop
    return told + formats.cut(shown[end:], last - end)


def search_lines(form: FilterForm[Any], found: Page[Any], here: Count | None, everywhere: Count | None) -> None:
    """What is to be said of a search above its rows; `here` and `everywhere` are None where nothing was counted.

    Where those of the list are too many to be counted nobody knows of others.
    """
    if here and everywhere and everywhere.n > here.n:
        _beyond_days(form, here, everywhere)
    search_line(found)


def search_line(found: Page[Any]) -> None:
    """That an id was found, that the likeliest come first, or that of too many with a number only ends are shown."""
    if found.exact:
        st.caption(_("An exact id: shown whatever the filters say."))
    if found.ranked and len(found.rows) > 1 and not found.only_ends:
        st.caption(_("Best matches first"))
    if found.only_ends:
        words = _(
            "Too many rows hold this number somewhere: shown are those whose phone, card, order or id ends in it."
        )
        st.caption(words)


def _beyond_days(form: FilterForm[Any], here: Count, everywhere: Count) -> None:
    """How many rows hold the text in the days of the list and how many in others, and the way to all of them."""
    days = next(field for field in form.every if isinstance(field, Days))
    past = days.told(form.kept)["to_day"] >= days.today
    words = _("{n} in these days, {more} before") if past else _("{n} in these days, {more} in others")
    more = Count(everywhere.n - here.n, everywhere.capped)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(words.format(n=count(here), more=count(more)), width="content")
        st.button(
            _("Show all days"),
            key="all_days",
            icon=":material/all_inclusive:",
            on_click=show_days,
            args=(form.kept, days.earliest, days.latest),
        )


def nothing_found(
    form: FilterForm[Any],
    text: str,
    everywhere: Count | None,
    words: str,
    days: tuple[int, int],
    others: Iterable[OtherDays],
) -> None:
    """What to do where no row is left: of a text whether other days hold it, else `words` and other days."""
    if not text:
        nothing_in_days(form, words, days, others)
    elif everywhere and everywhere.n:
        nothing_left(form, _("Show all days, or take filters away."), _("Nothing in these days holds this"))
    else:
        words = _("Part of a name, the last digits of a phone, card or order number are enough.")
        nothing_left(form, words, _("Nothing of what is here holds this, whatever the day"))


def count(counted: Count) -> str:
    """`1,234`, or `1,000+` where counting stopped at a cap."""
    return formats.counted(counted.n, more=counted.capped)
