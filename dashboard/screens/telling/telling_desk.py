"""Words to the buyer where the person stands, and that the buyer was told, so that nobody does it twice."""

import time

import streamlit as st
from services.errors import JangbuError
from services.operations.journal.notes import mark_told
from services.operations.journal.told import told_since

from dashboard.access import Permission, User
from dashboard.kit import session
from dashboard.locale import LANGUAGES, _, current_language
from dashboard.process.executor import actor_of
from dashboard.process.resources import open_session, open_store
from dashboard.words import formats, told_labels
from dashboard.words.to_buyer import Message


def tell(message: Message | None, imp_uid: str | None) -> None:
    """Draws the text in each language, and by whom the buyer was told; for those who may see buyers.

    `imp_uid`: the payment whose notes keep that; None: nothing is kept.
    """
    user = session.USER.get()
    if message is None or not user.may(Permission.SEE_BUYERS):
        return
    with st.container(border=True):
        title = _("Words to the buyer")
        st.markdown(f":material/forum: **{title}** · {told_labels.told(message.told)}")
        own = current_language()
        languages = sorted(LANGUAGES, key=lambda language: language != own)
        for tab, language in zip(st.tabs([LANGUAGES[one] for one in languages]), languages, strict=True):
            with tab:
                st.code(formats.shown(message.texts[language]), language=None, wrap_lines=True)
        if imp_uid:
            _standing(message, imp_uid, user)


def _standing(message: Message, imp_uid: str, user: User) -> None:
    with open_session() as conn:
        telling = told_since(conn, imp_uid, message.told, message.since)
    if telling:
        st.markdown(f":green-badge[:material/check: {formats.escape(told_labels.telling_words(telling))}]")
        return
    # As for notes: who acts on payments says so, who only looks leaves nothing behind.
    if not (user.may(Permission.REFUND) or user.may(Permission.CHARGE)):
        return
    key = f"told.{imp_uid}.{message.told}.{message.since}"
    if not st.button(_("The buyer has been told"), icon=":material/how_to_reg:", key=key):
        return
    if error := _mark(message, imp_uid, user):
        st.error(formats.told(error), icon=":material/error:")
        return
    st.rerun()


def _mark(message: Message, imp_uid: str, user: User) -> JangbuError | None:
    try:
        mark_told(open_store(checked=False), imp_uid, message.told, message.since, actor_of(user), time.time())
    except JangbuError as error:
        return error
    return None
