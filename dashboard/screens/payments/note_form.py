"""A note on a payment for colleagues: no buyer, bank or gateway is told it, and deleting one is not offered."""

from collections.abc import Callable

import streamlit as st
from services.errors import JangbuError
from services.operations.journal.notes import LONGEST

from dashboard.kit.fields import Fields
from dashboard.kit.session import Slot
from dashboard.locale import _

_WRITTEN: Slot[int] = Slot("notes_written", lambda: 0)
"""How many notes this session has written: each has a form of its own, so that the next one is empty and shut."""


def note_form(imp_uid: str, write: Callable[[str], JangbuError | None]) -> None:
    """Asks for a note behind a button and has it written; what stands in its way is said beside the field."""
    fields = Fields(f"note.{imp_uid}.{_WRITTEN.get()}")
    with (
        st.popover(_("Note"), icon=":material/sticky_note_2:", key=fields.key("open")),
        st.form(fields.key("form"), border=False),
    ):
        with fields.place("note"):
            text = st.text_area(
                _("Note for colleagues"),
                key=fields.key("note"),
                max_chars=LONGEST,
                help=_("Kept with your name and the time. It goes to no gateway, buyer or bank, and stays."),
            )
        if not st.form_submit_button(_("Keep the note"), type="primary", key=fields.key("keep")):
            return
        if problem := write(text):
            fields.say(problem)
            return
        _WRITTEN.put(_WRITTEN.get() + 1)
    st.rerun()
