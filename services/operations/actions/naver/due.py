"""Naver Pay orders that are still to be confirmed, or credited with points, as far as the journal knows."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from services.operations.actions.charges import NAVERPAY
from services.payment_states import PaymentKind, PaymentState
from services.store.lists.filters import PaymentFilter
from services.store.lists.payments import PaymentRow, search_payments
from services.store.sql import fetch, one_of
from services.tables.journal import OperationKind
from services.tables.journal import OperationState as State

LOOKED_AT = 2_000
"""Orders that are looked at, the latest first: what was confirmed elsewhere is not known, and would pile up."""
_CAME_TO_NOTHING = (State.REFUSED, State.EXPIRED)


@dataclass(frozen=True, slots=True)
class DueOrders:
    """The orders, the one paid first on top; `more` where older ones were not looked at."""

    rows: Sequence[PaymentRow]
    more: bool


def due_orders(conn: Connection, kind: OperationKind, since: int) -> DueOrders:
    """Live orders paid since a Seoul day on which none of this kind was done, nor is under way."""
    chosen = PaymentFilter(
        from_day=since,
        states=frozenset({PaymentState.PAID, PaymentState.PARTLY_REFUNDED}),
        pg_providers=frozenset({NAVERPAY}),
        kinds=frozenset({PaymentKind.ONE_OFF, PaymentKind.RECURRING}),
    )
    page = search_payments(conn, chosen, limit=LOOKED_AT)
    taken = _taken(conn, kind, [row.imp_uid for row in page.rows])
    rows = [row for row in reversed(page.rows) if row.imp_uid not in taken]
    return DueOrders(rows, page.older is not None)


def _taken(conn: Connection, kind: OperationKind, imp_uids: Sequence[str]) -> set[str]:
    condition, bound = one_of(conn, "imp_uid", imp_uids)
    nothing = ", ".join(f"'{state.value}'" for state in _CAME_TO_NOTHING)
    sql = f"SELECT imp_uid FROM operation WHERE {condition} AND kind = ? AND state NOT IN ({nothing})"
    return {row[0] for row in fetch(conn, sql, (bound, kind.value))}
