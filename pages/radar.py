"""Broken chains: who paid in the last cycle and has nothing booked next, and the booking that mends it."""

import streamlit as st
from dashboard.locale import _
from dashboard.screen import open_screen
from dashboard.screens.asking.proposals import booking_params
from dashboard.screens.recovery import chain_desk, desk_filters, radar_list
from services.recovery.radar import AMOUNTS
from services.tables.chains import LastResult

DESK = "radar"
screen = open_screen(_("Broken chains"))
radar_list.inferred_line()
screen.needs_rows()
entered = screen.entered
view = desk_filters.desk_view(DESK, "result", list(LastResult), screen.address, amounts=AMOUNTS, entered=entered)
chains = chain_desk.read_broken(view, screen.now)
found = chains.found

screen.set_address(view.params("result"))
desk_filters.kind_tiles(DESK, radar_list.result_tiles(chains.risks), view.kind)
radar_list.totals_line(chains.risks)
with st.container(horizontal=True, vertical_alignment="bottom"):
    desk_filters.choose_pg(DESK, chains.providers)
    radar_list.chain_order().choose()
if not found.rows:
    radar_list.no_chains(view)
    st.stop()
key = f"radar_{view.kind}_{view.pg_provider}_{view.after}"
picked = radar_list.chain_table(found, buyers=screen.buyers, key=key)
words = _("A click on the box of a row shows how it is known and what to book.")
desk_filters.desk_pager(DESK, found, (_("Earlier"), _("Later")), words)
if picked:
    params = booking_params(picked.proposal)
    radar_list.chain_details(picked, params, buyers=screen.buyers, may_book=screen.may_book)
