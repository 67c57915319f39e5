"""On the screen of a payment: the ways to what Naver Pay is asked for, where it applies, and what was done of it."""

import streamlit as st
from services.operations.actions.naver.orders import applies
from services.operations.journal.once import ONCE
from services.tables.v1 import Payment

from dashboard import navigation as to
from dashboard.screen import Screen
from dashboard.screens.naver.naver_desk import since
from dashboard.screens.naver.order_form import done_words
from dashboard.screens.payments.payment_desk import PaymentScreen
from dashboard.words import formats, kinds


def order_buttons(payment: Payment, found: PaymentScreen, screen: Screen) -> None:
    """A link for each kind that is still to be done on this order, by who may."""
    for kind in sorted(ONCE):
        words = kinds.of(kind)
        wanted = applies(payment, since(screen.settings, kind)) and found.done(kind) is None
        if wanted and screen.user.may(words.permission):
            to.link_to(words.choice, to.Place(words.page), imp_uid=payment.imp_uid)


def order_lines(found: PaymentScreen) -> None:
    """What was done already, each in a line."""
    for kind in sorted(ONCE):
        if done := found.done(kind):
            st.caption(f"{kinds.of(kind).icon} {formats.escape(done_words(done))}")
