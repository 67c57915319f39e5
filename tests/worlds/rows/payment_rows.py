"""Payments of every sort for the store's tests, and what a filter means, said a second time in plain Python."""

import random
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import Engine

from bench.rows import START, batches
from services.clock import DAY, day_of, day_start
from services.store.engine import reading, writing
from services.store.lists.filters import Live, PaymentFilter
from services.store.lists.payments import PaymentRow, search_payments
from services.store.writes.payments import PaymentWrite, Upserted, status_time, upsert_payments
from services.tables.v1 import Basis
from tests.worlds.recount import charged
from tests.worlds.rows.page_walk import onwards
from tests.worlds.spelled import in_phone, spelled

EVERYTHING = PaymentFilter(live=Live.ALL)
FIRST_DAY = day_of(START)
_OPEN = ("imp_uid", "merchant_uid", "apply_num", "name", "cancel_reason")
_BUYER = ("buyer_name", "buyer_tel", "buyer_email")
_CHARGING = ("kakaopay", "danal_tpay", "mobilians", "galaxia", "welcome", "html5_inicis")
_ODD_NAMES = ("100% 면 셔츠", "a_b c", "back\\slash", "Blue Shirt", 'say "hi"', "김치 OR 만두", "O'Neil*")


def mixed(count: int = 500, seed: int = 3) -> list[PaymentWrite]:
    """Test rows, dollars, key registrations, charges, partial refunds, odd texts; one payment every two hours."""
    chance = random.Random(seed)
    return [_varied(chance, write, number) for number, write in enumerate(plain(count, seed))]


def plain(count: int = 600, seed: int = 3) -> list[PaymentWrite]:
    """Naver Pay payments like a shop's, one after another."""
    return [write for batch in batches(count, seed=seed) for write in batch]


def _varied(chance: random.Random, write: PaymentWrite, number: int) -> PaymentWrite:
    shift = number * 7_170
    values = dict(write.values)
    for name in ("started_at", "paid_at", "failed_at", "cancelled_at"):
        values[name] += shift if values[name] else 0
    values["card_name"] = (None, "신한카드", "현대카드")[number % 3]
    values["started_at"] -= chance.randrange(3) * 2 * DAY
    values["sandbox"] = chance.random() < 0.1
    values["currency"] = "USD" if chance.random() < 0.1 else "KRW"
    values["customer_uid_usage"] = chance.choice((None, None, "issue", "payment", "payment.scheduled"))
    values["customer_uid"] = f"uid{chance.randrange(9)}" if values["customer_uid_usage"] else None
    if chance.random() < 0.3:
        values["name"] = chance.choice(_ODD_NAMES)
    refunds = [one | {"cancelled_at": one["cancelled_at"] + shift} for one in write.cancellations]
    if values["customer_uid_usage"] == "issue" and chance.random() < 0.3:
        values |= {"pg_provider": chance.choice(_CHARGING), "pay_method": chance.choice(("phone", "card"))}
        values |= {"channel": chance.choice(("mobile", "api")), "amount": chance.choice((0, values["amount"]))}
    if values["status"] == "cancelled" and chance.random() < 0.2:
        # An account that was revoked before anybody paid into it.
        values |= {"pay_method": "vbank", "paid_at": 0}
    if values["status"] == "paid" and chance.random() < 0.2:
        at, amount = values["paid_at"] + 40 * DAY, values["amount"] // 2
        refunds = [
            {"cancellation_id": f"p{number}-{part}", "amount": amount // 2, "cancelled_at": at + part, "reason": reason}
            for part, reason in enumerate(("파손되어 도착", "단순 변심"))
        ]
        values |= {"cancel_amount": amount // 2 * 2, "cancel_reason": "단순 변심"}
    return PaymentWrite(values, refunds, write.digest)


def fill(engine: Engine, writes: list[PaymentWrite], as_of: int = 1) -> Upserted:
    """Stores them, as one answer of the gateway."""
    with writing(engine) as conn:
        return upsert_payments(conn, writes, as_of=as_of)


def fill_plans(engine: Engine) -> list[PaymentWrite]:
    """Six thousand mixed payments, counted by PostgreSQL too: plans of a few rows say nothing."""
    writes = mixed(6_000)
    for at in range(0, 6_000, 1_000):
        fill(engine, writes[at : at + 1_000])
    if engine.dialect.name == "postgresql":
        with writing(engine) as conn:
            conn.exec_driver_sql("ANALYZE")
    return writes


def listed(engine: Engine, chosen: PaymentFilter, *, limit: int = 97) -> list[PaymentRow]:
    """Every page of a list, one after another."""
    with reading(engine) as conn:
        return onwards(partial(search_payments, conn, chosen, limit=limit))


def ids(rows: list[PaymentRow]) -> list[str]:
    return [row.imp_uid for row in rows]


def lets_through(chosen: PaymentFilter, write: PaymentWrite) -> bool:
    """Whether a filter means this payment."""
    values = write.values
    at = _time(chosen.basis, values)
    return (
        (chosen.from_day is None or at >= day_start(chosen.from_day))
        and (chosen.to_day is None or at < day_start(chosen.to_day + 1))
        and (not chosen.states or state_of(values) in chosen.states)
        and (not chosen.pg_providers or values["pg_provider"] in chosen.pg_providers)
        and (not chosen.pay_methods or values["pay_method"] in chosen.pay_methods)
        and (not chosen.card_names or values["card_name"] in chosen.card_names)
        and (not chosen.kinds or _kind(values) in chosen.kinds)
        and (chosen.live == Live.ALL or values["sandbox"] == (chosen.live == Live.TEST))
        and chosen.currency in (None, values["currency"])
        and (chosen.amount_from is None or values["amount"] >= chosen.amount_from)
        and (chosen.amount_to is None or values["amount"] <= chosen.amount_to)
        and chosen.customer_uid in (None, values["customer_uid"])
        and (not chosen.text or _holds(chosen, write))
    )


def _time(basis: Basis, values: dict[str, Any]) -> int:
    if basis == Basis.STARTED:
        return int(values["started_at"])
    # What was refunded whole stays in the day it was paid in.
    refunded = values["status"] == "cancelled" and values["paid_at"]
    return int(values["paid_at"]) if basis == Basis.PAID and refunded else status_time(values)


def state_of(values: dict[str, Any]) -> str:
    if values["status"] == "cancelled" and not values["paid_at"]:
        return "revoked"
    if values["status"] in ("paid", "cancelled") and not charged(values):
        return "registered"
    partly = values["status"] == "paid" and values["cancel_amount"] > 0
    return "partly_refunded" if partly else str(values["status"])


def _kind(values: dict[str, Any]) -> str:
    if not charged(values):
        return "registration"
    return "recurring" if values["customer_uid_usage"] else "one_off"


def _holds(chosen: PaymentFilter, write: PaymentWrite) -> bool:
    text, values = chosen.text.lower(), write.values
    if chosen.search_buyers and in_phone(chosen.text, values["buyer_tel"]):
        return True
    fields = _OPEN + (_BUYER if chosen.search_buyers else ())
    texts = [values[name] or "" for name in fields] + [one["reason"] for one in write.cancellations]
    if any(spelled(text) in spelled(one) for one in texts):
        return True
    number = text.replace("-", "").replace(",", "").replace("원", "")
    if not number.isdecimal():
        return False
    if number == str(values["amount"]):
        return True
    return bool(chosen.search_buyers and len(number) == 4 and values["card_number"].endswith(number))


def some_filter(chance: random.Random, writes: list[PaymentWrite], *, texts: bool = True) -> PaymentFilter:
    """A filter of a few parts, most of which let something through."""
    one = chance.choice(writes).values

    def few(*choices: str) -> frozenset[str]:
        return frozenset(chance.sample(choices, 2)) if chance.random() < 0.3 else frozenset()

    first = FIRST_DAY + chance.randrange(30)
    chosen = PaymentFilter(
        basis=chance.choice((Basis.PAID, Basis.STATUS, Basis.STARTED)),
        from_day=chance.choice((None, first)),
        to_day=chance.choice((None, first + chance.randrange(40))),
        states=few("paid", "partly_refunded", "cancelled", "failed", "ready", "registered", "revoked", "settling"),
        pg_providers=few("naverpay", "kakaopay", "html5_inicis"),
        pay_methods=few("naverpay", "card"),
        kinds=few("one_off", "recurring", "registration"),
        live=chance.choice(tuple(Live)),
        currency=chance.choice((None, None, "KRW", "USD")),
        card_names=few("신한카드", "현대카드") if chance.random() < 0.3 else frozenset(),
    )
    if not texts:
        return chosen
    name, tel = one["buyer_name"], one["buyer_tel"]
    texts_of_buyer = [name[:2], name, name[1], tel[4:], tel.replace("-", ""), "BUYER1", one["card_number"][-4:]]
    text = chance.choice([*texts_of_buyer, one["name"], f"{one['amount']:,}원", one["merchant_uid"][3:9], "변심"])
    return replace(
        chosen,
        text=text if chance.random() < 0.5 else "",
        search_buyers=chance.random() < 0.8,
        amount_from=chance.choice((None, None, 14_000)),
        amount_to=chance.choice((None, None, 29_500)),
        customer_uid=chance.choice((None, None, None, "uid3")),
    )
