"""The search index made anew out of the rows: of a store whose rows came from another database."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from sqlalchemy import Connection, RowMapping

from services.store.grams import gram_text, key_gram_text, pieces, schedule_gram_text
from services.store.sql import in_dialect

_CHUNK = 1_000
_REASONS = (
    "SELECT p.imp_uid, c.reason FROM payment p JOIN cancellation c ON c.imp_uid = p.imp_uid "
    "WHERE p.position >= ? AND p.position <= ? ORDER BY c.imp_uid, c.seq"
)
_Rows = Sequence[RowMapping]


def index_anew(conn: Connection) -> None:
    """Fills the index of payments, keys and schedules, whatever it held; their folded texts stand already."""
    _fill(conn, "payment", "payment_gram", lambda rows: _payment_texts(conn, rows))
    _fill(conn, "key_summary", "key_gram", lambda rows: [key_gram_text({**row}) for row in rows])
    _fill(conn, "schedule", "schedule_gram", lambda rows: [schedule_gram_text({**row}) for row in rows])


def _fill(conn: Connection, table: str, index: str, texts: Callable[[_Rows], list[str]]) -> None:
    lite = conn.dialect.name == "sqlite"
    conn.exec_driver_sql(f"INSERT INTO {index} ({index}) VALUES ('delete-all')" if lite else f"DELETE FROM {index}")
    sql = in_dialect(conn, f"SELECT * FROM {table} WHERE position > ? ORDER BY position LIMIT {_CHUNK}")
    after = -(1 << 62)
    while rows := conn.exec_driver_sql(sql, (after,)).mappings().fetchall():
        after = rows[-1]["position"]
        found = zip((row["position"] for row in rows), texts(rows), strict=True)
        if lite:
            conn.exec_driver_sql(f"INSERT INTO {index} (rowid, t) VALUES (?, ?)", list(found))
        else:
            pairs = [(position, pieces(text)) for position, text in found]
            conn.exec_driver_sql(f"INSERT INTO {index} (position, grams) VALUES (%s, %s)", pairs)


def _payment_texts(conn: Connection, rows: _Rows) -> list[str]:
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    ends = (rows[0]["position"], rows[-1]["position"])
    for imp_uid, reason in conn.exec_driver_sql(in_dialect(conn, _REASONS), ends):
        reasons[imp_uid].append(reason)
    return [gram_text({**row}, reasons[row["imp_uid"]]) for row in rows]
