"""What the store keeps beside the rows, worked out anew from the rows: totals, sizes of facets, the search index."""

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import Connection, Engine

from services.clock import day_of
from services.store.engine import reading
from services.store.grams import gram_text, pieces

_FTS = "fts5(t, content='', columnsize=0, detail=none, tokenize='trigram')"
Rows = list[dict[str, Any]]


# What a registration shows, it charges: the vendor's guide, PG by PG. Everywhere else the amount is for show.
_ALWAYS = ["kakaopay", "danal", "danal_tpay", "mobilians", "mobilians_v2", "settle_acc", "paymentwall"]
_PHONE = ["galaxia", "welcome"]


def charged(row: dict[str, Any]) -> bool:
    """Whether a payment is one at all: an ordinary one, or a registration with an amount where those are charged."""
    if row["customer_uid_usage"] != "issue":
        return True
    pg = row["pg_provider"]
    by_phone, by_api = row["pay_method"] == "phone", row["channel"] == "api"
    takes = pg in _ALWAYS or (by_phone and pg in _PHONE) or (by_api and pg == "html5_inicis")
    return takes and bool(row["amount"] > 0)


def stored_rows(conn: Connection) -> tuple[Rows, dict[str, Rows]]:
    """Every payment, and its refunds in their order by imp_uid."""
    payments = [dict(row) for row in conn.exec_driver_sql("SELECT * FROM payment").mappings()]
    refunds: dict[str, Rows] = defaultdict(list)
    for row in conn.exec_driver_sql("SELECT * FROM cancellation ORDER BY imp_uid, seq").mappings():
        refunds[row["imp_uid"]].append(dict(row))
    return payments, refunds


def totals_kept(engine: Engine) -> dict[Any, tuple[int, ...]]:
    """Kept totals by (basis, day, facet), and the sizes of facets; what is zero is left out."""
    with reading(engine) as conn:
        rows = conn.exec_driver_sql("SELECT basis, day, facet_id, payments, amount, cancel_amount FROM daily_total")
        kept: dict[Any, tuple[int, ...]] = {tuple(row[:3]): tuple(row[3:]) for row in rows}
        sizes = conn.exec_driver_sql("SELECT id, payments FROM facet")
        kept |= {row[0]: (row[1],) for row in sizes}
    return {key: sums for key, sums in kept.items() if any(sums)}


def totals_recounted(engine: Engine) -> dict[Any, tuple[int, ...]]:
    """The same from the rows alone."""
    sums: dict[Any, Counter[str]] = defaultdict(Counter)
    sizes: Counter[int] = Counter()
    with reading(engine) as conn:
        payments, refunds = stored_rows(conn)
    for row in payments:
        sizes[row["facet_id"]] += 1
        for basis, at, amount, cancelled in _entries(row, refunds.get(row["imp_uid"], [])):
            sums[basis, day_of(at), row["facet_id"]].update(n=1, amount=amount, cancelled=cancelled)
    counted = {key: (one["n"], one["amount"], one["cancelled"]) for key, one in sums.items()}
    return counted | {facet: (size,) for facet, size in sizes.items()}


def _entries(row: dict[str, Any], refunds: Rows) -> list[tuple[str, int, int, int]]:
    moved = charged(row) and row["paid_at"] > 0
    amount, cancelled = row["amount"] if charged(row) else 0, row["cancel_amount"] if moved else 0
    found = [("status", row["status_at"], amount, cancelled), ("started", row["started_at"], amount, cancelled)]
    if row["paid_at"]:
        found.append(("paid", row["paid_at"], amount, cancelled))
    if row["failed_at"] and not row["paid_at"]:
        found.append(("failed", row["failed_at"], amount, 0))
    if not moved:
        return found
    given = [(one["cancelled_at"], one["amount"]) for one in refunds]
    if cancelled and not given:
        given = [(row["cancelled_at"] or row["paid_at"], cancelled)]
    found += [("refunded", at, refunded, 0) for at, refunded in given]
    return found + [("refunded_part", at, refunded, 0) for at, refunded in given if refunded < amount]


def index_kept(engine: Engine, index: str = "payment_gram") -> dict[Any, Any]:
    """A search index: on SQLite how many rows each piece is in, on PostgreSQL the pieces of each row."""
    with reading(engine) as conn:
        if engine.dialect.name == "sqlite":
            return _vocabulary(conn, "main", index)
        return {row[0]: frozenset(row[1]) for row in conn.exec_driver_sql(f"SELECT position, grams FROM {index}")}


def index_rebuilt(engine: Engine) -> dict[Any, Any]:
    """The payments' from the rows alone."""
    with reading(engine) as conn:
        payments, refunds = stored_rows(conn)
        return indexed(
            conn,
            [
                (row["position"], gram_text(row, (one["reason"] for one in refunds.get(row["imp_uid"], []))))
                for row in payments
            ],
        )


def indexed(conn: Connection, texts: list[tuple[int, str]]) -> dict[Any, Any]:
    """What index_kept says of an index of these texts by position."""
    if conn.dialect.name != "sqlite":
        return {position: frozenset(pieces(text)) for position, text in texts}
    conn.exec_driver_sql(f"CREATE VIRTUAL TABLE temp.rebuilt USING {_FTS}")
    if texts:
        conn.exec_driver_sql("INSERT INTO rebuilt (rowid, t) VALUES (?, ?)", texts)
    found = _vocabulary(conn, "temp", "rebuilt")
    conn.exec_driver_sql("DROP TABLE temp.rebuilt")
    return found


def _vocabulary(conn: Connection, schema: str, table: str) -> dict[Any, Any]:
    conn.exec_driver_sql(f"CREATE VIRTUAL TABLE temp.words USING fts5vocab('{schema}', '{table}', 'row')")
    found = {row[0]: row[1] for row in conn.exec_driver_sql("SELECT term, doc FROM words")}
    conn.exec_driver_sql("DROP TABLE temp.words")
    return found
