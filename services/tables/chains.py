"""What is kept of each customer's chain of payments, so that no screen looks at payments to say what broke off.

Amounts are in the smallest unit, times in UNIX seconds (UTC).
"""

from enum import StrEnum

from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field, SQLModel

from services.tables.indexes import where, where_known


class LastResult(StrEnum):
    """What happened last on a billing key."""

    PAID = "paid"
    FAILED = "failed"
    REVOKED = "revoked"
    """A booked payment was taken back, and nothing else booked."""


class RecoveredBy(StrEnum):
    """Who had a failed schedule paid after all."""

    POLICY = "policy"
    PERSON = "person"
    ELSEWHERE = "elsewhere"
    """The merchant's own server, or the vendor's console."""


class ChainChange(SQLModel, table=True):
    """A billing key whose payments, schedules or state moved since its chain was worked out.

    Triggers write it in the transaction of the change, so that nothing is missed by whoever writes.
    """

    __tablename__ = "chain_change"

    customer_uid: str = Field(primary_key=True)
    changes: int
    """Counts on, so that a change during the working out is not taken for done."""


class Chain(SQLModel, table=True):
    """How a billing key is charged and whether that goes on; worked out after each sync for keys that changed."""

    customer_uid: str = Field(primary_key=True)
    pg_provider: str
    sandbox: bool
    every: int | None = None
    unit: str | None = None
    """day, week, month, year; null where no cadence is known."""
    day_of_month: int | None = None
    """31: the last day."""
    confidence: float = 0.0
    evidence: str = Field(sa_type=Text)
    """JSON array of dates, oldest first."""
    amount: int = Field(default=0, sa_type=BigInteger)
    """What is charged now, a cycle."""
    currency: str
    name: str | None = None
    charged_at: int = Field(default=0, sa_type=BigInteger)
    """When it was charged or booked last by that cadence: tells the time of day."""
    paid_at: int = Field(default=0, sa_type=BigInteger)
    """The last payment, whatever it was for; 0: never."""
    due_at: int | None = Field(default=None, sa_type=BigInteger)
    """When the cycle after the last paid one begins."""
    lapses_at: int | None = Field(default=None, sa_type=BigInteger)
    """When that cycle ends: from then on the customer no longer paid in the last cycle."""
    next_at: int | None = Field(default=None, sa_type=BigInteger)
    """The earliest booked payment."""
    last_result: str | None = None
    last_at: int = Field(default=0, sa_type=BigInteger)
    fail_reason: str | None = None
    """Of the last failure where that is the last result, word for word."""
    deleted: bool = False
    broken: bool = False
    """Regular, paid, alive, and nothing booked next; it counts until `lapses_at`."""

    __table_args__ = (
        Index(
            "chain_broken",
            "lapses_at",
            "customer_uid",
            **where("broken"),
        ),
    )


class FailedSchedule(SQLModel, table=True):
    """A booked payment that failed at least once, and what became of it since."""

    __tablename__ = "failed_schedule"

    merchant_uid: str = Field(primary_key=True)
    customer_uid: str = Field(index=True)
    pg_provider: str
    sandbox: bool
    amount: int = Field(sa_type=BigInteger)
    currency: str
    name: str | None = None
    failed_at: int = Field(sa_type=BigInteger)
    """The first time."""
    last_failed_at: int = Field(sa_type=BigInteger)
    """The last time under its order number."""
    fail_reason: str | None = None
    """Word for word, of the latest failure of its billing key; once recovered, of its own."""
    action: str
    """recovery.reasons.Action"""
    tries: int
    """Charges under this order number that failed after the first."""
    booked_at: int | None = Field(default=None, sa_type=BigInteger)
    """It is booked again, for this time."""
    ended: bool = False
    """The key is gone, or the customer's later booking was taken back: nothing is tried again."""
    recovered_at: int | None = Field(default=None, sa_type=BigInteger)
    recovered_month: int | None = None
    """In Seoul, like 202611."""
    recovered_amount: int | None = Field(default=None, sa_type=BigInteger)
    recovered_imp_uid: str | None = None
    recovered_by: str | None = None

    __table_args__ = (
        Index(
            "failed_open",
            "failed_at",
            "merchant_uid",
            **where("recovered_at IS NULL"),
        ),
        Index(
            "failed_booked",
            "booked_at",
            **where_known("booked_at"),
        ),
    )


class FailedTotal(SQLModel, table=True):
    """Kept counts of failed schedules, test rows left out; triggers on their table move them."""

    __tablename__ = "failed_total"

    kind: str = Field(primary_key=True)
    """`open`, or `recovered`."""
    period: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """Of an open one the Seoul day on which it failed first; of a recovered one the month, like 202611."""
    what: str = Field(primary_key=True)
    """Of an open one its action; of a recovered one by whom."""
    currency: str = Field(primary_key=True)
    schedules: int = Field(sa_type=BigInteger)
    amount: int = Field(sa_type=BigInteger)
    """What is open, or what was paid after all."""
    booked: int = Field(sa_type=BigInteger)
    """How many of the open ones are booked again."""
