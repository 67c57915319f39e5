"""Lists are in order of payment: what was refunded whole goes back to its place; an index has the time of states."""

from collections import defaultdict
from typing import Any

from alembic import op
from services.store.grams import gram_text
from services.store.positions import positions

revision = "0012"
down_revision = "0011"

_CHUNK = 1000
_MOVED = (
    "SELECT id, imp_uid, position, paid_at FROM payment WHERE status = 'cancelled' AND paid_at > 0 "
    "AND position / 1048576 <> paid_at AND id > {after} ORDER BY id LIMIT {chunk}"
)
_TEXTS = "SELECT * FROM payment WHERE position > {after} ORDER BY position LIMIT {chunk}"
_REASONS = (
    "SELECT p.imp_uid, c.reason FROM payment p JOIN cancellation c ON c.imp_uid = p.imp_uid "
    "WHERE p.position > {after} AND p.position <= {last} ORDER BY c.imp_uid, c.seq"
)


def upgrade() -> None:
    op.create_index("payment_facet_status", "payment", ["facet_id", "status_at", "imp_uid"])
    conn, after = op.get_bind(), 0
    while rows := conn.exec_driver_sql(_MOVED.format(after=after, chunk=_CHUNK)).fetchall():
        after = rows[-1][0]
        places = positions(conn, "payment", {}, {row[1]: row[3] for row in rows})
        _run("UPDATE payment SET position = ? WHERE id = ?", [(places[row[1]], row[0]) for row in rows])
        moved = [(places[row[1]], row[2]) for row in rows]
        _run("UPDATE payment_gram_text SET position = ? WHERE position = ?", moved)
        if conn.dialect.name != "sqlite":
            _run("UPDATE payment_gram SET position = ? WHERE position = ?", moved)
    if after and conn.dialect.name == "sqlite":
        _index_anew(conn)


def _index_anew(conn: Any) -> None:
    """FTS5 keeps no texts and takes out only what it is told again."""
    conn.exec_driver_sql("INSERT INTO payment_gram (payment_gram) VALUES ('delete-all')")
    after = -1
    while rows := conn.exec_driver_sql(_TEXTS.format(after=after, chunk=_CHUNK)).mappings().fetchall():
        last = rows[-1]["position"]
        reasons: defaultdict[str, list[str]] = defaultdict(list)
        for imp_uid, reason in conn.exec_driver_sql(_REASONS.format(after=after, last=last)):
            reasons[imp_uid].append(reason)
        texts = [(row["position"], gram_text(row, reasons[row["imp_uid"]])) for row in rows]
        _run("INSERT INTO payment_gram (rowid, t) VALUES (?, ?)", texts)
        after = last


def _run(sql: str, rows: list[tuple[Any, ...]]) -> None:
    conn = op.get_bind()
    conn.exec_driver_sql(sql if conn.dialect.name == "sqlite" else sql.replace("?", "%s"), rows)
