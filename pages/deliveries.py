"""Escrow deliveries: which payments wait for one, the oldest first, and which are entered; find one and open it."""

import streamlit as st
from dashboard.access import Permission
from dashboard.kit.filters import hits
from dashboard.locale import _
from dashboard.navigation import Place, link_to, open_page
from dashboard.screen import Screen, open_list, readable_filter
from dashboard.screens.deliveries import delivery_desk, delivery_list
from dashboard.screens.deliveries.delivery_filters import delivery_filter_form
from services.tables.escrow import DeliveryState


def _list(screen: Screen) -> None:
    form = delivery_filter_form(screen.today, buyers=screen.buyers)
    view, line = form.ask(screen.address, "text", "period", entered=screen.entered)
    chosen, may = view.chosen, screen.user.may(Permission.DELIVERY)

    with readable_filter():
        deliveries = delivery_desk.read_list(chosen, before=view.before, after=view.after)
    found = deliveries.found
    view = form.at_the_top(view, found)
    screen.set_address(form.address(view, chosen.text, found))
    screen.note_search(chosen.text, found)
    with line:
        if may:
            link_to(_("Many at once"), Place.BULK_DELIVERIES)
    delivery_list.delivery_tiles(deliveries.states, chosen, counted=not found.exact)
    hits.search_line(found)
    if not found.rows:
        delivery_list.no_deliveries(chosen, screen.today)
        st.stop()

    if screen.may_read and deliveries.states[DeliveryState.TO_ENTER].n:
        delivery_list.elsewhere_line(chosen, screen.today)
    opened = delivery_list.delivery_table(found, buyers=screen.buyers, key=f"deliveries_{view.before}_{view.after}")
    delivery_list.delivery_pager(found)
    if opened:
        open_page(Place.DELIVERY if may else Place.PAYMENT, imp_uid=opened.imp_uid)


open_list(_("Escrow deliveries"), _list)
