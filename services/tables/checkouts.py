"""Checkouts: what buyers are asked to pay or register by a link, and each time that somebody opened one.

Amounts are in the smallest unit, times in UNIX seconds (UTC).
"""

from enum import StrEnum

from sqlalchemy import BigInteger, Index, Text, text
from sqlmodel import Field, SQLModel

from services.tables.indexes import where, where_known


class CheckoutKind(StrEnum):
    """What a checkout asks of the buyer."""

    PAYMENT = "payment"
    REGISTRATION = "registration"
    """A billing key: nothing is charged where the PG registers without money."""


class CheckoutState(StrEnum):
    """Where a checkout stands; what has ended never opens again."""

    OPEN = "open"
    STARTED = "started"
    """Somebody has opened it."""
    PAID = "paid"
    """As often as it may be."""
    REGISTERED = "registered"
    FAILED = "failed"
    """The latest attempt; it may be tried again."""
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    MISMATCH = "mismatch"
    """By the latest attempt something else was paid than was asked; it may be tried again."""


class AttemptState(StrEnum):
    """Where one opening of a checkout stands."""

    STARTED = "started"
    CHECKING = "checking"
    """Somebody says that it is over, and the gateway has not been read yet."""
    WAITING = "waiting"
    """The gateway says that it is not paid yet: a virtual account, or a PG that takes its time."""
    PAID = "paid"
    REGISTERED = "registered"
    FAILED = "failed"
    MISMATCH = "mismatch"
    SURPLUS = "surplus"
    """Paid as asked, after the checkout had been used up: it goes back."""


ENDED = (AttemptState.PAID, AttemptState.REGISTERED, AttemptState.MISMATCH, AttemptState.SURPLUS)
"""States that an attempt does not leave; what of it has to go back may take longer."""


CAN_OPEN = (CheckoutState.OPEN, CheckoutState.STARTED, CheckoutState.FAILED, CheckoutState.MISMATCH)
"""States in which a buyer may still pay."""


LIVING = text("state IN ('open', 'started', 'failed', 'mismatch')")
"""The same, written as its index is."""


LEFT = text("look_at = 0 AND state IN ('started', 'checking', 'waiting', 'failed')")
"""Attempts that have not ended and at which nobody looks any more; as their index is."""


class Checkout(SQLModel, table=True):
    """One link. What it asks for never changes; items and total are the server's."""

    id: int = Field(default=None, primary_key=True)  # the database numbers it: None in no row that was read
    token: str = Field(unique=True)
    """The secret of its address."""
    kind: str
    state: str
    pg_provider: str
    pg_id: str
    sandbox: bool
    """Whether its channel is a test one: a test payment settles no live checkout."""
    name: str
    amount: int = Field(sa_type=BigInteger)
    currency: str
    customer_uid: str | None = None
    """The key that a registration makes."""
    buyer_name: str | None = None
    buyer_tel: str | None = None
    request: str = Field(sa_type=Text)
    """JSON object: what the window is told, by V1's names; amounts in the smallest unit."""
    memo: str = ""
    """For colleagues alone."""
    uses: int = 1
    used: int = 0
    """Payments that stand."""
    attempts: int = 0
    expires_at: int = Field(sa_type=BigInteger)
    made_by: str
    made_at: int = Field(sa_type=BigInteger)
    state_at: int = Field(sa_type=BigInteger)
    withdrawn_by: str | None = None
    file_id: int | None = None
    """The file that it was made of, if any."""
    file_row: int | None = None
    """Its row there: each makes one link, however often the file is brought."""
    tier: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The sub-store that is paid; empty: the main store."""

    __table_args__ = (
        Index("checkout_of_file", "file_id", "file_row", unique=True, **where_known("file_id")),
        Index("checkout_time", "made_at", "id"),
        Index("checkout_state", "state", "made_at", "id"),
        Index("checkout_expiry", "expires_at", **where(LIVING)),
        Index("checkout_customer_uid", "customer_uid", **where_known("customer_uid")),
    )


class CheckoutFile(SQLModel, table=True):
    """A file of which links were made, known by its content and the month in Korea."""

    __tablename__ = "checkout_file"

    id: int = Field(default=None, primary_key=True)
    digest: str = Field(unique=True)
    name: str
    rows: int
    made_by: str
    made_at: int = Field(sa_type=BigInteger)


class CheckoutAttempt(SQLModel, table=True):
    """One opening of a checkout, with an order number of its own."""

    __tablename__ = "checkout_attempt"

    merchant_uid: str = Field(primary_key=True)
    checkout_id: int
    state: str
    began_at: int = Field(sa_type=BigInteger)
    state_at: int = Field(sa_type=BigInteger)
    imp_uid: str | None = Field(default=None, unique=True)
    paid: int | None = Field(default=None, sa_type=BigInteger)
    """What the gateway says was paid."""
    currency: str | None = None
    fail_reason: str | None = Field(default=None, sa_type=Text)
    """The gateway's words, byte for byte."""
    confirmed: str | None = None
    """The payment that the gateway asked about before its approval."""
    confirmed_at: int = Field(default=0, sa_type=BigInteger)
    refused: str | None = None
    """Why it was not let through; null where it was."""
    look_at: int = Field(default=0, sa_type=BigInteger)
    """When the gateway is asked next; 0 where nobody waits for it."""
    looks: int = 0
    read_at: int = Field(default=0, sa_type=BigInteger)
    """When the gateway was read last."""

    __table_args__ = (
        Index("checkout_attempt_left", "began_at", **where(LEFT)),
        Index("checkout_attempt_checkout", "checkout_id", "began_at"),
        Index("checkout_attempt_look", "look_at", **where("look_at > 0")),
    )


class AlarmKind(StrEnum):
    """Why a payment under a link waits for a person; the first three as verification calls them."""

    MODE = "mode"
    """A test payment for a live order, or the other way round."""
    CHANNEL = "channel"
    KEY = "key"
    NOT_REFUNDED = "not_refunded"
    """It should go back and does not: no refund can be made, or none went through."""


class LinkAlarm(SQLModel, table=True):
    """What was found of a payment under a link and no refund follows from: shown until a person is done with it."""

    __tablename__ = "link_alarm"

    imp_uid: str = Field(primary_key=True)
    what: str = Field(primary_key=True)
    merchant_uid: str
    checkout_id: int
    why: str | None = Field(default=None, sa_type=Text)
    """What stood in the way of a refund, as an error keeps it; null where it was tried and did not go through."""
    seen_at: int = Field(sa_type=BigInteger)
    noted_by: str | None = None
    noted_at: int | None = Field(default=None, sa_type=BigInteger)
    note: str | None = Field(default=None, sa_type=Text)

    __table_args__ = (Index("link_alarm_waiting", "seen_at", **where("noted_at IS NULL")),)
