"""What went wrong with a reading: whether the gateway said no or said nothing, and its own words."""

import streamlit as st
from services.errors import JangbuError, NotFound, NotSaved, Refused, Unauthorized

from dashboard.locale import _, sentence
from dashboard.words import formats


def said_no(error: JangbuError) -> bool:
    """Whether the gateway did answer, and refused."""
    return isinstance(error, Refused | Unauthorized)


def gateway_warning(error: JangbuError, title: str | None = None) -> None:
    """A refusal word for word, or why there is no answer, under a title that says which it is."""
    icon = ":material/block:" if said_no(error) else ":material/cloud_off:"
    st.warning(formats.escape(sentence(error)), title=title or _title(error), icon=icon)


def _title(error: JangbuError) -> str:
    if isinstance(error, NotSaved):
        return _("Nothing is saved")
    if isinstance(error, NotFound):
        return _("The gateway knows nothing of this id")
    return _("The gateway refused") if said_no(error) else _("The gateway did not give an answer")
