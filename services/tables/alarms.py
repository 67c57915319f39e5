"""Alarms: what is the matter, and who was told of it. Times in UNIX seconds (UTC)."""

from enum import StrEnum

from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field, SQLModel

from services.tables.indexes import where


class MatterKind(StrEnum):
    """What an alarm is about."""

    NEEDS_PERSON = "needs_person"
    """An operation that only a person can settle, one that expired unseen, or a refused charge that is paid."""
    APPROVAL = "approval"
    UNKNOWN = "unknown"
    """Nobody knows what became of an operation, and it has been so for a while."""
    MISMATCH = "mismatch"
    """By a link something else was paid than was asked, or a payment that should go back does not."""
    MIRROR = "mirror"
    """What the screens show is old."""
    GATEWAY = "gateway"
    DRIFT = "drift"
    """Rows differed from the gateway's, and were mended."""
    FAILURES = "failures"
    """A PG fails more than usual."""
    DISK = "disk"
    BACKUP = "backup"
    TEST = "test"
    """What somebody sends to see whether alarms arrive."""


class About(StrEnum):
    """What of a matter is told."""

    BEGIN = "begin"
    END = "end"


OPEN = "ended_at IS NULL"


class Matter(SQLModel, table=True):
    """One thing that is the matter, from when it was first seen until it has been over for a while."""

    __tablename__ = "alarm_matter"

    id: int = Field(default=None, primary_key=True)  # the database numbers it: None in no row that was read
    kind: str
    key: str
    """Which one of its kind; empty where there is one at most."""
    detail: str = Field(sa_type=Text)
    """JSON object of figures that its words name; nothing of a buyer."""
    since: int = Field(sa_type=BigInteger)
    gone_at: int | None = Field(default=None, sa_type=BigInteger)
    """When it was first not seen any more; it may come back."""
    ended_at: int | None = Field(default=None, sa_type=BigInteger)
    """The same, once it did not come back."""

    __table_args__ = (
        Index("alarm_matter_open", "kind", "key", unique=True, **where(OPEN)),
        Index("alarm_matter_ended", "kind", "ended_at", **where("ended_at IS NOT NULL")),
    )


class Telling(SQLModel, table=True):
    """That a receiver is told of a matter: claimed before it is sent, so that nobody else sends it too."""

    __tablename__ = "alarm_telling"

    matter_id: int = Field(primary_key=True)
    receiver: str = Field(primary_key=True)
    """`mail:` with the address, `slack` or `webhook`: the addresses of these two are secrets."""
    about: str = Field(primary_key=True)
    tries: int
    due_at: int = Field(sa_type=BigInteger)
    """When it may be tried again, unless it was told meanwhile."""
    told_at: int | None = Field(default=None, sa_type=BigInteger)
    error: str | None = None
    """Why the last try failed, in a word that holds no address; null once it was told."""

    __table_args__ = (
        Index("alarm_telling_told", "receiver", "told_at"),
        Index("alarm_telling_failed", "receiver", **where("error IS NOT NULL")),
    )
