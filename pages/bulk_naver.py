"""Naver Pay orders at once: those that wait or a file, what each row would do, and how far the lists are."""

from functools import partial

import streamlit as st
from dashboard.kit.fields import Fields
from dashboard.kit.watch import watch_list
from dashboard.locale import _
from dashboard.navigation import BACK, Place, link_to
from dashboard.screen import open_screen
from dashboard.screens.asking.many import submit, tell
from dashboard.screens.asking.many_rows import payments_table, send_button
from dashboard.screens.naver import bulk_desk
from dashboard.screens.naver import bulk_orders as form
from dashboard.screens.naver.naver_desk import since
from dashboard.screens.needs_person import settle_desk
from dashboard.screens.refunds.batch_cards import batch_cards
from dashboard.words import formats
from services.operations.files.naver_orders import Asking
from services.operations.journal.once import ONCE

screen = open_screen(_("Naver Pay orders"))
now = partial(settle_desk.files_now, ONCE)
lists, draft = now(), bulk_desk.DRAFT.get()
here, fields = bulk_desk.kinds_here(screen.settings, screen.user), Fields(draft.form)
watch_list(now, lists)
link_to(_("All payments"), Place.PAYMENTS, icon=BACK)
if not here:
    words = _("By the settings the contract with Naver Pay has neither escrow nor points that the shop triggers.")
    st.info(words, icon=":material/info:")
    st.stop()

kind = form.kind_choice(fields, here, draft.kind or screen.address.get("kind"))
first = since(screen.settings, kind)
chosen, file = list(draft.orders), None
if first is None:
    st.stop()
if chosen:
    st.markdown(f"**{formats.escape(bulk_desk.chosen_words(len(chosen)))}**")
    st.button(_("All that wait instead"), icon=":material/checklist:", key="all_instead", on_click=bulk_desk.begin)
else:
    due = bulk_desk.due_now(kind, first)
    chosen = form.due_table(due, kind, key=fields.key(f"due_{kind}"), buyers=screen.buyers)
    file = form.file_field(fields)
typing = form.order_fields(fields, kind, chosen, file)
if typing.done:
    bulk_desk.look(draft, typing, Asking(kind, first, typing.requester))
if draft.run and draft.run.kind == kind:
    payments_table(draft.run)
    warning = _("Each is sent by itself, and once it is done nothing undoes it.")
    if sent := send_button(draft.run, fields, partial(form.send_words, kind), warning):
        submit(bulk_desk.DRAFT, sent, screen.user)
tell(draft.problem, fields)

st.header(_("Lists"))
if not lists:
    st.caption(_("Nothing was done in bulk yet."))
batch_cards(lists, screen.user)
