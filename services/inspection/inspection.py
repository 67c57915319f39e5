"""The inspection of a span: every check, one after another, in one snapshot."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from services.checkout.parameters.case import NAVERPAY, Merchant
from services.checkout.parameters.minimums import minimum
from services.inspection.deletions import inspect_deletions
from services.inspection.findings import Check, Finding, Grade, Judged, Tally
from services.inspection.orders import Webhooks, inspect_orders, webhooks_of
from services.inspection.refunds import inspect_refunds
from services.inspection.requests import inspect_charges, inspect_links
from services.inspection.rows import Span
from services.store.engine import for_long_reads, reading


@dataclass(frozen=True, slots=True)
class Report:
    """The whole inspection of a span."""

    span: Span
    made_at: int
    checks: Mapping[Check, Judged]
    webhooks: Webhooks
    products: Sequence[Mapping[str, Any]]
    """`naverProducts` of the latest link, as a sample; empty where there is none."""
    minimum: int
    """Naver Pay's smallest payment in won."""
    by_use_day: bool
    """Whether the contract settles by the day of use."""

    def count(self, grade: Grade) -> int:
        """How many findings of a grade there are in all checks."""
        return sum(judged.count[grade] for judged in self.checks.values())


def inspect(engine: Engine, span: Span, merchant: Merchant, now: float, each: Callable[[Finding], None]) -> Report:
    """Judges all that Naver Pay's inspector asks; `each` is given every finding, the latest of each check first."""
    tally = Tally(each)
    with reading(for_long_reads(engine)) as conn:
        inspect_refunds(conn, span, tally)
        inspect_deletions(conn, span, tally)
        inspect_orders(conn, span, tally)
        products = inspect_links(conn, span, merchant, tally)
        inspect_charges(conn, span, merchant, tally)
        webhooks = webhooks_of(conn, span)
    return Report(
        span, int(now), tally.checks, webhooks, products, minimum(NAVERPAY, None, merchant.minimums),
        merchant.use_confirm_day,
    )  # fmt: skip
