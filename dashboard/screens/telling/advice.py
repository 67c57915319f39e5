"""After a failure: the PG's words, what helps by the rules, and where that is known from."""

import streamlit as st
from services.recovery.desk import RECENT, Unlisted
from services.subscriptions.reasons import Action, remedy

from dashboard.locale import _
from dashboard.navigation import Place, link_to
from dashboard.words import formats


def gateway_words(fail_reason: str | None) -> None:
    """The reason byte for byte, in a block of its own."""
    # st.code takes one line break away at each end: these two.
    st.code(f"\n{formats.shown(fail_reason or formats.NOTHING)}\n", language=None, wrap_lines=True)


def advice_box(fail_reason: str | None, customer_uid: str, unlisted: Unlisted | None = None) -> None:
    """Where one failure stands by itself: what helps, and the way to all failures of the key, or why there is none."""
    with st.container(border=True):
        st.caption(_("What helps"))
        advice(fail_reason)
        if unlisted:
            st.caption(_unlisted(unlisted))
        else:
            link_to(_("In Recovery"), Place.RECOVERY, icon=":material/healing:", q=customer_uid)


def _unlisted(why: Unlisted) -> str:
    return {
        Unlisted.UNBOOKED: _("Recovery has only booked payments: the shop charged this one without a booking."),
        Unlisted.OLD: _("It failed more than {n} days ago: Recovery no longer has it.").format(n=RECENT),
        Unlisted.TEST: _("A payment of a test channel: Recovery leaves those out."),
    }[why]


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
