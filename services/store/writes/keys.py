"""Writing billing keys and channels as the gateway says they are."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from services.store.anonymous import anonymous_key
from services.store.sql import column_names, fetch, in_dialect, one_of, upsert
from services.store.writes.key_summaries import keys_were_named, refresh_keys
from services.tables.v1 import BillingKey, Channel

_KEY_COLUMNS = column_names(BillingKey, "checked_at", "deleted_at", "anonymous_at")
_CHANNEL_COLUMNS = column_names(Channel, "id")


def discover_billing_keys(conn: Connection, customer_uids: Iterable[str], tier: str = "") -> None:
    """Notes keys that a payment or a schedule of a store names, to be looked up there later."""
    rows = [(uid, False, 0, 0, tier) for uid in dict.fromkeys(customer_uids)]
    if rows:
        sql = (
            "INSERT INTO billing_key (customer_uid, sandbox, inserted, updated, tier) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (customer_uid) DO NOTHING"
        )
        conn.exec_driver_sql(in_dialect(conn, sql), rows)
        keys_were_named(conn, [row[0] for row in rows])


def add_keys_by_uid(conn: Connection, customer_uids: Sequence[str]) -> int:
    """Notes keys of a merchant's own list, to be looked up by the next run; how many of them were not known."""
    condition, bound = one_of(conn, "customer_uid", customer_uids)
    known = fetch(conn, f"SELECT customer_uid FROM billing_key WHERE {condition}", (bound,))
    discover_billing_keys(conn, customer_uids)
    return len(set(customer_uids)) - len(known)


def upsert_billing_keys(conn: Connection, rows: Sequence[dict[str, Any]], *, checked_at: int) -> None:
    """Stores keys that the gateway answered for at `checked_at` (UNIX seconds); one that came back is not deleted."""
    condition, bound = one_of(conn, "customer_uid", [row["customer_uid"] for row in rows])
    known = (
        f"SELECT customer_uid, inserted, anonymous_at FROM billing_key WHERE anonymous_at IS NOT NULL AND {condition}"
    )
    erased = {uid: (inserted, at) for uid, inserted, at in fetch(conn, known, (bound,))}
    since = {row["customer_uid"]: _anonymous_since(row, erased.get(row["customer_uid"])) for row in rows}
    kept = [anonymous_key(row) if since[row["customer_uid"]] else row for row in rows]
    told = {row["customer_uid"]: tuple(row[name] for name in _KEY_COLUMNS) for row in kept}
    known = f"SELECT {', '.join(_KEY_COLUMNS)} FROM billing_key WHERE checked_at > 0 AND deleted_at IS NULL"
    same = {row[0] for row in fetch(conn, f"{known} AND {condition}", (bound,)) if row == told[row[0]]}
    if same:
        condition, bound = one_of(conn, "customer_uid", same)
        sql = f"UPDATE billing_key SET checked_at = ? WHERE {condition}"
        conn.exec_driver_sql(in_dialect(conn, sql), (checked_at, bound))
    if values := [(*told[uid], checked_at, None, since[uid]) for uid in told.keys() - same]:
        columns = (*_KEY_COLUMNS, "checked_at", "deleted_at", "anonymous_at")
        conn.exec_driver_sql(in_dialect(conn, upsert("billing_key", columns, ("customer_uid",))), values)
        refresh_keys(conn, told.keys() - same)


def _anonymous_since(row: dict[str, Any], erased: tuple[int, int] | None) -> int | None:
    """When its customer was taken out; null where none was, and where the key was registered anew."""
    return None if erased is None or row["inserted"] > erased[0] else erased[1]


def make_keys_anonymous(conn: Connection, customer_uids: Sequence[str], at: int) -> int:
    """Takes the customer out of billing keys, at a time in seconds; of how many."""
    condition, bound = one_of(conn, "customer_uid", customer_uids)
    sql = f"SELECT {', '.join(_KEY_COLUMNS)} FROM billing_key WHERE anonymous_at IS NULL AND {condition}"
    rows = [anonymous_key(dict(zip(_KEY_COLUMNS, row, strict=True))) for row in fetch(conn, sql, (bound,))]
    names = ("anonymous_at", *_KEY_COLUMNS[1:])
    if rows:
        sql = f"UPDATE billing_key SET {', '.join(f'{name} = ?' for name in names)} WHERE customer_uid = ?"
        values = [(at, *(row[name] for name in names[1:]), row["customer_uid"]) for row in rows]
        conn.exec_driver_sql(in_dialect(conn, sql), values)
        refresh_keys(conn, [row["customer_uid"] for row in rows])
    return len(rows)


def mark_billing_keys_deleted(conn: Connection, customer_uids: Sequence[str], *, at: int) -> None:
    """Notes keys that the gateway says are gone; what was known of them stays."""
    if not customer_uids:
        return
    condition, bound = one_of(conn, "customer_uid", customer_uids)
    sql = f"UPDATE billing_key SET checked_at = ? WHERE {condition}"
    conn.exec_driver_sql(in_dialect(conn, sql), (at, bound))
    sql = f"UPDATE billing_key SET deleted_at = ? WHERE deleted_at IS NULL AND {condition} RETURNING customer_uid"
    if gone := fetch(conn, sql, (at, bound)):
        refresh_keys(conn, {row[0] for row in gone})


def keys_to_look_up(conn: Connection, *, older_than: int, after: str, limit: int, tier: str = "") -> list[str]:
    """A store's keys never looked up or last looked up before `older_than`, by customer_uid from `after` on."""
    sql = (
        "SELECT customer_uid FROM billing_key WHERE (checked_at IS NULL OR checked_at < ?) AND customer_uid > ? "
        "AND tier = ? ORDER BY customer_uid LIMIT ?"
    )
    return [row[0] for row in conn.exec_driver_sql(in_dialect(conn, sql), (older_than, after, tier, limit))]


def replace_channels(conn: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """The merchant's channels, as they are now."""
    conn.exec_driver_sql("DELETE FROM channel")
    marks = ", ".join("?" for _ in _CHANNEL_COLUMNS)
    values = [tuple(row[name] for name in _CHANNEL_COLUMNS) for row in rows]
    if values:
        sql = f"INSERT INTO channel ({', '.join(_CHANNEL_COLUMNS)}) VALUES ({marks})"
        conn.exec_driver_sql(in_dialect(conn, sql), values)
