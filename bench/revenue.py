"""Revenue at 1,000,000 payments against 10,000 of the same 400 days: its reads, and the page as the server runs it."""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, Engine

from bench.reruns import rerun, session
from bench.rows import batches
from bench.servers import PORT, server
from bench.table import Figure, paired
from dashboard.screens.revenue.revenue_desk import read_cohorts, read_forecast, read_mrr, read_sales
from dashboard.screens.revenue.revenue_period import RevenueView, Tab
from services.clock import DAY, day_of
from services.months import month_of_day, previous_month
from services.revenue.forecast import refresh_forecast
from services.revenue.periods import Period
from services.store.engine import create_store, reading, writing
from services.store.migrations import migrate
from services.store.writes.payments import PaymentWrite, upsert_payments
from services.store.writes.sync import set_mark
from services.subscriptions.keep import refresh_chains

SIZES = (10_000, 1_000_000)
_DAYS = 400
_SHOWN = 30
_RECURRING = 0.4
"""The part of the payments that monthly subscriptions make."""
_MONTH = 30 * DAY


def measure(folder: Path) -> list[Figure]:
    """The reads beside themselves at the smaller size and beside the kept rows read by hand; then the page."""
    now = int(time.time())
    paths = [folder / f"revenue{size}.db" for size in SIZES]
    small, large = (fill(path, size, now) for path, size in zip(paths, SIZES, strict=True))
    view = _view(now)
    with reading(small) as few, reading(large) as many:
        ours, theirs = paired(_reads(many, view), _reads(few, view), runs=31, warm=3)
        reads = Figure("reads of Revenue, 1 M", 1000 * ours, "ms", "itself at 10 k", 1000 * theirs)
        with sqlite3.connect(paths[1]) as raw:
            ours, theirs = paired(_reads(many, view), lambda: by_hand(raw, view), runs=31, warm=3)
        hand = Figure("reads of Revenue, 1 M", 1000 * ours, "ms", "kept rows by hand", 1000 * theirs, at_most=2)
    small.dispose()
    large.dispose()
    return [reads, hand, _page(paths)]


def fill(path: Path, count: int, now: int) -> Engine:
    """A store with `count` payments of 400 days, some of them monthly charges, and all that is kept of them."""
    engine = create_store(f"sqlite:///{path}")
    migrate(engine)
    single = int(count * (1 - _RECURRING))
    every = _DAYS * DAY / single
    with_keys = _monthly(count - single, now)
    for batch in batches(single, start=now - _DAYS * DAY, every=every):
        with writing(engine) as conn:
            upsert_payments(conn, [*batch, *islice(with_keys, 700)], as_of=now * 1000)
    with writing(engine) as conn:
        upsert_payments(conn, list(with_keys), as_of=now * 1000)
        set_mark(conn, "as_of", str(now), now)
    refresh_chains(engine, now)
    refresh_forecast(engine, now)
    return engine


def _monthly(count: int, now: int) -> Iterator[PaymentWrite]:
    """Charges of keys that are charged every month; each key as often as the days allow."""
    chance, cycles = random.Random(2), _DAYS * DAY // _MONTH
    rows = (write for batch in batches(count, seed=3) for write in batch)
    for number, write in enumerate(rows):
        key, cycle = divmod(number, cycles)
        at = now - DAY - key * 977 % _MONTH - (cycles - 1 - cycle) * _MONTH
        paid = chance.random() < 0.95
        yield PaymentWrite(
            write.values
            | {
                "merchant_uid": f"monthly{number}",
                "imp_uid": f"imp_9{number:011d}",
                "name": f"구독 {key % 20}",
                "amount": 9_900 + key % 20 * 1_000,
                "cancel_amount": 0,
                "cancelled_at": 0,
                "status": "paid" if paid else "failed",
                "paid_at": at if paid else 0,
                "failed_at": 0 if paid else at,
                "started_at": at,
                "customer_uid": f"key{key}",
                "customer_uid_usage": "payment.scheduled",
            },
            [],
            write.digest,
        )


def _view(now: int) -> RevenueView:
    today = day_of(now)
    period = Period(today - _SHOWN + 1, today)
    return RevenueView(Tab.SALES, period, period.before(period.to_day), "KRW", "pg_provider", {})


def _reads(conn: Connection, view: RevenueView) -> Callable[[], object]:
    reads = (read_sales, read_mrr, read_cohorts, read_forecast)
    return lambda: [read(conn, view) for read in reads]


def by_hand(raw: sqlite3.Connection, view: RevenueView) -> int:
    """The kept rows of the view, each read once as short as can be; how many they are."""
    first, last = view.against.from_day, view.period.to_day
    month = month_of_day(last)
    days = "SELECT basis, day, facet_id, payments, amount FROM daily_total WHERE basis = ? AND day BETWEEN ? AND ?"
    values = (
        "SELECT day, value, payments, gross, refunds FROM split_total "
        "WHERE field = ? AND currency = 'KRW' AND day BETWEEN ? AND ?"
    )
    reads: list[tuple[str, tuple[object, ...]]] = [
        *((days, (basis, first, last)) for basis in ("paid", "refunded", "failed")),
        *((values, (field, first, last)) for field in ("name", "fail_reason", "refund_reason")),
        ("SELECT * FROM facet", ()),
        ("SELECT * FROM mrr_total WHERE field = '' AND currency = 'KRW' AND month <= ?", (month,)),
        ("SELECT * FROM mrr_total WHERE field = 'name' AND currency = 'KRW' AND month = ?", (month,)),
        ("SELECT * FROM cohort_total WHERE currency = 'KRW' AND cohort > ?", (previous_month(month) - 100,)),
        ("SELECT * FROM forecast WHERE currency = 'KRW'", ()),
    ]
    return sum(len(raw.execute(sql, bound).fetchall()) for sql, bound in reads)


def _page(paths: list[Path]) -> Figure:
    def settings(path: Path) -> dict[str, str]:
        return {
            "JANGBU_DATABASE_URL": f"sqlite:///{path}",
            "JANGBU_IMP_API_URL": "http://127.0.0.1:1",  # nobody answers there: nothing but the page is at work
            "JANGBU_IMP_KEY": "bench",
            "JANGBU_IMP_SECRET": "bench",
            "JANGBU_PORT": PORT,
        }

    serve = ["dashboard", "serve"]
    with (
        server(serve, ask="/healthz", settings=settings(paths[1])) as large,
        server(serve, ask="/healthz", settings=settings(paths[0])) as small,
        session(large) as many,
        session(small) as few,
    ):
        ours, theirs = paired(lambda: rerun(many, "revenue"), lambda: rerun(few, "revenue"), runs=31, warm=5)
    return Figure("Revenue drawn, server, 1 M", 1000 * ours, "ms", "itself at 10 k", 1000 * theirs, at_most=1.5)
