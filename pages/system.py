"""System: where the figures come from, how fresh they are, and what went wrong on the way."""

from functools import partial

import streamlit as st
from dashboard.access import Permission
from dashboard.kit.lists.tables import open_drawer
from dashboard.kit.watch import watch_list
from dashboard.locale import _, retell
from dashboard.screen import open_screen
from dashboard.screens.system import alarm_tables, alarms_desk, channel_list, settings_table, system_desk, system_tables
from dashboard.settings import Role
from dashboard.words import formats

_TOLERATED_SECONDS = 5
screen = open_screen(_("System"))
found = system_desk.read_system()
settings, fresh, difference = screen.settings, found.fresh, found.clock_difference or 0.0
clock = formats.NOTHING if found.clock_difference is None else _("{n} s").format(n=f"{difference:+.1f}")
with st.grid(4, min_column_width=200):
    st.metric(_("As of, in Korea"), formats.time(fresh.as_of), border=True, height="stretch")
    st.metric(_("Filled back to the start"), system_tables.filled_back(fresh), border=True, height="stretch")
    st.metric(_("Clock against the gateway"), clock, border=True, height="stretch")
    backed = formats.time(found.backup.at) if found.backup else _("never")
    st.metric(_("Last good backup, in Korea"), backed, border=True, height="stretch")
if abs(difference) > _TOLERATED_SECONDS:
    st.warning(_("This machine's clock is off: set it by the network's time."), icon=":material/schedule:")
if fresh.last_error:
    st.error(formats.escape(retell(fresh.last_error)), title=_("The last reading failed"), icon=":material/cloud_off:")

st.header(_("Alarms"))
alarms = alarms_desk.read_alarms()
if alarms.matters:
    alarm_tables.matters_table(alarms.matters)
else:
    st.success(_("Nothing is the matter."), icon=":material/check_circle:")
if alarms.receivers:
    alarm_tables.receivers_table(alarms.receivers)
    if quiet := settings.alarm_quiet:
        words = _("From {begin} to {end} in Korea nobody is told: what lasts is told afterwards.")
        st.caption(words.format(begin=f"{quiet[0]:02}:00", end=f"{quiet[1]:02}:00"))
    if screen.user.role == Role.ADMIN and st.button(
        _("Send a test alarm"), icon=":material/notifications_active:", disabled=alarms.is_testing
    ):
        if error := alarms_desk.send_test(screen.user):
            st.error(formats.told(error), icon=":material/error:")
        else:
            st.rerun()
    if alarms.is_testing:
        st.caption(_("A test was sent: whether it arrives stands here in a moment."))
        watch_list(alarms_desk.read_alarms, alarms)
else:
    st.caption(_("Nobody is told of alarms: the person who runs Jangbu sets up where they go."))

st.header(_("Gateway"))
st.code(settings.imp_api_url, language=None)
st.caption(_("A sandbox on this machine: no money moves.") if settings.is_sandbox else _("The live gateway."))

st.header(_("Settings in force"))
settings_table.settings_in_force(settings, found.limits, found.revision)
st.header(_("Roles"))
settings_table.roles_in_force(found.roster, signs_in=found.signs_in)

st.header(_("Channels"))
if found.channels:
    channel = channel_list.channel_table(found.channels, found.ticks)
    st.caption(_("A click on a channel shows its key and what it needs."))
    if channel:
        may_tick, tick = screen.user.may(Permission.SET_UP), partial(system_desk.tick, screen.user)
        details = partial(channel_list.channel_details, channel, found.ticks, settings, tick, may_tick=may_tick)
        open_drawer(_("Channel"), channel_list.TABLE, details)
else:
    st.caption(_("No channel is known yet: the next sync reads them."))

st.header(_("Sync runs"))
system_tables.at_work(found.lease)
if found.runs:
    system_tables.runs_table(found.runs)
else:
    st.caption(_("No sync has run yet: the first one begins by itself."))

st.header(_("Rows in the store"))
system_tables.rows_table(found.counts)

if found.unreadable:
    st.header(_("Rows that could not be read"))
    system_tables.unreadable_table(found.unreadable)
    st.caption(_("Kept as they came and asked for again once a day: tell PortOne their ids if they stay."))
    if screen.buyers:
        raw = st.expander(_("As they came"), icon=":material/data_object:", on_change="rerun", key="raw_rows")
        if raw.open:
            screen.note_look()
            with raw:
                system_tables.raw_rows(system_desk.read_raw())

st.header(_("New to this version"))
if found.oddities:
    system_tables.oddities_table(found.oddities)
    st.caption(_("Kept as they came; a newer version may know them."))
else:
    st.caption(_("The gateway sent nothing that this version does not know."))
