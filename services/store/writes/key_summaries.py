"""Keeping `key_summary`: whatever touches a billing key calls this in its own transaction, for a batch at once.

New payments are counted into the row that is kept; only keys of which a payment changed are counted anew.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from services.store.grams import key_gram_text
from services.store.sql import each, fetch, in_dialect, one_of
from services.store.writes.grams import GramChange, write_grams
from services.store.writes.key_facts import (
    COLUMNS,
    NOTHING_BOOKED,
    Row,
    count_in,
    describe,
    new_summary,
    without_payments,
)
from services.store.writes.key_neighbours import compare_neighbours
from services.store.writes.key_totals import KeyTotalsDelta
from services.store.writes.schedule_facets import mark_schedules
from services.tables.v1 import ScheduleStatus

_INDEXED = ("position", "state", "pg_provider", "sandbox", "next_at", "same_tel", "same_card")
_FIXED = ("id", "customer_uid", "duplicated")
_CHANGING = tuple(name for name in COLUMNS if name not in _FIXED)
_PLAIN = tuple(name for name in _CHANGING if name not in _INDEXED)
_COUNTED = (
    "imp_uid", "started_at", "paid_at", "failed_at", "amount", "currency", "fail_reason", "customer_uid_usage",
    "pg_provider", "pay_method", "channel",
)  # fmt: skip
_KEY = {
    "customer_name": "buyer_name",
    "customer_tel": "buyer_tel",
    "customer_email": "buyer_email",
    **{name: name for name in ("card_name", "card_number", "pg_provider", "sandbox", "inserted")},
    **{name: name for name in ("checked_at", "deleted_at", "extra")},
}
_LATEST = ("buyer_name", "buyer_tel", "buyer_email", "card_name", "card_number", "pg_provider", "sandbox")
_BOOKED = ("buyer_name", "buyer_tel", "buyer_email", "pg_provider")
_NEXT = f"""
SELECT customer_uid, n, won, schedule_at, amount, currency, merchant_uid FROM (
    SELECT customer_uid, schedule_at, amount, currency, merchant_uid,
        count(*) OVER (PARTITION BY customer_uid) AS n,
        sum(CASE WHEN currency = 'KRW' THEN amount ELSE 0 END) OVER (PARTITION BY customer_uid) AS won,
        row_number() OVER (PARTITION BY customer_uid ORDER BY schedule_at, merchant_uid) AS place
    FROM schedule WHERE schedule_status = '{ScheduleStatus.SCHEDULED}' AND {{condition}}
) AS s WHERE place = 1
"""


def payments_came(conn: Connection, pairs: Iterable[tuple[Row | None, Row]]) -> None:
    """Payments as they were (None: new) and as they are, already written."""
    news: defaultdict[str, list[Row]] = defaultdict(list)
    again: set[str] = set()
    for old, new in pairs:
        uid = new["customer_uid"]
        if old is not None:
            again |= {one for one in (old["customer_uid"], uid) if one}
        elif uid:
            news[uid].append(new)
    if news or again:
        refresh_keys(conn, {*news, *again}, news=news, again=again)


def keys_were_named(conn: Connection, customer_uids: Iterable[str]) -> None:
    """Keys of which nothing was known get their row; the others are left alone."""
    wanted = list(dict.fromkeys(customer_uids))
    condition, bound = one_of(conn, "customer_uid", wanted)
    known = {row[0] for row in fetch(conn, f"SELECT customer_uid FROM key_summary WHERE {condition}", (bound,))}
    if unknown := [uid for uid in wanted if uid not in known]:
        refresh_keys(conn, unknown)


def refresh_keys(
    conn: Connection,
    customer_uids: Collection[str],
    *,
    news: Mapping[str, Sequence[Row]] | None = None,
    again: Collection[str] = (),
    booked: Collection[str] = (),
) -> None:
    """Brings the rows of keys up to date.

    `news` are payments to count in, `again` keys whose payments are counted anew, `booked` those whose schedules moved.
    """
    before = _kept(conn, customer_uids)
    after = {uid: dict(row) for uid, row in before.items()}
    free = 1 + int(conn.exec_driver_sql("SELECT coalesce(max(id), 0) FROM key_summary").scalar_one())
    for number, uid in enumerate(sorted(uid for uid in customer_uids if uid not in before), free):
        after[uid] = new_summary(uid, number)
    for uid, payments in (news or {}).items():
        for payment in payments if uid not in again else ():
            count_in(after[uid], payment)
    _count_anew(conn, after, again)
    _book(conn, after, booked)
    _describe(conn, after)
    _store(conn, before, after)


def _kept(conn: Connection, customer_uids: Iterable[str]) -> dict[str, Row]:
    condition, bound = one_of(conn, "customer_uid", customer_uids)
    return {row["customer_uid"]: row for row in _rows(conn, "key_summary", COLUMNS, condition, bound)}


def _count_anew(conn: Connection, after: dict[str, Row], again: Collection[str]) -> None:
    if not again:
        return
    for uid in again:
        after[uid] = without_payments(after[uid])
    condition, bound = one_of(conn, "customer_uid", again)
    for payment in _rows(conn, "payment", ("customer_uid", *_COUNTED), condition, bound):
        count_in(after[payment["customer_uid"]], payment)


def _book(conn: Connection, after: dict[str, Row], booked: Collection[str]) -> None:
    if not booked:
        return
    condition, bound = one_of(conn, "customer_uid", booked)
    found = {row[0]: row[1:] for row in fetch(conn, _NEXT.format(condition=condition), (bound,))}
    for uid in booked:
        after[uid] |= NOTHING_BOOKED
        if uid in found:
            count, won, *following = found[uid]
            after[uid] |= zip(NOTHING_BOOKED, (int(count), int(won), *following), strict=True)


def _describe(conn: Connection, after: dict[str, Row]) -> None:
    condition, bound = one_of(conn, "customer_uid", after)
    names = ("customer_uid", *_KEY)
    keys = {
        row["customer_uid"]: {_KEY[name]: row[name] for name in _KEY}
        for row in _rows(conn, "billing_key", names, condition, bound)
    }
    latest = _latest(conn, after)
    nameless = {
        row["next_merchant_uid"]
        for uid, row in after.items()
        if row["next_merchant_uid"] and _says_too_little(keys.get(uid, {}), latest.get(uid, {}))
    }
    next_ones: dict[str, Row] = {}
    if nameless:
        condition, bound = one_of(conn, "merchant_uid", nameless)
        next_ones = {
            row["customer_uid"]: row for row in _rows(conn, "schedule", ("customer_uid", *_BOOKED), condition, bound)
        }
    for uid, row in after.items():
        describe(row, keys.get(uid, {}), latest.get(uid, {}), next_ones.get(uid, {}))


def _latest(conn: Connection, customer_uids: Iterable[str]) -> dict[str, Row]:
    source, bound = each(conn, customer_uids)
    names = ("customer_uid", *_LATEST)
    sql = (
        f"SELECT {', '.join(f'p.{name}' for name in names)} FROM {source} JOIN payment p "
        "ON p.position = (SELECT max(q.position) FROM payment q WHERE q.customer_uid = j.value)"
    )
    return {row[0]: dict(zip(names, row, strict=True)) for row in fetch(conn, sql, (bound,))}


def _says_too_little(key: Mapping[str, Any], latest: Mapping[str, Any]) -> bool:
    return not all(key.get(name) or latest.get(name) for name in _BOOKED)


def _store(conn: Connection, before: dict[str, Row], after: dict[str, Row]) -> None:
    """Writes what differs, and moves what is kept of it."""
    pairs = [(before.get(uid), row) for uid, row in after.items() if before.get(uid) != row]
    _write_rows(conn, pairs)
    _mark_test_rows(conn, pairs)
    write_grams(conn, [_gram_change(old, row) for old, row in pairs], "key_gram")
    totals = KeyTotalsDelta()
    for old, row in pairs:
        totals.move(old, row)
    compare_neighbours(conn, pairs, totals)
    totals.write(conn)


def _write_rows(conn: Connection, pairs: Sequence[tuple[Row | None, Row]]) -> None:
    """Columns of no index are set alone where only they changed, so that no index is touched."""
    new, moved, plain = [], [], []
    for old, row in pairs:
        if old is None:
            new.append(tuple(row[name] for name in COLUMNS))
        elif any(old[name] != row[name] for name in _INDEXED):
            moved.append((*(row[name] for name in _CHANGING), row["id"]))
        else:
            plain.append((*(row[name] for name in _PLAIN), row["id"]))
    if new:
        marks = ", ".join("?" for _ in COLUMNS)
        sql = f"INSERT INTO key_summary ({', '.join(COLUMNS)}) VALUES ({marks})"
        conn.exec_driver_sql(in_dialect(conn, sql), new)
    for names, rows in ((_CHANGING, moved), (_PLAIN, plain)):
        if rows:
            sql = f"UPDATE key_summary SET {', '.join(f'{name} = ?' for name in names)} WHERE id = ?"
            conn.exec_driver_sql(in_dialect(conn, sql), rows)


def _mark_test_rows(conn: Connection, pairs: Sequence[tuple[Row | None, Row]]) -> None:
    for sandbox in (False, True):
        uids = [row["customer_uid"] for old, row in pairs if old and old["sandbox"] != row["sandbox"] == sandbox]
        if uids:
            mark_schedules(conn, uids, sandbox=sandbox)


def _gram_change(old: Row | None, row: Row) -> GramChange:
    if old is None:
        return GramChange(None, "", row["position"], key_gram_text(row))
    return GramChange(old["position"], key_gram_text(old), row["position"], key_gram_text(row))


def _rows(conn: Connection, table: str, names: Sequence[str], condition: str, bound: Any) -> Iterator[Row]:
    sql = f"SELECT {', '.join(names)} FROM {table} WHERE {condition}"
    return (dict(zip(names, row, strict=True)) for row in fetch(conn, sql, (bound,)))
