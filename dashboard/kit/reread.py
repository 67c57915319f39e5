"""The "read again" button: starts the reading elsewhere and draws the page anew when it is done."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard.kit.gateway_notice import gateway_warning
from dashboard.kit.reader import resume
from dashboard.kit.watch import looks_again
from dashboard.locale import _
from dashboard.process import rereads
from dashboard.process.rereads import Reading


def reread_button(reading: Reading) -> None:
    """Never waits: while the reading runs, a fragment looks twice a second whether it is over.

    Where it ran before the page read the store, the page is drawn once more after it.
    """
    if reading.runs:
        _watch(partial(rereads.is_reading, reading.name), looks_again())
        return
    st.button(_("Refresh"), icon=":material/sync:", on_click=reading.start)
    if error := rereads.last_error(reading.name):
        gateway_warning(error)


@st.fragment(run_every=0.5)
def _watch(is_reading: Callable[[], bool], again: Callable[[], bool]) -> None:
    resume()
    if again() and not is_reading():
        st.rerun()
    st.button(_("Reading from the gateway …"), icon=":material/sync:", disabled=True)
