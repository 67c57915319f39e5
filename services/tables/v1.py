"""Tables, in V1's own spelling. Amounts are in the smallest unit, times in UNIX seconds (UTC)."""

from enum import StrEnum

from sqlalchemy import BigInteger, Index, LargeBinary, Text, text
from sqlmodel import Field, SQLModel

from services.tables.indexes import where, where_known

_REFUNDED = text("cancel_amount > 0")


class PaymentStatus(StrEnum):
    """V1's payment statuses; the gateway may send others, which are kept as they are."""

    READY = "ready"
    PAID = "paid"
    CANCELLED = "cancelled"
    FAILED = "failed"
    PENDING = "pending"


class CustomerUidUsage(StrEnum):
    """What a billing key was used for in a payment; absent means an ordinary payment."""

    ISSUE = "issue"
    PAYMENT = "payment"
    SCHEDULED = "payment.scheduled"


class ScheduleStatus(StrEnum):
    """V1's schedule statuses."""

    SCHEDULED = "scheduled"
    EXECUTED = "executed"
    REVOKED = "revoked"


class Basis(StrEnum):
    """Which time puts a payment, a refund or a failure into a day of `DailyTotal`."""

    STATUS = "status"
    """Payments by the time of their final status: what V1's windows go by."""
    STARTED = "started"
    """Payments by the time they were requested."""
    PAID = "paid"
    """Payments by the time they were paid, whatever came after: gross, and what lists and sums go by."""
    REFUNDED = "refunded"
    """Single refunds by the time of each."""
    REFUNDED_PART = "refunded_part"
    """Those of them that gave back less than the payment was."""
    FAILED = "failed"
    """Failures by their time, but those of what was paid after all."""


FACET_COLUMNS = (
    "status", "state", "pg_provider", "pay_method", "card_name", "customer_uid_usage", "registered", "sandbox",
    "currency", "tier",
)  # fmt: skip
"""What makes a facet."""


class Facet(SQLModel, table=True):
    """One combination of the fields that lists filter by; a few hundred rows stand for millions.

    A null of V1 is the empty string here, so that a combination is unique on every database.
    """

    id: int = Field(default=None, primary_key=True)
    status: str
    state: str
    """payment_states.PaymentState, or a status that only the gateway knows."""
    pg_provider: str
    pay_method: str
    card_name: str
    customer_uid_usage: str
    registered: bool
    """It registered a billing key and took no money, whatever its amount says."""
    sandbox: bool
    currency: str
    tier: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The sub-store that it is of (V1's `Tier`); empty: the main store."""
    payments: int = Field(default=0, sa_type=BigInteger)
    """How many payments are in it now: tells a list whether to walk the time or this combination."""

    __table_args__ = (Index("facet_key", *FACET_COLUMNS, unique=True),)


_WAITS = text("status = 'ready' AND (vbank_num IS NOT NULL OR pay_method = 'cvs')")
"""What waits for money; as its index is."""
NEVER = 1 << 40
"""The term of what has none, or none that V1 shows."""
_DUE = text(f"""(
CASE
    WHEN coalesce(vbank_date, 0) = 0 THEN {NEVER}
    WHEN vbank_date < started_at THEN started_at
    ELSE vbank_date
END)""")
"""Until when: never before it was issued, whatever a PG says, so that a period of issuing bounds it. Laid out as
PostgreSQL tells it, or a revision could not be held against it."""


class Payment(SQLModel, table=True):
    """A payment as the gateway last said it is (V1 PaymentAnnotation), and what is kept to find it."""

    id: int = Field(default=None, primary_key=True)
    imp_uid: str = Field(unique=True)
    merchant_uid: str = Field(index=True)
    position: int = Field(sa_type=BigInteger, unique=True)
    """Order of lists: the time it was paid (what was not: status_at) `<< 20` plus bits of imp_uid: the whole keyset."""
    facet_id: int
    status_at: int = Field(sa_type=BigInteger)
    """The time that belongs to the status: paid_at, cancelled_at, failed_at, else started_at."""
    pay_method: str | None = None
    channel: str | None = None
    pg_provider: str | None = None
    emb_pg_provider: str | None = None
    pg_tid: str | None = None
    pg_id: str | None = None
    sandbox: bool = False
    escrow: bool | None = None
    apply_num: str | None = None
    bank_code: str | None = None
    bank_name: str | None = None
    card_code: str | None = None
    card_name: str | None = None
    card_issuer_code: str | None = None
    card_issuer_name: str | None = None
    card_publisher_code: str | None = None
    card_publisher_name: str | None = None
    card_quota: int | None = None
    card_number: str | None = None
    card_type: int | None = None
    vbank_code: str | None = None
    vbank_name: str | None = None
    vbank_num: str | None = None
    vbank_holder: str | None = None
    vbank_date: int | None = Field(default=None, sa_type=BigInteger)
    vbank_issued_at: int | None = Field(default=None, sa_type=BigInteger)
    name: str | None = None
    amount: int = Field(sa_type=BigInteger)
    cancel_amount: int = Field(sa_type=BigInteger)
    currency: str
    buyer_name: str | None = None
    buyer_email: str | None = None
    buyer_tel: str | None = None
    buyer_addr: str | None = None
    buyer_postcode: str | None = None
    custom_data: str | None = None
    user_agent: str | None = None
    status: str
    started_at: int = Field(sa_type=BigInteger)
    paid_at: int = Field(sa_type=BigInteger)
    failed_at: int = Field(sa_type=BigInteger)
    cancelled_at: int = Field(sa_type=BigInteger)
    fail_reason: str | None = None
    cancel_reason: str | None = None
    receipt_url: str | None = None
    cash_receipt_issued: bool | None = None
    customer_uid: str | None = None
    customer_uid_usage: str | None = None
    extra: str | None = Field(default=None, sa_type=Text)
    """JSON object of every field that has no column: unknown ones, promotion, deposit_history, …"""
    digest: bytes | None = Field(default=None, sa_type=LargeBinary)
    """Hash of the answer's bytes in a list; null when the row came by another way than a list."""
    tier: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The sub-store that it is of (V1's `Tier`); empty: the main store."""
    read_at: int = Field(sa_type=BigInteger)
    """When the answer that this row shows was asked for, in milliseconds: an older answer never wins."""
    anonymous_at: int | None = Field(default=None, sa_type=BigInteger)
    """When its buyer was made anonymous (UNIX seconds): whatever the gateway says of them since is not kept."""

    __table_args__ = (
        Index("payment_facet_position", "facet_id", "position"),
        Index("payment_facet_started", "facet_id", "started_at", "imp_uid"),
        Index("payment_facet_status", "facet_id", "status_at", "imp_uid"),
        Index("payment_pg_tid", "pg_tid", **where_known("pg_tid")),
        Index("payment_buyer", "buyer_name", "position"),
        # As services/escrow/delivery_list.py asks for them, so that SQLite takes it.
        Index("payment_escrow", "paid_at", "imp_uid", **where("escrow AND status = 'paid'")),
        Index(
            "payment_customer",
            "customer_uid",
            "position",
            **where_known("customer_uid"),
        ),
        Index("payment_waiting", "started_at", "imp_uid", **where(_WAITS)),
        Index("payment_due", _DUE, "id", **where(_WAITS)),
        # A month's payments whose money moved in another one are found among those that were refunded.
        *(
            Index(name, at, "imp_uid", **where("cancel_amount > 0"))
            for name, at in (("payment_refunded_paid", "paid_at"), ("payment_refunded_status", "status_at"))
        ),
    )


class Cancellation(SQLModel, table=True):
    """One refund of a payment: an entry of V1's cancel_history, in its order."""

    imp_uid: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    cancellation_id: str | None = None
    pg_tid: str | None = None
    amount: int = Field(sa_type=BigInteger)
    cancelled_at: int = Field(sa_type=BigInteger)
    reason: str | None = None
    receipt_url: str | None = None
    extra: str | None = Field(default=None, sa_type=Text)

    __table_args__ = (
        Index("cancellation_time", "cancelled_at", "imp_uid", "seq"),
        Index("cancellation_name", "cancellation_id"),
        Index("cancellation_pg_tid", "pg_tid", **where_known("pg_tid")),
    )


class BillingKey(SQLModel, table=True):
    """A billing key (V1 CustomerAnnotation or SuperBillingKeyAnnotation), found by its customer_uid."""

    __tablename__ = "billing_key"
    __table_args__ = (Index("billing_key_store", "tier", "customer_uid"),)

    customer_uid: str = Field(primary_key=True)
    pg_provider: str | None = None
    pg_id: str | None = None
    sandbox: bool = False
    customer_id: str | None = None
    card_name: str | None = None
    card_code: str | None = None
    card_issuer_code: str | None = None
    card_issuer_name: str | None = None
    card_publisher_code: str | None = None
    card_publisher_name: str | None = None
    card_number: str | None = None
    card_type: int | None = None
    customer_name: str | None = None
    customer_tel: str | None = None
    customer_email: str | None = None
    customer_addr: str | None = None
    customer_postcode: str | None = None
    inserted: int = Field(default=0, sa_type=BigInteger)
    updated: int = Field(default=0, sa_type=BigInteger)
    extra: str | None = Field(default=None, sa_type=Text)
    """JSON object of every field that has no column, the channels of a super billing key among them."""
    checked_at: int | None = Field(default=None, sa_type=BigInteger, index=True)
    """When the gateway last answered for it; null: known from a payment, not looked up yet."""
    deleted_at: int | None = Field(default=None, sa_type=BigInteger)
    """When the gateway first said that it is gone."""
    tier: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The sub-store that it is of (V1's `Tier`); empty: the main store."""
    anonymous_at: int | None = Field(default=None, sa_type=BigInteger)
    """As of a payment."""


class Schedule(SQLModel, table=True):
    """A booked payment (V1 ScheduleResultAnnotation), and what is kept to find it."""

    merchant_uid: str = Field(primary_key=True)
    position: int = Field(sa_type=BigInteger)
    """Order of lists: `schedule_at << 20` plus bits of merchant_uid, so that one integer is the whole keyset."""
    facet_id: int
    customer_uid: str | None = None
    imp_uid: str | None = None
    pg_provider: str | None = None
    pg_id: str | None = None
    customer_id: str | None = None
    sandbox: bool = False
    """Its key's: V1 says nothing of it."""
    schedule_at: int = Field(sa_type=BigInteger)
    executed_at: int = Field(default=0, sa_type=BigInteger)
    revoked_at: int = Field(default=0, sa_type=BigInteger)
    amount: int = Field(sa_type=BigInteger)
    currency: str
    name: str | None = None
    buyer_name: str | None = None
    buyer_email: str | None = None
    buyer_tel: str | None = None
    buyer_addr: str | None = None
    buyer_postcode: str | None = None
    custom_data: str | None = None
    schedule_status: str
    payment_status: str | None = None
    fail_reason: str | None = None
    extra: str | None = Field(default=None, sa_type=Text)
    digest: bytes | None = Field(default=None, sa_type=LargeBinary)
    tier: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The sub-store that it is of (V1's `Tier`); empty: the main store."""
    read_at: int = Field(sa_type=BigInteger)
    anonymous_at: int | None = Field(default=None, sa_type=BigInteger)
    """As of a payment."""

    __table_args__ = (
        Index("schedule_position", "position", unique=True),
        Index("schedule_facet_position", "facet_id", "position"),
        Index(
            "schedule_customer",
            "customer_uid",
            "position",
            **where_known("customer_uid"),
        ),
    )


class Channel(SQLModel, table=True):
    """A channel of the merchant (V1 PgSettingAnnotation)."""

    id: int = Field(default=None, primary_key=True)
    pg_provider: str
    pg_id: str
    sandbox: bool
    type: str
    channel_name: str | None = None
    channel_key: str | None = None


class DailyTotal(SQLModel, table=True):
    """Kept sums: one row a basis, Seoul day (clock.day_of) and facet, so that no screen sums payments."""

    __tablename__ = "daily_total"

    basis: str = Field(primary_key=True)
    day: int = Field(primary_key=True)
    facet_id: int = Field(primary_key=True)
    payments: int = Field(sa_type=BigInteger)
    """How many payments, or for Basis.REFUNDED how many refunds."""
    amount: int = Field(sa_type=BigInteger)
    """Sum of `amount`, or for Basis.REFUNDED of the refunds."""
    cancel_amount: int = Field(sa_type=BigInteger)


class SyncWindow(SQLModel, table=True):
    """Checkpoint of one 90-day window of a store's payments, written with the rows that it speaks of."""

    __tablename__ = "sync_window"

    tier: str = Field(default="", primary_key=True)
    from_at: int = Field(sa_type=BigInteger, primary_key=True)
    to_at: int = Field(sa_type=BigInteger)
    complete: bool = False
    """False while a pass is open: the next one reads the window whole."""
    drift: int = 0
    """Rows here minus the gateway's total, after the last whole pass; 0 is as it should be."""


class SyncRun(SQLModel, table=True):
    """One run of the mirror, for the System page."""

    __tablename__ = "sync_run"

    id: int = Field(default=None, primary_key=True)
    kind: str
    started_at: int = Field(sa_type=BigInteger, index=True)
    finished_at: int | None = Field(default=None, sa_type=BigInteger)
    payments: int = 0
    changed: int = 0
    billing_keys: int = 0
    schedules: int = 0
    requests: int = 0
    drift: int = 0
    error: str | None = None


class Oddity(SQLModel, table=True):
    """Something the gateway sent that this version does not know: kept, shown, counted."""

    kind: str = Field(primary_key=True)
    """unknown_field, unknown_value, unreadable_field or unreadable_row"""
    name: str = Field(primary_key=True)
    """payment.new_field, payment.status=settling, …"""
    seen: int = Field(sa_type=BigInteger)
    first_at: int = Field(sa_type=BigInteger)
    last_at: int = Field(sa_type=BigInteger)


class Mark(SQLModel, table=True):
    """A named value that outlives a process: last deep pass, clock difference, gateway's address, …"""

    name: str = Field(primary_key=True)
    value: str
    at: int = Field(sa_type=BigInteger)
