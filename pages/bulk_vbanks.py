"""Many accounts and store numbers revoked at once: what each row would do, and how far the lists are."""

from functools import partial

import streamlit as st
from dashboard.kit.fields import Fields
from dashboard.kit.watch import watch_list
from dashboard.locale import _
from dashboard.navigation import BACK, Place, link_to
from dashboard.screen import open_screen
from dashboard.screens.asking.many import tell
from dashboard.screens.asking.many_rows import payments_table, send_button
from dashboard.screens.needs_person import settle_desk
from dashboard.screens.refunds.batch_cards import batch_cards
from dashboard.screens.vbanks import vbank_desk, vbank_facts
from services.tables.journal import OperationKind

screen = open_screen(_("Revoke several"))
now = partial(settle_desk.files_now, (OperationKind.REVOKE_VBANK,))
lists, draft = now(), vbank_desk.MANY.get()
fields = Fields(draft.form)
watch_list(now, lists)
link_to(_("All that waits for money"), Place.WAITING, icon=BACK)
if draft.run:
    payments_table(draft.run)
    warning = _("Each is sent by itself: nobody can pay by it any more.")
    if chosen := send_button(draft.run, fields, vbank_facts.revoke_words, warning):
        vbank_desk.submit_many(chosen, screen.user)
else:
    st.caption(_("Choose several in the list of what waits for money."))
tell(draft.problem, fields)

st.header(_("Lists"))
if not lists:
    st.caption(_("Nothing was done in bulk yet."))
batch_cards(lists, screen.user)
