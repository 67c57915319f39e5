"""A list's filter out of its fields: remembered by the session, carried by the address.

The address is read when the page is entered and written after every run; Streamlit's own binding of
widgets to parameters would lose the choice on each change of page. Personal data never goes into it.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

import streamlit as st
from services.errors import InvalidRequest
from services.store.lists.keyset import Page
from streamlit.delta_generator import DeltaGenerator

from dashboard.kit import session
from dashboard.kit.filters.completion import complete
from dashboard.kit.filters.days import Days
from dashboard.kit.filters.field import Field
from dashboard.kit.filters.kept import Kept
from dashboard.kit.filters.query import Part, Typed, as_typed, read_query
from dashboard.kit.filters.typed import Search
from dashboard.kit.lists.list_order import InOrder, ListOrder
from dashboard.locale import _
from dashboard.words import formats

F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class View(Generic[F]):
    """What a list shows: its filter, and the cursor of its page."""

    chosen: F
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class FilterForm(Generic[F]):
    """The fields of a filter that `made` makes of their attributes; made anew in each run, its words are the person's.

    `more` stand behind a button. A text may go into an address where it has the form `shareable`, or was found in
    these `ids` and nowhere else.
    """

    kept: Kept
    made: Callable[..., F]
    fields: tuple[Field, ...]
    more: tuple[Field, ...] = ()
    ids: frozenset[str] = frozenset()
    shareable: str = r"(?!)"

    @property
    def every(self) -> tuple[Field, ...]:
        return (*self.fields, *self.more)

    @property
    def order(self) -> ListOrder:
        """What the list is in order by."""
        return next(field for field in self.every if isinstance(field, InOrder)).listed(self.kept)

    def recall(self, params: Mapping[str, str], *, entered: bool) -> None:
        """An address that says something of the list counts when it is entered, else the session."""
        if (entered and self.is_said(params)) or self.fields[0].name not in self.kept:
            self.remember(self.from_params(params))
        with suppress(InvalidRequest):
            self._sort_typed()

    def _sort_typed(self) -> None:
        """What is typed by name in the search box goes to its fields, what is left stays as the text.

        Raises InvalidRequest for what means nothing here: then all of it stays.
        """
        search = next((field for field in self.every if isinstance(field, Search)), None)
        query = read_query(self.kept[search.name] or "") if search else None
        if search is None or query is None or not query.parts:
            return
        now = self._now()
        meant = self.meant_by(query.parts, now)
        chosen = self.made(**now | meant)
        for field in self.every:
            if field is search:
                self.kept[search.name] = query.text
            elif meant.keys() & set(field.parameters.values()):
                field.remember(self.kept, chosen)

    def meant_by(self, parts: Sequence[Part], now: Mapping[str, Any]) -> dict[str, Any]:
        """The attributes that are typed by name, beside those of `now`. Raises InvalidRequest."""
        for part in parts:
            if not self.knows([part]):
                raise self._unknown(part)
        meant: dict[str, Any] = {}
        for field in self.every:
            own = [part for part in parts if field.typed and field.typed.is_called(part.name)]
            given = field.of_parts(own, {**now, **meant}) if own else {}
            if given.keys() & meant.keys() and not field.narrows(given, meant):
                raise InvalidRequest("“{name}” and another name say the same: type one of them.", field="text",
                                     name=own[0].name)  # fmt: skip
            meant |= given
        return meant

    def knows(self, parts: Sequence[Part]) -> bool:
        """Whether all that is typed by name has a field here."""
        return all(any(typed.is_called(part.name) for typed in self._typed) for part in parts)

    @property
    def _typed(self) -> list[Typed]:
        return list(dict.fromkeys(field.typed for field in self.every if field.typed))

    def _unknown(self, part: Part) -> InvalidRequest:
        known = ", ".join(typed.name for typed in self._typed)
        return InvalidRequest("“{name}” is no filter of this list, but: {known}. In quotes it is looked for as a text.",
                              field="text", name=part.name, known=known or "–")  # fmt: skip

    def _now(self) -> dict[str, Any]:
        """The attributes as the widgets have them, without amounts that cannot be read."""
        now: dict[str, Any] = {}
        for field in self.every:
            with suppress(InvalidRequest):
                now |= field.told(self.kept)
        return now

    def is_said(self, params: Mapping[str, str]) -> bool:
        """Whether an address says anything about the list: a bare one does where the browser went back to it."""
        if not params:
            return session.RETURNED.get()
        return bool({"before", "after"}.union(*(field.parameters for field in self.every)) & params.keys())

    def draw(self, *names: str) -> None:
        """The widgets of these fields."""
        for field in self.every:
            if field.name in names:
                field.draw(self.kept)

    def ask(self, params: Mapping[str, str], *names: str, entered: bool) -> tuple[View[F], DeltaGenerator]:
        """Draws the filters; returns the view they ask for, and the rest of their line."""
        self.recall(params, entered=entered)
        line = self.bar(*names)
        return self.view(), line

    def bar(self, *names: str) -> DeltaGenerator:
        """The widgets of these fields in one line, `more` behind a button; below it what is in use, each with its end.

        Returns what is left of the line, for what belongs beside it.
        """
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="filter_bar"):
            self.draw(*names)
            if self.more:
                self._draw_more()
            tools = st.container(horizontal=True, vertical_alignment="center", gap="small", width="content")
        self._complete()
        try:
            self._sort_typed()
        except InvalidRequest as problem:
            st.error(formats.told(problem), icon=":material/error:")
            # No list stands under a filter that it does not follow.
            st.stop()
        self._chips()
        return tools

    def _draw_more(self) -> None:
        # Its label never changes: a popover with another label closes while somebody is at it.
        behind = st.popover(_("Filters"), icon=":material/tune:", on_change="rerun", key=f"{self.kept.key}.more")
        if behind.open:
            with behind:
                self._tell_names()
                self.draw(*(field.name for field in self.more))

    def _complete(self) -> None:
        """Offers names and values to who types."""
        named = [(field.typed.name, field.offers().values()) for field in self.every if field.typed]
        # What may not be seen whole could not be typed either.
        parts = [as_typed(name, word) for name, words in named for word in words if formats.shown(word) == word]
        complete([f"{typed.name}:" for typed in self._typed], list(dict.fromkeys(parts)))

    def _tell_names(self) -> None:
        """What the search box takes by name, and a line that could be typed."""
        samples = {field.typed: value for field in self.every if field.typed and (value := field.sample())}
        typed = [as_typed(name.name, value) for name, value in samples.items()]
        known = " · ".join(one.name for one in self._typed)
        st.caption(_("The search box takes these too: {names}").format(names=known))
        st.code(formats.shown(" ".join(typed[:3])), language=None)

    def _chips(self) -> None:
        used = [(field, words) for field in self.more if (words := field.chip(self.kept))]
        if not used:
            return
        with st.container(horizontal=True, gap="xsmall", key="chips"):
            for field, words in used:
                st.button(
                    formats.escape(words),
                    icon=":material/close:",
                    icon_position="right",
                    key=f"chip_{field.name}",
                    help=_("Take this filter away"),
                    on_click=self._take_away,
                    args=(field,),
                )
            st.button(_("Clear filters"), type="tertiary", key="clear", on_click=self.forget)

    def _take_away(self, field: Field) -> None:
        field.remember(self.kept, self.from_params({}).chosen)
        self.kept.turn_page()

    def view(self) -> View[F]:
        """What the widgets ask for. Raises InvalidRequest for what cannot be read."""
        return View(self._of(field.told(self.kept) for field in self.every), **self.kept.place())

    def remember(self, view: View[F]) -> None:
        """Puts a view into the session."""
        for field in self.every:
            field.remember(self.kept, view.chosen)
        self.kept.begin(before=view.before, after=view.after)

    def forget(self) -> None:
        """Back to the view that the list starts with."""
        self.remember(self.from_params({}))

    def from_params(self, params: Mapping[str, str]) -> View[F]:
        """The view that an address describes; what cannot be read is left at its default."""
        chosen = self._of(field.read(params) for field in self.every)
        return View(chosen, params.get("before") or None, params.get("after") or None)

    def to_params(self, view: View[F], *, with_text: bool) -> dict[str, str]:
        """The parameters that bring a view back; none for the view that the list starts with."""
        params = {"before": view.before or "", "after": view.after or ""}
        for field in self.every:
            params |= field.write(view.chosen)
        given = {name: text for name, text in params.items() if text and (with_text or name != "q")}
        for field in self.every if given else ():
            if isinstance(field, Days):
                # Days are written out, so that a link opened next week shows the rows it showed today.
                given |= field.written(view.chosen)
        return given

    def open(self, params: Mapping[str, str]) -> None:
        """The list's next run shows what `lasting` wrote."""
        self.remember(self.from_params(params))
        for field in self.every:
            if isinstance(field, Days):
                field.open(self.kept, params)

    def lasting(self) -> str:
        """An address of what the widgets ask for that lasts: named periods by their names, a text only if shareable."""
        chosen: Any = self.view().chosen
        params = self.to_params(View(chosen), with_text=self.is_shareable(chosen.text))
        for field in self.every:
            if isinstance(field, Days):
                params = {name: text for name, text in params.items() if name not in field.parameters}
                params |= field.lasting(self.kept, chosen)
        return urlencode(params)

    def address(self, view: View[F], text: str, found: Page[Any]) -> dict[str, str]:
        """The parameters of a view whose rows were found; its text only where that is nobody's."""
        hits = {field for row in found.rows for field in getattr(row, "hits", ())}
        return self.to_params(view, with_text=found.exact or self.is_shareable(text, hits))

    def is_shareable(self, text: str, hits: Iterable[str] = ()) -> bool:
        """Whether a text that was found in the fields `hits` may stand in an address."""
        hits = frozenset(hits)
        return bool(re.fullmatch(self.shareable, text) or (hits and hits <= self.ids))

    def at_the_top(self, view: View[F], found: Page[Any]) -> View[F]:
        """Paging up to the first rows ends in the view that the list starts with: there may be new ones on top."""
        if view.after and found.newer is None:
            self.kept.turn_page()
            return replace(view, after=None)
        return view

    def _of(self, parts: Iterable[Mapping[str, Any]]) -> F:
        attributes: dict[str, Any] = {}
        for part in parts:
            attributes |= part
        return self.made(**attributes)
