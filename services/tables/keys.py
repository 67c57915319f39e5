"""What is kept of each billing key so that no list, filter or count looks at its payments."""

from enum import StrEnum

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from services.tables.indexes import where_known


class KeyState(StrEnum):
    """How a billing key stands; none of it depends on what time it is."""

    ACTIVE = "active"
    """It was charged, or a payment is booked on it."""
    FAILING = "failing"
    """Its last attempt failed, after the last success."""
    UNUSED = "unused"
    """Registered only."""
    DELETED = "deleted"
    """The gateway said that it is gone."""


class KeySummary(SQLModel, table=True):
    """A billing key with what its payments and schedules come to; moved in the transaction that moves those.

    Texts of the buyer and the card are the key's own, else its latest payment's, else its next schedule's.
    Registrations that took no money are no payments. Zero stands for a time that never was.
    """

    __tablename__ = "key_summary"

    id: int = Field(default=None, primary_key=True)
    customer_uid: str = Field(unique=True)
    position: int = Field(sa_type=BigInteger, unique=True)
    """Order of the list: `registered_at << 24` plus `id`, so that one integer is the whole keyset."""
    state: str
    pg_provider: str
    sandbox: bool
    duplicated: bool
    """Another key that is not deleted has the same buyer's phone, or the same buyer's card."""
    is_super: bool
    buyer_name: str | None = None
    buyer_tel: str | None = None
    buyer_email: str | None = None
    card_name: str | None = None
    card_number: str | None = None
    same_tel: str | None = None
    """The phone's digits; null where it is none, or one that stands for none (010-0000-0000)."""
    same_card: str | None = None
    """Buyer and masked card in one: the mask alone is shared by strangers."""
    registered_at: int = Field(sa_type=BigInteger)
    """V1's `inserted`, else when the first payment was asked for."""
    first_at: int = Field(sa_type=BigInteger)
    payments: int
    failures: int
    paid_at: int = Field(sa_type=BigInteger)
    paid_amount: int = Field(sa_type=BigInteger)
    paid_currency: str | None = None
    paid_imp_uid: str
    failed_at: int = Field(sa_type=BigInteger)
    fail_reason: str | None = None
    """Of the last failure, word for word."""
    failed_imp_uid: str
    booked: int
    booked_won: int = Field(sa_type=BigInteger)
    """Sum of the booked payments in won; other currencies are not added."""
    next_at: int | None = Field(default=None, sa_type=BigInteger)
    """The earliest booked payment, overdue ones too."""
    next_amount: int | None = Field(default=None, sa_type=BigInteger)
    next_currency: str | None = None
    next_merchant_uid: str | None = None

    __table_args__ = (
        Index("key_facet_position", "state", "pg_provider", "sandbox", "duplicated", "position"),
        Index(
            "key_facet_next",
            "state",
            "pg_provider",
            "sandbox",
            "duplicated",
            "next_at",
            "customer_uid",
            **where_known("next_at"),
        ),
        Index("key_next", "next_at", "customer_uid", **where_known("next_at")),
        Index("key_same_tel", "same_tel", "position", **where_known("same_tel")),
        Index("key_same_card", "same_card", "position", **where_known("same_card")),
    )


class KeyTotal(SQLModel, table=True):
    """Kept counts of billing keys by what their list filters by, and what is booked on them."""

    __tablename__ = "key_total"

    state: str = Field(primary_key=True)
    pg_provider: str = Field(primary_key=True)
    sandbox: bool = Field(primary_key=True)
    duplicated: bool = Field(primary_key=True)
    keys: int = Field(sa_type=BigInteger)
    booked_keys: int = Field(sa_type=BigInteger)
    """How many of them have something booked."""
    booked: int = Field(sa_type=BigInteger)
    booked_won: int = Field(sa_type=BigInteger)
