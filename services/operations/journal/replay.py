"""The audit held against the journal: each operation as its entries tell it, and each entry's as it stands."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from services.operations.journal.journal import digest_of
from services.operations.journal.limits import LIMIT, kept_limit
from services.operations.journal.roster import ROSTER, Roster, kept_roster
from services.operations.journal.states import TERMINAL
from services.store.sql import fetch, table
from services.tables.journal import AuditEntry, Operation, RefundBatch

_ENTRY = table(AuditEntry)
_OPERATION = table(Operation)
_BATCH = table(RefundBatch)
_BEGINNINGS = ("asked", "found")
_WANTED = ("kind", "amount", "currency", "subject", "reason", "requester")
_SINCE = ("customer_uid", "balance", "request", "verification_uid")
"""What beginnings tell since this version: of earlier ones nothing is compared."""
_TOLD = ("state", "note", "cancel_amount", "cancellation_id", "refunded", "imp_uid", "merchant_uid", "verification_uid")
"""What each step tells where it changes it."""
_LAST = ("why", "message")
"""Noted by looks too, without an entry: of what has ended the last step tells them."""
_OF_BATCH = ("digest", "name", "rows", "amount", "kind")


class Differing(NamedTuple):
    """An operation, file or rule that is not as the audit tells it: the entry that tells of it, and the columns."""

    operation: int
    entry: int | None
    fields: tuple[str, ...]
    what: str = "operation"


def differing(conn: Connection) -> Iterator[Differing]:
    """Every operation and file that was changed, removed or slipped in past the audit, by its number."""
    told = {row["id"]: row for row in _batches(conn)}
    entries = _entries(conn, _ENTRY.c.operation_id.is_not(None))
    groups = groupby(entries, key=lambda entry: entry["operation_id"])
    number, group = _next(groups)
    calls = {row[0]: row[1] for row in fetch(conn, "SELECT operation_id, count(*) FROM attempt GROUP BY operation_id")}
    for row in conn.execute(select(_OPERATION).order_by(_OPERATION.c.id)).mappings():
        while number is not None and number < row["id"]:
            yield Differing(number, group[0]["id"], ("id",))
            number, group = _next(groups)
        if number != row["id"]:
            yield Differing(row["id"], None, ("id",))
            continue
        if fields := _compared(row, _replayed(group, told.get(row["batch_id"], {})), calls.get(row["id"], 0)):
            yield Differing(row["id"], group[-1]["id"], fields)
        number, group = _next(groups)
    while number is not None:
        yield Differing(number, group[0]["id"], ("id",))
        number, group = _next(groups)
    yield from _differing_batches(conn, told)
    yield from _differing_rule(conn, "limit", LIMIT, "limit_set", kept_limit(conn)[1])
    yield from _differing_rule(conn, "roster", ROSTER, "roster_set", kept_roster(conn), lambda told: Roster(**told))


def _differing_rule(
    conn: Connection, what: str, mark: str, action: str, kept: Any, read: Callable[[Any], Any] = lambda told: told
) -> Iterator[Differing]:
    """A rule of who may do what is changed with an entry, which `read` understands, or behind the audit's back."""
    entries = list(_entries(conn, _ENTRY.c.action == action))
    told = entries[-1]["detail"]["after"] if entries else None
    if kept != (told if told is None else read(told)):
        yield Differing(1, entries[-1]["id"] if entries else None, (mark,), what)


def _next(groups: Iterator[tuple[Any, Iterator[Mapping[str, Any]]]]) -> tuple[int | None, list[Mapping[str, Any]]]:
    number, group = next(groups, (None, iter(())))
    return number, list(group)


def _entries(conn: Connection, which: Any) -> Iterator[dict[str, Any]]:
    wanted = select(_ENTRY).where(which).order_by(_ENTRY.c.operation_id, _ENTRY.c.id)
    for row in conn.execute(wanted).mappings():
        yield {**row, "detail": json.loads(row["detail"])}


def _replayed(entries: Sequence[Mapping[str, Any]], batch: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of an operation as its entries tell them; who approved its file, where it is a row of one."""
    first = entries[0]
    found: dict[str, Any] = {"sent": 0}
    if first["action"] in _BEGINNINGS:
        found |= {name: first["detail"].get(name) for name in _WANTED}
        found |= {name: first["detail"][name] for name in _SINCE if name in first["detail"]}
        found["tier"] = first["detail"].get("tier", "")  # only sub-stores are told
        found |= {"asked_by": first["actor"], "asked_from": first["origin"], "approved_by": None}
        found["asked_at"] = first["detail"].get("made_at", first["at"])
    for entry in entries:
        if entry["action"] == "let_stand":
            continue  # its note is the late payment's
        found |= {name: entry["detail"][name] for name in _TOLD if name in entry["detail"]}
        if entry["action"] == "anonymous":
            found["request"] = entry["detail"]["request"]
        found["sent"] += entry["action"] == "sent"
        if "note" in entry["detail"]:
            found["noted_by"] = entry["actor"]
        if entry["detail"].get("state") in TERMINAL:
            found |= {name: entry["detail"][name] for name in _LAST if name in entry["detail"]}
        if entry["action"] == "approved":
            found["approved_by"] = entry["actor"]
        if entry["action"] == "batch_row":
            found["approved_by"] = batch.get("approved_by")
    return found


def _compared(row: Any, told: dict[str, Any], calls: int) -> tuple[str, ...]:
    sent = told.pop("sent")
    here = {**row, "request": digest_of(json.loads(row["request"]))}
    fields = [name for name, value in told.items() if here[name] != value]
    if row["fence"] != calls or bool(sent) != bool(calls):
        fields.append("attempts")
    return tuple(fields)


def _batches(conn: Connection) -> Iterator[dict[str, Any]]:
    """What the audit tells of each file."""
    found: dict[int, dict[str, Any]] = {}
    for entry in _entries(conn, _ENTRY.c.action.in_(("batch_asked", "batch_approved"))):
        detail = entry["detail"]
        kept = found.setdefault(detail["batch"], {"id": detail["batch"], "entry": entry["id"]})
        if entry["action"] == "batch_asked":
            kept |= {name: detail[name] for name in _OF_BATCH} | {"asked_by": entry["actor"], "approved_by": None}
        else:
            kept["approved_by"] = entry["actor"]
    yield from found.values()


def _differing_batches(conn: Connection, told: dict[int, dict[str, Any]]) -> Iterator[Differing]:
    rows = {row["id"]: row for row in conn.execute(select(_BATCH)).mappings()}
    for number in sorted(rows.keys() | told.keys()):
        if number not in rows or number not in told:
            yield Differing(number, told.get(number, {}).get("entry"), ("id",), "file")
            continue
        kept = told[number]
        fields = tuple(name for name in kept if name not in ("id", "entry") and rows[number][name] != kept[name])
        if fields:
            yield Differing(number, kept["entry"], fields, "file")
