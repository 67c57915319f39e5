"""Schedules: what is booked, what ran and what failed, as a list or as a calendar of one month."""

import streamlit as st
from dashboard.kit.filters import hits
from dashboard.locale import _
from dashboard.navigation import Place, open_page
from dashboard.screen import Screen, open_list, readable_filter
from dashboard.screens.schedules import bulk_desk, read_desk, schedule_list
from dashboard.screens.schedules.bulk_schedules import bulk_buttons
from dashboard.screens.schedules.schedule_calendar import schedule_calendar
from dashboard.screens.schedules.schedule_filters import CALENDAR, schedule_filters, schedule_form, sought


def _list(screen: Screen) -> None:
    today, values = screen.today, read_desk.known_values()
    form = schedule_form(today, values, buyers=screen.buyers)
    columns = schedule_list.schedule_columns(buyers=screen.buyers, tiers=screen.settings.tiers)
    look = screen.look(form, columns)
    view, line = schedule_filters(form, screen.address, entered=screen.entered)
    chosen = view.chosen
    screen.tell_live(chosen.live)
    if not values.states:
        screen.needs_rows()

    if chosen.shape == CALENDAR:
        st.query_params.from_dict(form.to_params(view, with_text=False))
        days, states = read_desk.read_month(chosen.month, chosen)
        schedule_list.state_tiles(states, chosen)
        schedule_calendar(days, chosen.month, today)
        st.stop()

    chosen = sought(chosen, today)
    with readable_filter():
        schedules = read_desk.read_list(chosen, before=view.before, after=view.after)
    found = schedules.found
    view = form.at_the_top(view, found)
    screen.set_address(form.address(view, chosen.text, found) | look.address())
    screen.note_search(chosen.text, found)
    several = False
    with line:
        screen.view_button(look)
        screen.export("schedules", chosen, look.chosen)
        if screen.may_book:
            several = st.toggle(_("Choose several"), key="schedules.several", persist_state="session")
    schedule_list.state_tiles(schedules.states, chosen)
    if not found.exact:
        schedule_list.totals_line(schedules.totals, chosen)
    hits.search_lines(form, found, schedules.count, schedules.everywhere)
    if not found.rows:
        schedule_list.no_schedules(form, chosen, schedules.everywhere, today)
        st.stop()
    key = f"due_{view.before}_{view.after}"
    picked = schedule_list.schedule_table(found, look.pick(columns), several=several, key=key, order=form.order)
    kind = bulk_buttons(picked) if several else None
    schedule_list.schedule_pager(found, schedules.count, several=several)
    if kind:
        bulk_desk.begin(picked, kind)
        open_page(Place.BULK_SCHEDULES)
    if picked and not several:
        open_page(Place.SCHEDULE, merchant_uid=picked[0])


open_list(_("Schedules"), _list)
