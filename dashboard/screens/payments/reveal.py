"""Showing a masked buyer of one payment, for a reason from a list, for as long as the person stays on the page."""

from contextlib import AbstractContextManager, nullcontext

import streamlit as st
from services.tables.staff.access import ExportReason

from dashboard import visits
from dashboard.access import Permission, User
from dashboard.locale import _
from dashboard.words import formats
from dashboard.words.access import access_labels

_REASONS = (
    ExportReason.INQUIRY,
    ExportReason.DELIVERY,
    ExportReason.RECONCILIATION,
    ExportReason.CLOSING,
    ExportReason.AUTHORITY,
)


def shows_buyer(user: User, imp_uid: str) -> bool:
    """Whether the buyer of a payment stands there in full: by the person's role, or since they asked for it here."""
    return user.may(Permission.SEE_BUYERS) or visits.is_revealed(imp_uid)


def in_full(*, shown: bool) -> AbstractContextManager[None]:
    """Around what tells of the buyer: phones and mail addresses are as they are where the buyer is shown."""
    return formats.persons_shown(whole=True) if shown else nullcontext()


def reveal_button(user: User, imp_uid: str, *, shown: bool) -> None:
    """A button for each reason; what is clicked is written down first, and then the page is drawn anew."""
    if shown:
        return
    with st.popover(_("Show the buyer"), icon=":material/visibility:", key="reveal"):
        st.caption(_("For this payment, until you leave the page. It is kept, with your name, the time and why:"))
        for reason in _REASONS:
            if st.button(access_labels.reason(reason), key=f"reveal_{reason}", width="stretch"):
                _reveal(user, imp_uid, reason)


def _reveal(user: User, imp_uid: str, reason: ExportReason) -> None:
    if refused := visits.reveal(user, imp_uid, reason):
        st.error(formats.told(refused), icon=":material/lock:")
        return
    st.rerun()
