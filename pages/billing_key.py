"""One billing key: how it stands, its card, what was charged and is booked, what happened, what can be done."""

import streamlit as st
from dashboard import navigation as to
from dashboard.kit.lists.page_buttons import part_buttons, part_cursor
from dashboard.kit.reread import reread_button
from dashboard.locale import _
from dashboard.screen import open_screen
from dashboard.screens.keys import key_actions, key_desk, key_facts, key_list, key_story
from dashboard.screens.payments import operation_events, related
from dashboard.screens.payments.timeline import timeline

screen = open_screen(_("Billing key"))
uid = screen.address.get("customer_uid", "")
charges_at, booked_at = f"{uid}.charges", f"{uid}.schedules"
found = key_desk.read_key(uid, screen.now, charges_at=charges_at, booked_at=booked_at)
screen = screen.in_store(found.key.tier if found.key else None)
with st.container(horizontal=True, vertical_alignment="center"):
    to.link_to(_("All billing keys"), to.Place.BILLING_KEYS, icon=to.BACK)
    if screen.may_read and uid:
        reread_button(found.reading)
    if found.summary:
        to.link_to_list(_("Payments with this key"), to.Place.PAYMENTS, {"customer_uid": uid, "live": "all"})
        to.link_to(_("This customer"), to.Place.CUSTOMER, customer_uid=uid)
        go = key_actions.key_actions(found.summary, screen.user, card_entry=screen.settings.allow_card_entry)
if found.summary is None:
    key_facts.no_such_key()
    st.stop()
followed = operation_events.open_operation_line(found.operations, to.followed_by(screen.user))

key_facts.key_header(found.summary, found.key, buyers=screen.buyers, tiers=screen.settings.tiers)
key_facts.key_figures(found.summary)
key_facts.subscription_line(found.subscription)
key_facts.failure_words(found.summary, found.failed, found.subscription, found.unlisted, screen.now)
key_facts.card_history(found.cards)

st.header(_("Schedules"))
schedules, place = found.schedules, part_cursor(booked_at)
opened = related.schedules_table(schedules.rows, found=schedules, key=f"{booked_at}_{place}")
part_buttons(schedules, booked_at)
st.header(_("Charges"))
paid = related.charges_table(found.charges, buyers=screen.buyers, name=charges_at)
st.header(_("What happened"))
told = [operation_events.operation_event(one, buyers=screen.buyers) for one in found.told]
timeline(key_story.key_events(found.summary, found.key, *found.latest, told), "KRW")
other = None
if found.duplicates.rows:
    st.header(_("Other keys of the same buyer or card"))
    columns = key_list.key_columns(buyers=screen.buyers)
    other = key_list.key_table(found.duplicates, columns, key=f"{uid}.duplicates")
if go:
    go()
if followed:
    to.follow(followed)
if other:
    to.open_page(to.Place.BILLING_KEY, customer_uid=other)
if paid:
    to.open_page(to.Place.PAYMENT, imp_uid=paid)
if opened:
    to.open_page(to.Place.SCHEDULE, merchant_uid=opened)
