"""What a billing key was charged today already, so that another charge is a decision."""

from typing import NamedTuple

from sqlalchemy import Connection, select

from services.clock import day_of, day_start
from services.journal_models import Operation, OperationKind
from services.journal_models import OperationState as State
from services.operations.charges import subject_of
from services.store.payments import list_charged

_TABLE = Operation.__table__  # type: ignore[attr-defined]


class Charged(NamedTuple):
    """A charge that was made; smallest unit."""

    merchant_uid: str
    amount: int
    currency: str


def charged_today(conn: Connection, customer_uid: str, now: float) -> list[Charged]:
    """Charges of today in Seoul: those of the mirror, and those of the journal that it does not show yet."""
    since = day_start(day_of(now))
    found = {row.merchant_uid: Charged(row.merchant_uid, row.amount, row.currency)
             for row in list_charged(conn, customer_uid, since)}  # fmt: skip
    made = (_TABLE.c.kind == OperationKind.CHARGE.value) & (_TABLE.c.state == State.SUCCEEDED.value)
    mine = (_TABLE.c.subject == subject_of(customer_uid)) & made & (_TABLE.c.state_at >= since)
    for row in conn.execute(select(_TABLE.c.merchant_uid, _TABLE.c.amount, _TABLE.c.currency).where(mine)):
        found.setdefault(row.merchant_uid, Charged(*row))
    return list(found.values())
