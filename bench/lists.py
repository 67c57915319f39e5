"""Lists, look-ups, searches and sums at 10,000 and 1,000,000 rows against hand-written SQL on raw sqlite3."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from bench.rows import START, batches
from bench.table import Figure, median_ms, paired_ms
from services.clock import day_of
from services.store.engine import create_store, reading, writing
from services.store.filters import PaymentFilter
from services.store.migrations import migrate
from services.store.payment_writes import upsert_payments
from services.store.search import search_payments
from services.store.totals import daily_series, filter_totals

SIZES = (10_000, 1_000_000)
_COLUMNS = (
    "id, imp_uid, merchant_uid, position, status, status_at, started_at, paid_at, pg_provider, pay_method, channel, "
    "card_name, card_number, apply_num, name, buyer_name, buyer_tel, buyer_email, amount, cancel_amount, currency, "
    "sandbox, customer_uid, customer_uid_usage, fail_reason, cancel_reason, cancelled_at, failed_at"
)
_NEWEST = "ORDER BY position DESC LIMIT 51"
_NAMES = ("민", "민서", "김민서", "흐흫", "김")


def fill(path: Path, count: int) -> Engine:
    """A store with `count` made-up payments."""
    engine = create_store(f"sqlite:///{path}")
    migrate(engine)
    for batch in batches(count):
        with writing(engine) as conn:
            upsert_payments(conn, batch, as_of=1)
    return engine


def measure(folder: Path) -> list[Figure]:
    """Each figure at the larger size, and its ratio to its own time at the smaller."""
    stores = {size: (fill(folder / f"{size}.db", size), folder / f"{size}.db") for size in SIZES}
    figures: list[Figure] = []
    for name, make in _CASES.items():
        ours: dict[int, float] = {}
        for size, (engine, path) in stores.items():
            with sqlite3.connect(path) as raw, reading(engine) as conn:
                chosen, sql, values = make(raw)
                ours[size], theirs = paired_ms(_search(conn, *chosen), _raw(raw, sql, values), runs=51)
        large, small = SIZES[1], SIZES[0]
        figures.append(
            Figure(f"{name}, 1 M rows", ours[large], "ms", "raw sqlite3", theirs, ours[large] / theirs, "≤ 1.5")
        )
        figures.append(
            Figure(
                f"{name}, 1 M rows",
                ours[large],
                "ms",
                "itself at 10 k",
                ours[small],
                ours[large] / ours[small],
                "≤ 1.2",
            )
        )
    engine, path = stores[SIZES[1]]
    return [*figures, *_names(engine, path), *_sums(engine, path)]


def _search(conn: Any, chosen: PaymentFilter, before: str | None) -> Callable[[], object]:
    return lambda: search_payments(conn, chosen, before=before)


def _raw(raw: sqlite3.Connection, sql: str, values: tuple[Any, ...]) -> Callable[[], object]:
    return lambda: raw.execute(sql, values).fetchall()


def _first(_raw_connection: sqlite3.Connection) -> Any:
    return (PaymentFilter(), None), f"SELECT {_COLUMNS} FROM payment WHERE sandbox = 0 {_NEWEST}", ()


def _filtered(raw: sqlite3.Connection) -> Any:
    (top,) = raw.execute("SELECT max(status_at) FROM payment").fetchone()
    last = day_of(top)
    chosen = PaymentFilter(
        from_day=last - 29, to_day=last, states=frozenset({"failed"}), pg_providers=frozenset({"kakaopay"})
    )
    facet = "(SELECT id FROM facet WHERE status = 'failed' AND pg_provider = 'kakaopay' AND sandbox = 0)"
    return (chosen, None), f"SELECT {_COLUMNS} FROM payment WHERE facet_id = {facet} {_NEWEST}", ()


def _deep(raw: sqlite3.Connection) -> Any:
    rows = min(50_000, raw.execute("SELECT count(*) FROM payment").fetchone()[0] - 100)
    (cursor,) = raw.execute(f"SELECT position FROM payment ORDER BY position DESC LIMIT 1 OFFSET {rows}").fetchone()
    sql = f"SELECT {_COLUMNS} FROM payment WHERE position < ? AND sandbox = 0 {_NEWEST}"
    return (PaymentFilter(), str(cursor)), sql, (cursor,)


def _exact(raw: sqlite3.Connection) -> Any:
    (imp_uid,) = raw.execute("SELECT imp_uid FROM payment LIMIT 1 OFFSET 5000").fetchone()
    return (
        (PaymentFilter(text=imp_uid), None),
        f"SELECT {_COLUMNS} FROM payment WHERE imp_uid = ?",
        (imp_uid,),
    )


def _order(raw: sqlite3.Connection) -> Any:
    (order,) = raw.execute("SELECT merchant_uid FROM payment LIMIT 1 OFFSET 5000").fetchone()
    sql = f"SELECT {_COLUMNS} FROM payment WHERE merchant_uid = ? {_NEWEST}"
    return (PaymentFilter(text=order), None), sql, (order,)


_CASES: dict[str, Callable[[sqlite3.Connection], Any]] = {
    "first page": _first,
    "filtered page": _filtered,
    "page 1,000": _deep,
    "exact imp_uid": _exact,
    "exact order number": _order,
}


def _names(engine: Engine, path: Path) -> list[Figure]:
    """The slowest of several names: common, rare and absent, of one, two and three syllables."""
    ours, theirs = 0.0, 0.0
    with sqlite3.connect(path) as raw, reading(engine) as conn:
        sql = f"SELECT {_COLUMNS} FROM payment WHERE buyer_name LIKE ? AND sandbox = 0 {_NEWEST}"
        for name in _NAMES:
            ours = max(ours, median_ms(_search(conn, PaymentFilter(text=name), None), runs=15))
            theirs = max(theirs, median_ms(_raw(raw, sql, (f"%{name}%",)), runs=3, warm=1))
    return [Figure("name search, slowest, 1 M rows", ours, "ms", "LIKE over rows", theirs, theirs / ours, "≥ 50")]


def _sums(engine: Engine, path: Path) -> list[Figure]:
    last = day_of(START + SIZES[1] * 30)
    first = last - 30
    sql = "SELECT sum(amount), sum(cancel_amount) FROM payment WHERE status_at >= ? AND sandbox = 0"
    with sqlite3.connect(path) as raw, reading(engine) as conn:
        series, scan = paired_ms(
            lambda: daily_series(conn, first, last),
            _raw(raw, sql, (START + (SIZES[1] - 86_400) * 30,)),
            runs=5,
        )
        whole, table = paired_ms(lambda: filter_totals(conn, PaymentFilter()), _raw(raw, sql, (0,)), runs=5)
    return [
        Figure("overview's 30 days", series, "ms", "scan of the rows", scan, scan / series),
        Figure("totals of a whole list", whole, "ms", "scan of the rows", table, table / whole),
    ]
