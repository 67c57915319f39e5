"""The last look before a month is closed: which month, in which currencies, with which sums and note."""

from collections.abc import Mapping

import streamlit as st
from services.months import month_name
from services.revenue.known import Known

from dashboard.kit.lists.tiles import facts
from dashboard.locale import _
from dashboard.words import formats


def last_look(month: int, now: Mapping[str, Known], note: str, *, moved: bool) -> bool | None:
    """True to close it, False to change the note, None before either.

    `moved`: the figures are others than were looked at.
    """
    with st.container(border=True, key="closing_look"):
        words = _("Close {month}: {currencies}").format(month=month_name(month), currencies=", ".join(now) or "–")
        st.markdown(f"**{formats.escape(words)}**")
        st.caption(
            _(
                "The figures of every currency are written down as they are, with your name; this is not taken back. "
                "The month can still change: what changes is listed below, and it can be closed again."
            )
        )
        if moved:
            st.warning(_("The figures changed since you looked: look again."), icon=":material/sync_problem:")
        for currency, known in now.items():
            facts(_sums(currency, known))
        st.text(formats.shown(note or _("Without a note.")))
        with st.container(horizontal=True, horizontal_alignment="right"):
            if st.button(_("Change the note"), key="closing_change", icon=":material/edit:"):
                return False
            label = _("Close {month}").format(month=month_name(month))
            if st.button(label, key="closing_close", icon=":material/lock:", type="primary"):
                return True
    return None


def _sums(currency: str, known: Known) -> list[tuple[str, str | None]]:
    payments = f"{formats.money(known.gross, currency)} · {known.payments:,}"
    refunds = f"{formats.money(known.refunds, currency)} · {known.refund_count:,}"
    return [
        (_("Currency"), currency),
        (_("Gross · payments"), payments),
        (_("Refunds · single refunds"), refunds),
        (_("Net"), formats.money(known.net, currency)),
    ]
