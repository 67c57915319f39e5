"""Deliveries of escrow payments as V1 tells of them. UNIX seconds. Never whom they went to."""

from enum import StrEnum

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel


class DeliveryState(StrEnum):
    """How an escrow payment stands; read of whether a delivery is known, never kept."""

    TO_ENTER = "to_enter"
    """Paid, and no delivery is known: the money is held back."""
    ENTERED = "entered"


class EscrowDelivery(SQLModel, table=True):
    """The delivery that stands for one escrow payment."""

    __tablename__ = "escrow_delivery"

    imp_uid: str = Field(primary_key=True)
    company: str
    """The courier's code."""
    invoice: str
    sent_at: int = Field(sa_type=BigInteger)
    applied_at: int = Field(sa_type=BigInteger)
    """When it was entered, as the gateway says."""
    operation_id: int | None = None
    """The operation that entered it, or changed it last; null where that was done elsewhere."""
    entered_by: str | None = None
    read_at: int = Field(sa_type=BigInteger)

    __table_args__ = (Index("escrow_delivery_invoice", "invoice"),)


class EscrowWaiting(SQLModel, table=True):
    """A paid escrow payment of which no delivery is known."""

    __tablename__ = "escrow_waiting"

    imp_uid: str = Field(primary_key=True)
    paid_at: int = Field(sa_type=BigInteger)

    __table_args__ = (Index("escrow_waiting_time", "paid_at", "imp_uid"),)
