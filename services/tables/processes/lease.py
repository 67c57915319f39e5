"""Which process holds the loops: one row, with a number that is never given twice. Times in milliseconds (UTC)."""

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class LoopLease(SQLModel, table=True):
    """The only row: taken over by giving it another number, and every write of the loops carries the number."""

    __tablename__ = "loop_lease"

    number: int = Field(sa_type=BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    """When it was taken, at least one more than the last; the key, so that PostgreSQL tells a new one from a longer
    term: a write holds the first off (FOR KEY SHARE), and not the second."""
    holder: str
    """A claimant's name; empty before the first one."""
    until: int = Field(sa_type=BigInteger)
    """By the database's clock; 0 once it was given back."""
