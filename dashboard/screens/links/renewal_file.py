"""The file of those whose cards have to be registered again, ready for many links at once."""

from collections.abc import Callable

import streamlit as st
from services.exports.csv_text import ListFile
from services.operations.files.batches import MOST_ROWS

from dashboard.access import User
from dashboard.kit.export_reason import file_for_reason
from dashboard.locale import _
from dashboard.navigation import Place, link_to
from dashboard.screens.links.link_files_desk import RENEWAL


def renewal_file(read: Callable[[], ListFile], user: User, *, way: bool = False) -> None:
    """The file of all that are listed; `way` draws the way to where it is brought beside it."""
    words = _("Billing keys, names and phones of those listed, {n} at most, to be brought on “{page}”.")
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        file_for_reason(
            _("File for re-registration"),
            read,
            "jangbu-reregistration.csv",
            user,
            what="billing-keys",
            columns=RENEWAL,
            help=words.format(page=_("Many links at once"), n=f"{MOST_ROWS:,}"),
            key="renewal_file",
        )
        if way:
            link_to(_("Many links at once"), Place.BULK_LINKS)
