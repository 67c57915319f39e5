"""Beside the rows of a search: in which fields the text is, and how many rows hold it outside the days of the list."""

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

import streamlit as st
from services.store.lists.keyset import Page
from services.store.lists.totals import Count

from dashboard.kit.columns import Column
from dashboard.kit.filters.days import Days, show_days
from dashboard.kit.filters.form import FilterForm
from dashboard.kit.filters.no_rows import nothing_left
from dashboard.locale import _
from dashboard.words import labels


class Sought(Protocol):
    """A row that says in which fields the text was found."""

    @property
    def hits(self) -> tuple[str, ...]: ...


Found = TypeVar("Found", bound=Sought)


def with_hits(columns: Sequence[Column[Found]], found: Page[Found]) -> list[Column[Found]]:
    """The columns of a table; where a text was looked for, the second says in which fields it is."""
    if not any(row.hits for row in found.rows):
        return list(columns)
    hits: Column[Found] = Column("hits", labels.field("hits"), lambda row: ", ".join(map(labels.field, row.hits)))
    return [*columns[:1], hits, *columns[1:]]


def search_line(found: Page[Any]) -> None:
    """That the likeliest rows come first; of too many with a number only those are shown that end in it somewhere."""
    if found.ranked and len(found.rows) > 1 and not found.only_ends:
        st.caption(_("Best matches first"))
    if found.only_ends:
        words = _(
            "Too many rows hold this number somewhere: shown are those whose phone, card, order or id ends in it."
        )
        st.caption(words)


def beyond_days(form: FilterForm[Any], here: Count, everywhere: Count | None) -> None:
    """How many rows hold the text in the days of the list and how many in others, and the way to all of them.

    Nothing where those of the list are too many to be counted: then nobody knows of others.
    """
    if everywhere is None or everywhere.n <= here.n:
        return
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


def nothing_holds(form: FilterForm[Any], everywhere: Count | None) -> None:
    """Where no row of these days holds the text: whether any other does."""
    if everywhere and everywhere.n:
        nothing_left(form, _("Show all days, or take filters away."), _("Nothing in these days holds this"))
    else:
        words = _("Part of a name, the last digits of a phone, card or order number are enough.")
        nothing_left(form, words, _("Nothing of what is here holds this, whatever the day"))


def count(counted: Count) -> str:
    """`1,234`, or `1,000+` where counting stopped at a cap."""
    return f"{counted.n:,}{'+' if counted.capped else ''}"
