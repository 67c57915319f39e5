"""For tests of the screens of billing keys: the store of the money forms, with more keys and what is booked on them."""

import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.settings import Role
from services.clock import DAY
from services.store.engine import writing
from services.store.writes.keys import upsert_billing_keys
from services.store.writes.payments import upsert_payments
from services.store.writes.schedules import upsert_schedules
from tests.worlds.screens.money_forms import CARD_KEY, NAVER_KEY, key, money_store, settled
from tests.worlds.screens.screens import payment, run_page, schedule

FREE_KEY, OTHER_KEY, TEST_KEY = "key_4", "key_5", "key_6"
REASON = "[한도초과] 카드 <b>이용한도</b>를 초과하였습니다. ![x](https://evil.example/x.png)"


def key_store(folder: Path, **settings: Any) -> Engine:
    """key_1 has one payment booked and one charge, key_2 failed last, key_3 is gone.

    key_4 and key_6 (of a test channel) are only registered, key_5 is 김철수's and has one payment booked.
    """
    engine, now = money_store(folder, **settings), int(time.time())
    with writing(engine) as conn:
        card = {"pg_provider": "nice_v2", "customer_uid": CARD_KEY, "customer_uid_usage": "payment.scheduled"}
        failed = payment("imp_300000000001", now - 30, "failed", 9_900, fail_reason=REASON, **card)
        older = payment("imp_300000000002", now - 50 * DAY, "paid", 9_900, card_number="999999******1111", **card)
        upsert_payments(conn, [failed, older], as_of=now * 1000)
        others = [
            key(FREE_KEY, "naverpay") | {"customer_name": "박영희", "customer_tel": "010-7777-8888"},
            key(OTHER_KEY, "kakaopay") | {"customer_name": "김철수", "customer_tel": "010-2222-3333"},
            key(TEST_KEY, "naverpay") | {"customer_name": "이시험", "customer_tel": None, "sandbox": True},
        ]
        numbered = [one | {"inserted": now - n, "card_number": f"5409****{n}000"} for n, one in enumerate(others, 1)]
        upsert_billing_keys(conn, numbered, checked_at=now)
    book(engine, OTHER_KEY, 3_000, in_days=5)
    return engine


def book(engine: Engine, customer_uid: str, amount: int, *, in_days: int, order: str = "") -> str:
    """A payment that is booked on a key; its order number."""
    now = int(time.time())
    row = schedule(now) | {
        "merchant_uid": order or f"sub_{customer_uid}_{in_days}",
        "customer_uid": customer_uid,
        "schedule_at": now + in_days * DAY,
        "amount": amount,
    }
    with writing(engine) as conn:
        upsert_schedules(conn, [row], as_of=now * 1000)
    return str(row["merchant_uid"])


def keys_page(role: Role | None = None, language: str = "en", **query: str) -> AppTest:
    """The list."""
    return run_page("billing_keys", role=role, language=language, query=query)


def key_page(customer_uid: str = NAVER_KEY, role: Role | None = None, language: str = "en") -> AppTest:
    """One key."""
    return run_page("billing_key", role=role, language=language, query={"customer_uid": customer_uid})


def deletion_page(
    customer_uid: str = FREE_KEY, role: Role | None = None, language: str = "en", **query: str
) -> AppTest:
    """The form that deletes a key, once what is booked has been read."""
    asked = {"customer_uid": customer_uid} | query
    return settled(run_page("key_deletion", role=role, language=language, query=asked))
