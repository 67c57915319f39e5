"""After a failure: the PG's words, what helps by the rules, and where that is known from."""

import streamlit as st
from services.subscriptions.reasons import Action, remedy

from dashboard.locale import _
from dashboard.navigation import Place, link_to
from dashboard.words import formats


def gateway_words(fail_reason: str | None) -> None:
    """The reason byte for byte, in a block of its own."""
    # st.code takes one line break away at each end: these two.
    st.code(f"\n{formats.shown(fail_reason or formats.NOTHING)}\n", language=None, wrap_lines=True)


def advice_box(fail_reason: str | None, customer_uid: str) -> None:
    """Where one failure stands by itself: what helps, and the way to all failed charges of the billing key."""
    with st.container(border=True):
        st.caption(_("What helps"))
        advice(fail_reason)
        link_to(_("In Recovery"), Place.RECOVERY, icon=":material/healing:", q=customer_uid)


def advice(fail_reason: str | None) -> None:
    """What helps after a charge of a billing key failed."""
    found = remedy(fail_reason)
    st.markdown(f"**{formats.escape(_(found.because))}**")
    if found.action == Action.MEND:
        st.markdown(
            formats.escape(
                _(
                    "A new card: the buyer registers it in the shop, which makes a new billing key. "
                    "Book on that one, then delete this one."
                )
            )
        )
    if found.source:
        source = _("Known from: {source}, as of {day}.")
        st.caption(formats.escape(source.format(source=_(found.source), day=found.as_of.isoformat())))
