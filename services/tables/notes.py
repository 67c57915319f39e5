"""What staff write about a payment for each other: kept for good, told to no gateway, buyer or bank."""

from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field, SQLModel


class Note(SQLModel, table=True):
    """One note; the audit has its words too, so that a changed one is seen."""

    id: int = Field(default=None, primary_key=True)  # the database numbers it: None in no row that was read
    imp_uid: str
    text: str = Field(sa_type=Text)
    written_by: str
    written_at: int = Field(sa_type=BigInteger)
    """UNIX seconds (UTC)."""

    __table_args__ = (Index("note_payment", "imp_uid", "id"),)
