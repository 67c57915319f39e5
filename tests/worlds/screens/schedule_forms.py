"""For tests of the screens of schedules: a store with one in every state, and the pages about them."""

import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.settings import Role
from services.clock import day_of, day_start, day_to_date, seoul
from services.store.engine import writing
from services.store.writes.payments import upsert_payments
from services.store.writes.schedules import upsert_schedules
from tests.worlds.screens.money_forms import CARD_KEY, NAVER_KEY, money_store, settled
from tests.worlds.screens.screens import NASTY, payment, run_page, schedule

BOOKED, SOON, PAID, FAILED, REVOKED, DOLLARS, MARKUP = (
    "sub_1", "sub_soon", "sub_paid", "sub_failed", "sub_revoked", "sub_usd", "sub_markup",
)  # fmt: skip
BECAME, DECLINED = "imp_400000000001", "imp_400000000002"
REASON = "[한도초과] 카드 이용한도를 초과하였습니다."


def noon(days: int = 0) -> int:
    """Noon in Seoul, so many days from today."""
    return day_start(day_of(time.time()) + days) + 12 * 3600


def wall(at: float) -> Any:
    """A time as the clock on a wall in Seoul shows it, to the minute."""
    return seoul(at).replace(tzinfo=None, second=0, microsecond=0)


def desk_store(folder: Path, **settings: Any) -> Engine:
    """The store of the forms that move money, with schedules in every state, today's noon for those that ran."""
    engine, now = money_store(folder, **settings), int(time.time())
    ran = {"schedule_at": noon(), "executed_at": noon(), "schedule_status": "executed", "pg_provider": "nice_v2"}
    rows = [
        schedule(now, merchant_uid=SOON, schedule_at=now + 30, customer_uid=CARD_KEY),
        schedule(now, merchant_uid=PAID, **ran, payment_status="paid", imp_uid=BECAME, amount=9_900),
        schedule(
            now, merchant_uid=FAILED, **ran, payment_status="failed", imp_uid=DECLINED, fail_reason=REASON, amount=500
        ),
        schedule(now, merchant_uid=REVOKED, schedule_at=noon(), revoked_at=now - 60, schedule_status="revoked"),
        schedule(now, merchant_uid=DOLLARS, schedule_at=noon(2), amount=1_050, currency="USD"),
        schedule(now, merchant_uid=MARKUP, schedule_at=noon(3), name=NASTY, buyer_name=NASTY, amount=7_000),
    ]
    made = [
        payment(BECAME, noon(), "paid", 9_900, merchant_uid=PAID, customer_uid=NAVER_KEY),
        payment(DECLINED, noon(), "failed", 500, merchant_uid=FAILED, customer_uid=NAVER_KEY, fail_reason=REASON),
    ]
    with writing(engine) as conn:
        upsert_payments(conn, made, as_of=now * 1000)
        upsert_schedules(conn, rows, as_of=now * 1000)
    return engine


def store_again(engine: Engine, merchant_uid: str, **fields: Any) -> None:
    """The gateway says something else of a schedule now."""
    now = int(time.time())
    with writing(engine) as conn:
        upsert_schedules(conn, [schedule(now, merchant_uid=merchant_uid, **fields)], as_of=now * 1000 + 60_000)


def list_page(role: Role | None = None, language: str = "en", **query: str) -> AppTest:
    """The page of schedules."""
    return run_page("schedules", role=role, language=language, query=query)


def schedule_page(merchant_uid: str, role: Role | None = None, language: str = "en", **query: str) -> AppTest:
    """One schedule, once it has been read where the address asks for a change."""
    query = {"merchant_uid": merchant_uid, **query}
    return settled(run_page("schedule", role=role, language=language, query=query))


def booking_page(customer_uid: str = CARD_KEY, role: Role | None = None, language: str = "en", **query: str) -> AppTest:
    """The booking form of a key."""
    return run_page("book_schedule", role=role, language=language, query={"customer_uid": customer_uid, **query})


def month_of(at: float) -> str:
    """A month as the address of the calendar writes it."""
    return day_to_date(day_of(at)).strftime("%Y-%m")
