"""Schedules: what is booked, what ran and what failed, as a list or as a calendar of one month."""

import time
from functools import partial

import streamlit as st
from dashboard.access import Permission, User
from dashboard.kit.exports import export_choice
from dashboard.kit.frame import nothing_mirrored, strip
from dashboard.locale import _, current_language
from dashboard.navigation import link_to_bulk_schedules, open_bulk_schedules, open_schedule
from dashboard.process.resources import current_freshness, current_settings, open_session, open_store
from dashboard.process.tickets import issue_ticket
from dashboard.screens.schedules import bulk_desk, schedule_list
from dashboard.screens.schedules.bulk_schedules import bulk_buttons
from dashboard.screens.schedules.schedule_calendar import schedule_calendar
from dashboard.screens.schedules.schedule_filters import CALENDAR, schedule_filters, schedule_form
from dashboard.words import formats
from services.clock import day_of
from services.errors import InvalidFilter
from services.exports.export import count_export
from services.store.lists import schedules
from services.store.lists.filters import Live

user: User = st.session_state["user"]
buyers = user.may(Permission.SEE_BUYERS)
today = day_of(time.time())
address = st.query_params.to_dict()

st.title(_("Schedules"))
above = st.container()
with open_session() as session:
    values = schedules.schedule_values(session)
form = schedule_form(today, values, buyers=buyers)
view = schedule_filters(form, address, entered=st.session_state["entered"])
chosen = view.chosen
with above:
    strip(current_freshness, sandbox=current_settings().is_sandbox, test_rows=chosen.live != Live.LIVE)
if not values.states and (fresh := current_freshness()).as_of is None:
    nothing_mirrored(fresh)
    st.stop()

if chosen.shape == CALENDAR:
    st.query_params.from_dict(form.to_params(view, with_text=False))
    with open_session() as session:
        days = schedules.calendar_month(session, chosen.month.year, chosen.month.month, chosen)
        counts = schedules.schedule_tiles(session, chosen)
    schedule_list.state_tiles(counts, chosen)
    schedule_calendar(days, chosen.month, today)
    st.stop()

try:
    with open_session() as session:
        found = schedules.search_schedules(session, chosen, before=view.before, after=view.after)
        counts = schedules.schedule_tiles(session, chosen)
        count, totals = schedules.count_schedules(session, chosen), schedules.schedule_sums(session, chosen)
except InvalidFilter as error:
    st.warning(formats.told(error), icon=":material/filter_alt_off:")
    st.stop()

view = form.at_the_top(view, found)
params = form.address(view, chosen.text, found)
if address != params:
    st.query_params.from_dict(params)
schedule_list.state_tiles(counts, chosen)
schedule_list.days_line(chosen, exact=found.exact)
if not found.rows:
    schedule_list.no_schedules(chosen, today)
    st.stop()
if not found.exact:
    schedule_list.totals_line(totals)
several = may_change = user.may(Permission.SCHEDULE)
with st.container(horizontal=True, vertical_alignment="center"):
    form.order.choose()
    if user.may(Permission.EXPORT):
        ticket = partial(issue_ticket, user=user, language=current_language(), kind="schedules")
        rows = partial(count_export, open_store(), "schedules", chosen)
        export_choice(rows, partial(ticket, chosen), with_buyers=buyers)
    if may_change:
        several = st.toggle(_("Choose several"), key="schedules.several", persist_state="session")
        link_to_bulk_schedules(_("From a file, and how far lists are"))
key = f"due_{view.before}_{view.after}"
picked = schedule_list.schedule_table(found, buyers=buyers, several=several, key=key, order=form.order)
kind = bulk_buttons(picked) if several else None
schedule_list.schedule_pager(found, count, several=several)
if kind:
    bulk_desk.begin(picked, kind)
    open_bulk_schedules()
if picked and not several:
    open_schedule(picked[0])
