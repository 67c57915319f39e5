"""Who signs in: the identity behind an address, and sessions. Times in UNIX seconds (UTC)."""

from enum import StrEnum

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class Ending(StrEnum):
    """Why a session ended before its time."""

    SIGNED_OUT = "signed_out"
    ROLE = "role"
    """The person's role became another, or was taken away."""
    OPERATOR = "operator"
    """`jangbu sessions end`."""
    ENDED = "ended"
    """By its person, on the list of sessions."""
    ADMINISTRATOR = "administrator"
    """By an administrator, on the list of sessions."""
    EXPIRED = "expired"
    """So long at the longest, or so long without its person."""


class Identity(SQLModel, table=True):
    """The identity that an address was first seen with; another one with the same address is another person."""

    email: str = Field(primary_key=True)
    issuer: str
    subject: str
    bound_at: int = Field(sa_type=BigInteger)
    other_issuer: str | None = None
    """The last one that was refused."""
    other_subject: str | None = None
    other_at: int | None = Field(default=None, sa_type=BigInteger)
    seen_at: int | None = Field(default=None, sa_type=BigInteger)
    """When a session of theirs began last."""


class PersonSession(SQLModel, table=True):
    """One sign-in of a person; a row that ended stays a day, so that a copy of its cookie opens nothing."""

    __tablename__ = "person_session"

    id: str = Field(primary_key=True)
    """SHA-256 of what the cookie says and when, in hex: the cookie itself is kept nowhere."""
    email: str = Field(index=True)
    role: str
    begun_at: int = Field(sa_type=BigInteger)
    """When the identity provider's word was taken."""
    seen_at: int = Field(sa_type=BigInteger)
    """When the person last did something; what a page does by itself does not count."""
    ended_at: int | None = Field(default=None, sa_type=BigInteger)
    why: str | None = None
    agent: str | None = None
    """What the browser called itself when it began."""
