"""The file of those whose cards have to be registered again, ready for many links at once."""

from collections.abc import Callable

import streamlit as st
from services.operations.files.batches import MOST_ROWS

from dashboard.locale import _
from dashboard.navigation import Place, link_to


def renewal_file(read: Callable[[], str], *, way: bool = False) -> None:
    """The file of all that are listed; `way` draws the way to where it is brought beside it."""
    words = _("Billing keys, names and phones of those listed, {n} at most, to be brought on “{page}”.")
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        st.download_button(
            _("File for re-registration"),
            read,
            "jangbu-reregistration.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            help=words.format(page=_("Many links at once"), n=f"{MOST_ROWS:,}"),
            key="renewal_file",
        )
        if way:
            link_to(_("Many links at once"), Place.BULK_LINKS)
