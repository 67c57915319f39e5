"""What a billing key was charged already, today or by a charge that was taken for refused: one more is a decision."""

from typing import NamedTuple

from sqlalchemy import Connection, select

from services.clock import DAY, day_of, day_start
from services.operations.actions.charges import subject_of
from services.operations.journal.journal import latest_on
from services.store.lists.one import list_charged
from services.store.sql import table
from services.store.writes.late_payments import late_payments
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State

_MAY_TURN = 7 * DAY
_TABLE = table(Operation)


class Charged(NamedTuple):
    """A charge that was made; smallest unit."""

    merchant_uid: str
    amount: int
    currency: str
    late: bool = False
    """Refused at first and paid after all, on whatever day; nobody has said yet that it is right so."""


def charged_already(conn: Connection, customer_uid: str, now: float) -> list[Charged]:
    """Charges of today in Seoul, of the mirror and of the journal that it does not show yet; and those paid late."""
    since = day_start(day_of(now))
    found = {row.merchant_uid: Charged(row.merchant_uid, row.amount, row.currency)
             for row in list_charged(conn, customer_uid, since)}  # fmt: skip
    made = (_TABLE.c.kind == OperationKind.CHARGE.value) & (_TABLE.c.state == State.SUCCEEDED.value)
    mine = (_TABLE.c.subject == subject_of(customer_uid)) & made & (_TABLE.c.state_at >= since)
    for row in conn.execute(select(_TABLE.c.merchant_uid, _TABLE.c.amount, _TABLE.c.currency).where(mine)):
        found.setdefault(row.merchant_uid, Charged(*row))
    for late in late_payments(conn, customer_uid):
        found[late.merchant_uid] = Charged(late.merchant_uid, late.amount, late.currency, late=True)
    return list(found.values())


def refused_lately(conn: Connection, customer_uid: str, now: float) -> list[str]:
    """Payments (imp_uid) of charges refused in the last week: the PG may have changed its mind since the last sync."""
    return [
        one.imp_uid
        for one in latest_on(conn, subject_of(customer_uid))
        if one.imp_uid and one.state == State.REFUSED and one.state_at > now - _MAY_TURN
    ]
