"""The opening of a page that asks for something on one payment: the way back, and the payment as it is now."""

from functools import partial
from typing import Protocol

import streamlit as st
from services.tables.journal import Operation
from services.tables.v1 import Payment

from dashboard.kit.watch import watch_reading
from dashboard.locale import _
from dashboard.navigation import BACK, Place, link_to
from dashboard.process import rereads


class Opened(Protocol):
    """What such a page has read."""

    @property
    def payment(self) -> Payment | None: ...
    @property
    def operation(self) -> Operation | None: ...
    @property
    def reading(self) -> bool:
        """Whether the payment is read from the gateway at this moment."""


def payment_of(found: Opened, imp_uid: str) -> Payment | None:
    """The payment; None while it is being read first, and where it is not here, which is said."""
    link_to(_("Back to the payment"), Place.PAYMENT, icon=BACK, imp_uid=imp_uid)
    if found.reading and found.operation is None:
        watch_reading(partial(rereads.is_reading, imp_uid), _("Reading the payment from the gateway …"))
        return None
    if found.payment is None:
        words = _("Look for it in the list of payments.")
        st.info(words, title=_("No such payment here"), icon=":material/search_off:")
    return found.payment
