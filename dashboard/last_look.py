"""The last look at what a form became, and the click that has it written down."""

from collections.abc import Mapping

import streamlit as st

from dashboard import drafts
from dashboard.access import User, auth_configured
from dashboard.components import review
from dashboard.drafts import Draft
from dashboard.resources import current_freshness, current_settings


def last_look(draft: Draft, user: User, says: str, body: Mapping[str, object], *, charges: bool = True) -> None:
    """Draws it; the page is run again once the person sent it or went back to the fields.

    `charges`: whether money moves, so that a large amount is typed once more.
    """
    settings, wanted = current_settings(), draft.wanted
    if wanted is None:
        return
    choice = review.review(
        wanted,
        says,
        body,
        confirm_from=settings.refund_confirm_from if charges else None,
        closed=review.closed_words(current_freshness(), draft.unread, has_key=bool(settings.imp_key)),
        error=draft.error,
        alone=not auth_configured(),
    )
    if choice == review.SEND:
        drafts.ask(draft, user)
    if choice == review.CHANGE:
        drafts.change_again(draft)
    if choice:
        st.rerun()
