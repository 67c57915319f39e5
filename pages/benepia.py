"""A payment by a buyer's Benepia points, where the settings allow it: the buyer's account, a last look, its outcome."""

from functools import partial

import streamlit as st
from dashboard.kit.fields import Fields
from dashboard.kit.gateway_notice import gateway_warning
from dashboard.kit.watch import watch_reading
from dashboard.locale import _
from dashboard.navigation import BACK, Place, link_to, open_page
from dashboard.screen import open_screen
from dashboard.screens.asking import held_form
from dashboard.screens.asking.step_line import form_column, step_line
from dashboard.screens.kcp import benepia_desk as desk
from dashboard.screens.kcp import benepia_form as form
from services.errors import InvalidRequest
from services.operations.actions.kcp import benepia
from services.tables.journal import OperationKind

screen = open_screen(_("Benepia payment"))
link_to(_("Payment links"), Place.LINKS, icon=BACK)
draft = desk.draft()
with form_column():
    if not screen.settings.allow_benepia:
        words = _("The person who runs Jangbu can switch it on, where the shop has a contract with KCP and Benepia.")
        st.info(words, title=_("This is off"), icon=":material/block:")
        st.stop()
    if number := held_form.asked_for(draft):
        open_page(Place.BENEPIA, id=number)
    if shown := held_form.operation_of(screen.address.get("id", ""), [OperationKind.BENEPIA_PAYMENT]):
        held_form.watch(shown)
        held_form.again_button(draft, shown, Place.BENEPIA, form.as_typed(shown, desk.channels()))
        with st.container(horizontal=True):
            if shown.imp_uid:
                link_to(_("Open the payment"), Place.PAYMENT, imp_uid=shown.imp_uid)
            link_to(_("Another payment"), Place.BENEPIA)
        st.stop()
    channels = desk.channels()
    if not channels:
        st.info(_("None of the channels takes Benepia points."), icon=":material/block:")
        st.stop()
    form.warning()
    step_line(draft.step, asked=False)
    if draft.wanted:
        body = {"POST /benepia/payment": benepia.as_sent(draft.wanted)}
        held_form.last_look(draft, screen.user, form.says(draft.wanted), body, confirm=True)
        st.stop()
    typing = form.benepia_fields(
        Fields(draft.form), channels, partial(link_to, _("Cancel"), Place.LINKS, icon=":material/close:")
    )
    filled = typing.form()
    if typing.ask:
        try:
            desk.ask_points(filled)
        except InvalidRequest as problem:
            typing.fields.say(problem)
            st.stop()
        held_form.empty(typing.fields, form.SECRETS)
        st.rerun()
    make, hold = partial(desk.wanted, filled), partial(desk.hold, filled)
    held_form.take(draft, typing.fields, make, hold, done=typing.done, secrets=form.SECRETS)
    told = desk.told_points()
    if told is None:
        st.stop()
    ticket, answer = told
    if desk.points.is_asking(ticket):
        watch_reading(partial(desk.points.is_asking, ticket), _("Reading the points …"))
    elif answer.error:
        gateway_warning(answer.error)
    elif answer.found is not None:
        form.points_line(answer.found)
