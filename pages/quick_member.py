"""Erase a member of KCP Quick: who, by which codes, why, a last look at what cannot be undone, and its outcome."""

from functools import partial

import streamlit as st
from dashboard.kit.fields import Fields
from dashboard.locale import _
from dashboard.navigation import BACK, Place, link_to, open_page
from dashboard.screen import open_screen
from dashboard.screens.asking import drafts, held_form
from dashboard.screens.asking.step_line import form_column, step_line
from dashboard.screens.kcp import quick_form as form
from dashboard.words import formats
from services.operations.actions.kcp import quick_members
from services.operations.journal.journal import asked
from services.tables.journal import OperationKind

screen = open_screen(_("Erase a KCP Quick member"))
link_to(_("Identity verifications"), Place.IDENTITY, icon=BACK)
draft = drafts.draft_of("quick_member", OperationKind.DELETE_QUICK_MEMBER)
if number := held_form.asked_for(draft):
    open_page(Place.QUICK_MEMBER, id=number)
with form_column():
    if shown := held_form.operation_of(screen.address.get("id", ""), [OperationKind.DELETE_QUICK_MEMBER]):
        st.text(formats.shown(asked(shown)["member_id"]))
        held_form.watch(shown)
        held_form.again_button(draft, shown, Place.QUICK_MEMBER, form.as_typed(shown))
        link_to(_("Another member"), Place.QUICK_MEMBER, icon=BACK)
        st.stop()
    st.caption(_("For a buyer's request to be erased. No call reads a member: what you type is all there is."))
    step_line(draft.step, asked=False)
    drafts.overtaken_line(draft)
    if draft.wanted:
        held_form.last_look(draft, screen.user, form.says(draft.wanted), form.request(draft.wanted))
        st.stop()
    cancel = partial(link_to, _("Cancel"), Place.IDENTITY, icon=":material/close:")
    typing = form.member_fields(Fields(draft.form), cancel)
    drafts.take_typed(
        draft,
        typing.fields,
        lambda: typing,
        lambda typed: quick_members.wanted_member_erasure(draft.token, typed.member, typed.reason),
        done=typing.done,
    )
