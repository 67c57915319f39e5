"""What is kept of revenue, so that no screen adds up payments. Amounts are in the smallest unit, times in UNIX seconds.

Days are Seoul days (clock.day_of), months like 202611. Definitions: services/revenue. Test rows are in no total.
"""

from enum import StrEnum

from sqlalchemy import BigInteger, Index, Text
from sqlmodel import Field, SQLModel

from services.tables.indexes import where_known


class Split(StrEnum):
    """What revenue is split by beyond PG and method, which DailyTotal knows."""

    PRODUCT = "name"
    CARD = "card_name"
    FAIL_REASON = "fail_reason"
    REFUND_REASON = "refund_reason"


class What(StrEnum):
    """The two sides of net."""

    GROSS = "gross"
    REFUNDS = "refunds"


class SubscriptionState(StrEnum):
    """How a subscription stands now."""

    ACTIVE = "active"
    PAST_DUE = "past_due"
    """Its last charge failed or is overdue; it counts until seven days are over."""
    ENDED = "ended"


class Churn(StrEnum):
    """How a subscription ended."""

    CHOSEN = "chosen"
    FAILED = "failed"
    LAPSED = "lapsed"


class Movement(StrEnum):
    """What changed MRR from one month's end to the next."""

    NEW = "new"
    EXPANSION = "expansion"
    CONTRACTION = "contraction"
    CHURN = "churn"
    REACTIVATION = "reactivation"


class Span(StrEnum):
    """What a forecast is for."""

    DAY = "day"
    MONTH = "month"


class SplitTotal(SQLModel, table=True):
    """Sums of a Seoul day by product, card or reason, in one currency."""

    __tablename__ = "split_total"

    field: str = Field(primary_key=True)
    currency: str = Field(primary_key=True)
    day: int = Field(primary_key=True)
    value: str = Field(primary_key=True)
    """Empty where the gateway said none."""
    payments: int = Field(sa_type=BigInteger)
    """Payments paid that day; of a reason, how many failures or refunds."""
    gross: int = Field(sa_type=BigInteger)
    """What they come to; of a reason, what failed or was refunded."""
    refunds: int = Field(sa_type=BigInteger)
    """Refunded that day; 0 for reasons."""


class BridgeTotal(SQLModel, table=True):
    """Sums by the month something happened and the month of its payment's status: leads from one basis to the other."""

    __tablename__ = "bridge_total"

    what: str = Field(primary_key=True)
    currency: str = Field(primary_key=True)
    month: int = Field(primary_key=True)
    """Of the payment's paid_at, or of the refund."""
    status_month: int = Field(primary_key=True)
    rows: int = Field(sa_type=BigInteger)
    amount: int = Field(sa_type=BigInteger)


class RevenueChange(SQLModel, table=True):
    """Late news: what a past day's gross or refunds moved by, learnt on a later day; written with the payment.

    Nothing of a day before the mirror knew that day (Mark `revenue_from`).
    """

    __tablename__ = "revenue_change"

    id: int = Field(default=None, primary_key=True)
    learnt_at: int = Field(sa_type=BigInteger)
    imp_uid: str
    what: str
    day: int
    currency: str
    rows: int
    """How many payments or refunds more (or fewer)."""
    amount: int = Field(sa_type=BigInteger)

    __table_args__ = (Index("revenue_change_day", "day", "id"), Index("revenue_change_learnt", "learnt_at", "day"))


class Closing(SQLModel, table=True):
    """A month that finance closed, with its figures as they were; the latest one of a month counts."""

    id: int = Field(default=None, primary_key=True)
    month: int = Field(index=True)
    closed_at: int = Field(sa_type=BigInteger)
    changes: int = Field(sa_type=BigInteger)
    """The last RevenueChange that its figures contain; those after it changed what was closed."""
    closed_by: str
    note: str
    figures: str = Field(sa_type=Text)
    """JSON: by currency its payments, gross, refund_count, refunds."""


class Subscription(SQLModel, table=True):
    """A billing key's subscription as inferred; worked out with its chain, which holds cadence evidence and next."""

    customer_uid: str = Field(primary_key=True)
    pg_provider: str
    sandbox: bool
    currency: str
    name: str
    """The plan: the product's name of the last regular charge."""
    every: int
    unit: str
    confidence: float
    price: int = Field(sa_type=BigInteger)
    """A cycle's."""
    monthly: int = Field(sa_type=BigInteger)
    """What it adds to MRR while it counts."""
    state: str
    churn: str | None = None
    since: int = Field(sa_type=BigInteger)
    """Its first paid charge."""
    ended_at: int | None = Field(default=None, sa_type=BigInteger)
    review_at: int | None = Field(default=None, sa_type=BigInteger)
    """When it changes though nothing happens: seven days are over."""

    __table_args__ = (
        Index("subscription_list", "since", "customer_uid"),
        Index("subscription_state", "state", "since", "customer_uid"),
        Index(
            "subscription_review",
            "review_at",
            **where_known("review_at"),
        ),
    )


class MrrMovement(SQLModel, table=True):
    """What one subscription moved MRR by in one month; months without a change have no row."""

    __tablename__ = "mrr_movement"

    customer_uid: str = Field(primary_key=True)
    month: int = Field(primary_key=True)
    kind: str
    churn: str
    """revenue_models.Churn where it is one, else empty."""
    amount: int = Field(sa_type=BigInteger)
    """Signed."""
    subscribers: int
    """1, 0 or -1"""
    currency: str
    sandbox: bool
    pg_provider: str
    name: str
    cohort: int
    """The month of its first movement."""

    __table_args__ = (Index("mrr_movement_month", "month", "kind", "customer_uid"),)


class MrrTotal(SQLModel, table=True):
    """Movements added up: over all (`field` empty), by PG and by plan."""

    __tablename__ = "mrr_total"

    field: str = Field(primary_key=True)
    """Empty, `pg_provider` or `name`."""
    currency: str = Field(primary_key=True)
    month: int = Field(primary_key=True)
    value: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    churn: str = Field(primary_key=True)
    movements: int = Field(sa_type=BigInteger)
    amount: int = Field(sa_type=BigInteger)
    subscribers: int = Field(sa_type=BigInteger)


class CohortTotal(SQLModel, table=True):
    """Movements added up by cohort."""

    __tablename__ = "cohort_total"

    currency: str = Field(primary_key=True)
    cohort: int = Field(primary_key=True)
    month: int = Field(primary_key=True)
    subscribers: int = Field(sa_type=BigInteger)
    amount: int = Field(sa_type=BigInteger)


class Forecast(SQLModel, table=True):
    """Subscription gross expected of a day or month; a day before the forecast was made is part of the back-test."""

    currency: str = Field(primary_key=True)
    span: str = Field(primary_key=True)
    first_day: int = Field(primary_key=True)
    p10: int = Field(sa_type=BigInteger)
    p50: int = Field(sa_type=BigInteger)
    p90: int = Field(sa_type=BigInteger)
    booked: int = Field(sa_type=BigInteger)
    """The part of the expectation that is booked."""
    renewals: int = Field(sa_type=BigInteger)
    """The part that is expected of subscriptions beyond what is booked."""
    actual: int | None = Field(default=None, sa_type=BigInteger)
    """What it came to, up to the moment at which the forecast was made."""
