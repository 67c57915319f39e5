"""Writing schedules as the gateway says they are: changed ones move the kept totals and their keys' summaries."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from services.store.anonymous import anonymous_schedule
from services.store.grams import schedule_gram_text
from services.store.positions import positions
from services.store.sql import column_names, fetch, in_dialect, one_of, upsert
from services.store.writes.digests import unlike_stored
from services.store.writes.grams import GramChange, write_grams
from services.store.writes.key_summaries import refresh_keys
from services.store.writes.schedule_facets import (
    ScheduleTotalsDelta,
    schedule_facet_ids,
    schedule_facet_key,
)
from services.store.writes.sync import came_at
from services.tables.marks import MirrorMark
from services.tables.v1 import Schedule, ScheduleStatus

Row = dict[str, Any]
_COLUMNS = column_names(Schedule)
_BOOKED = ScheduleStatus.SCHEDULED


def upsert_schedules(conn: Connection, rows: Sequence[Row], *, as_of: int) -> int:
    """Stores schedules that changed (`as_of` in ms) and moves what is kept of them. Returns how many changed."""
    news = {row["merchant_uid"]: row for row in rows}
    unlike = unlike_stored(conn, Schedule, {uid: row["digest"] for uid, row in news.items()}, as_of=as_of)
    if not unlike:
        return 0
    stored = _stored(conn, unlike)
    changed = [
        _kept_of(row, stored.get(uid)) | {"read_at": as_of}
        for uid, row in news.items()
        if uid in unlike and _is_same(row, stored.get(uid))
    ]
    if not changed:
        return 0
    _write_with_keys(conn, changed, stored)
    return len(changed)


def make_schedules_anonymous(conn: Connection, merchant_uids: Iterable[str], at: int) -> int:
    """Takes the buyer out of schedules, at a time in seconds; of how many. They stay as the gateway told them last."""
    stored = {uid: row for uid, row in _stored(conn, merchant_uids).items() if row["anonymous_at"] is None}
    if stored:
        _write_with_keys(conn, [anonymous_schedule(row) | {"anonymous_at": at} for row in stored.values()], stored)
    return len(stored)


def _kept_of(row: Row, stored: Row | None) -> Row:
    """What is kept of an answer: all of it, unless its buyer was made anonymous and it was not booked anew since."""
    since = stored["anonymous_at"] if stored else None
    if stored and row["schedule_status"] == _BOOKED != stored["schedule_status"]:
        since = None
    return (row if since is None else anonymous_schedule(row)) | {"anonymous_at": since}


def _write_with_keys(conn: Connection, changed: Sequence[Row], stored: Mapping[str, Row]) -> None:
    _write(conn, changed, stored)
    uids = {one["customer_uid"] for row in changed for one in (row, stored.get(row["merchant_uid"], row))}
    if uids := uids - {None, ""}:
        refresh_keys(conn, uids, booked=uids)


def _is_same(row: Row, stored: Row | None) -> bool:
    """Whether it is of the store that the number is known of: two stores may number alike, and the first one stays."""
    return stored is None or row["tier"] == stored["tier"]


def _stored(conn: Connection, merchant_uids: Iterable[str]) -> dict[str, Row]:
    condition, bound = one_of(conn, "merchant_uid", merchant_uids)
    rows = fetch(conn, f"SELECT {', '.join(_COLUMNS)} FROM schedule WHERE {condition}", (bound,))
    return {row[0]: dict(zip(_COLUMNS, row, strict=True)) for row in rows}


def _write(conn: Connection, changed: Sequence[Row], stored: Mapping[str, Row]) -> None:
    tests = _of_test_channels(conn, {row["customer_uid"] for row in changed} - {None})
    changed = [row | {"sandbox": row["customer_uid"] in tests} for row in changed]
    keys = [schedule_facet_key(row) for row in changed]
    facets = schedule_facet_ids(conn, keys)
    places = _positions(conn, changed, stored)
    totals, grams, values = ScheduleTotalsDelta(), [], []
    for row, key in zip(changed, keys, strict=True):
        new = row | {"position": places[row["merchant_uid"]], "facet_id": facets[key]}
        totals.add(new, new["facet_id"], 1)
        old = stored.get(row["merchant_uid"])
        if old:
            totals.add(old, old["facet_id"], -1)
        grams.append(_gram_change(old, new))
        values.append(tuple(new[name] for name in _COLUMNS))
    conn.exec_driver_sql(in_dialect(conn, upsert("schedule", _COLUMNS, ("merchant_uid",))), values)
    write_grams(conn, grams, "schedule_gram")
    totals.write(conn)
    came = [place for uid, place in places.items() if uid not in stored or stored[uid]["position"] != place]
    came_at(conn, MirrorMark.ANONYMOUS_SCHEDULES, min(came, default=None))


def _gram_change(old: Row | None, new: Row) -> GramChange:
    if old is None:
        return GramChange(None, "", new["position"], schedule_gram_text(new))
    return GramChange(old["position"], schedule_gram_text(old), new["position"], schedule_gram_text(new))


def _of_test_channels(conn: Connection, customer_uids: Iterable[str]) -> set[str]:
    condition, bound = one_of(conn, "customer_uid", customer_uids)
    rows = fetch(conn, f"SELECT customer_uid FROM key_summary WHERE sandbox AND {condition}", (bound,))
    return {row[0] for row in rows}


def _positions(conn: Connection, rows: Sequence[Row], stored: Mapping[str, Row]) -> dict[str, int]:
    kept: dict[str, int] = {}
    times: dict[str, int] = {}
    for row in rows:
        uid, at = row["merchant_uid"], row["schedule_at"]
        old = stored.get(uid)
        if old and old["schedule_at"] == at:
            kept[uid] = old["position"]
        else:
            times[uid] = at
    return positions(conn, "schedule", kept, times)
