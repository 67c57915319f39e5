"""A database that was put back: read-only until the mirror was read whole and the journal completed from it.

Whatever was sent since the backup stands at the gateway: refunds in the payments' histories; charges, payments by
points and bookings under order numbers that only this product makes. What the journal lacks of it is written as
operations that ended.
"""

import json
import re
import secrets
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, select

from services.operations.actions import charges, refunds
from services.operations.actions.cards import forms, secret
from services.operations.actions.kcp import benepia
from services.operations.journal import audit, head
from services.operations.journal.audit import JANGBU, Actor
from services.operations.journal.journal import (
    Wanted,
    as_json,
    details_of,
    get,
    move,
    open_operation,
    values_of,
    with_stores,
)
from services.operations.journal.once import UNSEEN
from services.operations.journal.states import Why
from services.store.engine import reading, writing
from services.store.fold import LAST_FOUR
from services.store.lists.refunds import answering
from services.store.lists.system import marks, whole_is_due
from services.store.sql import fetch, in_dialect, read_all, read_one, table
from services.store.writes.sync import set_mark
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from services.tables.marks import MirrorMark

GATEWAY = "gateway"
"""Where an operation came from that was found there; who asked for it is not known."""
_FOUND_BY, _ASKED_BY = Actor(JANGBU, "restoration"), Actor("unknown", GATEWAY)
_NO_FILE = "none"
"""In place of a hash, where the head outside is gone as well."""
_SLACK = 600
"""Seconds by which the gateway's clock and ours may differ."""
_ORDER = re.compile(r"[CJ][A-Za-z0-9]{24}")
_TABLE = table(Operation)
_NEXT = {State.AWAITING_APPROVAL: State.INTENT, State.INTENT: State.NEEDS_PERSON}
"""The steps to where an operation can be settled; from there on it has succeeded."""
_REFUNDS = """
SELECT c.imp_uid, c.seq, c.cancellation_id, c.amount, c.cancelled_at, c.reason, c.receipt_url, p.merchant_uid,
    p.customer_uid, p.currency, p.amount AS paid,
    (SELECT coalesce(sum(b.amount), 0) FROM cancellation b WHERE b.imp_uid = c.imp_uid AND b.seq < c.seq) AS before
FROM cancellation c JOIN payment p ON p.imp_uid = c.imp_uid
WHERE c.cancelled_at >= ? AND NOT EXISTS (
    SELECT 1 FROM operation o WHERE o.imp_uid = c.imp_uid AND o.kind = 'refund' AND o.state = 'succeeded'
    AND (o.cancellation_id = c.cancellation_id
         OR coalesce(o.refunded, o.amount) = c.amount AND (o.cancellation_id IS NULL OR c.cancellation_id IS NULL))
) ORDER BY c.cancelled_at, c.imp_uid, c.seq"""
_CHARGES = """
SELECT imp_uid, merchant_uid, customer_uid, amount, cancel_amount, currency, name, paid_at, receipt_url FROM payment p
WHERE paid_at >= ? AND customer_uid IS NOT NULL AND substr(merchant_uid, 1, 1) = 'J' AND status IN ('paid', 'cancelled')
    AND NOT EXISTS (SELECT 1 FROM schedule s WHERE s.merchant_uid = p.merchant_uid) ORDER BY paid_at, imp_uid"""
_WITHOUT_KEY = """
SELECT imp_uid, merchant_uid, customer_uid, pg_provider, card_number, amount, cancel_amount, currency, name, paid_at,
    receipt_url, sandbox
FROM payment WHERE (merchant_uid >= 'C' AND merchant_uid < 'D' OR merchant_uid >= 'J' AND merchant_uid < 'K')
    AND paid_at >= ? AND length(merchant_uid) = 25 AND status IN ('paid', 'cancelled')
    AND coalesce(channel, '') NOT IN ('pc', 'mobile') AND CASE substr(merchant_uid, 1, 1)
        WHEN 'C' THEN pay_method = 'card' WHEN 'J' THEN customer_uid IS NULL AND pg_provider = 'kcp' END
ORDER BY paid_at, imp_uid"""
"""Cards by their number, kept as a key besides or not, and what points paid: KCP alone takes them. None by a window."""
_BOOKINGS = """
SELECT merchant_uid, customer_uid, schedule_at, amount, currency, coalesce(name, '') AS name FROM schedule
WHERE customer_uid IS NOT NULL AND substr(merchant_uid, 1, 1) = 'J'
ORDER BY customer_uid, name, amount, currency, schedule_at"""

_LEFT = UNSEEN | {OperationKind.REGISTER_CARD, OperationKind.BENEPIA_PAYMENT}
"""What may have gone since and may not be found here: no reading shows UNSEEN, a card registered under the same key is
not told from an older one, and no order number is looked at before points pay."""
_OWN_ORDERS = """
SELECT o.id, p.imp_uid, p.receipt_url, p.cancel_amount
FROM operation o JOIN payment p ON p.merchant_uid = o.merchant_uid
WHERE o.kind IN ('charge', 'card_charge', 'benepia_payment')
    AND o.state IN ('intent', 'sent', 'unknown', 'needs_person')
    AND p.tier = o.tier AND p.status IN ('paid', 'cancelled') AND p.amount = o.amount
    AND (o.customer_uid IS NULL OR p.customer_uid = o.customer_uid) ORDER BY o.id, p.paid_at, p.imp_uid"""


def begin(engine: Engine, now: float) -> bool:
    """Whether the database was put back; the next run of the mirror then reads the whole span."""
    kept = head.outside(engine)
    if not head.restored(engine):
        head.keep_beside(engine)
        return False
    seen = kept.hash if kept else _NO_FILE
    with reading(engine) as conn:
        noted = marks(conn).get(MirrorMark.WHOLE_FROM)
    if noted is None or noted.partition(" ")[2] != seen:
        with writing(engine) as conn:
            set_mark(conn, MirrorMark.WHOLE_FROM, f"{int(now)} {seen}", int(now))
    return True


def complete(engine: Engine, now: float) -> int | None:
    """Completes the journal of a database that was put back, once the mirror was read whole since; it then goes on.

    How many operations were found; None where there was nothing to do, or it is not time yet.
    """
    if not begin(engine, now):
        return None
    with writing(engine, durable=True) as conn:
        if whole_is_due(marks(conn)):
            return None
        here, kept = head.inside(conn), head.outside(engine)
        kept = kept or head.Head("", 0, _NO_FILE, 0, head.kept_since(conn) or 0)
        last = fetch(conn, "SELECT at FROM audit_entry WHERE id = ?", (here.entries,))
        since = (last[0][0] if last else kept.since) - _SLACK
        _leave_to_person(conn, int(now))
        found = sum(1 for part in _PARTS for _one in part(conn, since, int(now)))
        told: dict[str, Any] = {"entries": kept.entries, "hash": kept.hash, "epoch": kept.epoch}
        if by := marks(conn).get(head.PUT_BACK):
            told["backup"] = by
        audit.append(conn, _FOUND_BY, "restored", int(now), found=found, **told)
        set_mark(conn, head.EPOCH, secrets.token_hex(16), int(now))
        for name in (MirrorMark.WHOLE_FROM, head.PUT_BACK):
            conn.exec_driver_sql(in_dialect(conn, "DELETE FROM mark WHERE name = ?"), (name,))
        after = head.inside(conn)
    head.write(engine, after)
    return found


def _leave_to_person(conn: Connection, now: int) -> None:
    """What was still to be sent in the backup may have gone since; where no reading shows it, it does not go again."""
    waits = _TABLE.c.kind.in_(sorted(_LEFT)) & _TABLE.c.state.in_([state.value for state in _NEXT])
    for operation in read_all(conn, Operation, select(_TABLE).where(waits).order_by(_TABLE.c.id)):
        while state := _NEXT.get(State(operation.state)):
            operation = move(conn, operation, state, _FOUND_BY, "restored", now, why=Why.DATABASE_RESTORED.value)


def _refunds(conn: Connection, since: int, now: int) -> Iterator[int]:
    for row in _rows(conn, _REFUNDS, since):
        row["balance"] = row["paid"] - int(row["before"])
        made = {
            "cancellation_id": row["cancellation_id"],
            "receipt_url": row["receipt_url"],
            "refunded": row["amount"],
            "cancel_amount": row["paid"] - row["balance"] + row["amount"],
        }
        subject = refunds.subject_of(row["imp_uid"])
        waits = open_operation(conn, subject)
        new = row["cancellation_id"] not in json.loads(waits.known or "[]") if waits else False
        if waits and new and answering([(row["amount"], row["reason"])], waits) is not None:
            yield _settled(conn, waits, now, made)
            continue
        wanted = Wanted(
            token=f"found:{row['imp_uid']}:{row['cancellation_id'] or row['seq']}",
            kind=OperationKind.REFUND,
            subject=subject,
            reason=row["reason"],
            balance=row["balance"],
            **{name: row[name] for name in ("amount", "currency", "imp_uid", "merchant_uid", "customer_uid")},
        )
        yield _written(conn, wanted, row["cancelled_at"], now, made)


def _charges(conn: Connection, since: int, now: int) -> Iterator[int]:
    for row in _rows(conn, _CHARGES, since):
        if not _ORDER.fullmatch(row["merchant_uid"]):
            continue
        made = {name: row[name] for name in ("imp_uid", "receipt_url", "cancel_amount")}
        mine = (_TABLE.c.kind == OperationKind.CHARGE.value) & (_TABLE.c.merchant_uid == row["merchant_uid"])
        if operation := read_one(conn, Operation, select(_TABLE).where(mine)):
            if operation.state != State.SUCCEEDED and _is_open(operation):
                yield _settled(conn, operation, now, made)
            continue
        wanted = Wanted(
            token=f"found:{row['merchant_uid']}",
            kind=OperationKind.CHARGE,
            subject=charges.subject_of(row["customer_uid"]),
            request={"name": row["name"] or ""},
            **{name: row[name] for name in ("amount", "currency", "merchant_uid", "customer_uid")},
        )
        yield _written(conn, wanted, row["paid_at"], now, made)


def _own_orders(conn: Connection, _since: int, now: int) -> Iterator[int]:
    """Charges under the shop's own order numbers, cards and points: what the backup had to send was made since."""
    # Of two payments under one order number the first is what was sent: the gateway pays an order once.
    for row in {row["id"]: row for row in reversed(_rows(conn, _OWN_ORDERS))}.values():
        made = {name: row[name] for name in ("imp_uid", "receipt_url", "cancel_amount")}
        yield _settled(conn, get(conn, row["id"]), now, made)


def _without_key(conn: Connection, since: int, now: int) -> Iterator[int]:
    """Cards and points; of a card under the shop's own order number no payment tells that it was charged here."""
    known = "SELECT id FROM operation WHERE merchant_uid = ? AND kind IN ('charge', 'card_charge', 'benepia_payment')"
    for row in _rows(conn, _WITHOUT_KEY, since):
        order: str = row["merchant_uid"]
        if not _ORDER.fullmatch(order) or _rows(conn, known, order):
            continue
        card = order.startswith("C")
        end = row["card_number"][-LAST_FOUR:] if card and row["card_number"] else ""
        told = {secret.END: end} if end.isdigit() else {}
        wanted = Wanted(
            token=f"found:{order}",
            kind=OperationKind.CARD_CHARGE if card else OperationKind.BENEPIA_PAYMENT,
            subject=forms.subject_of(order) if card else benepia.subject_of(order),
            request={"name": row["name"] or "", "pg_provider": row["pg_provider"], "sandbox": bool(row["sandbox"])}
            | told,
            **{name: row[name] for name in ("amount", "currency", "merchant_uid", "customer_uid")},
        )
        made = {name: row[name] for name in ("imp_uid", "receipt_url", "cancel_amount")}
        yield _written(conn, wanted, row["paid_at"], now, made)


def _bookings(conn: Connection, _since: int, now: int) -> Iterator[int]:
    """When they were booked is not told: what no operation booked is new."""
    booked = {
        entry["merchant_uid"]: one
        for one in read_all(conn, Operation, select(_TABLE).where(_TABLE.c.kind == OperationKind.BOOK.value))
        for entry in json.loads(one.request)["schedules"]
    }
    rows = [row for row in _rows(conn, _BOOKINGS) if _ORDER.fullmatch(row["merchant_uid"])]
    for number in {one.id for row in rows if (one := booked.get(row["merchant_uid"])) and _is_open(one)}:
        yield _settled(conn, get(conn, number), now, {})
    new = (row for row in rows if row["merchant_uid"] not in booked)
    for (uid, name, amount, currency), group in groupby(new, key=_of_one_booking):
        entries = [{"merchant_uid": row["merchant_uid"], "schedule_at": row["schedule_at"]} for row in group]
        same = {"name": name, "amount": amount, "currency": currency, "tax_free": None, "naver_use_cfm": None}
        wanted = Wanted(
            token=f"found:{entries[0]['merchant_uid']}",
            kind=OperationKind.BOOK,
            subject=charges.subject_of(uid),
            amount=amount * len(entries),
            currency=currency,
            customer_uid=uid,
            request={"schedules": [entry | same for entry in entries]},
        )
        yield _written(conn, wanted, now, now, {})


def _of_one_booking(row: dict[str, Any]) -> tuple[str, str, int, str]:
    return row["customer_uid"], row["name"], row["amount"], row["currency"]


def _is_open(operation: Operation) -> bool:
    return operation.state in (State.INTENT, State.SENT, State.UNKNOWN, State.NEEDS_PERSON)


def _settled(conn: Connection, operation: Operation, now: int, made: dict[str, Any]) -> int:
    """An operation of before the backup that has ended since."""
    while state := _NEXT.get(State(operation.state)):
        operation = move(conn, operation, state, _FOUND_BY, "found", now, why=Why.FOUND.value)
    move(conn, operation, State.SUCCEEDED, _FOUND_BY, "found", now, why=Why.FOUND.value, **made)
    return operation.id


def _written(conn: Connection, wanted: Wanted, at: int, now: int, made: dict[str, Any]) -> int:
    """An operation that nobody here knew of, as it ended."""
    ended = {"state": State.SUCCEEDED.value, "why": Why.FOUND.value, **made}
    (wanted,) = with_stores(conn, [wanted])
    values = values_of(wanted, _ASKED_BY, at) | ended | {"request": as_json(wanted.request)}
    number = int(conn.execute(_TABLE.insert().values(values).returning(_TABLE.c.id)).scalar_one())
    told = (
        details_of(wanted) | {name: value for name, value in ended.items() if name != "receipt_url"} | {"made_at": at}
    )
    audit.append(conn, _ASKED_BY, "found", now, operation_id=number, **told)
    return number


def _rows(conn: Connection, sql: str, *values: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in conn.exec_driver_sql(in_dialect(conn, sql), values).mappings()]


_PARTS = (_refunds, _charges, _own_orders, _without_key, _bookings)
