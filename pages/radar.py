"""Broken chains: who paid in the last cycle and has nothing booked next, and the booking that mends it."""

from functools import partial

import streamlit as st
from dashboard.kit.lists.list_order import table_key
from dashboard.kit.lists.tables import open_drawer
from dashboard.locale import _
from dashboard.screen import open_screen, readable_filter
from dashboard.screens.asking.proposals import booking_params
from dashboard.screens.recovery import chain_desk, desk_filters, radar_list

DESK = "radar"
screen = open_screen(_("Lapsed subscriptions"))
radar_list.inferred_line()
screen.needs_rows()
form = radar_list.chain_form(chain_desk.providers_of_keys(), buyers=screen.buyers)
look = screen.look(form, columns := radar_list.chain_columns(buyers=screen.buyers))
form.recall(screen.address, entered=screen.entered)
view = form.view()
chosen = view.chosen
line = form.bar("text", "pg")
with readable_filter():
    chains = chain_desk.read_broken(view, screen.now)
found = chains.found

screen.set_address(form.address(view, chosen.text, found) | look.address())
screen.note_search(chosen.text, found)
with line:
    screen.view_button(look)
desk_filters.kind_tiles(DESK, radar_list.result_tiles(chains.risks), chosen.kind, counted=not chosen.text)
if not chosen.text:
    radar_list.totals_line(chains.risks)
if not found.rows:
    radar_list.no_chains(view)
    st.stop()
key = f"radar_{chosen.kind}_{chosen.pg_provider}_{view.after}"
picked = radar_list.chain_table(found, look.pick(columns), key=key)
desk_filters.desk_pager(DESK, found, (_("Earlier"), _("Later")))
if picked:
    screen.note_look(picked.customer_uid)
    params, by = booking_params(picked.proposal), chain_desk.revocation_of(picked)
    details = partial(radar_list.chain_details, picked, params, by, buyers=screen.buyers, may_book=screen.may_book)
    open_drawer(_("Lapsed subscription"), table_key(key, found, form.order), details)
