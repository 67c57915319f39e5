"""What was refunded of a payment today: the same amount once more is a decision, whoever gave the first one back."""

from sqlalchemy import Connection, select

from services.clock import day_of, day_start
from services.operations.actions.refunds import subject_of
from services.operations.journal.journal import latest_on
from services.store.sql import table
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from services.tables.v1 import Cancellation

_CANCELLATION = table(Cancellation)


def refunded_today(conn: Connection, imp_uid: str, now: float) -> list[int]:
    """Amounts of today in Seoul: of the mirror, and of the journal what the mirror does not show yet; smallest unit."""
    since = day_start(day_of(now))
    shown = (_CANCELLATION.c.imp_uid == imp_uid) & (_CANCELLATION.c.cancelled_at >= since)
    found = list(conn.execute(select(_CANCELLATION.c.amount).where(shown)).scalars())
    ours = [one.amount for one in latest_on(conn, subject_of(imp_uid)) if _made(one) and one.state_at >= since]
    return found + [amount for amount in ours if amount not in found]


def _made(operation: Operation) -> bool:
    return operation.kind == OperationKind.REFUND and operation.state == State.SUCCEEDED
