"""What the session keeps of a list: its widgets' values, and where it is being paged."""

from dataclasses import dataclass
from typing import Any

import streamlit as st


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

    def toggle(self, name: str, code: str) -> None:
        """Takes a code into what is chosen, or out of it."""
        self[name] = sorted(set(self[name]) ^ {code})
        self.turn_page()
