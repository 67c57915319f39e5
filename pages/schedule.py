"""Schedule: one booked payment, what became of it, and how to move, cancel, retry or rebook it."""

import streamlit as st
from dashboard.kit.reread import reread_button
from dashboard.locale import _
from dashboard.navigation import BACK, Place, link_to, open_page
from dashboard.screen import open_screen
from dashboard.screens.payments import operation_events, related
from dashboard.screens.payments.timeline import timeline
from dashboard.screens.schedules import read_desk, schedule_desk
from dashboard.screens.schedules import schedule_facts as facts

screen = open_screen(_("Schedule"))
merchant_uid = screen.address.get("merchant_uid", "")
found = read_desk.read_schedule(merchant_uid, screen)
schedule, operation = found.schedule, found.operation
screen = screen.in_store(schedule.tier if schedule else None)
with st.container(horizontal=True, vertical_alignment="center"):
    link_to(_("All schedules"), Place.SCHEDULES, icon=BACK)
    if screen.may_read and merchant_uid and not schedule_desk.is_asked(screen.user):
        reread_button(found.reading)
if schedule is None:
    words = _("Look for it in the list of schedules, or wait for the next reading if it is new.")
    st.info(words, title=_("No such schedule here"), icon=":material/search_off:")
    st.stop()

facts.schedule_header(schedule)
facts.schedule_ids(schedule, may_book=screen.may_book)
schedule_desk.desk(schedule, operation, found.draft, screen.user, reading=found.reading.runs)
meanwhile = schedule_desk.ran_meanwhile(schedule, operation, screen.user)
facts.became_payment(schedule, found.payment, may_refund=screen.may_refund, meanwhile=meanwhile)
opened = None
if len(found.attempts) > 1:
    st.header(_("Attempts under the same order number"))
    opened = related.attempts_table(found.attempts, schedule.imp_uid or "")
st.header(_("What happened"))
told = [operation_events.operation_event(one, buyers=screen.buyers) for one in found.told]
timeline([*facts.schedule_events(schedule), *told], schedule.currency)
facts.schedule_facts(schedule, buyers=screen.buyers, tiers=screen.settings.tiers)
if opened:
    open_page(Place.PAYMENT, imp_uid=opened)
