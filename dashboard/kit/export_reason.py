"""What a file is for: asked before anybody takes buyers' data along, and kept in the access log."""

from collections.abc import Callable, Sequence
from contextvars import copy_context
from functools import partial

import streamlit as st
from services.errors import InvalidRequest
from services.exports.csv_text import ListFile
from services.people.access_log import checked_reason

from dashboard.access import User
from dashboard.kit.fields import Fields
from dashboard.locale import _, current_language
from dashboard.process.tickets import issue_page_ticket
from dashboard.words import formats
from dashboard.words.access import access_labels
from dashboard.words.reason_labels import OTHER


def export_reason(key: str) -> str | None:
    """The reason that was chosen or written; None until there is one. Asked anew each time that it is opened."""
    fields = Fields(key)
    chosen = st.pills(
        fields.marked(_("What the file is for")),
        [*access_labels.CHOSEN, OTHER],
        format_func=access_labels.reason,
        key=fields.key("reason"),
    )
    if chosen is None:
        st.caption(_("It is kept, with your name and the time, for whoever answers for personal data."))
        return None
    if chosen != OTHER:
        return str(chosen)
    words = st.text_input(fields.marked(_("In your own words")), key=fields.key("words"), max_chars=200)
    try:
        return checked_reason(words) if words else None
    except InvalidRequest as problem:
        st.error(formats.told(problem), icon=":material/error:")
        return None


def file_for_reason(
    label: str,
    read: Callable[[], ListFile],
    name: str,
    user: User,
    *,
    what: str,
    columns: Sequence[str],
    key: str,
    help: str = "",
) -> None:
    """A CSV of what a page lists, taken along for a reason; it is read only then. `columns` are V1's names."""
    choice = st.popover(label, icon=":material/download:", on_change="rerun", key=f"{key}_open", help=help or None)
    if not choice.open:
        return
    with choice:
        reason, address = export_reason(key), "/"
        if reason:
            # It is made in a thread that knows neither the language nor who reads it.
            made = partial(copy_context().run, read)
            address = issue_page_ticket(made, name, user, current_language(), what=what, columns=columns, reason=reason)
        st.link_button("CSV", address, icon=":material/csv:", disabled=not reason, width="stretch")
