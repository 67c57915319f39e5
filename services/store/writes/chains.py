"""Chains and failed schedules: what they are worked out from, and keeping what came of it."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection

from services.store.lists.facets import TOOK_MONEY
from services.store.sql import column_names, fetch, in_dialect, one_of, upsert
from services.tables.chains import Chain, FailedSchedule
from services.tables.journal import OperationKind, OperationState

Row = dict[str, Any]
"""A row to be kept, by its columns."""
_Row = TypeVar("_Row", bound=NamedTuple)
CHAIN_COLUMNS = column_names(Chain)
FAILED_COLUMNS = column_names(FailedSchedule)
_AGAIN = f"kind IN ('{OperationKind.REBOOK}', '{OperationKind.RETRY}') AND state = '{OperationState.SUCCEEDED}'"

_BOOKED_HERE = f" AND kind = '{OperationKind.BOOK}' AND state = '{OperationState.SUCCEEDED}' ORDER BY id"


class KeyFacts(NamedTuple):
    """A billing key as its summary has it, and when the gateway first said that it is gone."""

    state: str
    pg_provider: str
    sandbox: bool
    failed_at: int
    fail_reason: str | None
    next_at: int | None
    deleted_at: int | None


class KeyPayment(NamedTuple):
    """A payment of a billing key; fields as in v1.Payment."""

    imp_uid: str
    merchant_uid: str
    amount: int
    currency: str
    name: str | None
    started_at: int
    paid_at: int
    failed_at: int
    fail_reason: str | None
    customer_uid_usage: str | None


class KeySchedule(NamedTuple):
    """A schedule of a billing key; fields as in v1.Schedule."""

    merchant_uid: str
    schedule_at: int
    revoked_at: int
    amount: int
    currency: str
    name: str | None
    schedule_status: str
    payment_status: str | None
    fail_reason: str | None
    executed_at: int


class AskedHere(NamedTuple):
    """A booking, a retry, or a person's charge that was made here; fields as in journal.Operation."""

    merchant_uid: str
    kind: str
    asked_from: str
    asked_at: int


class _Booked(NamedTuple):
    """New bookings that were made here at once; fields as in journal.Operation."""

    request: str
    kind: str
    asked_from: str
    asked_at: int


@dataclass(slots=True)
class History:
    """One billing key, its payments by the time they were asked for, its schedules by time."""

    key: KeyFacts
    payments: list[KeyPayment] = field(default_factory=list)
    """Without registrations that took no money."""
    schedules: list[KeySchedule] = field(default_factory=list)
    asked: list[AskedHere] = field(default_factory=list)
    """Operations on these order numbers."""


def changed_chains(conn: Connection, limit: int) -> dict[str, int]:
    """Keys that changed since, and how often."""
    rows = fetch(conn, "SELECT customer_uid, changes FROM chain_change ORDER BY customer_uid LIMIT ?", (limit,))
    return dict(tuple(row) for row in rows)


def mark_changed(conn: Connection, customer_uids: Iterable[str]) -> None:
    """Has keys worked out anew of which a payment changed in what their summary does not show."""
    rows = [(uid,) for uid in customer_uids]
    if rows:
        sql = (
            "INSERT INTO chain_change (customer_uid, changes) VALUES (?, 1) "
            "ON CONFLICT (customer_uid) DO UPDATE SET changes = chain_change.changes + 1"
        )
        conn.exec_driver_sql(in_dialect(conn, sql), rows)


def mark_failed_changed(conn: Connection) -> None:
    """Has every key with a failed schedule worked out anew: what they are sorted by is another than before."""
    conn.exec_driver_sql(
        "INSERT INTO chain_change (customer_uid, changes) SELECT DISTINCT customer_uid, 1 FROM failed_schedule "
        "WHERE true ON CONFLICT (customer_uid) DO UPDATE SET changes = chain_change.changes + 1"
    )


def read_histories(conn: Connection, customer_uids: Collection[str]) -> dict[str, History]:
    """Everything that the chains of these keys are worked out from; a few statements for all of them."""
    keys = "(SELECT k.*, b.deleted_at FROM key_summary k LEFT JOIN billing_key b USING (customer_uid)) k"
    found = {uid: History(key) for uid, key in _rows(conn, KeyFacts, keys, "customer_uid", customer_uids)}
    kept = f" AND {TOOK_MONEY.format('payment')} ORDER BY started_at, imp_uid"
    owners = {}
    for uid, payment in _rows(conn, KeyPayment, "payment", "customer_uid", found, kept):
        found[uid].payments.append(payment)
        owners[payment.merchant_uid] = uid
    ordered = " ORDER BY schedule_at, merchant_uid"
    for uid, schedule in _rows(conn, KeySchedule, "schedule", "customer_uid", found, ordered):
        found[uid].schedules.append(schedule)
        owners[schedule.merchant_uid] = uid
    for asked in _asked(conn, owners):
        found[owners[asked.merchant_uid]].asked.append(asked)
    for uid, book in _rows(conn, _Booked, "operation", "customer_uid", found, _BOOKED_HERE):
        orders = [entry["merchant_uid"] for entry in json.loads(book.request)["schedules"]]
        found[uid].asked += [AskedHere(order, book.kind, book.asked_from, book.asked_at) for order in orders]
    return found


def _asked(conn: Connection, orders: Iterable[str]) -> list[AskedHere]:
    """What was booked again or tried again here, and charges of a person."""
    subjects = [f"schedule:{order}" for order in orders]
    charges = f" AND kind = '{OperationKind.CHARGE}'"
    found = [
        *_rows(conn, AskedHere, "operation", "subject", subjects, f" AND {_AGAIN} ORDER BY id"),
        *_rows(conn, AskedHere, "operation", "merchant_uid", orders, charges),
    ]
    return [asked for _sought, asked in found]


def keep_chains(
    conn: Connection, seen: Mapping[str, int], chains: Sequence[Row], failed: Mapping[str, Sequence[Row]]
) -> set[str]:
    """Keeps what was worked out of keys that have not changed again since they were `seen`. Returns those."""
    condition, bound = one_of(conn, "customer_uid", seen)
    now = dict(
        tuple(row) for row in fetch(conn, f"SELECT customer_uid, changes FROM chain_change WHERE {condition}", (bound,))
    )
    settled = {uid for uid, changes in seen.items() if now.get(uid) == changes}
    condition, bound = one_of(conn, "customer_uid", settled)
    for table in ("chain_change", "failed_schedule"):
        conn.exec_driver_sql(in_dialect(conn, f"DELETE FROM {table} WHERE {condition}"), (bound,))
    kept = [tuple(row[name] for name in CHAIN_COLUMNS) for row in chains if row["customer_uid"] in settled]
    if kept:
        conn.exec_driver_sql(in_dialect(conn, upsert("chain", CHAIN_COLUMNS, ("customer_uid",))), kept)
    rows = [tuple(row[name] for name in FAILED_COLUMNS) for uid in settled for row in failed.get(uid, ())]
    if rows:
        sql = upsert("failed_schedule", FAILED_COLUMNS, ("merchant_uid",))
        conn.exec_driver_sql(in_dialect(conn, sql), rows)
    return settled


def _rows(
    conn: Connection, kind: type[_Row], source: str, column: str, values: Iterable[str], more: str = ""
) -> list[tuple[str, _Row]]:
    """Rows with one of these values in a column, each beside its value."""
    condition, bound = one_of(conn, column, values)
    rows = fetch(conn, f"SELECT {', '.join(kind._fields)}, {column} FROM {source} WHERE {condition}{more}", (bound,))
    return [(row[-1], kind._make(row[:-1])) for row in rows]
