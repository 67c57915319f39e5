"""What the session keeps of a list: its widgets' values, and where it is being paged."""

import re
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st
from services.store.lists.keyset import Page

_BACK = "back"
_CURSOR = re.compile(r"(~[A-Za-z]{3}~-?\d{1,18}~)?\d{1,15}\..+", re.ASCII)
"""What an address may say of where a page of a list that is read onwards begins."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The session's values under `key`; a change of one begins at the list's first page."""

    key: str

    def __contains__(self, name: str) -> bool:
        return f"{self.key}.{name}" in st.session_state

    def __getitem__(self, name: str) -> Any:
        return st.session_state[f"{self.key}.{name}"]

    def __setitem__(self, name: str, value: Any) -> None:
        st.session_state[f"{self.key}.{name}"] = value

    def widget(self, name: str) -> dict[str, Any]:
        """Options of a widget that sets this value."""
        return {"key": f"{self.key}.{name}", "on_change": self.turn_page, "persist_state": "session"}

    def turn_page(self, *, before: str | None = None, after: str | None = None) -> None:
        """The list's next run shows the rows after the cursor `before`, or before `after`; the first without either."""
        self["before"], self["after"] = before, after

    def place(self) -> dict[str, str | None]:
        """The cursor at which the list stands, as `before` or `after`."""
        return {"before": self["before"], "after": self["after"]}

    def begin(self, *, before: str | None = None, after: str | None = None) -> None:
        """The list's next run shows the page that an address asks for."""
        self.turn_page(before=before, after=after)

    def choose(self, name: str, value: Any) -> None:
        """Sets a value, as its widget would."""
        self[name] = value
        self.turn_page()

    def settle(self, name: str, value: Any) -> None:
        """Sets a value where it is another: said in every run, it would take back what a person picks meanwhile."""
        if name not in self or self[name] != value:
            self[name] = value

    def toggle(self, name: str, code: str) -> None:
        """Takes a code into what is chosen, or out of it."""
        self.choose(name, sorted(set(self[name]) ^ {code}))


@dataclass(frozen=True, slots=True)
class Onward(Kept):
    """A list that is read onwards only: the pages that were turned are remembered, so that one can go back."""

    def begin(self, *, before: str | None = None, after: str | None = None) -> None:  # noqa: ARG002 - it has no page before
        self["pages"] = [after] if after and _CURSOR.fullmatch(after) and after.isprintable() else []

    def turn_page(self, *, before: str | None = None, after: str | None = None) -> None:
        pages: list[str] = self["pages"]
        if after == _BACK:
            pages.pop()
        else:
            self["pages"] = [*pages, before] if before else []

    def place(self) -> dict[str, str | None]:
        return {"after": next(reversed(self["pages"]), None)}

    def page(self, found: Page[Any]) -> Page[Any]:
        """The rows with the way back, where pages were turned."""
        return replace(found, newer=_BACK if self["pages"] else None)
