"""Which words to the buyer fit what stands on a screen: a payment, an operation's outcome, a row of a list."""

from collections.abc import Sequence
from datetime import date

from services.operations.actions.money_back import expected_back
from services.operations.actions.promotions import discount_of
from services.operations.actions.refund_rules import account_needs
from services.operations.journal.journal import asked
from services.payment_states import money_moved
from services.recovery.desk import Failed
from services.store.lists.payments import PaymentRow
from services.store.lists.subscriptions import SubscriptionRow
from services.tables.journal import Operation, OperationState
from services.tables.v1 import BillingKey, Cancellation, CustomerUidUsage, Payment, PaymentStatus
from services.vbanks.store_number import store_number

from dashboard.screens.payments.slips import is_slip
from dashboard.words import to_buyer
from dashboard.words.to_buyer import About, Message
from dashboard.words.ways import Way, way_of, way_of_key

_BY_KEY = (CustomerUidUsage.PAYMENT, CustomerUidUsage.SCHEDULED)


def of_refund(operation: Operation, payment: Payment, left: int, by: date | None) -> Message:
    """A refund of ours that was made."""
    made = operation.amount if operation.refunded is None else operation.refunded
    to_account = "refund_account" in asked(operation)
    about = _about(payment, made, operation.receipt_url)
    return to_buyer.refund_made(about, operation.state_at, by=by, left=_told_left(payment, left), to_account=to_account)


def of_refusal(operation: Operation, payment: Payment) -> Message | None:
    """A refund of ours that the gateway refused; None where it was stopped before, of which no buyer is told."""
    if operation.state != OperationState.REFUSED or operation.why:
        return None
    wished = operation.requester == "customer"
    return to_buyer.refund_refused(_about(payment, operation.amount), operation.state_at, wished=wished)


def of_charge(operation: Operation, key: BillingKey) -> Message | None:
    """A charge that was made or that the gateway refused."""
    about = About(
        key.customer_name,
        asked(operation)["name"],
        operation.amount,
        operation.currency,
        way_of_key(key),
        operation.merchant_uid,
        _slip(operation.receipt_url),
    )
    if operation.state == OperationState.SUCCEEDED:
        return to_buyer.charge_made(about, operation.state_at)
    if operation.state == OperationState.REFUSED and not operation.why:
        return to_buyer.payment_failed(about, operation.state_at, operation.message)
    return None


def of_payment(
    payment: Payment,
    refunds: Sequence[Cancellation],
    operations: Sequence[Operation],
    attempts: Sequence[PaymentRow],
    less: int,
    now: float,
) -> Message | None:
    """What its buyer is told of a payment as it stands: the latest that happened; `less` as promotions.less_of.

    `attempts`: all payments under its order number.
    """
    refused = next((found for one in operations[:1] if (found := of_refusal(one, payment))), None)
    if refunds and (refused is None or refunds[-1].cancelled_at >= refused.since):
        return _of_last_refund(payment, refunds[-1], less)
    if refused:
        return refused
    if payment.status == PaymentStatus.PAID and money_moved(payment.model_dump()):
        # V1 says the order's amount: what a promotion took off was not paid.
        paid = payment.amount - (discount_of(payment) or 0)
        return to_buyer.charge_made(_about(payment, paid, payment.receipt_url), payment.paid_at)
    if payment.status == PaymentStatus.FAILED and payment.customer_uid_usage in _BY_KEY:
        if any(one.paid_at > payment.failed_at for one in attempts):
            return None
        about = _about(payment, payment.amount)
        return to_buyer.payment_failed(about, payment.failed_at, payment.fail_reason)
    return of_waiting(payment, now)


def of_waiting(payment: Payment, now: float) -> Message | None:
    """What waits for its money: where it is paid and until when; None for all else."""
    at_store = store_number(payment)
    if at_store and at_store.number and payment.status == PaymentStatus.READY and (at_store.until or now + 1) > now:
        about = _about(payment, payment.amount)
        return to_buyer.number_waiting(about, payment.started_at, number=at_store.number, until=at_store.until)
    until = payment.vbank_date or 0
    if payment.status != PaymentStatus.READY or not payment.vbank_num or until <= now:
        return None
    return to_buyer.account_waiting(
        _about(payment, payment.amount),
        payment.vbank_issued_at or payment.started_at,
        bank=payment.vbank_name,
        number=payment.vbank_num,
        holder=payment.vbank_holder,
        until=until,
    )


def of_failed(row: Failed) -> Message:
    """A booked payment that failed."""
    way = Way(None, row.pg_provider, None)
    about = About(row.buyer_name, row.name, row.amount, row.currency, way, row.merchant_uid)
    return to_buyer.payment_failed(about, row.last_failed_at, row.fail_reason, again_at=row.booked_at)


def of_ended(row: SubscriptionRow) -> Message | None:
    """A subscription that ended."""
    if not row.ended_at or row.next_at:
        return None
    about = About(row.buyer_name, row.name, row.price, row.currency, Way(None, row.pg_provider, None))
    return to_buyer.subscription_ended(about, row.ended_at, row.churn)


def of_ending(key: BillingKey, product: str | None, at: int) -> Message:
    """A subscription to a product that was ended here; of an end no amount is told."""
    about = About(key.customer_name, product, 0, "KRW", way_of_key(key))
    return to_buyer.subscription_ended(about, at, None)


def _of_last_refund(payment: Payment, refund: Cancellation, less: int) -> Message | None:
    if not money_moved(payment.model_dump()):
        return None
    return to_buyer.refund_made(
        _about(payment, refund.amount, refund.receipt_url),
        refund.cancelled_at,
        by=expected_back(payment, refund.cancelled_at),
        left=_told_left(payment, max(payment.amount - payment.cancel_amount - less, 0)),
        to_account=bool(account_needs(payment, refund.cancelled_at)),
    )


def _told_left(payment: Payment, left: int) -> int:
    """What is left by the order's amount; with a promotion that is not what the buyer has paid of it."""
    return 0 if discount_of(payment) is not None else left


def _about(payment: Payment, amount: int, slip: str | None = None) -> About:
    way, order = way_of(payment), payment.merchant_uid
    return About(payment.buyer_name, payment.name, amount, payment.currency, way, order, _slip(slip))


def _slip(address: str | None) -> str | None:
    """A slip's address; nobody else's is sent on to a buyer."""
    return address if address and is_slip(address) else None
