"""The page of what one PG is told of one payment, from the payment to what became of it."""

from functools import partial

import streamlit as st
from services.operations.actions.deliveries import payco, paymentwall
from services.operations.journal.journal import Wanted
from services.tables.journal import OperationKind
from services.tables.v1 import Payment

from dashboard.kit.fields import Fields, Typing
from dashboard.locale import _
from dashboard.navigation import Place, link_to
from dashboard.screen import Screen
from dashboard.screens.asking import drafts, outcome
from dashboard.screens.asking.of_payment import payment_of
from dashboard.screens.asking.step_line import form_column, step_line
from dashboard.screens.deliveries import delivery_facts, pg_desk, pg_form
from dashboard.screens.deliveries.on_payment import told_words
from dashboard.screens.deliveries.pg_desk import StepsScreen
from dashboard.words import formats


def steps_page(kind: OperationKind, screen: Screen) -> None:
    """Draws it below the head: the payment, what was told, then the form, the last look or the outcome."""
    imp_uid = screen.address.get("imp_uid", "")
    found = pg_desk.open_steps(kind, imp_uid, screen)
    payment = payment_of(found, imp_uid)
    if payment is None:
        return
    with form_column():
        step_line(found.draft.step, asked=found.operation is not None)
        delivery_facts.payment_line(payment, buyers=screen.buyers)
        for one in found.told.values():
            st.success(formats.escape(told_words(one)), icon=":material/check_circle:")
        _rest(kind, found, payment, screen)


def _rest(kind: OperationKind, found: StepsScreen, payment: Payment, screen: Screen) -> None:
    draft = found.draft
    if found.operation:
        drafts.watch_outcome(found.operation, outcome.outcome)
        if found.operation.state != "succeeded":
            drafts.offer_again(draft, found.operation, "")
        elif found.ahead:
            st.button(_("Tell the next state"), key="again", on_click=pg_desk.begin_anew, args=(draft,))
    elif not found.ahead:
        st.caption(_("Every state has been told."))
    elif not found.applies:
        st.info(_("This is only for paid payments of this PG."), icon=":material/info:")
    elif draft.wanted is None:
        drafts.overtaken_line(draft)
        cancel = partial(link_to, _("Cancel"), Place.PAYMENT, icon=":material/close:", imp_uid=payment.imp_uid)
        fields = Fields(draft.form)
        if kind == OperationKind.PAYCO_STATUS:
            _payco(found, payment, fields, cancel)
        else:
            _paymentwall(found, payment, fields, cancel)
    else:
        pg_desk.look(draft, screen, pg_form.sentence_of(draft.wanted), _request(kind, draft.wanted))


def _payco(found: StepsScreen, payment: Payment, fields: Fields, cancel: partial[None]) -> None:
    typing = pg_form.payco_fields(fields, found.ahead, found.told, cancel)

    def wanted(_typed: Typing) -> Wanted:
        return payco.wanted_status(found.draft.token, payment, typing.status, found.told, elsewhere=typing.elsewhere)

    drafts.take_typed(found.draft, fields, lambda: typing, wanted, done=typing.done)


def _paymentwall(found: StepsScreen, payment: Payment, fields: Fields, cancel: partial[None]) -> None:
    typing = pg_form.paymentwall_fields(fields, found.ahead, paymentwall.of_buyer(payment), cancel)
    make = partial(pg_desk.wanted_of_paymentwall, found.draft.token, payment)
    drafts.take_typed(found.draft, fields, typing.form, make, done=typing.done)


def _request(kind: OperationKind, wanted: Wanted) -> dict[str, object]:
    if kind == OperationKind.PAYCO_STATUS:
        return {f"POST /payco/orders/status/{wanted.imp_uid}": payco.as_sent(wanted)}
    return {"POST /paymentwall/delivery": paymentwall.as_sent(wanted)}
