"""Cash receipts as they are kept: what the gateway told, with what was sent by the operation that issued it."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from services.store.lists.one import get_payment
from services.store.sql import in_dialect, read_all, read_one, table, upsert
from services.tables.journal import Operation
from services.tables.receipts import CashReceipt

_TABLE = table(CashReceipt)
_TOLD = ("type", "amount", "vat", "receipt_tid", "receipt_url", "applied_at", "cancelled_at", "read_at")
_SENT = ("name", "pg_provider", "identifier_kind", "identifier_end", "tax_free", "operation_id", "issued_by")


def keep_receipt(
    conn: Connection,
    told: Mapping[str, Any],
    *,
    imp_uid: str | None,
    merchant_uid: str,
    issued: Operation | None,
    read_at: int,
) -> None:
    """Stores a receipt as the gateway told of it (V1's fields); `issued` is the operation that made it, if one did."""
    row = {name: told[name] for name in _TOLD if name in told} | {
        "external": imp_uid is None,
        "about": imp_uid or merchant_uid,
        "imp_uid": imp_uid,
        "merchant_uid": merchant_uid,
        "apply_num": told["apply_num"],
        "read_at": read_at,
        "sandbox": False,
        **dict.fromkeys(_SENT),
        **_of_payment(conn, imp_uid),
        **(_sent(issued) if issued else {}),
    }
    kept = [f"{name} = coalesce(excluded.{name}, cash_receipt.{name})" for name in _SENT]
    # Somebody may have read a test channel's before what was sent for it said so.
    told_by = "sandbox = cash_receipt.sandbox OR excluded.sandbox"
    changes = [*(f"{name} = excluded.{name}" for name in _TOLD), *kept, told_by]
    statement = upsert("cash_receipt", list(row), ("external", "about", "apply_num"), changes)
    conn.exec_driver_sql(in_dialect(conn, statement), tuple(row.values()))


def receipts_of_payment(conn: Connection, imp_uid: str) -> list[CashReceipt]:
    """Every receipt of a payment that is known here, the latest first."""
    return _latest_first(conn, _TABLE.c.imp_uid == imp_uid)


def receipts_of_sale(conn: Connection, merchant_uid: str) -> list[CashReceipt]:
    """Every receipt of a sale made elsewhere, the latest first."""
    return _latest_first(conn, (_TABLE.c.about == merchant_uid) & _TABLE.c.external)


def live_receipt(conn: Connection, imp_uid: str) -> CashReceipt | None:
    """The receipt of a payment that stands, as far as is known here."""
    wanted = select(_TABLE).where((_TABLE.c.imp_uid == imp_uid) & (_TABLE.c.cancelled_at == 0))
    return read_one(conn, CashReceipt, wanted.order_by(_TABLE.c.applied_at.desc(), _TABLE.c.id.desc()).limit(1))


def _latest_first(conn: Connection, condition: Any) -> list[CashReceipt]:
    wanted = select(_TABLE).where(condition).order_by(_TABLE.c.applied_at.desc(), _TABLE.c.id.desc()).limit(20)
    return read_all(conn, CashReceipt, wanted)


def _of_payment(conn: Connection, imp_uid: str | None) -> dict[str, Any]:
    payment = get_payment(conn, imp_uid) if imp_uid else None
    return {name: getattr(payment, name) for name in ("name", "pg_provider", "sandbox")} if payment else {}


def _sent(issued: Operation) -> dict[str, Any]:
    request = json.loads(issued.request)
    names = ("name", "pg_provider", "identifier_kind", "identifier_end", "tax_free", "sandbox")
    found = {name: request[name] for name in names if request.get(name) is not None}
    return found | {"operation_id": issued.id, "issued_by": issued.asked_by}
