"""The columns of a list: which, and in which order; kept for the person as long as no saved view is chosen."""

import streamlit as st

from dashboard.kit import session
from dashboard.kit.views.look import Look
from dashboard.locale import _
from dashboard.process import kept_views


def column_choice(look: Look) -> None:
    """Columns in the order in which they were picked; one of them can be moved."""
    names, headings = look.columns, look.headings
    look.kept.settle("columns", names)
    st.multiselect(
        _("Columns"),
        list(headings),
        format_func=headings.__getitem__,
        select_all=False,
        key=look.key("columns"),
        persist_state="session",
        on_change=_keep,
        args=(look,),
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        st.selectbox(
            _("Move a column"),
            names,
            index=None,
            format_func=headings.__getitem__,
            placeholder=_("Choose a column"),
            label_visibility="collapsed",
            key=look.key("moved"),
        )
        for label, icon, by in ((_("To the left"), "arrow_back", -1), (_("To the right"), "arrow_forward", 1)):
            st.button(
                label,
                icon=f":material/{icon}:",
                key=look.key(f"move{by}"),
                on_click=_move,
                args=(look, by),
            )
    if look.chosen:
        st.button(_("Columns as at first"), type="tertiary", key=look.key("first"), on_click=_as_at_first, args=(look,))
    look.tell("columns")
    if look.view is None:
        st.caption(_("Columns and their order are kept for you."))


def _move(look: Look, by: int) -> None:
    names, moved = look.columns, look.kept["moved"]
    if moved in names:
        place = names.index(moved)
        names.insert(min(max(place + by, 0), len(names) - 1), names.pop(place))
        look.kept["columns"] = names
        _keep(look)


def _as_at_first(look: Look) -> None:
    look.kept["columns"] = look.first
    _keep(look)


def _keep(look: Look) -> None:
    """What a saved view shows changes only where somebody says so. Of none the first is left, to choose beside it."""
    if not look.kept["columns"]:
        look.kept["columns"] = look.first[:1]
    if look.view is None:
        with look.trying("columns"):
            kept_views.keep_columns(look.list_name, look.chosen, session.USER.get())
