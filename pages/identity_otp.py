"""A verification by a one-time number, where the settings allow it: whose, a last look, the number, its outcome."""

from functools import partial

import streamlit as st
from dashboard.kit.fields import Fields
from dashboard.locale import _
from dashboard.navigation import BACK, Place, link_to, open_page
from dashboard.screen import open_screen
from dashboard.screens.asking import held_form
from dashboard.screens.asking.step_line import form_column, step_line
from dashboard.screens.identity import otp_desk as desk
from dashboard.screens.identity import otp_form as form
from services.operations.actions.identity import otp_requests
from services.tables.journal import OperationState

screen = open_screen(_("Verify by a one-time number"))
link_to(_("Identity verifications"), Place.IDENTITY, icon=BACK)
cancel = partial(link_to, _("Cancel"), Place.IDENTITY, icon=":material/close:")
with form_column():
    if not screen.settings.allow_identity_otp:
        words = _("The person who runs Jangbu can switch it on, once the carriers have approved it.")
        st.info(words, title=_("This is off"), icon=":material/block:")
        st.stop()
    if number := held_form.asked_for(desk.request_draft()):
        open_page(Place.IDENTITY_OTP, id=number)
    form.warning()
    if shown := held_form.operation_of(screen.address.get("id", ""), desk.KINDS):
        begun = desk.begun(shown)
        if begun and (number := held_form.asked_for(begun.draft)):
            open_page(Place.IDENTITY_OTP, id=number, sent=str(shown.id))
        held_form.watch(shown)
        sent = screen.address.get("sent", "")
        if begun is None and shown.state == OperationState.SUCCEEDED:
            form.certified(shown.verification_uid or "")
        if begun is None and sent and shown.state == OperationState.REFUSED:
            link_to(_("Type the number again"), Place.IDENTITY_OTP, icon=":material/replay:", id=sent)
        if begun is None or shown.state != OperationState.SUCCEEDED:
            link_to(_("Another verification"), Place.IDENTITY_OTP, icon=BACK)
            st.stop()
        if begun.draft.wanted:
            held_form.last_look(begun.draft, screen.user, form.confirm_says(), {})
            st.stop()
        typed = form.number_field(Fields(begun.draft.form), cancel, by_app=begun.by_app)
        make, hold = partial(begun.wanted, typed.otp), partial(begun.hold, typed.otp)
        held_form.take(begun.draft, typed.fields, make, hold, done=typed.done, secrets=form.SECRETS)
        st.stop()
    draft, channels = desk.request_draft(), desk.channels()
    if not channels:
        st.info(_("None of the channels sends one-time numbers."), icon=":material/block:")
        st.stop()
    step_line(draft.step, asked=False)
    if draft.wanted:
        by_app = "verification_method" in draft.wanted.request
        body = {"POST /certifications/otp/request": otp_requests.as_sent(draft.wanted)}
        held_form.last_look(draft, screen.user, form.request_says(by_app=by_app), body)
        st.stop()
    typing = form.person_fields(Fields(draft.form), channels, cancel)
    held_form.take(
        draft,
        typing.fields,
        partial(desk.wanted, typing.channel, typing.filled, by_app=typing.by_app),
        partial(desk.hold, typing.filled),
        done=typing.done,
        emptied=form.PERSONAL,
    )
