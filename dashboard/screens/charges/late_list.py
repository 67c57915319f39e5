"""Charges that were refused and paid after all: each with its refund, or a reason to let it stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from services.errors import JangbuError
from services.store.writes.late_payments import Late

from dashboard.kit.note_form import note_form
from dashboard.locale import _
from dashboard.navigation import Place, link_to
from dashboard.screens.asking.outcome import verbatim
from dashboard.words import formats, operation_labels


@dataclass(frozen=True, slots=True)
class Standing:
    """A payment that a person lets stand, and why."""

    late: Late
    note: str


def late_cards(found: Sequence[Late], *, may_refund: bool, errors: Mapping[str, JangbuError | None]) -> Standing | None:
    """One card a payment; returns the one that the person lets stand."""
    if not found:
        return None
    st.header(_("Refused, and paid after all ({n})").format(n=len(found)))
    st.caption(_("Refund it where the buyer paid again meanwhile, else let it stand."))
    chosen = [_card(one, may_refund, errors.get(one.imp_uid)) for one in found]
    return next((one for one in chosen if one), None)


def _card(late: Late, may_refund: bool, error: JangbuError | None) -> Standing | None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            amount = formats.escape(formats.money(late.amount, late.currency))
            badge = formats.escape(_("Paid after all"))
            st.markdown(f":orange-badge[{badge}] **{amount}**", width="content")
            link_to(late.imp_uid, Place.PAYMENT, icon=":material/receipt_long:", imp_uid=late.imp_uid)
            if may_refund:
                link_to(_("Refund it"), Place.REFUND, imp_uid=late.imp_uid)
        words = _("Asked by {who} · refused {refused} · paid {paid} KST · operation {n}").format(
            who=operation_labels.person(late.asked_by),
            refused=formats.time(late.refused_at),
            paid=formats.time(late.paid_at),
            n=late.operation_id,
        )
        st.text("\n".join([words, *(formats.shown(part) for part in (late.name, late.customer_uid) if part)]))
        verbatim(late.said)
        note = note_form(f"late_{late.imp_uid}", _("Reason, kept with it"), _("Let it stand"), error)
    return None if note is None else Standing(late, note)
