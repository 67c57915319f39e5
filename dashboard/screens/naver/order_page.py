"""The page of one kind of operation on one Naver Pay order, from the order to what became of it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from services.operations.actions.naver import confirmations, points
from services.operations.journal.journal import Wanted
from services.tables.journal import OperationKind
from services.tables.v1 import Payment

from dashboard.kit.fields import Fields
from dashboard.locale import _
from dashboard.navigation import Place, link_to
from dashboard.screen import Screen
from dashboard.screens.asking import drafts, last_look, outcome
from dashboard.screens.asking.of_payment import payment_of
from dashboard.screens.asking.step_line import form_column, step_line
from dashboard.screens.naver import naver_desk
from dashboard.screens.naver import order_form as form
from dashboard.screens.naver.naver_desk import OrderScreen
from dashboard.screens.naver.order_form import OrderTyping


class Form(NamedTuple):
    """What a kind asks the person, and the intent that it becomes."""

    fields: Callable[[Fields, Callable[[], None]], OrderTyping]
    wanted: Callable[[str, Payment, OrderTyping], Wanted]
    as_sent: Callable[[Wanted], Mapping[str, object]]


_FORMS = {
    OperationKind.NAVER_CONFIRM: Form(
        form.confirm_fields,
        lambda token, payment, typed: confirmations.wanted_confirmation(token, payment, typed.requester),
        confirmations.as_sent,
    ),
    OperationKind.NAVER_POINTS: Form(
        form.points_fields,
        lambda token, payment, _typed: points.wanted_points(token, payment),
        points.as_sent,
    ),
}


def order_page(kind: OperationKind, screen: Screen) -> None:
    """Draws it below the head: the order, then its form, the last look or the outcome."""
    imp_uid = screen.address.get("imp_uid", "")
    found = naver_desk.open_order(kind, imp_uid, screen)
    payment = payment_of(found, imp_uid)
    if payment is None:
        return
    with form_column():
        step_line(found.draft.step, asked=found.operation is not None)
        form.order_facts(payment, buyers=screen.buyers)
        if found.operation:
            drafts.watch_outcome(found.operation, outcome.outcome)
            if found.done is None:
                drafts.offer_again(found.draft, found.operation, "", form.as_typed)
        elif found.done:
            form.done_line(found.done)
        elif not found.applies:
            form.not_for_it()
        else:
            _ask(_FORMS[kind], found, payment, screen)


def _ask(asks: Form, found: OrderScreen, payment: Payment, screen: Screen) -> None:
    draft = found.draft
    drafts.overtaken_line(draft)
    if draft.wanted is None:
        cancel = partial(link_to, _("Cancel"), Place.PAYMENT, icon=":material/close:", imp_uid=payment.imp_uid)
        typing = asks.fields(Fields(draft.form), cancel)
        make = partial(asks.wanted, draft.token, payment)
        drafts.take_typed(draft, typing.fields, lambda: typing, make, done=typing.done)
        return
    body = form.request(draft.wanted, asks.as_sent(draft.wanted))
    last_look.last_look(draft, screen.user, form.says(draft.wanted), body, charges=False)
