"""What some process is reading from the gateway at this moment: pages of the others say so, and ask for it no more."""

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class BeingRead(SQLModel, table=True):
    """One payment, schedule or key; the row goes when it was read."""

    __tablename__ = "being_read"

    name: str = Field(primary_key=True)
    """As pages call it: a payment's imp_uid, `schedule:…`, `billing_key:…`."""
    reader: str
    """A claimant's name."""
    until: int = Field(sa_type=BigInteger)
    """UNIX seconds after which nobody believes it."""
