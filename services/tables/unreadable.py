"""What the gateway sent and nobody could read: kept as it came until it can be."""

from enum import StrEnum

from sqlalchemy import BigInteger, Index, LargeBinary
from sqlmodel import Field, SQLModel


class RowKind(StrEnum):
    """What kind of row it is."""

    PAYMENT = "payment"
    SCHEDULE = "schedule"
    BILLING_KEY = "billing_key"
    CHANNEL = "channel"


class UnreadableReason(StrEnum):
    """Why a row cannot be kept."""

    NO_OBJECT = "no_object"
    """Its JSON is broken off, or is no object."""
    NO_ID = "no_id"
    CURRENCY = "currency"
    AMOUNT = "amount"
    CANCEL_AMOUNT = "cancel_amount"
    REFUND_AMOUNT = "refund_amount"
    PAID_AT = "paid_at"
    REFUND_TIME = "refund_time"


class Unreadable(SQLModel, table=True):
    """A row that came and could not be kept. An earlier version of it that could be is still where it was."""

    __tablename__ = "unreadable_row"

    kind: str = Field(primary_key=True)
    uid: str = Field(primary_key=True)
    """Its imp_uid, merchant_uid, customer_uid or pg_provider; empty where none could be read."""
    digest: str = Field(primary_key=True)
    """What tells rows without an id apart: a hash of the bytes; empty where there is an id."""
    reason: str
    raw: bytes = Field(sa_type=LargeBinary)
    """As it came, cut off at 16 KiB."""
    seen: int = Field(sa_type=BigInteger)
    first_at: int = Field(sa_type=BigInteger)
    last_at: int = Field(sa_type=BigInteger)

    __table_args__ = (Index("unreadable_row_last", "last_at"),)
