"""Reading the journal: what needs a person, what was asked for on a payment or key, and the list of it all."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select, text, tuple_

from services.store.lists.cursors import numbers
from services.store.lists.keyset import Page
from services.store.sql import read_all, table
from services.store.writes.late_payments import count_late
from services.tables.journal import (
    ALONE,
    FILES,
    Operation,
    OperationKind,
    OperationState,
    RefundBatch,
)

_TABLE = table(Operation)
_BATCH = table(RefundBatch)
_UNCLEAR = (OperationState.NEEDS_PERSON, OperationState.UNKNOWN)
_OPEN = text("state IN ('awaiting_approval', 'intent', 'sent', 'unknown', 'needs_person')")  # as operation_open
_LEFT = text("state = 'expired' AND noted_at IS NULL")  # as the index operation_left is written
MOST = 200
"""Operations that a list of what waits holds of each state."""
_CAME_TO_NOTHING = (OperationState.REFUSED.value, OperationState.EXPIRED.value)


@dataclass(frozen=True, slots=True)
class OperationFilter:
    """Narrows the list of operations; an empty part restricts nothing."""

    kind: str | None = None
    state: str | None = None
    batch_id: int | None = None


def needing_person(conn: Connection, limit: int = MOST) -> list[Operation]:
    """What waits for somebody: unclear outcomes, approvals (a file's rows apart), and what expired unseen."""
    found: list[Operation] = []
    unclear = [select(_TABLE).where(_TABLE.c.state == state.value) for state in _UNCLEAR]
    for wanted in (*unclear, select(_TABLE).where(ALONE)):
        found += read_all(conn, Operation, wanted.order_by(_TABLE.c.asked_at, _TABLE.c.id).limit(limit))
    found += read_all(conn, Operation, select(_TABLE).where(_LEFT).order_by(_TABLE.c.asked_at).limit(limit))
    return found


def count_needing_person(conn: Connection) -> int:
    """How many of them, of files that wait for approval and of late payments; counted over their indexes."""
    unclear = select(func.count()).where(_TABLE.c.state.in_([state.value for state in _UNCLEAR]))
    approvals = select(func.count()).select_from(_TABLE).where(ALONE)
    left = select(func.count()).select_from(_TABLE).where(_LEFT)
    files = select(func.count()).select_from(_BATCH).where(FILES)
    at_once = sum((one.scalar_subquery() for one in (approvals, left, files)), unclear.scalar_subquery())
    return int(conn.execute(select(at_once)).scalar_one()) + count_late(conn)


def anything_open(conn: Connection) -> bool:
    """Whether any operation has not ended, or a file waits for approval: one look where mostly nothing is."""
    operations = select(_TABLE.c.subject).where(_OPEN).limit(1)
    files = select(_BATCH.c.asked_at).where(FILES).limit(1)
    return any(conn.execute(look).first() for look in (operations, files))


def operations_of_payment(conn: Connection, imp_uid: str, limit: int = MOST) -> list[Operation]:
    """Everything asked for on a payment, and the charge that made it; the latest first."""
    wanted = select(_TABLE).where(_TABLE.c.imp_uid == imp_uid).order_by(_TABLE.c.id.desc()).limit(limit)
    return read_all(conn, Operation, wanted)


def operations_of_key(conn: Connection, customer_uid: str, limit: int = MOST) -> list[Operation]:
    """Everything asked for on a billing key and on what was booked on it; the latest first."""
    subjects = text(
        "subject IN (SELECT 'billing_key:' || :uid UNION ALL SELECT 'schedules_of:' || :uid "
        "UNION ALL SELECT 'schedule:' || merchant_uid FROM schedule WHERE customer_uid = :uid)"
    ).bindparams(uid=customer_uid)
    return read_all(conn, Operation, select(_TABLE).where(subjects).order_by(_TABLE.c.id.desc()).limit(limit))


def refunded_alone(conn: Connection, imp_uid: str, *, but: int | None = None) -> int:
    """What was refunded of a payment here without a second person's approval; `but` leaves an operation out.

    Counts whatever did not come to nothing, whoever asked: parts by several names on one machine add up.
    In the payment's smallest unit.
    """
    # SQLite, which knows nothing of how values are spread, would walk all refunds for "kind = ?".
    refunds = func.coalesce(_TABLE.c.kind, "") == OperationKind.REFUND.value
    alive = _TABLE.c.approved_by.is_(None) & _TABLE.c.state.not_in(_CAME_TO_NOTHING)
    mine = (_TABLE.c.imp_uid == imp_uid) & refunds & alive & (_TABLE.c.id != (but or 0))
    wanted = select(func.coalesce(func.sum(_TABLE.c.amount), 0)).where(mine)
    return int(conn.execute(wanted).scalar_one())


def list_operations(
    conn: Connection, chosen: OperationFilter, *, limit: int = 50, before: str | None = None
) -> Page[Operation]:
    """One page, the latest first; `before` is the `older` of the page before. Raises InvalidFilter."""
    wanted = select(_TABLE)
    for column, value in (("kind", chosen.kind), ("state", chosen.state), ("batch_id", chosen.batch_id)):
        if value is not None:
            wanted = wanted.where(_TABLE.c[column] == value)
    if before is not None:
        at, _dot, number = before.partition(".")
        wanted = wanted.where(tuple_(_TABLE.c.asked_at, _TABLE.c.id) < tuple_(*numbers("before", at, number)))
    rows = read_all(conn, Operation, wanted.order_by(_TABLE.c.asked_at.desc(), _TABLE.c.id.desc()).limit(limit + 1))
    more = len(rows) > limit
    shown = rows[:limit]
    return Page(tuple(shown), older=f"{shown[-1].asked_at}.{shown[-1].id}" if more else None)
