"""Rows that came and could not be kept: noted once each, and dropped when they can be read."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection

from services.store.sql import column_names, fetch, in_dialect, one_of, upsert
from services.tables.unreadable import RowKind, Unreadable

Row = tuple[str, str, str, bytes]
"""(kind, uid, reason, raw) as in models of unreadable rows."""
_COLUMNS = column_names(Unreadable)
_KEY = ("kind", "uid", "digest")
_AGAIN = ("reason = excluded.reason", "raw = excluded.raw", "last_at = excluded.last_at")
_TABLES = (("payment", "imp_uid"), ("schedule", "merchant_uid"), ("billing_key", "customer_uid"))
_EARLIER = " OR ".join(
    f"(u.kind = '{table}' AND EXISTS (SELECT 1 FROM {table} o WHERE o.{name} = u.uid))" for table, name in _TABLES
)


@dataclass(frozen=True, slots=True)
class Told:
    """A row that could not be kept, and whether an earlier version of it is here; without its bytes."""

    kind: str
    uid: str
    reason: str
    seen: int
    first_at: int
    last_at: int
    earlier: bool


def key_of(row: Row) -> tuple[str, str, str]:
    """What tells a row from others: its kind and id, or a hash of its bytes where it has none."""
    kind, uid, _reason, raw = row
    return kind, uid, "" if uid else sha256(raw).hexdigest()[:32]


def note_unreadable(conn: Connection, rows: Iterable[Row], *, at: int) -> None:
    """Notes rows; one that is there already is the same one again."""
    values = [(*key_of(row), *row[2:], 1, at, at) for row in rows]
    if values:
        changes = ("seen = unreadable_row.seen + 1", *_AGAIN)
        conn.exec_driver_sql(in_dialect(conn, upsert("unreadable_row", _COLUMNS, _KEY, changes)), values)


def drop_unreadable(conn: Connection, kind: str, uids: Iterable[str]) -> None:
    """What could be read now is no longer told of."""
    condition, bound = one_of(conn, "uid", uids)
    sql = f"DELETE FROM unreadable_row WHERE kind = ? AND uid <> '' AND {condition}"
    conn.exec_driver_sql(in_dialect(conn, sql), (kind, bound))


def drop_unseen(conn: Connection, met: Iterable[str]) -> None:
    """Rows without an id that a whole pass did not meet again; `met` are the hashes of those it did."""
    condition, bound = one_of(conn, "digest", met)
    sql = f"DELETE FROM unreadable_row WHERE uid = '' AND NOT ({condition})"
    conn.exec_driver_sql(in_dialect(conn, sql), (bound,))


def unreadable_ids(conn: Connection, kind: str) -> set[str]:
    """The ids of rows of a kind that could not be read."""
    rows = fetch(conn, "SELECT uid FROM unreadable_row WHERE kind = ? AND uid <> ''", (kind,))
    return {row[0] for row in rows}


def count_unreadable(conn: Connection) -> int:
    """How many rows could not be read."""
    return int(fetch(conn, "SELECT count(*) FROM unreadable_row")[0][0])


def count_missing(conn: Connection) -> tuple[int, int]:
    """Rows that could not be read: those that are nowhere, and those of which an earlier version is here."""
    earlier = f"sum(CASE WHEN {_EARLIER} THEN 1 ELSE 0 END)"
    (found,) = fetch(conn, f"SELECT count(*), coalesce({earlier}, 0) FROM unreadable_row u")
    return int(found[0] - found[1]), int(found[1])


def list_unreadable(conn: Connection, limit: int) -> list[Told]:
    """Rows that could not be read, the latest first."""
    sql = (
        f"SELECT u.kind, u.uid, u.reason, u.seen, u.first_at, u.last_at, {_EARLIER} FROM unreadable_row u "
        "ORDER BY u.last_at DESC, u.kind, u.uid, u.digest LIMIT ?"
    )
    return [
        Told(kind, uid, reason, seen, first_at, last_at, bool(earlier))
        for kind, uid, reason, seen, first_at, last_at, earlier in fetch(conn, sql, (limit,))
    ]


def latest_raw(conn: Connection, limit: int) -> list[bytes]:
    """The bytes of rows that could not be read, in that order."""
    sql = "SELECT raw FROM unreadable_row ORDER BY last_at DESC, kind, uid, digest LIMIT ?"
    return [bytes(row[0]) for row in fetch(conn, sql, (limit,))]


def stored_though_unreadable(conn: Connection, from_at: int, to_at: int, tier: str = "") -> int:
    """A store's payments of these status times (UNIX seconds) whose latest answer could not be read."""
    sql = (
        "SELECT count(*) FROM unreadable_row u JOIN payment p ON p.imp_uid = u.uid "
        "WHERE u.kind = ? AND p.status_at BETWEEN ? AND ? AND p.tier = ?"
    )
    return int(fetch(conn, sql, (RowKind.PAYMENT.value, from_at, to_at, tier))[0][0])
