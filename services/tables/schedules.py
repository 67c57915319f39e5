"""What is kept of schedules so that no list, filter, calendar or sum goes through all of them."""

from enum import StrEnum

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel


class ScheduleState(StrEnum):
    """A schedule as people see it: V1's status, and what became of one that ran."""

    SCHEDULED = "scheduled"
    PAID = "paid"
    FAILED = "failed"
    CANCELLED = "cancelled"
    """Paid, and refunded since."""
    EXECUTED = "executed"
    """It ran, and V1 does not say what became of it; as a filter: whatever ran."""
    REVOKED = "revoked"


class ScheduleFacet(SQLModel, table=True):
    """One combination of what schedules are filtered by, as Facet is of payments; a null of V1 is the empty string."""

    __tablename__ = "schedule_facet"

    id: int = Field(default=None, primary_key=True)
    schedule_status: str
    payment_status: str
    pg_provider: str
    sandbox: bool
    currency: str
    schedules: int = Field(default=0, sa_type=BigInteger)
    """How many schedules are in it now, and what they come to."""
    amount: int = Field(default=0, sa_type=BigInteger)

    __table_args__ = (
        Index(
            "schedule_facet_key",
            "schedule_status",
            "payment_status",
            "pg_provider",
            "sandbox",
            "currency",
            unique=True,
        ),
    )


class ScheduleTotal(SQLModel, table=True):
    """Kept sums of schedules: one row a Seoul day of schedule_at and facet."""

    __tablename__ = "schedule_total"

    day: int = Field(primary_key=True)
    facet_id: int = Field(primary_key=True)
    schedules: int = Field(sa_type=BigInteger)
    amount: int = Field(sa_type=BigInteger)
