"""One virtual account or store number: how it stands, words to the buyer, changing it, revoking it."""

from functools import partial
from urllib.parse import quote

import streamlit as st
from dashboard.access import Permission
from dashboard.kit.fields import Fields
from dashboard.kit.reread import reread_button
from dashboard.locale import _
from dashboard.navigation import BACK, Place, link_to, open_page
from dashboard.screen import open_screen
from dashboard.screens.asking import drafts, last_look, outcome
from dashboard.screens.asking.step_line import form_column
from dashboard.screens.telling import messages, telling_desk
from dashboard.screens.vbanks import vbank_desk, vbank_facts, vbank_form
from dashboard.words import formats
from services.operations.actions.vbanks import changes
from services.operations.journal.states import OPEN
from services.vbanks.pg_rules import Ability, rule_of

imp_uid, order = (st.query_params.get(name, "") for name in ("imp_uid", "merchant_uid"))
is_number = vbank_desk.is_number(imp_uid, order)
screen = open_screen(_("Convenience store number") if is_number else _("Virtual account"))
found = vbank_desk.open_account(imp_uid, order, screen)
payment, operation = found.payment, found.operation
screen = screen.in_store(payment.tier if payment else None)
if operation and not imp_uid and operation.state == "succeeded" and operation.imp_uid:
    open_page(Place.VBANK, imp_uid=operation.imp_uid)
with st.container(horizontal=True, vertical_alignment="center"):
    link_to(_("All that waits for money"), Place.WAITING, icon=BACK)
    if payment:
        link_to(_("The payment"), Place.PAYMENT, imp_uid=imp_uid)
    st.space("stretch")
    if screen.may_read and payment and found.reading:
        reread_button(found.reading)
if payment is None:
    with form_column():
        if operation is None:
            words = _("Look for it in the list of payments.")
            st.info(words, title=_("No such payment here"), icon=":material/search_off:")
            st.stop()
        st.text(formats.shown(order))
        drafts.watch_outcome(operation, outcome.outcome)
        if operation.state not in OPEN and screen.user.may(Permission.VBANK):
            link_to(_("Fill in another form"), Place.NEW_VBANK if operation.kind == "issue_vbank" else Place.NEW_CVS)
    st.stop()

waits = payment.status == "ready"
with form_column():
    vbank_facts.account_facts(payment, screen.now, buyers=screen.buyers)
    if operation:
        drafts.watch_outcome(operation, outcome.outcome)
        if operation.state in OPEN:
            st.stop()
    telling_desk.tell(messages.of_waiting(payment, screen.now), imp_uid)
    if not waits or not screen.user.may(Permission.VBANK):
        st.stop()
    if found.revoke.wanted:
        group = "cvs" if is_number else "vbanks"
        call: dict[str, object] = {f"DELETE /{group}/{quote(imp_uid, safe='')}": {}}
        last_look.last_look(found.revoke, screen.user, vbank_form.revoke_sentence(payment), call, charges=False)
        st.stop()
    if found.change.wanted:
        says = vbank_form.change_sentence(found.change.wanted, payment)
        call = {f"PUT /vbanks/{quote(imp_uid, safe='')}": changes.as_sent(found.change.wanted)}
        last_look.last_look(found.change, screen.user, says, call, charges=False)
        st.stop()
    if operation:
        st.button(_("Change or revoke it"), key="another", on_click=vbank_desk.begin_anew, args=(found,))
        st.stop()
    blocked = None
    if st.button(_("Revoke it"), icon=":material/money_off:", key="revoke_account"):
        blocked = found.begin_revoking(payment)
        if blocked is None:
            st.rerun()
    if blocked:
        st.error(formats.told(blocked), icon=":material/block:")
    if Ability.CHANGE in rule_of(payment.pg_provider).can and payment.vbank_num:
        st.header(_("Another amount or term"))
        drafts.show(found.change, imp_uid, (payment.amount, payment.vbank_date))
        drafts.overtaken_line(found.change)
        cancel = partial(link_to, _("Cancel"), Place.WAITING, icon=":material/close:")
        typing = vbank_form.change_fields(Fields(found.change.form), payment, cancel)
        make = partial(found.wanted_change, payment, now=screen.now)
        drafts.take_typed(found.change, typing.fields, typing.form, make, done=typing.done)
    elif payment.vbank_num:
        st.caption(_("At this PG an account cannot be changed: revoke it and issue another one."))
