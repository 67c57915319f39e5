"""The journal at 10,000 operations against 10: Refunds and Needs a person open as fast."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text

from bench.rows import START, batches
from bench.table import Figure, paired
from services.store.engine import create_store, reading, writing
from services.store.lists.filters import PaymentFilter
from services.store.lists.operations import (
    OperationFilter,
    count_needing_person,
    list_operations,
    needing_person,
    operations_of_payment,
)
from services.store.lists.refunds import refund_totals, search_refunds
from services.store.migrations import migrate
from services.store.sql import table
from services.store.writes.payments import PaymentWrite, upsert_payments
from services.tables.journal import Operation

SIZES = (10, 10_000)
WAITING = ("unknown", "needs_person", "awaiting_approval", "expired")
"""One of each, however many have ended."""
_PAGE = 10
_TABLE = table(Operation)


def fill_journal(engine: Engine, count: int) -> list[PaymentWrite]:
    """`count` payments, each refunded in part by an operation of ours; the last ones wait for a person instead."""
    begins = "operation_begins" if engine.dialect.name == "sqlite" else "operation_begins ON operation"
    writes = [_refunded(write) for batch in batches(count) for write in batch]
    with writing(engine) as conn:
        upsert_payments(conn, writes, as_of=1)
        # Rows are written as they stand at the end, which the database otherwise refuses.
        conn.execute(text(f"DROP TRIGGER {begins}"))
        conn.execute(_TABLE.insert(), [operation_row(write, number, count) for number, write in enumerate(writes)])
    return writes


def measure(folder: Path) -> list[Figure]:
    """Each read at 10,000 operations, beside itself at 10."""
    stores = []
    for size in SIZES:
        engine = create_store(f"sqlite:///{folder / f'journal{size}.db'}")
        migrate(engine)
        stores.append((engine, fill_journal(engine, size)[size // 2].values["imp_uid"]))
    (few, few_uid), (many, many_uid) = stores
    figures = []
    with reading(few) as small, reading(many) as large:
        for name, read in _READS.items():
            ours, theirs = paired(_of(read, large, many_uid), _of(read, small, few_uid), runs=101)
            figures.append(
                Figure(f"{name}, 10,000 operations", ours * 1000, "ms", "itself at 10", theirs * 1000, at_most=1.5)
            )
    return figures


Read = Callable[[Connection, str], object]
_READS: dict[str, Read] = {
    "Refunds, first page": lambda conn, _uid: search_refunds(conn, PaymentFilter(), limit=_PAGE),
    "Refunds, sums": lambda conn, _uid: refund_totals(conn, PaymentFilter()),
    "Needs a person": lambda conn, _uid: needing_person(conn),
    "Needs a person, number in the menu": lambda conn, _uid: count_needing_person(conn),
    "operations, first page": lambda conn, _uid: list_operations(conn, OperationFilter(), limit=_PAGE),
    "operations of a payment": operations_of_payment,
}


def _of(read: Read, conn: Connection, imp_uid: str) -> Callable[[], object]:
    return lambda: read(conn, imp_uid)


def _refunded(write: PaymentWrite) -> PaymentWrite:
    paid_at = write.values["started_at"] + 40
    amount = write.values["amount"] // 2
    values = write.values | {"status": "paid", "paid_at": paid_at, "failed_at": 0, "cancelled_at": 0}
    refund = {"cancellation_id": f"c{paid_at}", "amount": amount, "cancelled_at": paid_at + 60, "reason": "고객 변심"}
    return write._replace(values=values | {"cancel_amount": amount}, cancellations=[refund])


def operation_row(write: PaymentWrite, number: int, count: int) -> dict[str, Any]:
    left = count - number
    state = WAITING[left - 1] if left <= len(WAITING) else "succeeded"
    refund, at = write.cancellations[0], START + number
    own = {
        "id": number + 1, "token": f"t{number}", "kind": "refund", "state": state, "amount": refund["amount"],
        "subject": f"payment:{write.values['imp_uid']}", "imp_uid": write.values["imp_uid"], "currency": "KRW",
        "reason": "고객 변심", "requester": "customer", "request": "{}", "asked_by": "support@example.com",
        "asked_at": at, "asked_from": "screen", "state_at": at, "fence": 1, "claimed_until": 0, "looks": 0,
        "look_at": 0, "tier": "",
        "cancellation_id": refund["cancellation_id"] if state == "succeeded" else None,
    }  # fmt: skip
    return dict.fromkeys(_TABLE.columns.keys()) | own
