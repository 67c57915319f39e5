"""Rows of Jangbu's own that hold something of a buyer, made anonymous: operations, links, notes, cash receipts."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, select, update

from services.operations.journal import audit
from services.operations.journal.audit import JANGBU, Actor, Entry
from services.operations.journal.journal import digest_of
from services.operations.journal.states import TERMINAL
from services.store.anonymous import anonymous_request
from services.store.sql import table
from services.tables.checkouts import CAN_OPEN, Checkout
from services.tables.journal import Operation
from services.tables.notes import Note
from services.tables.receipts import CashReceipt

OPERATION, CHECKOUT, NOTE, RECEIPT = (table(one) for one in (Operation, Checkout, Note, CashReceipt))
PASS = Actor(JANGBU, "executor")
"""What is done by itself."""
Sweep = Callable[[Connection, Sequence[int], int], int]
"""Takes the buyer out of the rows of these numbers, at a time in seconds; of how many."""


def sweep_operations(conn: Connection, ids: Sequence[int], at: int, actor: Actor = PASS) -> int:
    """Operations that have ended: what was asked for stays, without whose account, phone or name it was.

    The audit tells what stands there since, so that it still answers for each operation.
    """
    wanted = select(OPERATION.c.id, OPERATION.c.request).where(
        OPERATION.c.id.in_(ids), OPERATION.c.anonymous_at.is_(None), OPERATION.c.state.in_(_ENDED)
    )
    rows = {number: anonymous_request(request) for number, request in conn.execute(wanted)}
    for number, request in rows.items():
        values = {"request": request, "anonymous_at": at}
        conn.execute(update(OPERATION).where(OPERATION.c.id == number).values(values))
    told = [Entry("anonymous", number, {"request": digest_of(json.loads(request))}) for number, request in rows.items()]
    audit.append_all(conn, actor, at, told)
    return len(rows)


def sweep_links(conn: Connection, ids: Sequence[int], _at: int) -> int:
    """Links by which nobody can pay any more: for whom they were made, and what colleagues wrote beside it."""
    wanted = select(CHECKOUT).where(CHECKOUT.c.id.in_(ids), CHECKOUT.c.state.not_in(CAN_OPEN))
    news = [(row, anonymous_link(row)) for row in conn.execute(wanted).mappings()]
    changed = [(row["id"], values) for row, values in news if any(row[name] != values[name] for name in values)]
    for number, values in changed:
        conn.execute(update(CHECKOUT).where(CHECKOUT.c.id == number).values(values))
    return len(changed)


def anonymous_link(row: Any) -> dict[str, Any]:
    """The columns of a link that hold a buyer, as they are without."""
    return {"buyer_name": None, "buyer_tel": None, "memo": "", "request": anonymous_request(row["request"])}


def sweep_notes(conn: Connection, ids: Sequence[int], _at: int) -> int:
    """Notes: that one was written stays, with who wrote it and when."""
    theirs = NOTE.c.id.in_(ids) & NOTE.c.told.is_(None) & (NOTE.c.text != "")
    return int(conn.execute(update(NOTE).where(theirs).values(text="")).rowcount)


def sweep_receipts(conn: Connection, ids: Sequence[int], _at: int) -> int:
    """Cash receipts: the last digits of whose number it was."""
    theirs = RECEIPT.c.id.in_(ids) & RECEIPT.c.identifier_end.is_not(None)
    return int(conn.execute(update(RECEIPT).where(theirs).values(identifier_end=None)).rowcount)


_ENDED = [state.value for state in TERMINAL]
OLD: dict[str, tuple[Table, Callable[[int], ColumnElement[bool]], Sweep]] = {
    "operations": (
        OPERATION,
        lambda before: (
            (OPERATION.c.asked_at < before)
            & (OPERATION.c.state_at < before)
            & OPERATION.c.anonymous_at.is_(None)
            & OPERATION.c.state.in_(_ENDED)
        ),
        sweep_operations,
    ),
    "links": (
        CHECKOUT,
        lambda before: (
            (CHECKOUT.c.made_at < before) & (CHECKOUT.c.state_at < before) & CHECKOUT.c.state.not_in(CAN_OPEN)
        ),
        sweep_links,
    ),
    "notes": (NOTE, lambda before: (NOTE.c.written_at < before) & (NOTE.c.text != ""), sweep_notes),
    "receipts": (
        RECEIPT,
        lambda before: (
            (RECEIPT.c.applied_at < before)
            & (RECEIPT.c.cancelled_at < before)
            & (RECEIPT.c.applied_at + RECEIPT.c.cancelled_at > 0)
            & RECEIPT.c.identifier_end.is_not(None)
        ),
        sweep_receipts,
    ),
}
"""By what they are called: the table, which of its rows are older than a time, and what is done to them."""
