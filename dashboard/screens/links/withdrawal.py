"""Taking a link back, behind a second click."""

from collections.abc import Callable

import streamlit as st
from services.errors import JangbuError

from dashboard.locale import _
from dashboard.words import formats


def withdraw_button(link_id: int, withdraw: Callable[[], JangbuError | None]) -> None:
    """Asks once more; what stands in the way is said there."""
    with st.popover(_("Withdraw the link"), icon=":material/link_off:", key=f"withdraw_{link_id}"):
        words = _(
            "Nobody can pay by it any more. Who has its payment window open already and pays gets the money back. "
            "This cannot be undone."
        )
        st.markdown(formats.escape(words))
        if not st.button(_("Withdraw it for good"), type="primary", key=f"withdraw_it_{link_id}"):
            return
        if error := withdraw():
            st.error(formats.told(error), icon=":material/error:")
            return
    st.rerun()
