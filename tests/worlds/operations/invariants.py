"""For tests of operations: what must hold when everything has come to rest."""

from collections import Counter

from sqlalchemy import Connection, Engine, select

from services.operations.journal import audit
from services.operations.journal.states import OPEN
from services.store.engine import reading
from services.store.sql import read_all, table
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from tests.worlds.operations.gate import Done, Gate

_MONEY = (
    OperationKind.REFUND,
    OperationKind.CHARGE,
    OperationKind.RETRY,
    OperationKind.BENEPIA_PAYMENT,
    OperationKind.CARD_CHARGE,
)


def all_operations(conn: Connection) -> list[Operation]:
    """Every operation, oldest first."""
    return read_all(conn, Operation, select(table(Operation)).order_by(table(Operation).c.id))


def open_twice(conn: Connection) -> list[str]:
    """Payments and billing keys with more than one open operation."""
    states = ", ".join(f"'{state.value}'" for state in OPEN)
    sql = f"SELECT subject FROM operation WHERE state IN ({states}) GROUP BY subject HAVING count(*) > 1"
    return [row[0] for row in conn.exec_driver_sql(sql)]


def at_the_end(engine: Engine, gate: Gate) -> list[str]:
    """How journal, gateway and audit chain differ from one another."""
    with reading(engine) as conn:
        operations = all_operations(conn)
        verdict = audit.verify(conn)
        lost = _lost_attempts(conn)
    wrong = [text for one in operations for text in _differs(one, gate.done.get(one.id, Done()).ids)]
    wrong += [f"two operations claim {one}" for one, times in _claims(operations).items() if times > 1]
    wrong += [f"{uid} was refunded beyond its amount" for uid, row in gate.sandbox.payments.items() if _beyond(row)]
    wrong += [f"{order} was paid twice" for order in gate.sandbox.world.attempts if _paid(gate, order) > 1]
    credited = gate.sandbox.world.naver_points.items()
    wrong += [f"{uid} was credited {times} times" for uid, times in credited if times > 1]
    for uid, told in gate.sandbox.world.paymentwall_told.items():
        states = [state for state, _number in told]
        wrong += [f"Paymentwall was told {states} of {uid}"] if len(set(states)) < len(states) else []
    if verdict.broken_at is not None:
        wrong.append(f"the audit chain breaks at {verdict.broken_at}")
    return wrong + lost


def _differs(operation: Operation, made: list[str]) -> list[str]:
    told = f"operation {operation.id} ({operation.kind}) is {operation.state} ({operation.why})"
    if (operation.state == State.SUCCEEDED) != bool(made):
        return [f"{told}; at the gateway stands {made}"]
    if operation.state != State.SUCCEEDED or operation.kind not in _MONEY:
        return []
    found = operation.cancellation_id if operation.kind == OperationKind.REFUND else operation.imp_uid
    return [] if found in made else [f"{told} by {found}; at the gateway stands {made}"]


def _claims(operations: list[Operation]) -> Counter[str]:
    return Counter(one.cancellation_id for one in operations if one.cancellation_id)


def _beyond(row: dict[str, int]) -> bool:
    return row["cancel_amount"] > row["amount"]


def _paid(gate: Gate, order: str) -> int:
    rows = [gate.sandbox.world.payments[uid] for uid in gate.sandbox.world.attempts[order]]
    # Of an order's accounts buyers pay into several where they please.
    return sum(row["status"] in ("paid", "cancelled") for row in rows if row["pay_method"] not in ("vbank", "cvs"))


def _lost_attempts(conn: Connection) -> list[str]:
    sql = (
        "SELECT a.operation_id FROM attempt a LEFT JOIN operation o ON o.id = a.operation_id"
        " WHERE o.id IS NULL OR a.fence > o.fence"
    )
    return [f"an attempt of operation {row[0]} hangs in the air" for row in conn.exec_driver_sql(sql)]
