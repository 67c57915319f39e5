"""One billing key: how it stands, its card, what was charged and is booked, what happened, what can be done."""

from functools import partial

import streamlit as st
from dashboard import navigation as to
from dashboard.access import Permission, User
from dashboard.kit.frame import strip
from dashboard.kit.page_buttons import part_buttons, part_cursor
from dashboard.kit.reread import reread_button
from dashboard.locale import _
from dashboard.process import rereads
from dashboard.process.resources import current_freshness, current_settings, open_session
from dashboard.screens.keys import key_facts as facts
from dashboard.screens.keys.key_actions import key_actions
from dashboard.screens.keys.key_list import key_table
from dashboard.screens.keys.key_story import key_events
from dashboard.screens.payments.operation_events import open_operation_line, operation_events
from dashboard.screens.payments.related import charges_table, schedules_table
from dashboard.screens.payments.timeline import timeline
from services.operations.journal.audit import history
from services.store.lists import keys
from services.store.lists.keyset import Page
from services.store.lists.one import cards_of_key, get_billing_key
from services.store.lists.operations import operations_of_key

user: User = st.session_state["user"]
buyers, uid = user.may(Permission.SEE_BUYERS), st.query_params.get("customer_uid", "")
charges_at, booked_at, name = f"{uid}.charges", f"{uid}.schedules", rereads.key_name(uid)
was_reading = rereads.is_reading(name)

with open_session() as session:
    summary, key = keys.get_key_summary(session, uid), get_billing_key(session, uid)
    charges = keys.payments_of_key(session, uid, limit=20, **part_cursor(charges_at))
    schedules = keys.schedules_of_key(session, uid, limit=20, **part_cursor(booked_at))
    latest = keys.payments_of_key(session, uid).rows, keys.schedules_of_key(session, uid).rows
    cards = cards_of_key(session, uid)
    operations = operations_of_key(session, uid, limit=50)
    told = {one.id: history(session, one.id) for one in operations}
    duplicates = keys.duplicates_of_key(session, summary) if summary else []

st.title(_("Billing key"))
strip(current_freshness, sandbox=current_settings().is_sandbox)
with st.container(horizontal=True, vertical_alignment="center"):
    to.link_to_billing_keys(_("All billing keys"))
    if user.may(Permission.READ_AGAIN) and uid:
        ask, is_reading = partial(rereads.ask_key_again, uid), partial(rereads.is_reading, name)
        reread_button(ask, is_reading, partial(rereads.last_error, name), was_reading=was_reading)
    if summary:
        to.link_to_payments(_("Payments with this key"), {"customer_uid": uid, "live": "all"})
        go = key_actions(summary, user)
if summary is None:
    facts.no_such_key()
    st.stop()
followed = open_operation_line(operations, to.followed_by(user))

facts.key_header(summary, key, buyers=buyers)
facts.key_figures(summary)
facts.failure_words(summary)
facts.card_history(cards)

st.subheader(_("Schedules"))
opened = schedules_table(schedules.rows, found=schedules, key=f"{booked_at}_{part_cursor(booked_at)}")
part_buttons(schedules, booked_at)
st.subheader(_("Charges"))
paid = charges_table(charges, buyers=buyers, name=charges_at)
st.subheader(_("What happened"))
events = key_events(summary, key, *latest, operation_events(operations, told))
timeline(events, "KRW", alt=_("What happened to this key, the latest first"))
other = None
if duplicates:
    st.subheader(_("Other keys of the same buyer or card"))
    other = key_table(Page(tuple(duplicates)), buyers=buyers, key=f"{uid}.duplicates")
if go:
    go()
if followed:
    to.follow(followed)
if other:
    to.open_billing_key(other)
if paid:
    to.open_payment(paid)
if opened:
    to.open_schedule(opened)
