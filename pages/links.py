"""Payment links: which there are, how they stand, what is open and what was paid; find one and open it."""

from functools import partial

import streamlit as st
from dashboard.kit.filters import hits
from dashboard.locale import _
from dashboard.navigation import Place, link_to, open_page
from dashboard.screen import Screen, open_list, readable_filter
from dashboard.screens.links import link_desk, link_list
from dashboard.screens.links.link_filters import link_form


def _list(screen: Screen) -> None:
    form = link_form(screen.today, link_desk.known_makers(), buyers=screen.buyers)
    view, line = form.ask(screen.address, "text", "period", entered=screen.entered)
    chosen = view.chosen

    with readable_filter():
        links = link_desk.read_list(chosen, before=view.before, after=view.after)
    found = links.found
    view = form.at_the_top(view, found)
    screen.set_address(form.address(view, chosen.text, found))
    screen.note_search(chosen.text, found)
    with line:
        if screen.may_charge:
            link_to(_("New link"), Place.NEW_LINK)
            link_to(_("Many links at once"), Place.BULK_LINKS)
            if screen.settings.allow_benepia:
                link_to(_("Benepia payment"), Place.BENEPIA)
        if screen.may_export:
            link_list.csv_button(partial(link_desk.read_file, chosen), screen.user, buyers=screen.buyers)
    link_list.link_tiles(links.totals, chosen, counted=not found.exact)
    hits.search_line(found)
    if not found.rows:
        link_list.no_links(chosen, screen.today, may_make=screen.may_charge)
        st.stop()

    if not found.exact:
        link_list.sums_line(links.totals)
    opened = link_list.link_table(found, buyers=screen.buyers, key=f"links_{view.before}_{view.after}")
    link_list.link_pager(found)
    if opened:
        open_page(Place.LINK, link=str(opened))


open_list(_("Payment links"), _list)
