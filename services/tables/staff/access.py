"""The access log: who did what with buyers' data, and whose. Times in UNIX seconds (UTC)."""

from enum import StrEnum

from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field, SQLModel

from services.tables.indexes import where


class AccessKind(StrEnum):
    """What somebody did."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    REFUSED = "refused"
    """They were not let in, or not let do it."""
    SEEN = "seen"
    """Buyers' data stood before them in full."""
    REVEALED = "revealed"
    """Somebody who sees buyers masked had one shown, for a reason."""
    SEARCHED = "searched"
    EXPORTED = "exported"
    REVIEWED = "reviewed"
    """The month's log was looked through."""


class AccessEntry(SQLModel, table=True):
    """One entry; each hashes the one before it, so that none can be changed, taken out or moved unseen."""

    __tablename__ = "access_entry"

    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    at: int = Field(sa_type=BigInteger)
    person: str
    """Their address; without sign-in `local`, or the user of the machine."""
    origin: str
    """From where: `screen`, with the address they came from, or `cli`, with the user of the machine."""
    kind: str
    what: str
    """The page or the list."""
    whose: str
    """imp_uid, customer_uid or another id of whom it was about, one for each; never a name. Empty for a list."""
    row_count: int | None = Field(default=None, sa_type=BigInteger)
    column_names: str
    """Of a file, with commas; of a search what kind of word it was, never the word itself."""
    reason: str = Field(sa_type=Text)
    """A code of ExportReason, or the person's own words."""
    previous: str
    hash: str

    __table_args__ = (
        Index("access_entry_time", "at", "id"),
        Index("access_entry_person", "person", "at", "id"),
        Index("access_entry_whose", "whose", "at", "id", **where("whose <> ''")),
        Index("access_entry_review", "what", "id", **where("kind = 'reviewed'")),
    )


class ExportReason(StrEnum):
    """Why somebody takes buyers' data along; other words than these are their own."""

    RECONCILIATION = "reconciliation"
    """Held against the PG's settlement, or the bank's account."""
    CLOSING = "closing"
    """Books and taxes."""
    INQUIRY = "inquiry"
    """A buyer asked."""
    DELIVERY = "delivery"
    REPORT = "report"
    """Figures for colleagues."""
    AUTHORITY = "authority"
    """An authority or an auditor asked."""
    INSPECTION = "inspection"
    """`jangbu inspection`, which is for nothing else."""
    BACKUP = "backup"
    """`jangbu backup`: all that there is, to be put back."""
