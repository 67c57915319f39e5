"""Payments: find a payment and open it, or take the whole list along as a file."""

import streamlit as st
from dashboard.kit.filters import hits
from dashboard.kit.lookup import ask_gateway
from dashboard.locale import _
from dashboard.navigation import Place, open_page
from dashboard.screen import Screen, open_list, readable_filter
from dashboard.screens.naver import bulk_desk
from dashboard.screens.naver.bulk_orders import order_buttons
from dashboard.screens.payments import payment_desk, payment_list, walk_desk
from dashboard.screens.payments.chosen import reread_chosen
from dashboard.screens.payments.filters import payment_filters, payment_form
from dashboard.screens.payments.tables import FIRST, payment_columns, picked_payments


def _list(screen: Screen) -> None:
    tiers = screen.settings.tiers
    form = payment_form(screen.today, payment_desk.known_values(), buyers=screen.buyers, tiers=tiers)
    look = screen.look(form, columns := payment_columns(buyers=screen.buyers, tiers=tiers), FIRST)
    view, line = payment_filters(form, screen.address, entered=screen.entered)
    chosen = view.chosen
    screen.tell_live(chosen.live)

    with readable_filter():
        payments = payment_desk.read_list(chosen, before=view.before, after=view.after)
    found = payments.found
    view = form.at_the_top(view, found)
    screen.set_address(form.address(view, chosen.text, found) | look.address())
    screen.note_search(chosen.text, found)

    here, several = bulk_desk.kinds_here(screen.settings, screen.user), False
    with line:
        screen.view_button(look)
        screen.export("payments", chosen, look.chosen)
        if here or screen.may_read:
            several = st.toggle(_("Choose several"), key="payments.several", persist_state="session")
    payment_list.state_tiles(payments.states, chosen)
    ask_gateway(chosen.text, here=payments.here, was_asking=payments.was_asking, may=screen.may_read)
    if not found.exact:
        payment_list.totals_line(payments.totals, chosen, screen.today)
    hits.search_lines(form, found, payments.count, payments.everywhere)
    if not found.rows:
        screen.needs_rows()
        payment_list.empty_list(form, chosen, payments.everywhere, screen.today)
        st.stop()

    key = f"payments_{view.before}_{view.after}"
    picked = picked_payments(found, look.pick(columns), key=key, order=form.order, whole=True, several=several)
    kind = order_buttons(picked, here) if several and here else None
    if several and screen.may_read:
        reread_chosen(picked)
    walk_desk.keep_page(Place.PAYMENTS, chosen, found)
    payment_list.pager(found, payments.count)
    if kind:
        bulk_desk.begin(picked, kind)
        open_page(Place.BULK_NAVER)
    if picked and not several:
        open_page(Place.PAYMENT, imp_uid=picked[0])


open_list(_("Payments"), _list)
