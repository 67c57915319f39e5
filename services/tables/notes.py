"""What staff write about a payment for each other: told to no gateway, buyer or bank."""

from enum import StrEnum

from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field, SQLModel


class Told(StrEnum):
    """What a buyer is told of."""

    REFUND = "refund"
    REFUSED = "refused"
    """A refund that was refused."""
    CHARGE = "charge"
    FAILED = "failed"
    """A payment by billing key that failed, booked or not."""
    ENDED = "ended"
    """A subscription that ended; noted on its last payment."""
    ACCOUNT = "account"
    """A virtual account or a store number that waits for its money."""


class Note(SQLModel, table=True):
    """One note; the audit has a digest of its words, so that a changed one is seen."""

    id: int = Field(default=None, primary_key=True)  # the database numbers it: None in no row that was read
    imp_uid: str
    text: str = Field(sa_type=Text)
    """Empty where it says that the buyer was told, and where its term is over."""
    written_by: str
    written_at: int = Field(sa_type=BigInteger)
    """UNIX seconds (UTC)."""
    told: str | None = None
    """Told; null for a note in words. It says that the buyer was told, so that nobody does it twice."""

    __table_args__ = (Index("note_payment", "imp_uid", "id"),)
