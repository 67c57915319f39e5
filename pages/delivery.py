"""The delivery of one escrow payment: what stands, entering it or changing it, and what became of that."""

from functools import partial

import streamlit as st
from dashboard.kit.fields import Fields
from dashboard.kit.gateway_notice import gateway_warning
from dashboard.kit.watch import watch_reading
from dashboard.locale import _
from dashboard.navigation import BACK, Place, link_to
from dashboard.screen import open_screen
from dashboard.screens.asking import drafts, outcome
from dashboard.screens.asking.step_line import form_column, step_line
from dashboard.screens.deliveries import delivery_desk, delivery_facts, delivery_form
from dashboard.words import formats
from services.escrow import pg_rules
from services.operations.actions.escrow import parcels

screen = open_screen(_("Escrow delivery"))
imp_uid = screen.address.get("imp_uid", "")
found = delivery_desk.open_delivery(imp_uid, screen)
payment, operation, stands, draft = found.payment, found.operation, found.stands, found.draft
with st.container(horizontal=True, vertical_alignment="center"):
    link_to(_("Back to the payment"), Place.PAYMENT, icon=BACK, imp_uid=imp_uid)
    link_to(_("All escrow deliveries"), Place.DELIVERIES, icon=BACK)
if found.reading and operation is None:
    watch_reading(partial(delivery_desk.is_reading, imp_uid), _("Reading the payment from the gateway …"))
    st.stop()
if payment is None:
    st.info(_("Look for it in the list of payments."), title=_("No such payment here"), icon=":material/search_off:")
    st.stop()

with form_column():
    step_line(draft.step, asked=operation is not None)
    delivery_facts.payment_line(payment, buyers=screen.buyers)
    if found.unread:
        gateway_warning(found.unread)
    if stands:
        delivery_facts.delivery_facts(stands)
    elif operation is None:
        delivery_facts.none_known(known_there=found.known_there)
    rule = pg_rules.rule_of(payment.pg_provider)
    if operation:
        drafts.watch_outcome(operation, outcome.outcome)
        if operation.state == "succeeded" and pg_rules.Ability.CHANGE in rule.can:
            anew = partial(delivery_desk.begin_anew, found.asked)
            st.button(_("Change the delivery"), icon=":material/edit:", key="again", on_click=anew)
        elif operation.state != "succeeded":
            drafts.offer_again(found.asked, operation, "")
        st.stop()
    if stands_in_the_way := pg_rules.stands_in_the_way(payment, escrow=payment.escrow):
        st.info(formats.told(stands_in_the_way), icon=":material/block:")
        st.stop()
    if stands and pg_rules.Ability.CHANGE not in rule.can:
        st.info(_("At this PG a delivery that was entered cannot be changed."), icon=":material/block:")
        st.stop()
    delivery_facts.notes(payment)
    drafts.overtaken_line(draft)
    if draft.wanted is None:
        cancel = partial(link_to, _("Cancel"), Place.PAYMENT, icon=":material/close:", imp_uid=imp_uid)
        typing = delivery_form.delivery_fields(Fields(draft.form), rule, found.first(payment), cancel)
        drafts.take_typed(draft, typing.fields, typing.form, partial(found.wanted, payment), done=typing.done)
        st.stop()
    delivery_form.persons_lines(Fields(draft.form), rule)
    call = f"{'PUT' if stands else 'POST'} /escrows/logis/{imp_uid}"
    body = {call: parcels.as_sent(draft.wanted)}
    delivery_desk.look(draft, payment, screen, delivery_form.sentence_of(draft.wanted), body)
