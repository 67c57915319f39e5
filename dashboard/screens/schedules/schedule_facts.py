"""What is known of one booked payment: state, when it is due, the payment it became; all from outside escaped."""

from collections.abc import Mapping

import streamlit as st
from services.clock import day_of
from services.plain_text import harmless
from services.tables.v1 import Payment, Schedule

from dashboard.locale import _
from dashboard.navigation import Place, link_to, link_to_list
from dashboard.screens.payments.payment_facts import buyer_facts, fact_lines, payment_state
from dashboard.screens.payments.timeline import Event
from dashboard.screens.schedules.schedule_filters import key_params
from dashboard.words import formats, labels
from dashboard.words.names.stores import store_fact
from dashboard.words.schedule_labels import due_state, state_of
from dashboard.words.states import channel_badge


def schedule_header(schedule: Schedule) -> None:
    """State, live or test, how old the answer is; amount and time."""
    state, kind = due_state.markdown(state_of(schedule)), channel_badge(schedule.sandbox)
    read = _("read from the gateway at {time} KST").format(time=formats.time(schedule.read_at // 1000))
    st.markdown(f"{state} {kind} :gray[{formats.escape(read)}]")
    with st.container(horizontal=True):
        amount = formats.money(schedule.amount, schedule.currency)
        st.metric(labels.field("amount"), amount, border=True, width=220, height="stretch")
        due = formats.time(schedule.schedule_at)
        st.metric(_("Due, in Korea"), due, border=True, width=280, height="stretch")


def schedule_ids(schedule: Schedule, *, may_book: bool) -> None:
    """Order number and billing key, each with a button that copies it, and the ways from here."""
    with st.container(horizontal=True):
        for name, value in (("merchant_uid", schedule.merchant_uid), ("customer_uid", schedule.customer_uid)):
            if value:
                with st.container(width=360, gap="xxsmall"):
                    st.caption(labels.field(name))
                    st.code(formats.shown(value) if name == "customer_uid" else harmless(value), language=None)
    if schedule.customer_uid:
        with st.container(horizontal=True):
            link_to(_("Open the billing key"), Place.BILLING_KEY, customer_uid=schedule.customer_uid)
            all_of_key = key_params(schedule.customer_uid, day_of(schedule.schedule_at))
            link_to_list(_("All of this key"), Place.SCHEDULES, all_of_key)
            if may_book:
                link_to(_("Book another on this key"), Place.BOOK_SCHEDULE, customer_uid=schedule.customer_uid)


def became_payment(schedule: Schedule, payment: Payment | None, *, may_refund: bool, meanwhile: bool) -> None:
    """The payment it became. `meanwhile`: it ran while somebody was changing it, so its money may go back."""
    if not schedule.imp_uid:
        return
    st.header(_("The payment it became"))
    if meanwhile:
        words = _("It ran before it could be changed. Nothing is charged again by itself.")
        st.warning(words, icon=":material/info:")
    with st.container(horizontal=True, vertical_alignment="center"):
        if payment is None:
            st.text(harmless(schedule.imp_uid), width="content")
            st.caption(_("Not mirrored yet: read it again in a moment."), width="content")
            return
        badge = labels.state.markdown(payment_state(payment))
        amount = formats.escape(formats.money(payment.amount, payment.currency))
        st.markdown(f"{badge} **{amount}**", width="content")
        link_to(payment.imp_uid, Place.PAYMENT, icon=":material/receipt_long:", imp_uid=payment.imp_uid)
        if may_refund and payment.status == "paid":
            link_to(_("Refund it"), Place.REFUND, imp_uid=payment.imp_uid)


def schedule_events(schedule: Schedule) -> list[Event]:
    """What the gateway says happened to it."""
    # What was revoked is not due: its day stands in the head.
    events = [] if schedule.revoked_at else [Event(schedule.schedule_at, _("Due"), schedule.amount)]
    if schedule.executed_at:
        words = _("Ran: {state}").format(state=due_state(state_of(schedule)))
        events.append(Event(schedule.executed_at, words, detail=schedule.fail_reason or ""))
    if schedule.revoked_at:
        events.append(Event(schedule.revoked_at, _("Revoked")))
    return events


def schedule_facts(schedule: Schedule, *, buyers: bool, tiers: Mapping[str, str]) -> None:
    """Product, where it was booked, and buyer; masked without `buyers`."""
    st.header(_("What it is"))
    fact_lines(
        {
            labels.field("tier"): store_fact(schedule.tier, tiers),
            labels.field("name"): schedule.name,
            labels.field("fail_reason"): schedule.fail_reason,
            labels.field("pg_provider"): labels.provider(schedule.pg_provider or ""),
            labels.field("pg_id"): schedule.pg_id,
            **buyer_facts(schedule, buyers=buyers),
        }
    )
