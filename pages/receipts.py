"""Cash receipts: which were issued and over how much, which differ from the money; find one and open it."""

import streamlit as st
from dashboard.access import Permission
from dashboard.kit.filters import hits
from dashboard.locale import _
from dashboard.navigation import Place, link_to, open_page
from dashboard.screen import Screen, open_list, readable_filter
from dashboard.screens.receipts import receipt_desk, receipt_list
from dashboard.screens.receipts.receipt_filters import receipt_filter_form


def _list(screen: Screen) -> None:
    form = receipt_filter_form(screen.today, buyers=screen.buyers)
    view, line = form.ask(screen.address, "text", "period", entered=screen.entered)
    chosen = view.chosen

    with readable_filter():
        receipts = receipt_desk.read_list(chosen, before=view.before, after=view.after)
    found = receipts.found
    view = form.at_the_top(view, found)
    screen.set_address(form.address(view, chosen.text, found))
    screen.note_search(chosen.text, found)
    with line:
        if screen.user.may(Permission.RECEIPT):
            link_to(_("New receipt"), Place.NEW_RECEIPT)
        screen.export("receipts", chosen)
    receipt_list.receipt_tiles(receipts.totals, chosen, counted=not found.exact)
    hits.search_line(found)
    if not found.rows:
        receipt_list.no_receipts(chosen, screen.today)
        st.stop()

    receipt_list.sums_line(receipts.totals)
    opened = receipt_list.receipt_table(found, buyers=screen.buyers, key=f"receipts_{view.before}_{view.after}")
    receipt_list.receipt_pager(found)
    if opened and opened.imp_uid:
        open_page(Place.RECEIPT, imp_uid=opened.imp_uid)
    if opened:
        open_page(Place.RECEIPT, merchant_uid=opened.merchant_uid)


open_list(_("Cash receipts"), _list)
