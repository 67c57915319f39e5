"""Identity verifications: one is looked at for a reason that is kept, or erased for good; KCP Quick's members too."""

from functools import partial

import streamlit as st
from dashboard.kit.fields import Fields
from dashboard.kit.gateway_notice import gateway_warning
from dashboard.kit.watch import watch_reading
from dashboard.locale import _
from dashboard.navigation import BACK, Place, link_to, open_page
from dashboard.screen import open_screen
from dashboard.screens.asking import drafts, held_form
from dashboard.screens.asking.step_line import form_column
from dashboard.screens.identity import identity_desk as desk
from dashboard.screens.identity import identity_form as form
from dashboard.words import formats
from services.tables.journal import OperationKind

screen = open_screen(_("Identity verifications"))
if number := held_form.asked_for(desk.draft()):
    desk.hide()
    open_page(Place.IDENTITY, id=number)
with form_column():
    if shown := held_form.operation_of(screen.address.get("id", ""), [OperationKind.DELETE_IDENTITY]):
        link_to(_("Another verification"), Place.IDENTITY, icon=BACK)
        st.text(formats.shown(shown.verification_uid or ""))
        held_form.watch(shown)
        st.stop()
    with st.container(horizontal=True):
        link_to(_("Erase a KCP Quick member"), Place.QUICK_MEMBER)
        if screen.settings.allow_identity_otp:
            link_to(_("Verify by a one-time number"), Place.IDENTITY_OTP)
    draft = desk.draft()
    if draft.wanted:
        st.text(formats.shown(draft.wanted.verification_uid or ""))
        held_form.last_look(draft, screen.user, form.says(), form.request(draft.wanted))
        st.stop()
    fields = Fields(draft.form)
    typing = form.identity_fields(fields)
    if typing.look and (problem := desk.try_look(typing.uid, typing.reason, screen.user)):
        fields.say(problem)
        st.stop()
    drafts.take_typed(
        draft, fields, lambda: None, lambda _form: desk.wanted(typing.uid, typing.reason), done=typing.erase
    )
    seen = desk.seen()
    if seen is None:
        st.stop()
    look, answer = seen
    if desk.answers.is_asking(look.ticket):
        watch_reading(partial(desk.answers.is_asking, look.ticket), _("Reading the verification …"))
        st.stop()
    if answer.error:
        gateway_warning(answer.error)
    elif answer.found:
        form.verification_facts(answer.found)
    form.until_over(partial(desk.is_over, look.ticket))
    st.button(_("Hide it"), icon=":material/visibility_off:", key="hide", on_click=desk.hide)
