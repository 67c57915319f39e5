"""Reading back what was paid under a link: the one way in for returns, webhooks and looks; nobody else is believed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, update

from services.checkout import attempts, checkouts
from services.checkout.policy import CHECKOUT, Refunds
from services.checkout.verdict import GOES_BACK, verdict
from services.errors import NotFound
from services.gateway import Gateway
from services.gateway.payloads import PaymentPayload
from services.mirror.account import claimed_at
from services.mirror.keep import keep_payment, read_billing_key
from services.operations.actions.refunds import RefundForm, wanted_refund
from services.operations.journal import audit, journal
from services.operations.journal.audit import JANGBU, Actor
from services.store.engine import reading
from services.store.lists.one import get_payment
from services.store.sql import table
from services.tables.checkouts import CAN_OPEN, Checkout, CheckoutAttempt, CheckoutState
from services.tables.checkouts import AttemptState as State
from services.tables.v1 import PaymentStatus

_ACTOR = Actor(JANGBU, CHECKOUT)
_ATTEMPT, _CHECKOUT = table(CheckoutAttempt), table(Checkout)
_ENDED = (State.PAID, State.REGISTERED, State.MISMATCH, State.SURPLUS)
_AS_CHECKOUT = {
    State.PAID: CheckoutState.PAID,
    State.REGISTERED: CheckoutState.REGISTERED,
    State.FAILED: CheckoutState.FAILED,
    State.MISMATCH: CheckoutState.MISMATCH,
}


def verify(
    gateway: Gateway, engine: Engine, merchant_uid: str, now: float, *, imp_uid: str = "", refunds: Refunds
) -> CheckoutAttempt | None:
    """Reads what was paid under an order of a link, and moves the order to where that leads. None for no such order.

    Stores what it reads. Raises GatewayError and NotSaved: the order stays as it was, and is looked at again.
    """
    with reading(engine) as conn:
        attempt = attempts.get(conn, merchant_uid)
    if attempt is None:
        return None
    as_of = claimed_at(gateway, engine)
    found = _read(gateway, attempt, imp_uid)
    for payment in found:
        keep_payment(engine, payment, as_of=as_of)
        if payment.fields["status"] == PaymentStatus.PAID and payment.fields["customer_uid"]:
            read_billing_key(gateway, engine, payment.fields["customer_uid"])
    with journal.saving(engine) as conn:
        _settle(conn, merchant_uid, found, now, refunds)
        return attempts.get(conn, merchant_uid)


def _read(gateway: Gateway, attempt: CheckoutAttempt, imp_uid: str) -> Sequence[PaymentPayload]:
    """Every payment under the order; the one that is named first, where it is of this order."""
    named: list[PaymentPayload] = []
    if imp_uid:
        try:
            one = gateway.payment(imp_uid)
        except NotFound:
            pass
        else:
            if one.fields["merchant_uid"] == attempt.merchant_uid:
                named = [one]
    if named and named[0].fields["status"] == PaymentStatus.PAID:
        return named
    try:
        others = gateway.find_all_payments(attempt.merchant_uid).items
    except NotFound:
        others = ()
    return named + [one for one in others if one.imp_uid != imp_uid or not named]


def _settle(conn: Connection, merchant_uid: str, found: Sequence[PaymentPayload], now: float, refunds: Refunds) -> None:
    attempt = attempts.get(conn, merchant_uid)
    if attempt is None:
        return
    checkout = checkouts.get(conn, attempt.checkout_id)
    paid = [one for one in found if one.fields["status"] == PaymentStatus.PAID]
    if attempt.state in _ENDED:
        for one in paid:
            _give_back_second(conn, attempt, one, now, refunds)
        _move(conn, attempt, State(attempt.state), None, now)
        return
    if not found:
        attempts.look_later(conn, attempt.merchant_uid, now)
        return
    one = (paid or found)[0]
    told = verdict(checkout, one)
    state = told.state
    if state in (State.PAID, State.REGISTERED) and not _use(conn, checkout, state, now):
        state = State.SURPLUS
    _move(conn, attempt, state, one, now)
    _move_checkout(conn, checkout, state, now)
    if told.strange:
        audit.append(
            conn, _ACTOR, "link_mismatch", int(now), link=checkout.id, order=merchant_uid, imp_uid=one.imp_uid,
            what=told.strange.value, paid=one.fields["amount"], asked=checkout.amount,
        )  # fmt: skip
    if state == State.SURPLUS or (told.strange in GOES_BACK):
        reason = refunds.surplus if state == State.SURPLUS else refunds.altered
        _give_back(conn, one.imp_uid, reason, now, refunds)


def _use(conn: Connection, checkout: Checkout, state: State, now: float) -> bool:
    """Counts a payment towards the link; False where it was used up, or withdrawn, before.

    Whoever began in time may end later: an expired link still counts.
    """
    counts = update(_CHECKOUT).where(
        _CHECKOUT.c.id == checkout.id,
        _CHECKOUT.c.used < _CHECKOUT.c.uses,
        _CHECKOUT.c.state.in_((*CAN_OPEN, CheckoutState.EXPIRED)),
    )
    used = conn.execute(counts.values(used=_CHECKOUT.c.used + 1).returning(_CHECKOUT.c.used)).scalar()
    if used is None:
        return False
    if used >= checkout.uses:
        ended = update(_CHECKOUT).where(_CHECKOUT.c.id == checkout.id)
        conn.execute(ended.values(state=_AS_CHECKOUT[state].value, state_at=int(now)))
    return True


def _move_checkout(conn: Connection, checkout: Checkout, state: State, now: float) -> None:
    if state not in (State.FAILED, State.MISMATCH):
        return
    may_follow = CAN_OPEN if state == State.FAILED else (*CAN_OPEN, CheckoutState.EXPIRED)
    moved = update(_CHECKOUT).where(_CHECKOUT.c.id == checkout.id, _CHECKOUT.c.state.in_(may_follow))
    conn.execute(moved.values(state=_AS_CHECKOUT[state].value, state_at=int(now)))


def _move(conn: Connection, attempt: CheckoutAttempt, state: State, payment: PaymentPayload | None, now: float) -> None:
    values: dict[str, Any] = {"state": state.value}
    if state.value != attempt.state:
        values["state_at"] = int(now)
    if payment is not None:
        fields = payment.fields
        values |= {
            "imp_uid": payment.imp_uid, "paid": fields["amount"], "currency": fields["currency"],
            "fail_reason": fields["fail_reason"] or fields["cancel_reason"],
        }  # fmt: skip
    if state in _ENDED:
        values["look_at"] = 0
    conn.execute(update(_ATTEMPT).where(_ATTEMPT.c.merchant_uid == attempt.merchant_uid).values(values))
    if state not in _ENDED:
        attempts.look_later(conn, attempt.merchant_uid, now)


def _give_back_second(
    conn: Connection, attempt: CheckoutAttempt, payment: PaymentPayload, now: float, refunds: Refunds
) -> None:
    if payment.imp_uid != attempt.imp_uid:
        _give_back(conn, payment.imp_uid, refunds.surplus, now, refunds)


def _give_back(conn: Connection, imp_uid: str, reason: str, now: float, refunds: Refunds) -> None:
    """Asks for a full refund, once; where somebody is refunding it already that is enough."""
    payment = get_payment(conn, imp_uid)
    left = payment.amount - payment.cancel_amount if payment else 0
    if payment is None or left <= 0:
        return
    form = RefundForm(amount=left, balance=left, reason=reason, requester="admin")
    wanted = wanted_refund(f"{CHECKOUT}:{imp_uid}", payment, form, approval_from=0 if refunds.wait_for_person else None)
    if journal.open_operation(conn, wanted.subject) is None:
        journal.record_in(conn, wanted, _ACTOR, int(now))
