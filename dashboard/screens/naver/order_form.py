"""The forms of a Naver Pay order: what it is, what was done on it already, who asks, and what the last look says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

import streamlit as st
from services.operations.actions.refunds import REQUESTERS
from services.operations.journal.journal import Wanted
from services.tables.journal import Operation, OperationKind
from services.tables.v1 import Payment

from dashboard.kit.fields import Fields, Typing, review_button
from dashboard.locale import _
from dashboard.words import formats, operation_labels
from dashboard.words.ways import pg_and_method


@dataclass(frozen=True, slots=True)
class OrderTyping(Typing):
    """What stands in the fields at this moment; points have none."""

    requester: str | None = None


def order_facts(payment: Payment, *, buyers: bool) -> None:
    """Product, buyer, order, method, when it was paid, and what of it was not refunded."""
    method = pg_and_method(payment)
    paid_at = _("paid {time} KST").format(time=formats.time(payment.paid_at)) if payment.paid_at else None
    buyer = formats.buyer(payment.buyer_name, buyers)
    st.text(formats.line(payment.name, buyer, payment.merchant_uid, method, paid_at))
    with st.container(horizontal=True):
        st.metric(_("Amount paid"), formats.money(payment.amount, payment.currency), border=True, width=200)
        left = payment.amount - payment.cancel_amount
        if payment.cancel_amount:
            st.metric(_("Remaining"), formats.money(left, payment.currency), border=True, width=200)
    if payment.sandbox:
        st.caption(_("A payment of a test channel: no money moves."))


def done_words(done: Operation) -> str:
    """That it was done, when and by whom, in one line."""
    words = {
        OperationKind.NAVER_CONFIRM: _("Order confirmed at {time} KST by {who} · operation {n}"),
        OperationKind.NAVER_POINTS: _("Points credited at {time} KST, asked for by {who} · operation {n}"),
    }[OperationKind(done.kind)]
    return words.format(time=formats.time(done.state_at), who=operation_labels.person(done.asked_by), n=done.id)


def done_line(done: Operation) -> None:
    """That it was done, and that it cannot be done again."""
    st.success(formats.escape(done_words(done)), icon=":material/check_circle:")


def not_for_it() -> None:
    """Why there is nothing to ask for."""
    words = _("Only paid orders of Naver Pay's payment type, from the contract's first day on, are for this.")
    st.info(words, icon=":material/info:")


def confirm_fields(fields: Fields, cancel: Callable[[], None]) -> OrderTyping:
    """Who asks for the confirmation, with no default."""
    with st.form(fields.key("form"), border=False):
        requester = fields.choice("requester", _("Who asks for it"), REQUESTERS, operation_labels.requester)
        with fields.place("imp_uid"):
            done = review_button(fields, cancel)
    return OrderTyping(fields, done, requester)


def points_fields(fields: Fields, cancel: Callable[[], None]) -> OrderTyping:
    """Nothing to fill in: how many points it is, is Naver Pay's to say."""
    with st.form(fields.key("form"), border=False):
        st.caption(_("How many points the buyer gets is for Naver Pay to say; nothing is sent but the order."))
        with fields.place("imp_uid"):
            done = review_button(fields, cancel)
    return OrderTyping(fields, done)


def says(wanted: Wanted) -> str:
    """What the last look asks."""
    if wanted.kind == OperationKind.NAVER_POINTS:
        return _("Naver Pay credits the buyer's points for this order. It cannot be taken back, and is asked for once.")
    amount = formats.money(wanted.amount, wanted.currency)
    return _("Confirm this order of {amount}: Naver Pay settles it then. It cannot be undone.").format(amount=amount)


def request(wanted: Wanted, body: Mapping[str, object]) -> dict[str, object]:
    """The call as it will be sent."""
    call = "confirm" if wanted.kind == OperationKind.NAVER_CONFIRM else "point"
    return {f"POST /payments/{quote(wanted.imp_uid or '', safe='')}/naver/{call}": body}


def as_typed(operation: Operation) -> dict[str, object]:
    """The fields that it was asked for with, by their names."""
    return {"requester": operation.requester} if operation.requester else {}
