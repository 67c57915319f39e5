"""The end of a card: what a person has to say for colleagues, and the button that is done with it."""

import streamlit as st
from services.errors import JangbuError

from dashboard.locale import _
from dashboard.words import formats


def note_form(key: str, label: str, button: str, error: JangbuError | None) -> str | None:
    """The note once the button is pressed, else None; above both what stood in the way the last time."""
    if error:
        st.error(formats.told(error), icon=":material/error:")
    with st.form(key, border=False, enter_to_submit=False):
        note = st.text_input(
            label, key=f"{key}_note", max_chars=200, placeholder=_("For whoever looks at it later")
        )  # fmt: skip
        pressed = st.form_submit_button(button, icon=":material/check:", key=f"{key}_done")
    return (note or "").strip() if pressed else None
