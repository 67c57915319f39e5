"""Billing keys and schedules for the store's tests, and whatever may happen to them and to their payments."""

import random
from typing import Any

from sqlalchemy import Connection, Engine

from services.store.engine import reading, writing
from services.store.sql import column_names
from services.store.writes.keys import (
    discover_billing_keys,
    mark_billing_keys_deleted,
    upsert_billing_keys,
)
from services.store.writes.payments import PaymentWrite, upsert_payments
from services.store.writes.schedules import upsert_schedules
from services.tables.v1 import BillingKey, Schedule
from tests.worlds.rows.payment_rows import mixed

NOW = 1_760_000_000
_DAY = 86_400
_KEPT = ("position", "facet_id", "sandbox")
_NAMES = ("김민서", "이준", "박서연", "Kim", None)
_TELS = ("010-1234-5678", "01012345678", "+82 10-1234-5678", "010-0000-0000", "010-9999-8888", "02-1", None, "")
_CARDS = ("5409****1234", "5409****9999", None)
_PGS = ("naverpay", "html5_inicis", "kakaopay", None, "")
_REASONS = ("잔액부족", "한도초과", None, "유효기간 만료")


def key(uid: str, **changes: Any) -> dict[str, Any]:
    blank = dict.fromkeys(column_names(BillingKey))
    return blank | {"customer_uid": uid, "sandbox": False, "tier": "", "inserted": NOW, "updated": NOW, **changes}


def schedule(uid: str, digest: bytes | None = b"first", **changes: Any) -> dict[str, Any]:
    names = [name for name in column_names(Schedule) if name not in _KEPT]
    times = {"schedule_at": NOW, "executed_at": 0, "revoked_at": 0}
    known = {"merchant_uid": uid, "amount": 9_900, "currency": "KRW", "schedule_status": "scheduled", "digest": digest}
    known["tier"] = ""
    return dict.fromkeys(names) | times | known | changes


def put_schedules(engine: Engine, rows: list[dict[str, Any]], as_of: int = 1) -> int:
    with writing(engine) as conn:
        return upsert_schedules(conn, rows, as_of=as_of)


def put_keys(engine: Engine, rows: list[dict[str, Any]]) -> None:
    with writing(engine) as conn:
        upsert_billing_keys(conn, rows, checked_at=NOW)


def fetched(engine: Engine, sql: str) -> list[Any]:
    with reading(engine) as conn:
        return [tuple(row) for row in conn.exec_driver_sql(sql)]


class Changes:
    """What comes over the wire in a random order: payments, schedules and keys that change, and keys that go."""

    def __init__(self, seed: int, *, uids: int = 14) -> None:
        self.chance = random.Random(seed)
        self.uids = [f"uid{number}" for number in range(uids)]
        self.payments = mixed(80, seed=seed)
        self.at = 0

    def happen(self, conn: Connection) -> None:
        """One batch of one sort, in the transaction given."""
        self.at += 1
        sort = self.chance.choice((self._payments, self._payments, self._schedules, self._schedules, self._keys))
        sort(conn)

    def _payments(self, conn: Connection) -> None:
        upsert_payments(conn, [self._payment() for _ in range(self.chance.randint(1, 12))], as_of=self.at)

    def _payment(self) -> PaymentWrite:
        pick = self.chance.choice
        number = self.chance.randrange(len(self.payments))
        old = self.payments[number]
        status = pick(("paid", "paid", "failed", "ready"))
        at = NOW - self.chance.randrange(40) * _DAY
        values = old.values | {
            "customer_uid": pick([*self.uids, None]),
            "customer_uid_usage": pick(("issue", "payment", "payment.scheduled", None)),
            "status": status,
            "started_at": at - 60,
            "paid_at": at if status == "paid" else 0,
            "failed_at": at if status == "failed" else 0,
            "cancelled_at": 0,
            "cancel_amount": 0,
            "fail_reason": pick(_REASONS) if status == "failed" else None,
            "pg_provider": pick(_PGS),
            "sandbox": self.chance.random() < 0.2,
            "buyer_name": pick(_NAMES),
            "buyer_tel": pick(_TELS),
            "card_number": pick(_CARDS),
        }
        self.payments[number] = PaymentWrite(values, [], self.chance.randbytes(16))
        return self.payments[number]

    def _schedules(self, conn: Connection) -> None:
        upsert_schedules(conn, [self._schedule() for _ in range(self.chance.randint(1, 8))], as_of=self.at)

    def _schedule(self) -> dict[str, Any]:
        pick = self.chance.choice
        return schedule(
            f"s{self.chance.randrange(40)}",
            self.chance.randbytes(16),
            customer_uid=pick([*self.uids, None, ""]),
            schedule_at=NOW + self.chance.randrange(8) * _DAY // 2,
            schedule_status=pick(("scheduled", "scheduled", "executed", "revoked", "paused")),
            payment_status=pick((None, "paid", "failed", "")),
            amount=self.chance.randrange(100, 50_000),
            currency=pick(("KRW", "KRW", "USD")),
            pg_provider=pick(_PGS),
            name=pick(("구독 상품", None)),
            buyer_name=pick(_NAMES),
            buyer_tel=pick(_TELS),
        )

    def _keys(self, conn: Connection) -> None:
        some = self.chance.sample(self.uids, self.chance.randint(1, 5))
        match self.chance.randrange(3):
            case 0:
                discover_billing_keys(conn, [*some, f"seen{self.at}"])
            case 1:
                mark_billing_keys_deleted(conn, some, at=NOW + self.at)
            case _:
                upsert_billing_keys(conn, [self._key(uid) for uid in some], checked_at=NOW + self.at)

    def _key(self, uid: str) -> dict[str, Any]:
        pick = self.chance.choice
        return key(
            uid,
            inserted=pick((0, NOW - 90 * _DAY, NOW - 30 * _DAY)),
            customer_name=pick(_NAMES),
            customer_tel=pick(_TELS),
            card_name=pick(("현대카드", None)),
            card_number=pick(_CARDS),
            pg_provider=pick(_PGS),
            sandbox=self.chance.random() < 0.2,
            extra=pick((None, None, '{"channelGroupId": "group", "succeededChannels": []}')),
        )
