"""Webhooks: taken in at once, read back in the background, those of payments that are known here first.

Whoever knows the address may say anything, so each payment is read once however often it is named, and not more than
MOST_A_MINUTE in all. No call that moves money follows but the refund of an altered order, which the reading decides.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import structlog
from sqlalchemy import ColumnElement, Connection, Engine, and_, func, or_, select, update

from services.checkout.policy import Refunds
from services.checkout.verify import verify
from services.clock import DAY
from services.errors import BadRequest, NotFound
from services.gateway import Gateway
from services.mirror.keep import read_again
from services.store.changes import announce
from services.store.engine import reading, writing
from services.store.sql import fetch, in_dialect, read_all, table
from services.tables.webhooks import WAITING, Webhook, WebhookOutcome
from services.typed_text import is_storable

log = structlog.get_logger("jangbu.checkout")
LARGEST = 64 * 1024
"""Bytes of a body."""
MOST_A_MINUTE = 50
"""Calls that are followed up; one of a link's order costs a second reading."""
_AGAIN = (60, 300, 900, 3600, 6 * 3600, 17 * 3600)
"""Seconds to the next reading after one that brought no answer: the last is a day after the first."""
_KEPT_DAYS, _HOUR = 90, 3600
_LONGEST = 80
ESCROW_CHANGED, ESCROW = "Inicis.Escrow.Changed", "escrow "
"""The event by which Inicis tells how an escrow stands, and what its code is kept after."""
_CODE = re.compile("[0-9]{1,2}")
_ID = re.compile("[A-Za-z0-9_-]+")
_TABLE = table(Webhook)
_TAKE = (
    "INSERT INTO webhook (imp_uid, merchant_uid, status, cancellation_id, ours, times, looks, received_at, look_at) "
    "VALUES (?, ?, ?, ?, EXISTS (SELECT 1 FROM payment WHERE imp_uid = ?) "
    "OR EXISTS (SELECT 1 FROM checkout_attempt WHERE merchant_uid = ?), 1, 0, ?, ?) "
    "ON CONFLICT (imp_uid) WHERE outcome IS NULL DO UPDATE SET times = webhook.times + 1, "
    "status = excluded.status, cancellation_id = excluded.cancellation_id, look_at = excluded.look_at, looks = 0"
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a webhook of V1 says; empty where it says nothing."""

    imp_uid: str
    merchant_uid: str = ""
    status: str = ""
    cancellation_id: str = ""


def read_body(body: bytes, content_type: str) -> Said | None:
    """What V1 says in JSON or as a form; None for V2. Raises ValueError for anything else."""
    try:
        told = _form(body) if content_type.startswith("application/x-www-form-urlencoded") else json.loads(body)
    except RecursionError:
        raise ValueError("too deep") from None
    if not isinstance(told, Mapping):
        raise ValueError("no object")
    values = {name: _text(told.get(name)) for name in ("imp_uid", "merchant_uid", "status", "cancellation_id")}
    if _ID.fullmatch(values["imp_uid"]):
        return Said(**values | _of_escrow(told))
    if ("type" in told and "data" in told) or "tx_id" in told:
        return None
    raise ValueError("no payment")


def take(conn: Connection, said: Said, now: float) -> None:
    """Writes down that a payment has to be read; once, however often it is said before that."""
    order = said.merchant_uid
    values = (said.imp_uid, order, said.status, said.cancellation_id, said.imp_uid, order, int(now), int(now))
    conn.exec_driver_sql(in_dialect(conn, _TAKE), values)
    announce(conn)


def note_other_version(conn: Connection, now: float) -> None:
    """Writes down that V2 called; within an hour once, however often."""
    at = int(now)
    latest = select(func.max(_TABLE.c.id)).where(_TABLE.c.imp_uid == "").scalar_subquery()
    this = update(_TABLE).where(_TABLE.c.id == latest, _TABLE.c.received_at > at - _HOUR)
    if conn.execute(this.values(times=_TABLE.c.times + 1)).rowcount:
        return
    conn.execute(
        _TABLE.insert().values(
            imp_uid="", merchant_uid="", status="", cancellation_id="", ours=False, times=1, received_at=at,
            look_at=at, read_at=at, outcome=WebhookOutcome.OTHER_VERSION.value,
        )
    )  # fmt: skip


def read_due(gateway: Gateway, engine: Engine, now: float, refunds: Refunds) -> int:
    """Reads what webhooks named, as many as may be read within this minute; how many."""
    with reading(engine) as conn:
        waiting = _due(conn, now)
    for one in waiting:
        try:
            outcome = _read(gateway, engine, one, now, refunds)
        except Exception as error:  # one that cannot be read keeps no other one waiting
            log.warning("a webhook could not be followed up", error=type(error).__name__)
            came = _later(one, now)
        else:
            came = {"outcome": outcome.value}
        with writing(engine) as conn:
            this = update(_TABLE).where(_TABLE.c.id == one.id).values(read_at=int(now))
            # What was said again while it was read is read again.
            if not conn.execute(this.where(_TABLE.c.times == one.times).values(came)).rowcount:
                conn.execute(this)
    return len(waiting)


def look_again(conn: Connection, webhook_id: int, now: float) -> None:
    """Has the payment of a webhook read once more; by the one that waits for that, where there is one."""
    of = select(_TABLE.c.imp_uid).where(_TABLE.c.id == webhook_id).scalar_subquery()
    this = update(_TABLE).values(outcome=None, looks=0, look_at=int(now))
    if conn.execute(this.where(WAITING, _TABLE.c.imp_uid == of)).rowcount:
        return
    conn.execute(this.where(_TABLE.c.id == webhook_id, _TABLE.c.outcome != WebhookOutcome.OTHER_VERSION.value))


def are_old(conn: Connection, now: float) -> bool:
    """Whether `forget_old` would take any out."""
    return any(conn.execute(select(_TABLE.c.id).where(old).limit(1)).first() for old in _old(now))


def forget_old(conn: Connection, now: float) -> None:
    """Takes what was read 90 days ago out of the log, and what named an unknown payment and is due for a day."""
    for old in _old(now):
        conn.execute(_TABLE.delete().where(old))


def _old(now: float) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        and_(_TABLE.c.read_at < int(now) - _KEPT_DAYS * DAY, _TABLE.c.outcome.is_not(None)),
        # Whoever knows the address can name more than is ever read.
        and_(WAITING, ~_TABLE.c.ours, _TABLE.c.look_at < int(now) - DAY),
    )


def of_payment(conn: Connection, imp_uid: str, limit: int = 20) -> list[Webhook]:
    """The latest webhooks of a payment, newest first."""
    wanted = select(_TABLE).where(_TABLE.c.imp_uid == imp_uid)
    return read_all(conn, Webhook, wanted.order_by(_TABLE.c.id.desc()).limit(limit))


def _due(conn: Connection, now: float) -> list[Webhook]:
    wanted = select(_TABLE).where(WAITING, _TABLE.c.look_at <= int(now))
    found = read_all(conn, Webhook, wanted.order_by(_TABLE.c.ours.desc(), _TABLE.c.id).limit(MOST_A_MINUTE))
    if not found:
        return []
    read = or_(_TABLE.c.outcome.is_(None), _TABLE.c.outcome != WebhookOutcome.OTHER_VERSION)
    minute = select(func.count()).where(_TABLE.c.read_at > int(now) - 60, read)
    return found[: max(0, MOST_A_MINUTE - int(conn.execute(minute).scalar_one()))]


def _read(gateway: Gateway, engine: Engine, one: Webhook, now: float, refunds: Refunds) -> WebhookOutcome:
    with reading(engine) as conn:
        before = _standing(conn, one.imp_uid)
    try:
        read_again(gateway, engine, one.imp_uid)
    except (NotFound, BadRequest):
        return WebhookOutcome.UNKNOWN
    with reading(engine) as conn:
        after = _standing(conn, one.imp_uid)
    if after is None:
        return WebhookOutcome.UNKNOWN
    # Whose order it is says the gateway, not the caller.
    verify(gateway, engine, after[0], now, imp_uid=one.imp_uid, refunds=refunds)
    return WebhookOutcome.UNCHANGED if after == before else WebhookOutcome.CHANGED


def _standing(conn: Connection, imp_uid: str) -> tuple[str, str, int, int] | None:
    """How a payment stands here: order, status, amount, and what was refunded of it."""
    rows = fetch(conn, "SELECT merchant_uid, status, amount, cancel_amount FROM payment WHERE imp_uid = ?", (imp_uid,))
    return tuple(rows[0]) if rows else None


def _later(one: Webhook, now: float) -> dict[str, Any]:
    """When it is read next after a reading that brought no answer, each time later; after a day never."""
    if one.looks >= len(_AGAIN):
        return {"outcome": WebhookOutcome.UNREAD.value}
    return {"looks": one.looks + 1, "look_at": int(now) + _AGAIN[one.looks]}


def _of_escrow(told: Mapping[str, Any]) -> dict[str, str]:
    """Of Inicis's call how an escrow stands: `escrow 3`; the buyer's reason for a refusal is not kept."""
    extra = told.get("extra")
    if told.get("event") != ESCROW_CHANGED or not isinstance(extra, Mapping):
        return {}
    code = str(extra.get("escrow_status"))
    return {"status": f"{ESCROW}{code}"} if _CODE.fullmatch(code) else {}


def _form(body: bytes) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


def _text(value: object) -> str:
    """An id as it may be kept; empty where it is none."""
    return value if isinstance(value, str) and len(value) <= _LONGEST and is_storable(value) else ""
