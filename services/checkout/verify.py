"""Reading back what was paid under a link: the one way in for returns, webhooks and looks; nobody else is believed."""

from collections.abc import Sequence

from sqlalchemy import Connection, Engine, update

from services.checkout import alarms, attempts, checkouts
from services.checkout.policy import CHECKOUT, TRIES, Refunds
from services.checkout.verdict import GOES_BACK, verdict
from services.errors import InvalidRequest, NotFound
from services.gateway import Gateway
from services.gateway.payloads import PaymentPayload
from services.mirror.account import claimed_at
from services.mirror.keep import keep_payment, read_billing_key
from services.operations.actions.refunds import RefundForm, subject_of, wanted_refund
from services.operations.journal import audit, journal
from services.operations.journal.audit import JANGBU, Actor
from services.operations.journal.states import Why
from services.payment_states import only_registered
from services.store.engine import reading
from services.store.lists.one import get_billing_key, get_payment
from services.store.sql import table
from services.store.writes.link_alarms import note_alarm
from services.tables.checkouts import CAN_OPEN, ENDED, AlarmKind, Checkout, CheckoutAttempt, CheckoutState
from services.tables.checkouts import AttemptState as State
from services.tables.v1 import PaymentStatus

_ACTOR = Actor(JANGBU, CHECKOUT)
_ATTEMPT, _CHECKOUT = table(CheckoutAttempt), table(Checkout)
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
        gateway = gateway.of(checkouts.get(conn, attempt.checkout_id).tier)
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
    this = update(_ATTEMPT).where(_ATTEMPT.c.merchant_uid == merchant_uid)
    conn.execute(this.values(read_at=int(now)))
    paid = [one for one in found if one.fields["status"] == PaymentStatus.PAID]
    if attempt.state not in ENDED and found:
        attempt = _judge(conn, checkout, attempt, (paid or found)[0], now)
    if attempt.state not in ENDED:
        return
    back = [(one.imp_uid, why) for one in paid if (why := _why_back(checkout, attempt, one, refunds))]
    # Each is asked for, whatever became of the one before.
    still = [_give_back(conn, attempt, imp_uid, why, now, refunds.wait_for_person) for imp_uid, why in back]
    if not any(still):
        conn.execute(this.values(look_at=0))


def _judge(
    conn: Connection, checkout: Checkout, attempt: CheckoutAttempt, payment: PaymentPayload, now: float
) -> CheckoutAttempt:
    """Moves an attempt, and its link, to where a payment of it leads."""
    told = verdict(checkout, payment)
    state = told.state
    if state == State.REGISTERED and not _has_key(conn, checkout):
        state = State.CHECKING
    if state in (State.PAID, State.REGISTERED) and not _use(conn, checkout, state, now):
        state = State.SURPLUS
    fields = payment.fields
    values = {
        "state": state.value, "imp_uid": payment.imp_uid, "paid": fields["amount"], "currency": fields["currency"],
        "fail_reason": fields["fail_reason"] or fields["cancel_reason"],
    } | ({"state_at": int(now)} if state.value != attempt.state else {})  # fmt: skip
    conn.execute(update(_ATTEMPT).where(_ATTEMPT.c.merchant_uid == attempt.merchant_uid).values(values))
    if state in (State.FAILED, State.MISMATCH):
        moved = update(_CHECKOUT).where(_CHECKOUT.c.id == checkout.id, _CHECKOUT.c.state.in_(CAN_OPEN))
        conn.execute(moved.values(state=_AS_CHECKOUT[state].value, state_at=int(now)))
    if told.strange:
        audit.append(
            conn, _ACTOR, "link_mismatch", int(now), link=checkout.id, order=attempt.merchant_uid,
            imp_uid=payment.imp_uid, what=told.strange.value, paid=fields["amount"], asked=checkout.amount,
        )  # fmt: skip
        if told.strange not in GOES_BACK:
            what, order = AlarmKind(told.strange.value), attempt.merchant_uid
            note_alarm(conn, payment.imp_uid, what, order=order, link=checkout.id, now=int(now))
    return attempt.model_copy(update=values)


def _has_key(conn: Connection, checkout: Checkout) -> bool:
    key = get_billing_key(conn, checkout.customer_uid or "")
    return key is not None and key.deleted_at is None


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


def _why_back(checkout: Checkout, attempt: CheckoutAttempt, payment: PaymentPayload, refunds: Refunds) -> str:
    """The reason with which a payment goes back; empty for one that stands, and for what a person decides."""
    if payment.imp_uid != attempt.imp_uid:
        return refunds.surplus
    if attempt.state == State.SURPLUS:
        return refunds.ended if checkout.state == CheckoutState.WITHDRAWN else refunds.surplus
    altered = attempt.state == State.MISMATCH and verdict(checkout, payment).strange in GOES_BACK
    return refunds.altered if altered else ""


def _give_back(
    conn: Connection, attempt: CheckoutAttempt, imp_uid: str, reason: str, now: float, wait_for_person: bool
) -> bool:
    """Asks for a full refund where nobody is at one; whether something is still to go back.

    One that ended unsent is asked for again, TRIES times in all; one that a person declined is not. What does not go
    back then, or cannot, waits for a person.
    """
    payment = get_payment(conn, imp_uid)
    left = payment.amount - payment.cancel_amount if payment else 0
    if payment is None or left <= 0 or only_registered(payment.model_dump()):
        return False
    subject = subject_of(imp_uid)
    if journal.open_operation(conn, subject):
        return True
    asked = [one for one in journal.latest_on(conn, subject) if one.asked_from == CHECKOUT]
    if any(one.why == Why.DECLINED for one in asked):
        alarms.not_refunded(conn, attempt, imp_uid, now, InvalidRequest("Its refund was declined."))
        return False
    if len(asked) >= TRIES:
        alarms.not_refunded(conn, attempt, imp_uid, now, None)
        return False
    form = RefundForm(amount=left, balance=left, reason=reason, requester="admin")
    approval_from = 0 if wait_for_person else None
    try:
        wanted = wanted_refund(f"{CHECKOUT}:{imp_uid}:{len(asked)}", payment, form, approval_from=approval_from)
    except InvalidRequest as problem:
        alarms.not_refunded(conn, attempt, imp_uid, now, problem)
        return False
    journal.record_in(conn, wanted, _ACTOR, int(now))
    return True
