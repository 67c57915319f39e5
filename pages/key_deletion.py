"""Delete a billing key, or end its subscription: what stands in the way, why, a last look, what became of it."""

import time
from functools import partial

import streamlit as st
from dashboard.access import Permission, User
from dashboard.kit.fields import Fields
from dashboard.kit.frame import strip
from dashboard.kit.watch import watch_reading, watch_steps
from dashboard.locale import _
from dashboard.navigation import link_to_billing_key
from dashboard.process import rereads
from dashboard.process.resources import current_freshness, current_settings, open_session
from dashboard.screens.asking import drafts, review
from dashboard.screens.asking.outcome import again_button
from dashboard.screens.charges import charge_form
from dashboard.screens.keys import deletion_desk
from dashboard.screens.keys import key_deletion_form as form
from dashboard.screens.keys.key_facts import no_such_key
from services import stated
from services.operations.actions import charges
from services.operations.journal.states import OPEN
from services.store.lists.one import booked_on_key, get_billing_key
from services.tables.journal import OperationKind, OperationState

user: User = st.session_state["user"]
settings, uid = current_settings(), st.query_params.get("customer_uid", "")
draft, name = drafts.draft_of(charges.subject_of(uid), OperationKind.DELETE_KEY), rereads.key_name(uid)
drafts.read_first(draft, uid, entered=st.session_state["entered"], ask_again=rereads.ask_key_again)
reading = rereads.is_reading(name)
with open_session() as session:
    key, booked = get_billing_key(session, uid), booked_on_key(session, uid)
    operation = drafts.operation_to_show(session, draft, user)
ending = "end" in st.query_params and bool(booked or (operation and operation.after_id))

st.title(_("End the subscription") if ending else _("Delete a billing key"))
strip(current_freshness, sandbox=settings.is_sandbox)
link_to_billing_key(_("Back to the billing key"), uid, icon=":material/arrow_back:")
if reading and operation is None:
    watch_reading(partial(rereads.is_reading, name), _("Reading from the gateway what is booked …"))
    st.stop()
if key is None:
    no_such_key()
    st.stop()

charge_form.key_facts(key, buyers=user.may(Permission.SEE_BUYERS))
if operation:
    read_steps = partial(drafts.read_steps, operation.id)
    watch_steps(read_steps(), read_steps, form.steps_result)
    if operation.state not in (*OPEN, OperationState.SUCCEEDED):
        again_button(operation, "", partial(drafts.begin_anew, draft))
    st.stop()
drafts.show(draft, name, [(one.merchant_uid, one.schedule_at, one.amount) for one in booked])
if key.deleted_at is not None:
    charge_form.gone_line(key)
    st.stop()
if draft.moved:
    st.warning(_("What is booked has changed since the form was opened: look at it again."), icon=":material/sync:")
if booked and not ending:
    if form.blocked(booked):
        st.query_params["end"] = "1"
        st.rerun()
    st.stop()

if draft.wanted is None:
    typing = form.deletion_fields(
        Fields(draft.form), booked, stated.words_in(stated.DELETION, settings.reason_language)
    )
    if typing.done:
        make = partial(deletion_desk.wanted_ending, draft.token, key, booked, time.time())
        drafts.check(draft, lambda: typing, make)
        if draft.wanted:
            st.rerun()
    if draft.problem:
        typing.fields.say(draft.problem)
    st.stop()
# Shown whatever the time is: whether something is due by now is looked at as it is written down.
revocation = deletion_desk.first_step(draft.wanted, booked, now=0)
choice = review.review(
    draft.wanted,
    form.says(booked),
    form.requests(draft.wanted, revocation),
    confirm_from=None,
    closed=review.closed_words(current_freshness(), draft.unread, has_key=bool(settings.imp_key)),
    error=draft.error,
    may_read=draft.unread is not None,
    label=_("End the subscription") if booked else _("Delete the key"),
)
drafts.follow(draft, choice, user, deletion_desk.writing(key, booked))
