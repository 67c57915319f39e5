"""What is done at most once on a payment, and no reading shows that it was: the journal is all that remembers it."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection

from services.errors import Busy, InvalidRequest, Moved
from services.operations.journal.states import OPEN
from services.store.sql import fetch, one_of
from services.tables.journal import OperationKind
from services.tables.journal import OperationState as State

ONCE = frozenset({OperationKind.NAVER_CONFIRM, OperationKind.NAVER_POINTS})
STEPS: Mapping[OperationKind, tuple[str, ...]] = {
    OperationKind.PAYCO_STATUS: ("DELIVERY_START", "PURCHASE_DECISION"),
    OperationKind.PAYMENTWALL_DELIVERY: ("order_placed", "order_shipped", "delivering", "delivered"),
}
"""What is told of a payment step by step, by V1's `status`: each step once, and nothing leads back."""
UNSEEN = ONCE | STEPS.keys()
"""What no reading shows."""

UNSHOWN = frozenset({OperationKind.REQUEST_OTP, OperationKind.DELETE_QUICK_MEMBER})
"""No reading shows these either, but once more does no harm."""

_TOLD_APART: Mapping[OperationKind, tuple[str, ...]] = {
    OperationKind.CARD_CHARGE: ("card_end",),
    OperationKind.BENEPIA_PAYMENT: (),
}
"""What a request says, besides the amount, of whose money it takes; of an account at Benepia nothing is kept."""
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


def require_unlike(conn: Connection, kind: OperationKind, amount: int, request: Mapping[str, Any]) -> None:
    """Raises Busy while a card that ends alike is charged as much, or points pay as much.

    Their numbers are made anew, and would hide it: of one whose answer was lost nobody knows yet, and who types card
    or account once more pays twice.
    """
    if kind not in _TOLD_APART:
        return
    states = ", ".join(f"'{state.value}'" for state in sorted(OPEN))
    sql = f"SELECT id, asked_by, request FROM operation WHERE state IN ({states}) AND kind = ? AND amount = ?"
    for number, who, told in fetch(conn, sql, (kind.value, amount)):
        other = json.loads(told)
        if all(other.get(name) == request.get(name) for name in _TOLD_APART[kind]):
            raise Busy("{who} is at it already: operation {operation} is not finished.", who=who, operation=number)


def require_first(conn: Connection, kind: OperationKind, subjects: Collection[str]) -> None:
    """Raises Moved where one of ONCE was done before on one of these.

    Writing transactions come one at a time: what was done cannot change before this one ends.
    """
    if kind not in ONCE:
        return
    for subject, operation in sorted(done_once(conn, kind, subjects).items()):
        raise Moved("It was done already: operation {operation} on {payment}.", operation=operation,
                    payment=subject.partition(":")[2])  # fmt: skip


def require_onward(conn: Connection, kind: OperationKind, subject: str, request: Mapping[str, Any]) -> None:
    """Raises Moved where this step of STEPS, or one behind it, was told before."""
    if kind not in STEPS:
        return
    told = told_steps(conn, kind, subject)
    at = STEPS[kind].index(request["status"])
    for status in STEPS[kind][at:]:
        if operation := told.get(status):
            raise Moved("It was done already: operation {operation} on {payment}.", operation=operation,
                        payment=subject.partition(":")[2])  # fmt: skip


def done_once(conn: Connection, kind: OperationKind, subjects: Collection[str]) -> dict[str, int]:
    """By subject: the operation of this kind that was done on it."""
    condition, bound = one_of(conn, "subject", subjects)
    sql = f"SELECT subject, id FROM operation WHERE {condition} AND kind = ? AND state = ?"
    return {row[0]: row[1] for row in fetch(conn, sql, (bound, kind.value, State.SUCCEEDED.value))}


def told_steps(conn: Connection, kind: OperationKind, subject: str) -> dict[str, int]:
    """By status: the operation that told it."""
    sql = "SELECT id, request FROM operation WHERE subject = ? AND kind = ? AND state = ? ORDER BY id"
    rows = fetch(conn, sql, (subject, kind.value, State.SUCCEEDED.value))
    return {json.loads(request)["status"]: number for number, request in rows}
