"""What is done at most once on a payment, and no reading shows that it was: the journal is all that remembers it."""

from collections.abc import Collection

from sqlalchemy import Connection

from services.errors import InvalidRequest, Moved
from services.store.sql import fetch, one_of
from services.tables.journal import OperationKind
from services.tables.journal import OperationState as State

ONCE = frozenset({OperationKind.NAVER_CONFIRM, OperationKind.NAVER_POINTS})

_BY_ORDER = ("charge", "card_charge")
"""What has an order number of its own, which is used once; written as its index is, so that SQLite takes that."""


def require_new_order(conn: Connection, kind: OperationKind, merchant_uid: str | None) -> None:
    """Raises InvalidRequest where another charge has this order number: the shop's own may be typed twice."""
    if kind not in _BY_ORDER:
        return
    sql = f"SELECT id FROM operation WHERE merchant_uid = ? AND kind IN {_BY_ORDER}"
    if used := fetch(conn, sql, (merchant_uid,)):
        raise InvalidRequest(
            "This order number was used already: operation {operation}.", field="merchant_uid", operation=used[0][0]
        )


def require_first(conn: Connection, kind: OperationKind, subjects: Collection[str]) -> None:
    """Raises Moved where one of ONCE was done before on one of these.

    Writing transactions come one at a time: what was done cannot change before this one ends.
    """
    if kind not in ONCE:
        return
    for subject, operation in sorted(done_once(conn, kind, subjects).items()):
        raise Moved("It was done already: operation {operation} on {payment}.", operation=operation,
                    payment=subject.partition(":")[2])  # fmt: skip


def done_once(conn: Connection, kind: OperationKind, subjects: Collection[str]) -> dict[str, int]:
    """By subject: the operation of this kind that was done on it."""
    condition, bound = one_of(conn, "subject", subjects)
    sql = f"SELECT subject, id FROM operation WHERE {condition} AND kind = ? AND state = ?"
    return {row[0]: row[1] for row in fetch(conn, sql, (bound, kind.value, State.SUCCEEDED.value))}
