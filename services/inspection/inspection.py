"""The inspection of a span: every check, one after another, in one snapshot."""

from collections.abc import Callable

from sqlalchemy import Engine

from services.checkout.parameters.case import NAVERPAY, Merchant
from services.checkout.parameters.minimums import minimum
from services.inspection.deletions import inspect_deletions
from services.inspection.findings import Finding, Report, Tally
from services.inspection.orders import inspect_orders, webhooks_of
from services.inspection.refunds import inspect_refunds
from services.inspection.requests import inspect_charges, inspect_links
from services.inspection.rows import Span
from services.store.engine import for_long_reads, reading


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
        span.from_at, span.to_at, int(now), tally.checks, webhooks, products,
        minimum(NAVERPAY, None, merchant.minimums), merchant.use_confirm_day,
    )  # fmt: skip
