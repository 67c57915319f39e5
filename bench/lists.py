"""Lists, look-ups, searches and sums at 10,000 and 1,000,000 rows against hand-written SQL on raw sqlite3."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from bench.rows import START, batches
from bench.table import Figure, median, paired
from services.clock import day_of
from services.store.engine import create_store, reading, writing
from services.store.lists.filters import PaymentFilter
from services.store.lists.payments import search_payments
from services.store.lists.totals import daily_series, filter_totals
from services.store.migrations import migrate
from services.store.writes.payments import upsert_payments

SIZES = (10_000, 1_000_000)
_COLUMNS = (
    "id, imp_uid, merchant_uid, position, status, status_at, started_at, paid_at, pg_provider, pay_method, channel, "
    "card_name, card_number, apply_num, name, buyer_name, buyer_tel, buyer_email, amount, cancel_amount, currency, "
    "sandbox, customer_uid, customer_uid_usage, fail_reason, cancel_reason, cancelled_at, failed_at"
)
_NEWEST = "ORDER BY position DESC LIMIT 51"
_NAMES = ("김", "민", "민서", "김민서", "흐", "흐흫", "김흐흫")
_MANY = 101
_START_OF_MONTH = START + (SIZES[1] - 86_400) * 30  # a payment every 30 seconds


def fill(path: Path, count: int, *, until: int | None = None) -> Engine:
    """A store with `count` made-up payments, the last one at `until` (UNIX seconds)."""
    engine = create_store(f"sqlite:///{path}")
    migrate(engine)
    start = START if until is None else until - 30 * count
    for batch in batches(count, start=start):
        with writing(engine) as conn:
            upsert_payments(conn, batch, as_of=1)
    return engine


def measure(folder: Path) -> list[Figure]:
    """Each figure at the larger size against raw sqlite3, and against its own time at the smaller."""
    stores = {size: (fill(folder / f"{size}.db", size), folder / f"{size}.db") for size in SIZES}
    figures: list[Figure] = []
    for name, make in _CASES.items():
        ours: dict[int, float] = {}
        for size, (engine, path) in stores.items():
            with sqlite3.connect(path) as raw, reading(engine) as conn:
                chosen, sql, values = make(raw)
                pair = paired(_search(conn, *chosen), _raw(raw, sql, values), runs=_MANY, warm=5)
                ours[size], theirs = (1000 * taken for taken in pair)
        small, large = (ours[size] for size in SIZES)
        figures += [
            Figure(f"{name}, 1 M rows", large, "ms", "raw sqlite3", theirs, at_most=1.5),
            Figure(f"{name}, 1 M rows", large, "ms", "itself at 10 k", small, at_most=1.2),
        ]
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
    """Common, rare and absent names of one, two and three syllables; the least gain of them."""
    sql = f"SELECT {_COLUMNS} FROM payment WHERE buyer_name LIKE ? AND sandbox = 0 {_NEWEST}"
    pairs = []
    with sqlite3.connect(path) as raw, reading(engine) as conn:
        for name in _NAMES:
            search = _search(conn, PaymentFilter(text=name), None)
            pairs.append((median(search, runs=15), median(_raw(raw, sql, (f"%{name}%",)), runs=3)))
    ours, theirs = (1000 * max(times) for times in zip(*pairs, strict=True))
    return [Figure("name search, worst case, 1 M rows", ours, "ms", "LIKE, worst case", theirs, at_least=50)]


def _sums(engine: Engine, path: Path) -> list[Figure]:
    last = day_of(START + SIZES[1] * 30)
    sql = "SELECT sum(amount), sum(cancel_amount) FROM payment WHERE status_at >= ? AND sandbox = 0"
    month = _START_OF_MONTH
    with sqlite3.connect(path) as raw, reading(engine) as conn:
        days = paired(lambda: daily_series(conn, last - 30, last), _raw(raw, sql, (month,)), runs=5)
        whole = paired(lambda: filter_totals(conn, PaymentFilter()), _raw(raw, sql, (0,)), runs=5)
    return [
        Figure("overview's 30 days", 1000 * days[0], "ms", "scan of the rows", 1000 * days[1]),
        Figure("sums of a whole list", 1000 * whole[0], "ms", "scan of the rows", 1000 * whole[1]),
    ]
