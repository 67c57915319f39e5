"""Tables of the journal: what was wanted of the gateway, each call that was made, and who did what.

Amounts are in the smallest unit, times in UNIX seconds (UTC).
"""

from enum import StrEnum

from sqlalchemy import BigInteger, Index, Text, text
from sqlmodel import Field, SQLModel

from services.tables.indexes import where, where_known


class OperationKind(StrEnum):
    """What changes at the gateway."""

    REFUND = "refund"
    CHARGE = "charge"
    BOOK = "book"
    """Schedules of one billing key, several in one call."""
    MOVE = "move"
    REVOKE = "revoke"
    """Schedules by their order numbers, never without."""
    REBOOK = "rebook"
    """A failed or revoked schedule, at another time."""
    RETRY = "retry"
    """A failed or revoked schedule, charged now."""
    DELETE_KEY = "delete_key"
    ISSUE_RECEIPT = "issue_receipt"
    """A cash receipt, of a payment or of a sale made elsewhere, which has an order number alone."""
    CANCEL_RECEIPT = "cancel_receipt"
    NAVER_CONFIRM = "naver_confirm"
    """Naver Pay's escrow order, for good."""
    NAVER_POINTS = "naver_points"
    """The points that Naver Pay gives a buyer."""
    ENTER_DELIVERY = "enter_delivery"
    """Of an escrow payment."""
    CHANGE_DELIVERY = "change_delivery"
    PAYCO_STATUS = "payco_status"
    """What PAYCO is told of an order: shipped, then confirmed."""
    PAYMENTWALL_DELIVERY = "paymentwall_delivery"
    """What Paymentwall is told of a delivery, at each of its states."""
    ISSUE_VBANK = "issue_vbank"
    """A virtual account for an order, of which one is under way at most."""
    CHANGE_VBANK = "change_vbank"
    """Another amount or term, where the PG takes that."""
    REVOKE_VBANK = "revoke_vbank"
    ISSUE_CVS = "issue_cvs"
    """A number to pay an order by at a convenience store."""
    REVOKE_CVS = "revoke_cvs"
    DELETE_IDENTITY = "delete_identity"
    """An identity verification, erased for good."""
    REQUEST_OTP = "request_otp"
    """A one-time number for somebody's phone, which begins a verification."""
    CONFIRM_OTP = "confirm_otp"
    DELETE_QUICK_MEMBER = "delete_quick_member"
    """A buyer's data at KCP Quick, erased for good."""
    BENEPIA_PAYMENT = "benepia_payment"
    """A payment by a buyer's welfare points."""
    CARD_CHARGE = "card_charge"
    """A card by its number, which no window took."""
    REGISTER_CARD = "register_card"
    """A billing key made of a card by its number."""


class OperationState(StrEnum):
    """Where an operation stands; services/operations/journal/states.py says what may follow what."""

    AWAITING_APPROVAL = "awaiting_approval"
    INTENT = "intent"
    SENT = "sent"
    SUCCEEDED = "succeeded"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    NEEDS_PERSON = "needs_person"
    EXPIRED = "expired"


_OPEN = text("state IN ('awaiting_approval', 'intent', 'sent', 'unknown', 'needs_person')")
_TIED = text("cancellation_id IS NOT NULL")
LEFT = text("state = 'expired' AND noted_at IS NULL")
"""What expired and nobody has seen; written as its index `operation_left` is."""
ALONE = text("state = 'awaiting_approval' AND batch_id IS NULL AND after_id IS NULL")
"""What a second person approves by itself; written as its index is, so that SQLite takes that."""
ROWS = text("state = 'awaiting_approval' AND batch_id IS NOT NULL")
"""Rows of files that were not let go yet; as its index is."""
FILES = text("approved_at IS NULL AND declined_at IS NULL")
"""Files that wait for approval; as their index is."""

CHAINED = text("state = 'awaiting_approval' AND after_id IS NOT NULL")
"""What waits for another operation; written as its index is, so that SQLite takes that."""


UNSEEN = text("noted_at IS NULL")
"""Late payments that nobody has let stand; as their index is."""


class Operation(SQLModel, table=True):
    """One thing that a person wants done at the gateway. A row that has ended never changes, but for its note."""

    id: int = Field(default=None, primary_key=True)  # the database numbers it: None in no row that was read
    token: str = Field(unique=True)
    """Made when the form was drawn: a second click inserts nothing."""
    kind: str
    state: str
    subject: str
    """What only one open operation may touch: `payment:imp_…`, `billing_key:…`."""
    imp_uid: str | None = None
    merchant_uid: str | None = None
    """A refund's payment's order number; a charge's own, made with the intent and never replaced."""
    customer_uid: str | None = None
    amount: int = Field(sa_type=BigInteger)
    currency: str
    reason: str | None = None
    requester: str | None = None
    request: str = Field(sa_type=Text)
    """JSON object: everything else that was asked for, by V1's names."""
    balance: int | None = Field(default=None, sa_type=BigInteger)
    """What the person saw as left: the refund's checksum, also when it is sent once more."""
    known: str | None = Field(default=None, sa_type=Text)
    """JSON array of the cancellations that were there before the call."""
    asked_by: str
    asked_at: int = Field(sa_type=BigInteger)
    asked_from: str
    approved_by: str | None = None
    approved_at: int | None = Field(default=None, sa_type=BigInteger)
    state_at: int = Field(sa_type=BigInteger)
    fence: int = 0
    """Counts claims: only the latest claimant may send or record."""
    claimed_by: str | None = None
    claimed_until: int = Field(default=0, sa_type=BigInteger)
    looks: int = 0
    look_at: int = Field(default=0, sa_type=BigInteger)
    """When the resolver looks next."""
    message: str | None = Field(default=None, sa_type=Text)
    """What the gateway said, byte for byte."""
    why: str | None = None
    """Our own reason, a code of states.Why."""
    cancel_amount: int | None = Field(default=None, sa_type=BigInteger)
    """What stood refunded of the payment afterwards."""
    cancellation_id: str | None = None
    refunded: int | None = Field(default=None, sa_type=BigInteger)
    """What the PG gave back of `amount`: less where a promotion or points had paid a part."""
    receipt_url: str | None = None
    verification_uid: str | None = None
    """The imp_uid of an identity verification, which is no payment's."""
    tier: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The sub-store that it is sent to, and that is asked what became of it; empty: the main store."""
    batch_id: int | None = None
    batch_row: int | None = None
    after_id: int | None = None
    """The operation that has to succeed first: this one waits for it, and ends where it fails."""
    noted_by: str | None = None
    noted_at: int | None = Field(default=None, sa_type=BigInteger)
    note: str | None = None
    """A person's reason for how it was settled or put aside."""
    anonymous_at: int | None = Field(default=None, sa_type=BigInteger)
    """When what `request` held of a buyer was taken out: once, after it had ended."""

    __table_args__ = (
        Index("operation_open", "subject", unique=True, **where(_OPEN)),
        Index(
            "operation_order", "merchant_uid", unique=True,
            **where("kind IN ('charge', 'card_charge')"),
        ),
        Index("operation_state", "state", "asked_at", "id"),
        Index("operation_left", "asked_at", **where(LEFT)),
        Index("operation_time", "asked_at", "id"),
        Index("operation_subject", "subject", "id"),
        Index("operation_payment", "imp_uid", "id"),
        Index("operation_verification", "verification_uid", **where_known("verification_uid")),
        Index("operation_cancellation", "imp_uid", "cancellation_id", **where(_TIED)),
        Index("operation_batch", "batch_id", "batch_row"),
        Index("operation_after", "after_id", **where(CHAINED)),
        Index("operation_alone", "state", "asked_at", "id", **where(ALONE)),
        Index("operation_rows", "batch_id", "batch_row", **where(ROWS)),
        Index("operation_kind", "kind", "asked_at", "id"),
        Index("operation_kind_state", "kind", "state", "asked_at", "id"),
        Index("operation_asked_by", "asked_by", "asked_at", "id"),
        Index("operation_approved_by", "approved_by", "asked_at", "id", **where_known("approved_by")),
        Index("operation_merchant_uid", "merchant_uid", **where_known("merchant_uid")),
        Index("operation_customer_uid", "customer_uid", **where_known("customer_uid")),
    )  # fmt: skip


class Attempt(SQLModel, table=True):
    """One call of an operation to the gateway, written before it is made."""

    operation_id: int = Field(primary_key=True)
    fence: int = Field(primary_key=True)
    claimed_by: str
    lease: int | None = Field(default=None, sa_type=BigInteger)
    """The number under which its process held the loops; null where a process sends what it alone can, or a command."""
    began_at: int = Field(sa_type=BigInteger)
    ended_at: int | None = Field(default=None, sa_type=BigInteger)
    outcome: str | None = None
    """succeeded, refused, not_sent or unknown; null while it runs, or when whoever ran it died."""
    message: str | None = Field(default=None, sa_type=Text)


class LatePayment(SQLModel, table=True):
    """A payment of ours that was refused, and that the mirror saw paid after all: its operation has ended."""

    __tablename__ = "late_payment"

    imp_uid: str = Field(primary_key=True)
    operation_id: int
    customer_uid: str
    """The billing key that was charged; empty where none was."""
    seen_at: int = Field(sa_type=BigInteger)
    noted_by: str | None = None
    noted_at: int | None = Field(default=None, sa_type=BigInteger)
    note: str | None = Field(default=None, sa_type=Text)
    """Why a person let it stand."""

    __table_args__ = (Index("late_payment_waiting", "customer_uid", "seen_at", **where(UNSEEN)),)


class RefundBatch(SQLModel, table=True):
    """Many changes of one kind, most of them from a file; its rows are operations, let go a few at a time."""

    __tablename__ = "refund_batch"

    id: int = Field(default=None, primary_key=True)
    digest: str = Field(unique=True)
    """SHA-256 of the file: what is approved is exactly this."""
    kind: str = OperationKind.REFUND
    name: str
    rows: int
    amount: int = Field(sa_type=BigInteger)
    asked_by: str
    asked_at: int = Field(sa_type=BigInteger)
    approved_by: str | None = None
    approved_at: int | None = Field(default=None, sa_type=BigInteger)
    """When its rows may go; at once, and by nobody, where no second person is asked."""
    declined_at: int | None = Field(default=None, sa_type=BigInteger)
    """When it ended without approval: declined, withdrawn or too old."""

    __table_args__ = (Index("refund_batch_waiting", "asked_at", **where(FILES)),)


class AuditEntry(SQLModel, table=True):
    """Who did what, when, from where, with which result; each entry holds the hash of the one before."""

    __tablename__ = "audit_entry"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: int = Field(sa_type=BigInteger)
    actor: str
    origin: str
    """screen, cli, executor or resolver"""
    action: str
    operation_id: int | None = Field(default=None, index=True)
    detail: str = Field(sa_type=Text)
    """JSON object without personal data of buyers."""
    previous: str
    hash: str

    __table_args__ = (Index("audit_entry_alone", "at", "id", **where("operation_id IS NULL")),)
