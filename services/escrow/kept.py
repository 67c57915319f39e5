"""Deliveries as they are kept: what the gateway told, and by which operation it came about."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, select

from services.store.sql import fetch, in_dialect, one_of, read_one, table, upsert
from services.store.writes.escrow_waiting import parcels_changed
from services.tables.escrow import EscrowDelivery
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State

_TABLE = table(EscrowDelivery)
_TOLD = ("company", "invoice", "sent_at", "applied_at")
_BY = ("operation_id", "entered_by")
_KINDS = (OperationKind.ENTER_DELIVERY.value, OperationKind.CHANGE_DELIVERY.value)


def keep_delivery(
    conn: Connection, imp_uid: str, told: Mapping[str, Any], *, by: Operation | None, read_at: int
) -> None:
    """Stores a delivery as the gateway told of it (V1's fields); `by` is the operation that made it so, if one did."""
    made = {"operation_id": by.id, "entered_by": by.asked_by} if by else dict.fromkeys(_BY)
    row = {"imp_uid": imp_uid} | {name: told[name] for name in _TOLD} | made | {"read_at": read_at}
    # Read again as it stood it is still that operation's; another one was entered elsewhere.
    same = " AND ".join(f"escrow_delivery.{name} = excluded.{name}" for name in _TOLD[:2])
    kept = [
        f"{name} = CASE WHEN excluded.operation_id IS NULL AND {same} THEN escrow_delivery.{name} "
        f"ELSE excluded.{name} END"
        for name in _BY
    ]
    changes = [*(f"{name} = excluded.{name}" for name in (*_TOLD, "read_at")), *kept]
    conn.exec_driver_sql(
        in_dialect(conn, upsert("escrow_delivery", list(row), ("imp_uid",), changes)), tuple(row.values())
    )
    parcels_changed(conn, [imp_uid])


def delivery_of(conn: Connection, imp_uid: str) -> EscrowDelivery | None:
    """The delivery that is known for a payment."""
    return read_one(conn, EscrowDelivery, select(_TABLE).where(_TABLE.c.imp_uid == imp_uid))


def entered_among(conn: Connection, imp_uids: Collection[str]) -> set[str]:
    """Those of many payments for which a delivery is known."""
    condition, bound = one_of(conn, "imp_uid", imp_uids)
    return {row[0] for row in fetch(conn, f"SELECT imp_uid FROM escrow_delivery WHERE {condition}", (bound,))}


def last_sender(conn: Connection) -> dict[str, str]:
    """The sender of the delivery that was entered or changed last: the shop's own, and nobody else's."""
    order = "ORDER BY asked_at DESC, id DESC LIMIT 1"
    sql = f"SELECT asked_at, id, request FROM operation WHERE kind = ? AND state = ? {order}"
    rows = [row for kind in _KINDS for row in fetch(conn, sql, (kind, State.SUCCEEDED.value))]
    latest = max(rows, key=lambda row: (row[0], row[1]), default=None)
    return {str(name): str(value) for name, value in json.loads(latest[2])["sender"].items()} if latest else {}
