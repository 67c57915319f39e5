"""Refunds: what was refunded, who wanted it, who entered it, and why."""

import streamlit as st
from dashboard.kit.filters import hits
from dashboard.locale import _
from dashboard.navigation import Place, open_page
from dashboard.screen import Screen, open_list, readable_filter
from dashboard.screens.payments import payment_desk, walk_desk
from dashboard.screens.refunds import refund_desk, refund_list
from dashboard.screens.refunds.refund_filters import refund_form


def _list(screen: Screen) -> None:
    form = refund_form(screen.today, payment_desk.known_values(), buyers=screen.buyers, tiers=screen.settings.tiers)
    look = screen.look(form, columns := refund_list.refund_columns(buyers=screen.buyers))
    view, line = form.ask(screen.address, "text", "period", entered=screen.entered)
    chosen = view.chosen
    screen.tell_live(chosen.live)

    with readable_filter():
        refunds = refund_desk.read_list(chosen, before=view.before, after=view.after)
    found = refunds.found
    view = form.at_the_top(view, found)
    screen.set_address(form.address(view, chosen.text, found) | look.address())
    screen.note_search(chosen.text, found)
    with line:
        screen.view_button(look)
        screen.export("refunds", chosen, look.chosen)
    hits.search_lines(form, found, refunds.count, refunds.everywhere)
    if not found.rows:
        refund_list.no_refunds(form, chosen, refunds.everywhere, screen.today)
        st.stop()

    refund_list.refund_totals_line(refunds.totals, chosen)
    key = f"refunds_{view.before}_{view.after}"
    opened = refund_list.refund_table(found, look.pick(columns), key=key, order=form.order)
    walk_desk.keep_page(Place.REFUNDS, chosen, found)
    refund_list.refund_pager(found)
    if opened:
        open_page(Place.PAYMENT, imp_uid=opened)


open_list(_("Refunds"), _list)
