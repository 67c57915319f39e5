"""Waiting for money: virtual accounts and store numbers that nobody has paid yet; open one, or revoke several."""

import streamlit as st
from dashboard.access import Permission
from dashboard.kit.filters import hits
from dashboard.locale import _, ngettext
from dashboard.navigation import Place, link_to, open_page
from dashboard.screen import Screen, open_list, readable_filter
from dashboard.screens.vbanks import vbank_desk, waiting_list
from dashboard.screens.vbanks.waiting_filters import waiting_filter_form
from services.tables.journal import OperationKind


def _list(screen: Screen) -> None:
    form = waiting_filter_form(screen.today, screen.now, buyers=screen.buyers)
    view, line = form.ask(screen.address, "text", "period", entered=screen.entered)
    chosen = view.chosen

    with readable_filter():
        waiting = vbank_desk.read_list(chosen, before=view.before, after=view.after)
    found = waiting.found
    view = form.at_the_top(view, found)
    screen.set_address(form.address(view, chosen.text, found))
    screen.note_search(chosen.text, found)
    may, several = screen.user.may(Permission.VBANK), False
    with line:
        if may:
            link_to(_("New virtual account"), Place.NEW_VBANK)
            if OperationKind.ISSUE_CVS in vbank_desk.kinds_here():
                link_to(_("New store number"), Place.NEW_CVS)
        screen.export("waiting", chosen)
        if may:
            several = st.toggle(_("Choose several"), key="waiting.several", persist_state="session")
    waiting_list.waiting_tiles(waiting.totals, chosen, counted=not found.exact)
    hits.search_line(found)
    if not found.rows:
        screen.needs_rows()
        waiting_list.none_waits(chosen, screen.today, screen.now)
        st.stop()

    waiting_list.sums_line(waiting.totals)
    key = f"waiting_{view.before}_{view.after}"
    picked = waiting_list.waiting_table(found, screen.now, buyers=screen.buyers, key=key, many=several)
    if several and picked:
        words = ngettext("Revoke {n}", "Revoke {n}", len(picked)).format(n=f"{len(picked):,}")
        if st.button(words, icon=":material/money_off:", key="revoke_several"):
            vbank_desk.begin_many([row.imp_uid for row in picked])
            open_page(Place.BULK_VBANKS)
    waiting_list.waiting_pager(found)
    waiting_list.overdue_note(waiting.totals)
    if picked and not several:
        open_page(Place.VBANK, imp_uid=picked[0].imp_uid)


open_list(_("Waiting for money"), _list)
