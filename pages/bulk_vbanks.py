"""Many accounts and store numbers revoked at once: what each row would do, and how far the lists are."""

from functools import partial

import streamlit as st
from dashboard.kit.fields import Fields
from dashboard.kit.watch import watch_list
from dashboard.locale import _, ngettext
from dashboard.navigation import BACK, Place, link_to
from dashboard.screen import open_screen
from dashboard.screens.needs_person import settle_desk
from dashboard.screens.refunds.batch_cards import batch_cards
from dashboard.screens.vbanks import vbank_desk, vbank_facts
from dashboard.words import formats
from services.tables.journal import OperationKind

screen = open_screen(_("Revoke several"))
now = partial(settle_desk.files_now, (OperationKind.REVOKE_VBANK,))
lists, draft = now(), vbank_desk.MANY.get()
watch_list(now, lists)
link_to(_("All that waits for money"), Place.WAITING, icon=BACK)
if draft.run:
    vbank_facts.dry_run_table(draft.run)
    if (fitting := vbank_facts.revoke_button(draft.run, Fields(draft.form))) is not None:
        n = len(draft.run.rows)
        name = ngettext("{n} chosen to be revoked", "{n} chosen to be revoked", n).format(n=f"{n:,}")
        vbank_desk.submit_many(draft.run, name, screen.user, fitting=fitting)
        if not draft.problem:
            st.rerun()
else:
    st.caption(_("Choose several in the list of what waits for money."))
if draft.problem:
    st.error(formats.told(draft.problem), icon=":material/error:")

st.header(_("Lists"))
if not lists:
    st.caption(_("Nothing was done in bulk yet."))
batch_cards(lists, screen.user)
