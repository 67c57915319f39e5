"""The buttons that turn the pages of a list, whatever it lists."""

from collections.abc import Callable
from typing import Any

import streamlit as st
from services.store.lists.keyset import Page

from dashboard.locale import _

Turn = Callable[..., None]


def page_buttons(
    found: Page[Any], turn: Turn, words: str = "", *, labels: tuple[str, str] | None = None, name: str | None = None
) -> None:
    """The pages beside this one, and `words`; `turn` takes `after` or `before`.

    The arrow keys turn pages too, but for a list with a `name`: one of several of its screen.
    """
    first, second = labels or (_("Newer"), _("Older"))
    if found.in_order or found.ranked:
        first, second = _("Previous"), _("Next")
    sides = (("Left", first, "after", found.newer), ("Right", second, "before", found.older))
    with st.container(horizontal=True, vertical_alignment="center"):
        for side, label, cursor, value in sides:
            st.button(
                label,
                icon=f":material/chevron_{side.lower()}:",
                icon_position="left" if side == "Left" else "right",
                disabled=value is None,
                shortcut=None if name else side,
                on_click=turn,
                kwargs={cursor: value},
                key=f"{name}.{cursor}" if name else None,
            )
        if words:
            st.caption(words, width="content")


def part_buttons(found: Page[Any], name: str) -> None:
    """The pages of one of several lists of a screen; nothing where it has one page."""

    def turn(**cursor: str | None) -> None:
        st.session_state[f"{name}.page"] = cursor

    if found.newer or found.older:
        page_buttons(found, turn, name=name)


def part_cursor(name: str) -> dict[str, str | None]:
    """Where one of several lists of a screen is being paged: `before` or `after`, or neither."""
    cursor: dict[str, str | None] = st.session_state.get(f"{name}.page", {})
    return cursor
