"""How a list looks: a saved view or none, columns in their order; remembered by the session, carried by the address."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import streamlit as st
from services.errors import JangbuError
from services.people.views import Shown
from services.tables.staff.views import SavedView

from dashboard.kit import session
from dashboard.kit.filters.form import FilterForm
from dashboard.kit.filters.kept import Kept
from dashboard.kit.lists.columns import ADDED, Column
from dashboard.process import kept_views
from dashboard.words import formats

_NO_PROBLEM = ("", None)


@dataclass(frozen=True, slots=True)
class Look:
    """What the session keeps of it beside the filter of `form`: of `every` column those that are shown."""

    form: FilterForm[Any]
    every: Sequence[Column[Any]]
    by_itself: tuple[str, ...] = ()
    """Columns that the list has by itself, all for none."""

    @property
    def headings(self) -> dict[str, str]:
        """The columns that can be chosen, and their heads."""
        return {column.name: column.heading for column in self.every if column.name not in ADDED}

    @property
    def first(self) -> list[str]:
        """The columns that the list has by itself."""
        return list(self.by_itself or self.headings)

    @property
    def kept(self) -> Kept:
        """The session's values, with those of the filter."""
        return self.form.kept

    @property
    def list_name(self) -> str:
        """How its views are kept."""
        return self.kept.key

    @property
    def view(self) -> SavedView | None:
        """The view that was chosen."""
        found: SavedView | None = self.kept["saved"]
        return found

    @property
    def columns(self) -> list[str]:
        """The columns that are shown, in their order."""
        return self._known(self.kept["columns"])

    @property
    def chosen(self) -> tuple[str, ...]:
        """They, where they are others than the list has by itself."""
        columns = self.columns
        return () if columns == self.first else tuple(columns)

    def key(self, name: str) -> str:
        """A widget's key."""
        return f"{self.kept.key}.{name}"

    @property
    def is_open(self) -> bool:
        """Whether somebody is at it."""
        return bool(st.session_state.get(self.key("look")))

    def close(self) -> None:
        """Shuts what stands behind the list's button."""
        st.session_state[self.key("look")] = False

    @contextmanager
    def trying(self, what: str) -> Iterator[None]:
        """Around a change in a callback: what stands in its way is told where `what` is drawn."""
        try:
            yield
        except JangbuError as problem:
            self.kept["problem"] = what, problem

    def tell(self, what: str) -> None:
        """What stood in the way of a change, once."""
        where, problem = self.kept["problem"]
        if problem and where == what:
            self.kept["problem"] = _NO_PROBLEM
            st.error(formats.told(problem), icon=":material/error:")

    def recall(self, address: Mapping[str, str], *, entered: bool) -> None:
        """A view or columns that an address names come into the session when it is entered."""
        if "columns" not in self.kept:
            self.kept["saved"], self.kept["columns"] = None, self._own()
            self.kept["deleting"], self.kept["problem"] = None, _NO_PROBLEM
        if not entered:
            return
        asked, said = address.get("columns", ""), self.form.is_said(address) or "columns" in address
        view = kept_views.view_of(self.list_name, address.get("saved", ""), session.USER.get())
        if view and said:
            self.kept["saved"], self.kept["columns"] = view, self.first
        elif view:
            self.open(view)
        elif said and (self.view or not address):
            self.kept["saved"], self.kept["columns"] = None, self._own()
        if asked:
            self.kept["columns"] = self._known(asked.split(","))

    def address(self) -> dict[str, str]:
        """The parameters that bring it back; none for a list as it is by itself."""
        named = {"saved": str(self.view.id)} if self.view else {}
        return named | {"columns": ",".join(self.chosen)} if self.chosen else named

    def open(self, view: SavedView | None) -> None:
        """The list's next run shows a view, with its filter; or the list as it begins for the person."""
        self.kept["saved"] = view
        self.form.open(_params(view) if view else {})
        self.kept["columns"] = self._known(_names(view)) if view else self._own()
        self.close()

    def shown(self) -> Shown:
        """What is shown at this moment, as a view keeps it."""
        return Shown(self.form.lasting(), self.chosen)

    def is_changed(self) -> bool:
        """Whether the list shows anything else than the view that was chosen."""
        view = self.view
        if view is None:
            return False
        other_columns = self.columns != self._known(_names(view))
        return other_columns or self.form.from_params(_params(view)).chosen != self.form.view().chosen

    def pick(self, columns: Sequence[Column[Any]]) -> list[Column[Any]]:
        """The columns of a table in their order; after the second those that are added."""
        found = {column.name: column for column in columns}
        chosen = [found[name] for name in self.columns if name in found]
        return [*chosen[:2], *(column for name, column in found.items() if name in ADDED), *chosen[2:]]

    def _own(self) -> list[str]:
        return self._known(kept_views.own_columns(self.list_name, session.USER.get()))

    def _known(self, names: Iterable[str]) -> list[str]:
        known = self.headings
        return [name for name in dict.fromkeys(names) if name in known] or self.first


def _params(view: SavedView) -> dict[str, str]:
    return dict(parse_qsl(view.address))


def _names(view: SavedView) -> list[str]:
    return view.columns.split(",") if view.columns else []
