"""Billing keys: which there are, how they stand, what is booked on them; find one and open it."""

from functools import partial

import streamlit as st
from dashboard.access import Permission
from dashboard.kit.filters import hits
from dashboard.locale import _
from dashboard.navigation import Place, link_to, open_page
from dashboard.screen import Screen, open_list, readable_filter
from dashboard.screens.keys import key_desk, key_list
from dashboard.screens.keys.key_files import key_file_box
from dashboard.screens.keys.key_filters import key_form
from dashboard.screens.links import link_files_desk
from dashboard.screens.links.renewal_file import renewal_file
from dashboard.screens.refunds import files_desk
from services.tables.keys import KeyState


def _list(screen: Screen) -> None:
    values, tiers = key_desk.known_values(), screen.settings.tiers
    form = key_form(values, buyers=screen.buyers)
    look = screen.look(form, key_list.key_columns(buyers=screen.buyers, tiers=tiers))
    view, line = form.ask(screen.address, "text", entered=screen.entered)
    chosen = view.chosen
    screen.tell_live(chosen.live)

    with readable_filter():
        keys = key_desk.read_list(chosen, before=view.before, after=view.after, with_stores=bool(tiers))
    found = keys.found
    view = form.at_the_top(view, found)
    screen.set_address(form.address(view, chosen.text, found) | look.address())
    screen.note_search(chosen.text, found)

    with line:
        screen.view_button(look)
        screen.export("billing-keys", chosen, look.chosen)
        if chosen.states == {KeyState.FAILING} and screen.may_charge and screen.may_export:
            renewal_file(partial(link_files_desk.renewals_of_keys, chosen), screen.user)
        if screen.settings.allow_card_entry and screen.user.may(Permission.CARD_ENTRY):
            link_to(_("Enter a card"), Place.CARD_ENTRY)
        if screen.may_read:
            key_file_box(files_desk.read_keys, files_desk.note_keys)
    key_list.key_tiles_line(keys.states, chosen)
    key_list.failing_line(chosen)
    hits.search_line(found)
    if not found.rows:
        if not values.states:
            screen.needs_rows()
        key_list.no_keys(chosen, any_known=bool(values.states))
        st.stop()

    if not found.exact:
        key_list.key_sums_line(keys.sums, keys.duplicates)
    name = f"keys_{view.before}_{view.after}"
    columns = look.pick(key_list.key_columns(keys.stores, buyers=screen.buyers, tiers=tiers))
    opened = key_list.key_table(found, columns, key=name, order=form.order)
    key_list.key_pager(found, keys.count, chosen)
    if opened:
        open_page(Place.BILLING_KEY, customer_uid=opened)


open_list(_("Billing keys"), _list)
