"""Needs a person: approvals, outcomes that nobody knows, and what expired; each with its action and a reason."""

import streamlit as st
from dashboard.kit.watch import watch_list
from dashboard.locale import _
from dashboard.navigation import Place, link_to
from dashboard.screen import open_screen
from dashboard.screens.charges.late_list import late_cards
from dashboard.screens.needs_person import alarm_desk, cards, settle_desk, waiting_desk
from dashboard.screens.needs_person.alarm_list import alarm_cards
from dashboard.screens.overview import attention, desks_today

screen = open_screen(_("Needs a person"))
errors, late_errors = settle_desk.ERRORS.get(), settle_desk.LATE_ERRORS.get()
if screen.entered:
    settle_desk.SETTLED.get().clear()
found = waiting_desk.read_waiting(screen.now)
operations, concerns = found.operations, found.concerns
settled = settle_desk.settled_now(operations)
watch_list(waiting_desk.shown_now, waiting_desk.as_shown(found, settled))
cards.settled_cards(settled)
if found.refund_files:
    link_to(_("Files of refunds wait for approval"), Place.BULK_REFUNDS)
if found.schedule_files and screen.may_book:
    link_to(_("Lists of schedules to be charged wait for approval"), Place.BULK_SCHEDULES)
reader = settle_desk.reader_of(screen.user)
chosen = None
for state, (heading, what) in cards.sections().items():
    waiting = [one for one in operations if one.state == state]
    if not waiting:
        continue
    st.header(f"{heading} ({cards.how_many(waiting)})")
    st.caption(what)
    for one in waiting[: cards.AT_ONCE]:
        number = one.id
        if not (looking := settle_desk.is_reading(number)):
            errors[number] = errors.get(number) or settle_desk.last_error(number)
        bought = found.bought.get(one.imp_uid or "")
        note, error = found.notes.get(number), errors.get(number)
        pressed = cards.waiting_card(one, reader, bought, note, looking=looking, error=error)
        chosen = pressed or chosen
    cards.more_line(len(waiting) - cards.AT_ONCE)
done = alarm_cards(found.alarms, may_refund=screen.may_refund, errors=alarm_desk.ERRORS.get())
standing = late_cards(found.late, may_refund=screen.may_refund, errors=late_errors)
if concerns:
    st.header(_("Recurring payments"))
    attention.concern_lines(concerns)
desks_today.due_today(found.open_now.due, screen.today)
if not (operations or found.files or concerns or found.late or found.alarms):
    cards.nothing_waits()
if standing:
    late_errors[standing.late.imp_uid] = settle_desk.let_stand(standing, screen.user)
if done:
    alarm_desk.settle(done, screen.user)
if chosen:
    settle_desk.settle_here(chosen, screen.user)
if standing or done or chosen:
    st.rerun()
