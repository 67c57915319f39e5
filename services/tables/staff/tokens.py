"""Tokens by which people are named at the command line. Times in UNIX seconds (UTC)."""

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class PersonToken(SQLModel, table=True):
    """A token of one person's; the token itself is kept nowhere."""

    __tablename__ = "person_token"

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(index=True)
    name: str
    """What it is for, in its person's words."""
    hash: str = Field(unique=True)
    """SHA-256 of the token, in hex."""
    made_at: int = Field(sa_type=BigInteger)
    expires_at: int = Field(sa_type=BigInteger)
    used_at: int | None = Field(default=None, sa_type=BigInteger)
    """The last time, to a minute."""
    revoked_at: int | None = Field(default=None, sa_type=BigInteger)
    revoked_by: str | None = None
