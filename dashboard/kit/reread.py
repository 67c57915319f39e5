"""The "read again" button: starts the reading elsewhere and draws the page anew when it is done."""

from collections.abc import Callable

import streamlit as st
from services.errors import JangbuError

from dashboard.kit.gateway_notice import gateway_warning
from dashboard.kit.reader import resume
from dashboard.kit.watch import looks_again
from dashboard.locale import _


def reread_button(
    start: Callable[[], None],
    is_reading: Callable[[], bool],
    last_error: Callable[[], JangbuError | None],
    *,
    was_reading: bool,
) -> None:
    """Never waits: while the reading runs, a fragment looks twice a second whether it is over.

    `was_reading`: whether it ran before the page read the store; if so the page is drawn once more.
    """
    if was_reading:
        _watch(is_reading, looks_again())
        return
    st.button(_("Read again"), icon=":material/sync:", on_click=start)
    if error := last_error():
        gateway_warning(error)


@st.fragment(run_every=0.5)
def _watch(is_reading: Callable[[], bool], again: Callable[[], bool]) -> None:
    resume()
    if again() and not is_reading():
        st.rerun()
    st.button(_("Reading from the gateway …"), icon=":material/sync:", disabled=True)
