"""For tests of lists by an amount: rows of every list in four currencies, and their order as Python sorts them."""

import random
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from services.clock import DAY
from services.store.lists.keyset import Page
from services.store.writes.payments import PaymentWrite
from services.tables.revenue import SubscriptionState
from tests.worlds.rows.key_rows import NOW
from tests.worlds.rows.page_walk import onwards, there_and_back
from tests.worlds.rows.payment_rows import mixed

CURRENCIES = ("KRW", "KRW", "KRW", "USD", "JPY", "EUR")
WAYS = (True, False)
Rows = list[dict[str, Any]]
Search = Callable[..., Page[Any]]


def in_order(
    rows: Iterable[dict[str, Any]], amount: str, largest_first: bool, *own: str, soonest: bool = False
) -> Rows:
    """The list's own order first, and in that by currency and amount: Python's sorting keeps what is equal as it is."""
    found = sorted(rows, key=lambda row: tuple(row[name] for name in own), reverse=not soonest)
    return sorted(found, key=lambda row: (row["currency"], -row[amount] if largest_first else row[amount]))


def pages(search: Search, *where: Any, limit: int = 17, **more: Any) -> list[Any]:
    """All rows page by page, which are the same on the way back."""
    read = partial(search, *where, limit=limit, **more)
    assert not read().too_many
    return there_and_back(read)


def pages_onwards(search: Search, *where: Any, turn: str, **more: Any) -> list[Any]:
    """The same of lists that are read onwards only."""
    read = partial(search, *where, limit=7, **more)
    assert not read().too_many
    return onwards(read, turn)


def writes() -> list[PaymentWrite]:
    """Four currencies, many amounts of which are the same."""
    chance, found = random.Random(8), mixed(300)
    for write in found:
        part = bool(write.values["cancel_amount"]) and write.values["cancel_amount"] < write.values["amount"]
        amount = write.values["amount"] if part else chance.choice((900, 9_900, 9_900, 12_000, 100_000))
        write.values.update(currency=chance.choice(CURRENCIES), amount=amount)
        if write.values["cancel_amount"] and not part:
            write.values["cancel_amount"] = amount
    return [
        write._replace(cancellations=[one | {"amount": write.values["amount"]} for one in write.cancellations])
        if len(write.cancellations) == 1
        else write
        for write in found
    ]


def _money(chance: random.Random) -> dict[str, Any]:
    return {"amount": chance.choice((9_900, 9_900, 12_000, 100_000)), "currency": chance.choice(CURRENCIES)}


def failed(chance: random.Random, uid: str) -> dict[str, Any]:
    at = NOW - chance.randrange(20) * DAY
    own = {"merchant_uid": f"order-{uid}", "customer_uid": uid, "pg_provider": "naverpay", "sandbox": False}
    return own | _money(chance) | {"failed_at": at, "last_failed_at": at, "action": "wait", "tries": 0}


def chain(chance: random.Random, uid: str) -> dict[str, Any]:
    own = {"customer_uid": uid, "pg_provider": "naverpay", "sandbox": False, "every": 1, "unit": "month"}
    due = NOW + chance.randrange(20) * DAY
    known = {"confidence": 1.0, "evidence": "[]", "charged_at": NOW, "paid_at": NOW, "due_at": due, "broken": True}
    return own | _money(chance) | known | {"lapses_at": due + DAY, "last_result": "paid", "last_at": NOW}


def subscription(chance: random.Random, uid: str) -> dict[str, Any]:
    own = {
        "customer_uid": uid,
        "pg_provider": "naverpay",
        "sandbox": False,
        "every": 1,
        "unit": "month",
        "name": "구독",
    }
    money = _money(chance)
    price = {"price": money["amount"], "monthly": money["amount"] // 3, "currency": money["currency"]}
    state = chance.choice(list(SubscriptionState)).value
    return own | price | {"name": "구독", "confidence": 1.0, "state": state, "since": NOW - chance.randrange(20) * DAY}
