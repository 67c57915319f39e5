"""Broken chains: who paid in the last cycle and has nothing booked next, and the booking that mends it."""

import time

import streamlit as st
from dashboard.access import Permission, User
from dashboard.kit.frame import nothing_mirrored, strip
from dashboard.locale import _
from dashboard.process.resources import current_freshness, current_settings, open_session
from dashboard.screens.asking.proposals import booking_params
from dashboard.screens.recovery import desk_filters, radar_list
from services.recovery.radar import at_risk, broken_chains
from services.store.lists.keys import key_values
from services.tables.chains import LastResult

DESK = "radar"
user: User = st.session_state["user"]
buyers, may_book = user.may(Permission.SEE_BUYERS), user.may(Permission.SCHEDULE)
address, now = st.query_params.to_dict(), time.time()

st.title(_("Broken chains"))
strip(current_freshness, sandbox=current_settings().is_sandbox)
radar_list.inferred_line()
if (fresh := current_freshness()).as_of is None:
    nothing_mirrored(fresh)
    st.stop()

with open_session() as session:
    form = radar_list.chain_form(key_values(session).pg_providers)
form.recall(address, entered=st.session_state["entered"])
view = form.view()
chosen = view.chosen
result = LastResult(chosen.kind) if chosen.kind else None
with open_session() as session:
    risks = at_risk(session, now)
    found = broken_chains(
        session,
        now,
        last_result=result,
        pg_provider=chosen.pg_provider,
        order=chosen.order,
        after=view.after,
        limit=desk_filters.ROWS,
    )

if address != (params := form.to_params(view, with_text=True)):
    st.query_params.from_dict(params)
desk_filters.kind_tiles(DESK, radar_list.result_tiles(risks), chosen.kind)
radar_list.totals_line(risks)
with st.container(horizontal=True, vertical_alignment="bottom"):
    form.draw("pg", "order")
if not found.rows:
    radar_list.no_chains(view)
    st.stop()
key = f"radar_{chosen.kind}_{chosen.pg_provider}_{view.after}"
picked = radar_list.chain_table(found, buyers=buyers, key=key)
words = _("A click on the box of a row shows how it is known and what to book.")
desk_filters.desk_pager(DESK, found, (_("Earlier"), _("Later")), words)
if picked:
    radar_list.chain_details(picked, booking_params(picked.proposal), buyers=buyers, may_book=may_book)
