"""What a buyer may ask for: a copy of all that is kept of them, and that what nobody has to keep is erased."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine

from services.errors import InvalidRequest, Moved
from services.exports.csv_text import csv_text
from services.identity import looks
from services.operations.journal import audit
from services.operations.journal.audit import Actor
from services.operations.journal.journal import saving
from services.privacy import pieces, sweeps
from services.privacy.find import Buyer, Sought, find_buyer, read_sought, scan
from services.privacy.retention import fold_log
from services.privacy.rows import Held, Kind, Terms
from services.store.engine import reading
from services.store.fold import digits, folded
from services.store.sql import in_dialect
from services.store.writes.keys import make_keys_anonymous
from services.store.writes.payments import make_payments_anonymous
from services.store.writes.schedules import make_schedules_anonymous

ERASED, COPIED = "buyer_erased", "buyer_copied"
FORMATS = ("csv", "json")
_LEAST_DIGITS = 8


def checked_reason(text: str, sought: Sought) -> str:
    """Why it is done, for the audit. Raises InvalidRequest, also where it names the buyer: it can never be erased."""
    reason = looks.checked_reason(text)
    number = digits(sought.text)
    if folded(sought.text) in folded(reason) or (len(number) >= _LEAST_DIGITS and number in digits(reason)):
        raise InvalidRequest("The reason is kept for good, so the buyer must not stand in it.", field="reason")
    return reason


def copy_of(buyer: Buyer, kind: str) -> bytes:
    """All that is kept, as a file for the buyer: `json`, or `csv` with a line a value."""
    if kind == "json":
        told = [
            {"kind": row.kind.value, "id": row.uid, "kept_until": row.until and row.until.isoformat(), **row.fields}
            for row in buyer.rows
        ]
        return json.dumps({"rows": told}, ensure_ascii=False, indent=1, default=str).encode()
    lines = [(row.kind.value, row.uid, name, _cell(value)) for row in buyer.rows for name, value in row.fields.items()]
    return csv_text([("kind", "id", "field", "value"), *lines]).encode()


def note_copied(engine: Engine, buyer: Buyer, reason: str, actor: Actor, now: float) -> None:
    """Writes down who copied a buyer's data and why, before it is handed out. Raises InvalidRequest, NotSaved."""
    why = checked_reason(reason, buyer.sought)
    with saving(engine) as conn:
        audit.append(conn, actor, COPIED, int(now), reason=why, by=buyer.sought.way.value, **_ids(buyer.rows))


def erase(engine: Engine, text: str, seal: str, reason: str, actor: Actor, terms: Terms) -> Sequence[Held]:
    """Erases what nobody has to keep of a buyer, as it was looked at; the rows that it was in.

    Raises InvalidRequest, Moved where anything of theirs has changed since, and NotSaved.
    """
    sought = read_sought(text)
    why = checked_reason(reason, sought)
    with reading(engine) as conn:
        scanned = scan(conn, text)  # whoever wants to write does not wait for it
    with saving(engine) as conn:
        buyer = find_buyer(conn, text, terms, scanned)
        if buyer.seal != seal:
            raise Moved("Something of this buyer has changed since you looked: look once more.")
        gone = [row for row in buyer.rows if row.can_go]
        if not gone:
            raise InvalidRequest("Nothing of this buyer can be erased.", field="buyer")
        for kind in Kind:
            if uids := [row.uid for row in gone if row.kind == kind]:
                _makes(actor)[kind](conn, uids, int(terms.now))
        pieces.note_erased(conn, int(terms.now))
        audit.append(conn, actor, ERASED, int(terms.now), reason=why, by=sought.way.value, **_ids(gone))
    pieces.take_out_soon(engine)
    fold_log(engine)
    return gone


def _ids(rows: Sequence[Held]) -> dict[str, Any]:
    """Which rows, by kind; a key's name, or an order number, may be all that is left of somebody, and is an id."""
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(f"{row.kind.value}s", []).append(row.uid)
    return found


def _cell(value: object) -> object:
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | dict) else value


def _numbered(
    sweep: Callable[[Connection, Sequence[int], int], int],
) -> Callable[[Connection, Sequence[str], int], object]:
    return lambda conn, uids, at: sweep(conn, [int(uid) for uid in uids], at)


def _drop(conn: Connection, uids: Sequence[str], _at: int) -> None:
    sql = "DELETE FROM unreadable_row WHERE kind = ? AND uid = ? AND digest = ?"
    conn.exec_driver_sql(in_dialect(conn, sql), [_unreadable_key(one) for one in uids])


def _unreadable_key(told: str) -> tuple[str, str, str]:
    kind, _space, rest = told.partition(" ")
    uid, _space, digest = rest.rpartition(" ")
    return kind, uid, digest


def _makes(actor: Actor) -> Mapping[Kind, Callable[[Connection, Sequence[str], int], object]]:
    return {
        Kind.PAYMENT: make_payments_anonymous,
        Kind.SCHEDULE: make_schedules_anonymous,
        Kind.BILLING_KEY: make_keys_anonymous,
        Kind.OPERATION: _numbered(partial(sweeps.sweep_operations, actor=actor)),
        Kind.LINK: _numbered(sweeps.sweep_links),
        Kind.NOTE: _numbered(sweeps.sweep_notes),
        Kind.RECEIPT: _numbered(sweeps.sweep_receipts),
        Kind.UNREADABLE: _drop,
    }
