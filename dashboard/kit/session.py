"""What the session keeps under a name, with its type: the person, whether the page was entered, forms begun."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import streamlit as st
from services.store.lists.system import Freshness

from dashboard.access import User
from dashboard.locale import language_for

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Slot(Generic[Value]):
    """One value of the session under `name`; `make` makes it where there is none yet."""

    name: str
    make: Callable[[], Value] | None = None

    def get(self) -> Value:
        """The value as it is kept: what is changed in it stays. Raises KeyError where nothing was put and none made."""
        if self.make is not None and self.name not in st.session_state:
            st.session_state[self.name] = self.make()
        value: Value = st.session_state[self.name]
        return value

    def put(self, value: Value) -> None:
        """Keeps another value."""
        st.session_state[self.name] = value


USER: Slot[User] = Slot("user")
"""The person in front of the screen; put by each run before its page is drawn."""
FRESH: Slot[Freshness] = Slot("fresh")
"""How far the store may be trusted; put by each run before its page is drawn."""
ENTERED: Slot[bool] = Slot("entered")
"""Whether this run is the first since the person came to the page from another one."""
AT: Slot[str | None] = Slot("at", lambda: None)
"""The address of the page that was drawn last."""
RETURNED: Slot[bool] = Slot("returned", lambda: False)
"""Whether the browser's Back or Forward led to an address that the page did not say last: then that one counts."""
SAID: Slot[dict[str | None, dict[str, str]]] = Slot("said", dict)
"""The parameters that each page said last of what it shows."""
SEARCHING: Slot[tuple[object, ...] | None] = Slot("searching", lambda: None)
"""Above what the search of everything is open; Streamlit shows one dialog at a time."""
LANGUAGE: Slot[str] = Slot("language", lambda: language_for(st.context.cookies, st.context.locale))
"""The browser's, until the person picks another by the switch; `dashboard/kit/page_script.py` keeps that."""
