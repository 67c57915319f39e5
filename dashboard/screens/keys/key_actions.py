"""What a person may do about a billing key, as buttons; each leads to the form for it."""

from collections.abc import Callable
from functools import partial
from typing import Never

import streamlit as st
from services.tables.keys import KeyState, KeySummary

from dashboard.access import Permission, User
from dashboard.locale import _
from dashboard.navigation import Place, link_to, open_page


def key_actions(summary: KeySummary, user: User, *, card_entry: bool = False) -> Callable[[], Never] | None:
    """Charge, book, delete, end, register anew; returns the way to what was chosen. One that is gone has the last.

    `card_entry`: whether the settings allow that a card is entered by hand.
    """
    uid = summary.customer_uid
    if user.may(Permission.CHARGE):
        link_to(_("Send a registration link"), Place.NEW_LINK, customer_uid=uid)
    if user.may(Permission.CARD_ENTRY) and card_entry:
        link_to(_("Enter a card"), Place.CARD_ENTRY, customer_uid=uid)
    if summary.state == KeyState.DELETED:
        return None
    chosen: Callable[[], Never] | None = None
    if user.may(Permission.CHARGE) and st.button(_("Charge now"), icon=":material/bolt:", key="charge"):
        chosen = partial(open_page, Place.CHARGE, customer_uid=uid)
    if user.may(Permission.SCHEDULE):
        link_to(_("Book a payment"), Place.BOOK_SCHEDULE, customer_uid=uid)
    if user.may(Permission.DELETE_KEY):
        if summary.booked and st.button(_("End the subscription"), icon=":material/event_busy:", key="end"):
            chosen = partial(open_page, Place.KEY_DELETION, customer_uid=uid, end="1")
        if st.button(_("Delete the key"), icon=":material/key_off:", key="delete"):
            chosen = partial(open_page, Place.KEY_DELETION, customer_uid=uid)
    return chosen
