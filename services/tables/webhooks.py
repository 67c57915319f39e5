"""Webhooks: what somebody said had happened to a payment. Nothing of it is believed; it makes us read. UNIX seconds."""

from enum import StrEnum

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

from services.tables.indexes import where


class WebhookOutcome(StrEnum):
    """What came of one."""

    CHANGED = "changed"
    """The payment was read, and was other than here."""
    UNCHANGED = "unchanged"
    UNKNOWN = "unknown"
    """The gateway knows no such payment: the console's test call, or somebody's invention."""
    OTHER_VERSION = "other_version"
    """PortOne V2 speaks so: put aside."""
    UNREAD = "unread"
    """The gateway could not be read for a day: the sync finds what changed."""


WAITING = text("outcome IS NULL")
"""Those that were not read yet; as their index is."""


class Webhook(SQLModel, table=True):
    """One call, and those of the same payment that came before it was read."""

    id: int = Field(default=None, primary_key=True)  # the database numbers it: None in no row that was read
    imp_uid: str
    merchant_uid: str
    status: str
    """As it was said, for the log alone."""
    cancellation_id: str
    ours: bool
    """Whether payment or order was known when it came: read before all others."""
    times: int = 1
    looks: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Readings that brought no answer since it was said last."""
    received_at: int = Field(sa_type=BigInteger)
    look_at: int = Field(sa_type=BigInteger)
    read_at: int | None = Field(default=None, sa_type=BigInteger)
    outcome: str | None = None

    __table_args__ = (
        Index("webhook_waiting", "imp_uid", unique=True, **where(WAITING)),
        Index("webhook_payment", "imp_uid", "id"),
        Index("webhook_read", "read_at"),
        Index("webhook_outcome", "outcome", "id"),
    )
