"""Payments under links that are not as they were asked for, or do not go back: each until a person is done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from services.errors import JangbuError
from services.store.writes.link_alarms import Alarm
from services.tables.checkouts import AlarmKind

from dashboard.kit.note_form import note_form
from dashboard.locale import _, retell
from dashboard.navigation import Place, link_to
from dashboard.words import formats
from dashboard.words.labels import Words, once_a_language
from dashboard.words.record_labels import link_alarm


@dataclass(frozen=True, slots=True)
class Done:
    """An alarm that a person is done with, and what was done."""

    alarm: Alarm
    note: str


@once_a_language
def _advice() -> Words:
    return {
        AlarmKind.MODE: _("A test payment came for a live link, or the other way round. The order is not done."),
        AlarmKind.CHANNEL: _("It was paid through another channel than the link's. The order is not done."),
        AlarmKind.KEY: _("It is of another billing key than was asked for. The order is not done."),
        AlarmKind.NOT_REFUNDED: _("Altered, paid twice or paid after the end: Jangbu cannot refund it by itself."),
    }


def alarm_cards(found: Sequence[Alarm], *, may_refund: bool, errors: Mapping[str, JangbuError | None]) -> Done | None:
    """One card each; returns the one that the person is done with."""
    if not found:
        return None
    st.header(_("Payments under links ({n})").format(n=len(found)))
    st.caption(_("Call the buyer where it is unclear. Refund it, or leave it as it is, then say here what was done."))
    chosen = [_card(one, may_refund, errors.get(key_of(one))) for one in found]
    return next((one for one in chosen if one), None)


def key_of(one: Alarm) -> str:
    """What tells it from the others."""
    return f"{one.imp_uid}_{one.what}"


def _card(one: Alarm, may_refund: bool, error: JangbuError | None) -> Done | None:
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            amount = formats.escape(formats.money(one.amount, one.currency))
            st.markdown(f":red-badge[{formats.escape(link_alarm(one.what))}] **{amount}**", width="content")
            link_to(one.imp_uid, Place.PAYMENT, icon=":material/receipt_long:", imp_uid=one.imp_uid)
            if may_refund:
                link_to(_("Refund it"), Place.REFUND, imp_uid=one.imp_uid)
        st.caption(_advice(one.what))
        if one.what == AlarmKind.NOT_REFUNDED:
            why = retell(one.why) if one.why else _("Three refunds ended without going through.")
            st.text(formats.shown(why))
        words = _("Link {link} over {asked} · order {order} · paid {paid} KST").format(
            link=one.checkout_id,
            asked=formats.money(one.asked, one.asked_currency),
            order=one.merchant_uid,
            paid=formats.time(one.paid_at),
        )
        st.text(formats.shown(f"{one.name}\n{words}"))
        note = note_form(f"alarm_{key_of(one)}", _("What was done, kept with it"), _("It is settled"), error)
    return None if note is None else Done(one, note)
