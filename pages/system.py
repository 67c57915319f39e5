"""System: where the figures come from, how fresh they are, and what went wrong on the way."""

import streamlit as st
from dashboard.access import Permission, User
from dashboard.kit.frame import strip
from dashboard.locale import _, retell
from dashboard.process.resources import current_freshness, current_settings, open_session
from dashboard.screens.system import system_tables
from dashboard.words import formats
from services.store.lists.system import (
    list_channels,
    list_oddities,
    list_sync_runs,
    marks,
    row_counts,
)
from services.store.lists.unreadable import latest_raw, list_unreadable

_TOLERATED_SECONDS = 5
user: User = st.session_state["user"]

with open_session() as session:
    counts, runs = row_counts(session), list_sync_runs(session, 50)
    channels, oddities, noted = list_channels(session), list_oddities(session), marks(session)
    unreadable = list_unreadable(session, 100)

settings, fresh = current_settings(), current_freshness()
st.title(_("System"))
strip(current_freshness, sandbox=settings.is_sandbox)

measured = noted.get("clock_difference")
difference = float(measured or 0)
clock = _("{n} s").format(n=f"{difference:+.1f}") if measured else formats.NOTHING
with st.grid(3, min_column_width=240):
    st.metric(_("As of, in Korea"), formats.time(fresh.as_of), border=True, height="stretch")
    st.metric(
        _("Filled back to the start"),
        system_tables.filled_back(fresh),
        border=True,
        height="stretch",
    )
    st.metric(_("Clock against the gateway"), clock, border=True, height="stretch")
if abs(difference) > _TOLERATED_SECONDS:
    st.warning(_("This machine's clock is off: set it by the network's time."), icon=":material/schedule:")
if fresh.last_error:
    st.error(formats.escape(retell(fresh.last_error)), title=_("The last reading failed"), icon=":material/cloud_off:")

st.subheader(_("Gateway"))
st.code(settings.imp_api_url, language=None)
st.caption(_("A sandbox on this machine: no money moves.") if settings.is_sandbox else _("The live gateway."))

st.subheader(_("Channels"))
if channels:
    system_tables.channels_table(channels)
else:
    st.caption(_("No channel is known yet: the next sync reads them."))

st.subheader(_("Sync runs"))
if runs:
    system_tables.runs_table(runs)
else:
    st.caption(_("No sync has run yet: `jangbu sync` starts one."))

st.subheader(_("Rows in the store"))
system_tables.rows_table(counts)

if unreadable:
    st.subheader(_("Rows that could not be read"))
    system_tables.unreadable_table(unreadable)
    st.caption(_("Kept as they came and asked for again once a day: tell PortOne their ids if they stay."))
    if user.may(Permission.SEE_BUYERS):
        raw = st.expander(_("As they came"), icon=":material/data_object:", on_change="rerun")
        if raw.open:
            with raw, open_session() as session:
                system_tables.raw_rows(latest_raw(session, 20))

st.subheader(_("New to this version"))
if oddities:
    system_tables.oddities_table(oddities)
    st.caption(_("Kept as they came; a newer version may know them."))
else:
    st.caption(_("The gateway sent nothing that this version does not know."))
