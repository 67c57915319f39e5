"""A buyer who stands in every field that can hold one, each with a text that occurs nowhere else."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from services.clock import DAY
from services.operations.journal.audit import Actor
from services.operations.journal.journal import Wanted, get, move, record, saving
from services.operations.journal.notes import write_note
from services.operations.journal.states import Why
from services.store.engine import reading, writing
from services.store.sql import table
from services.store.writes.keys import discover_billing_keys, upsert_billing_keys
from services.store.writes.payments import PaymentWrite, upsert_payments
from services.store.writes.schedules import upsert_schedules
from services.tables.checkouts import Checkout, CheckoutAttempt, CheckoutKind, CheckoutState
from services.tables.journal import OperationKind, OperationState
from services.tables.receipts import CashReceipt
from services.tables.unreadable import RowKind
from tests.worlds.rows.key_rows import key, schedule
from tests.worlds.rows.payment_rows import plain

KIM = Actor("kim@example.com", "screen")
PAID_AT = 1_600_000_000
"""A Sunday in September 2020."""
TERM = 5 * 366 * DAY
UID, ORDER, KEY, BOOKED = "imp_777000000001", "order-planted", "planted-key", "planted-schedule"
NAME, TEL, EMAIL = "황보꽃별", "010-7391-4286", "zqxwvu@example.com"
_ADDR, _ZIP, _DATA, _AGENT = "가람시 늘봄로 77-1391", "QZ91X", "QZDATA7391", "QZAGENT7391"
_ACCOUNT, _HOLDER, _CARD = "3021739184", "남궁햇살", "7391-QZ**-****-0042"
TOKENS = (
    NAME, TEL, "01073914286", "*4286", EMAIL, "zqxwvu", "늘봄로", _ZIP, _DATA, _AGENT, _ACCOUNT, "*9184", _HOLDER,
    "남***", "QZ**", "QZNOTE", "QZMEMO", "QZMORE", "ID7391",
)  # fmt: skip
_PERSON = {
    "buyer_name": NAME, "buyer_tel": TEL, "buyer_email": EMAIL, "buyer_addr": _ADDR, "buyer_postcode": _ZIP,
    "custom_data": json.dumps({"who": _DATA}),
}  # fmt: skip
_NOT_LOOKED_AT = {"confirmed_at": 0, "look_at": 0, "looks": 0, "read_at": 0}
_MORE = {"promotion": {"id": "p1"}, "QZMORE": NAME}


def planted_payment(uid: str = UID, at: int = PAID_AT, digest: bytes = b"as it came", **changes: Any) -> PaymentWrite:
    """A payment of the buyer, partly refunded an hour later."""
    base = plain(1)[0].values
    values = base | _PERSON | {
        "imp_uid": uid, "merchant_uid": f"{ORDER}-{uid[-1]}", "status": "paid", "amount": 30_000,
        "cancel_amount": 5_000, "started_at": at - 60, "paid_at": at, "failed_at": 0,
        "cancelled_at": at + 3_600, "user_agent": _AGENT,
        "card_number": _CARD, "vbank_num": _ACCOUNT, "vbank_holder": _HOLDER, "cancel_reason": f"{NAME} 님 요청",
        "fail_reason": None, "extra": json.dumps(_MORE, ensure_ascii=False), "customer_uid": KEY,
        "customer_uid_usage": "payment", **changes,
    }  # fmt: skip
    refund = {
        "cancellation_id": f"c-{uid}", "amount": 5_000, "cancelled_at": at + 3_600, "reason": f"{TEL} 통화",
        "extra": json.dumps({"QZMORE": NAME}, ensure_ascii=False),
    }  # fmt: skip
    return PaymentWrite(values, [refund] if values["cancel_amount"] else [], digest)


def planted_key() -> dict[str, Any]:
    """The buyer's billing key as the gateway tells it."""
    person = {name.replace("buyer_", "customer_"): text for name, text in _PERSON.items() if name != "custom_data"}
    extra = json.dumps({"QZMORE": NAME}, ensure_ascii=False)
    return key(KEY, **person, card_number=_CARD, extra=extra, inserted=PAID_AT, updated=PAID_AT)


def planted_schedule(**changes: Any) -> dict[str, Any]:
    """A booked charge of the buyer's that ran."""
    extra = json.dumps({"QZMORE": NAME}, ensure_ascii=False)
    known = {"customer_uid": KEY, "extra": extra, "schedule_at": PAID_AT, "executed_at": PAID_AT}
    return schedule(BOOKED, **_PERSON, **known | {"schedule_status": "executed"} | changes)


def plant(engine: Engine, at: int = PAID_AT) -> None:
    """Puts the buyer everywhere, among others."""
    with writing(engine) as conn:
        upsert_payments(conn, [planted_payment(at=at), *plain(40)], as_of=at * 1000)
        discover_billing_keys(conn, [KEY])
        upsert_billing_keys(conn, [planted_key()], checked_at=at)
        upsert_schedules(conn, [planted_schedule()], as_of=at * 1000)
        conn.execute(table(Checkout).insert().values(_link(at)))
        opened = {"merchant_uid": f"{ORDER}-1", "checkout_id": 1, "state": "paid", "began_at": at, "state_at": at}
        conn.execute(table(CheckoutAttempt).insert().values(opened | _NOT_LOOKED_AT))
        conn.execute(table(CashReceipt).insert().values(_receipt(at)))
    write_note(engine, UID, "QZNOTE 통화함", KIM, at)
    _refund(engine, at)


def put_unreadable(engine: Engine) -> None:
    """A row of the buyer's that nobody could read."""
    raw = json.dumps({**_PERSON, "amount": "many"}, ensure_ascii=False).encode()
    with writing(engine) as conn:
        sql = "INSERT INTO unreadable_row (kind, uid, digest, reason, raw, seen, first_at, last_at) VALUES "
        marks = "(?, ?, '', 'amount', ?, 1, 1, 1)" if engine.dialect.name == "sqlite" else (
            "(%s, %s, '', 'amount', %s, 1, 1, 1)"
        )  # fmt: skip
        conn.exec_driver_sql(sql + marks, (RowKind.PAYMENT.value, "imp_777000000009", raw))


def _link(at: int) -> dict[str, Any]:
    return {
        "token": "planted", "kind": CheckoutKind.PAYMENT.value, "state": CheckoutState.PAID.value,
        "pg_provider": "naverpay", "pg_id": "np", "sandbox": False, "name": "머그컵", "amount": 30_000,
        "currency": "KRW", "buyer_name": NAME, "buyer_tel": TEL,
        "request": json.dumps({"name": "머그컵", **_PERSON}, ensure_ascii=False),
        "memo": "QZMEMO", "uses": 1, "used": 1, "attempts": 1, "expires_at": at, "made_by": KIM.name, "made_at": at,
        "state_at": at, "tier": "",
    }  # fmt: skip


def _receipt(at: int) -> dict[str, Any]:
    return {
        "external": False, "about": UID, "imp_uid": UID, "merchant_uid": ORDER, "name": "머그컵", "sandbox": False,
        "type": "person", "identifier_kind": "phone", "identifier_end": "ID7391", "amount": 30_000, "vat": 2_727,
        "apply_num": "A1", "applied_at": at, "cancelled_at": 0, "read_at": at,
    }  # fmt: skip


def _refund(engine: Engine, at: int) -> None:
    account = {"refund_bank": "088", "refund_account": _ACCOUNT, "refund_holder": _HOLDER, "refund_tel": TEL}
    wanted = Wanted("planted", OperationKind.REFUND, f"payment:{UID}", 5_000, "KRW", imp_uid=UID, request=account)
    made = record(engine, wanted, KIM, at)
    with saving(engine) as conn:
        move(conn, get(conn, made.id), OperationState.REFUSED, KIM, "refused", at, why=Why.WITHDRAWN.value)


def found_in_file(engine: Engine) -> list[str]:
    """Which of the texts stand anywhere in the database file, and in the log of writes beside it."""
    with engine.connect() as conn:
        conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    path = Path(str(engine.url.database))
    found = b"".join(one.read_bytes() for one in (path, Path(f"{path}-wal")) if one.exists())
    return [text for text in TOKENS if text.encode() in found or json.dumps(text)[1:-1].encode() in found]


def found_in_rows(engine: Engine) -> list[str]:
    """Which of the texts stand in any row of any table."""
    with reading(engine) as conn:
        lite = engine.dialect.name == "sqlite"
        names = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type <> 'virtual'" if lite else (
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        )  # fmt: skip
        told = "\n".join(
            str(tuple(row)) for (name,) in conn.exec_driver_sql(names).fetchall()
            for row in conn.exec_driver_sql(f"SELECT * FROM {name}")
        )  # fmt: skip
    return [text for text in TOKENS if text in told]


def buyer_of(engine: Engine, uid: str = UID) -> tuple[Any, ...]:
    """The name and phone of a payment, and when they were taken out."""
    from services.tables.v1 import Payment

    rows = table(Payment)
    with reading(engine) as conn:
        wanted = select(rows.c.buyer_name, rows.c.buyer_tel, rows.c.anonymous_at).where(rows.c.imp_uid == uid)
        return tuple(conn.execute(wanted).one())
