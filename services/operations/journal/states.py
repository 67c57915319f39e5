"""The states of an operation and what may follow what: the one place that knows."""

from enum import StrEnum

from services.tables.journal import OperationState as State

LEGAL: dict[State, frozenset[State]] = {
    State.AWAITING_APPROVAL: frozenset({State.INTENT, State.REFUSED, State.EXPIRED}),
    # To a person again: it was sent before, and what came of that is still not known.
    State.INTENT: frozenset({State.SENT, State.REFUSED, State.EXPIRED, State.NEEDS_PERSON}),
    # Sent and expired: the request never left, and will not be tried again.
    State.SENT: frozenset({State.SUCCEEDED, State.REFUSED, State.UNKNOWN, State.EXPIRED}),
    State.UNKNOWN: frozenset({State.SUCCEEDED, State.REFUSED, State.NEEDS_PERSON}),
    State.NEEDS_PERSON: frozenset({State.SUCCEEDED, State.REFUSED, State.INTENT}),
    State.SUCCEEDED: frozenset(),
    State.REFUSED: frozenset(),
    State.EXPIRED: frozenset(),
}
"""Changed together with the triggers of the migrations: the database refuses what is not here."""

TERMINAL = frozenset(state for state, following in LEGAL.items() if not following)
OPEN = frozenset(LEGAL) - TERMINAL


class Why(StrEnum):
    """Our own reason for a state; what the gateway said stands in `message` instead."""

    BALANCE_CHANGED = "balance_changed"
    """Something else was refunded since the person looked: nothing was sent."""
    NOT_ALLOWED = "not_allowed"
    """The role or the limit no longer lets this person do it: nothing was sent."""
    KEY_DELETED = "key_deleted"
    BELOW_MINIMUM = "below_minimum"
    """Less than Naver Pay takes, on a key of which that was not known before: nothing was sent."""
    NOT_PAID = "not_paid"
    """The order is not paid, or not any more: nothing was sent."""
    NOT_SHOWN = "not_shown"
    """Its answer was lost, and nothing that can be read shows whether it was done: it is never sent again."""
    NOT_REFUNDABLE = "not_refundable"
    """The payment is not paid: nothing was sent."""
    TOO_OLD = "too_old"
    """Nobody carried it out within ten minutes: nothing was sent."""
    FILE_TOO_OLD = "file_too_old"
    """Its file was approved more than a day before its turn came: nothing was sent."""
    NOT_APPROVED_IN_TIME = "not_approved_in_time"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    UNREACHABLE = "unreachable"
    """Three tries did not reach the gateway: nothing was sent."""
    ANSWER_LOST = "answer_lost"
    EXECUTOR_DIED = "executor_died"
    STILL_PENDING = "still_pending"
    """The gateway took it and does not show it yet."""
    FAILED_FOR_NOW = "failed_for_now"
    """The PG says that it failed, which is not final at this one."""
    NOT_FOUND_AFTER_LOOKING = "not_found_after_looking"
    EXECUTED_MEANWHILE = "executed_meanwhile"
    """The schedule ran before it could be changed: its payment stands."""
    TOO_CLOSE = "too_close"
    """Less than a minute before it is due: nothing was sent."""
    NOT_BOOKED = "not_booked"
    """The schedule is not in the state that this begins from: nothing was sent."""
    STILL_BOOKED = "still_booked"
    """Payments are booked on the key: nothing was sent."""
    NUMBER_GONE = "number_gone"
    """The number that a cash receipt was to go to is held nowhere any more: nothing was sent."""
    TYPED_GONE = "typed_gone"
    """What was typed for one request alone is held nowhere any more: nothing was sent."""
    IDENTITY_GONE = "identity_gone"
    """There is no such identity verification, or it was erased already: nothing was sent."""
    CERTIFIED_ALREADY = "certified_already"
    """The person is certified already: nothing was sent."""
    MEMBER_GONE = "member_gone"
    """KCP Quick knows no such member: it was erased before, or never was one."""
    RECEIPT_STANDS = "receipt_stands"
    """There is a cash receipt already: nothing was sent."""
    RECEIPT_GONE = "receipt_gone"
    """The cash receipt is cancelled already, or another one stands: nothing was sent."""
    RECEIVER_UNKNOWN = "receiver_unknown"
    """Whom a parcel goes to is held nowhere any more, or the payment does not say all of it: nothing was sent."""
    DELIVERY_STANDS = "delivery_stands"
    """A delivery is entered already: nothing was sent."""
    DELIVERY_DIFFERS = "delivery_differs"
    """None is shown, or another one than the person saw: nothing was sent."""
    ORDER_PAID = "order_paid"
    """The order was paid already: nothing was sent."""
    ACCOUNT_OPEN = "account_open"
    """Another account of the order waits for money, which the person did not see: nothing was sent."""
    NOT_WAITING = "not_waiting"
    """It waits for no money any more: paid, or revoked."""
    ACCOUNT_CHANGED = "account_changed"
    """Its amount or its term is not what the person saw: nothing was sent."""
    CARD_GONE = "card_gone"
    """The card's data is held nowhere any more: nothing was sent."""
    ORDER_USED = "order_used"
    """A payment stands under this order number already: nothing was sent."""
    KEY_EXISTS = "key_exists"
    """Something is registered under this billing key already, and nobody said that it is replaced: nothing was sent."""
    FIRST_STEP_FAILED = "first_step_failed"
    """What had to happen before did not: nothing was sent."""
    DATABASE_RESTORED = "database_restored"
    """It waited in a database that was put back, may have been done since, and nothing that can be read shows it."""
    SETTLED_BY_PERSON = "settled_by_person"
    SENT_AGAIN = "sent_again"
    FOUND = "found"
    """Made by an operation that a restored database knew nothing of, or not the end of: the gateway shows it."""
