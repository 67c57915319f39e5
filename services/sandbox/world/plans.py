"""Subscriptions as the merchant knows them; V1 has no word for any of this."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from services.clock import seoul


class Cadence(StrEnum):
    """How often a plan is charged."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Churn(StrEnum):
    """Why a subscription ended."""

    CHOSEN = "chosen"
    """The customer left: what was booked is revoked."""
    FAILED = "failed"
    """Charges failed until the merchant gave up."""
    KEY_DELETED = "key_deleted"
    """The customer left and the billing key was deleted."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is sold, its price in won, and how many of a hundred subscribers take it."""

    name: str
    price: int
    cadence: Cadence
    share: int
    raised_at: float = 1.0
    """When within the world's span (0 to 1) the price rises; 1 is never."""
    raised_to: int = 0


@dataclass
class Subscription:
    """What is true of one subscription, whatever the payments look like. Amounts in won, times in UNIX seconds."""

    customer_uid: str
    plan: str
    price: int
    cadence: Cadence
    started_at: int
    prices: list[tuple[int, str, int]] = field(default_factory=list)
    """(since, plan, price) of every change after the start."""
    recoveries: int = 0
    """Cycles that failed first and were paid later."""
    ended_at: int | None = None
    churn: Churn | None = None


PLANS = (
    Plan("베이직 월간 구독", 9_900, Cadence.MONTH, 38, 0.55, 11_900),
    Plan("프로 월간 구독", 19_900, Cadence.MONTH, 26),
    Plan("팀 월간 구독", 49_000, Cadence.MONTH, 8, 0.7, 55_000),
    Plan("주간 반찬 꾸러미", 32_000, Cadence.WEEK, 8),
    Plan("꽃 정기배송", 27_900, Cadence.MONTH, 14),
    Plan("프로 연간 구독", 199_000, Cadence.YEAR, 6),
)


def cycle_start(start: int, cadence: Cadence, number: int) -> int:
    """When cycle `number` (0 = the first) of a subscription begins: the same day of the month, or its last day."""
    if cadence == Cadence.WEEK:
        return start + int(timedelta(weeks=number).total_seconds())
    first = seoul(start)
    months = first.month - 1 + number * (12 if cadence == Cadence.YEAR else 1)
    year, month = first.year + months // 12, months % 12 + 1
    return int(first.replace(year=year, month=month, day=min(first.day, monthrange(year, month)[1])).timestamp())
