"""Chains and failed schedules: what they are worked out from, and keeping what came of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from services.store.lists.facets import TOOK_MONEY
from services.store.sql import column_names, fetch, in_dialect, one_of, upsert
from services.tables.chains import Chain, FailedSchedule
from services.tables.journal import OperationKind, OperationState
from services.tables.keys import KeySummary

Row = dict[str, Any]
CHAIN_COLUMNS = column_names(Chain)
FAILED_COLUMNS = column_names(FailedSchedule)
_PAYMENT = (
    "imp_uid", "merchant_uid", "amount", "currency", "name", "started_at", "paid_at", "failed_at", "fail_reason",
    "pg_provider", "customer_uid_usage",
)  # fmt: skip
_SCHEDULE = (
    "merchant_uid", "schedule_at", "revoked_at", "amount", "currency", "name", "schedule_status", "payment_status",
    "fail_reason", "executed_at", "pg_provider",
)  # fmt: skip
_KEY = ("state", "pg_provider", "sandbox", "next_at")
_AGAIN = f"kind IN ('{OperationKind.REBOOK}', '{OperationKind.RETRY}') AND state = '{OperationState.SUCCEEDED}'"


@dataclass(slots=True)
class History:
    """What is known of one billing key: its summary, payments by the time they were asked for, schedules by time."""

    key: KeySummary
    payments: list[Row] = field(default_factory=list)
    """Without registrations that took no money."""
    schedules: list[Row] = field(default_factory=list)
    deleted_at: int | None = None
    """When the gateway first said that the key is gone."""
    asked: list[Row] = field(default_factory=list)
    """What was asked for here of these order numbers and done: merchant_uid, kind, asked_from, asked_at."""


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
    """Has every key with a failed schedule worked out anew: the rules are others than before."""
    conn.exec_driver_sql(
        "INSERT INTO chain_change (customer_uid, changes) SELECT DISTINCT customer_uid, 1 FROM failed_schedule "
        "WHERE true ON CONFLICT (customer_uid) DO UPDATE SET changes = chain_change.changes + 1"
    )


def read_histories(conn: Connection, customer_uids: Collection[str]) -> dict[str, History]:
    """Everything that the chains of these keys are worked out from; a few statements for all of them."""
    found = {
        row["customer_uid"]: History(KeySummary(**row))
        for row in _rows(conn, "key_summary", ("customer_uid", *_KEY), "customer_uid", customer_uids)
    }
    for row in _rows(conn, "billing_key", ("customer_uid", "deleted_at"), "customer_uid", found):
        found[row["customer_uid"]].deleted_at = row["deleted_at"]
    kept = f" AND {TOOK_MONEY.format('payment')} ORDER BY started_at, imp_uid"
    for row in _rows(conn, "payment", ("customer_uid", *_PAYMENT), "customer_uid", found, kept):
        found[row["customer_uid"]].payments.append(row)
    ordered = " ORDER BY schedule_at, merchant_uid"
    owners = {}
    for row in _rows(conn, "schedule", ("customer_uid", *_SCHEDULE), "customer_uid", found, ordered):
        found[row["customer_uid"]].schedules.append(row)
        owners[row["merchant_uid"]] = row["customer_uid"]
    owners |= {row["merchant_uid"]: uid for uid, history in found.items() for row in history.payments}
    for row in _asked(conn, owners):
        found[owners[row["merchant_uid"]]].asked.append(row)
    return found


def _asked(conn: Connection, orders: Iterable[str]) -> list[Row]:
    """Retries and bookings that were made here, and charges of a person."""
    names = ("merchant_uid", "kind", "asked_from", "asked_at")
    subjects = [f"schedule:{order}" for order in orders]
    charges = f" AND kind = '{OperationKind.CHARGE}'"
    return [
        *_rows(conn, "operation", names, "subject", subjects, f" AND {_AGAIN} ORDER BY id"),
        *_rows(conn, "operation", names, "merchant_uid", orders, charges),
    ]


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
    conn: Connection, table: str, names: Sequence[str], column: str, values: Iterable[str], more: str = ""
) -> list[Row]:
    condition, bound = one_of(conn, column, values)
    rows = fetch(conn, f"SELECT {', '.join(names)} FROM {table} WHERE {condition}{more}", (bound,))
    return [dict(zip(names, row, strict=True)) for row in rows]
