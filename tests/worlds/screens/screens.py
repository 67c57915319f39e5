"""For tests of screens: a store with a few known payments, and a page run by AppTest as somebody."""

import asyncio
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Any, TypeVar

from sqlalchemy import Engine
from streamlit import config
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Expander, Header
from streamlit.util import calc_hash

from dashboard.locale import set_language
from dashboard.navigation import address_of, entry_of
from dashboard.options import SESSION
from dashboard.process.resources import make_store, use_settings
from dashboard.settings import Role, Settings
from services.clock import DAY
from services.people.sessions import begin
from services.store.engine import writing
from services.store.writes.keys import replace_channels
from services.store.writes.payments import V1_COLUMNS, PaymentWrite, upsert_payments
from services.store.writes.schedules import upsert_schedules
from services.store.writes.sync import begin_run, end_run, note_oddities, set_mark
from services.tables.people import PersonSession
from tests.worlds.stores import new_store

Result = TypeVar("Result")
ROOT = Path(__file__).parents[3]
NASTY = "![x](https://evil.example/x.png) <img src=x> **굵게**"
COMES_BY_ITSELF = {"en": "The first payments come by themselves", "ko": "첫 결제 내역이 자동으로 들어옵니다"}
"""What a screen says over a store that holds nothing yet."""
AUTH = {"redirect_uri": "http://localhost:8501/oauth2callback", "cookie_secret": "c" * 32, "client_id": "x"}


def signed_in(email: str, role: str, *, at: float | None = None) -> dict[str, Any]:
    """What st.user holds of somebody with a new session, as the guard in front of a script leaves it."""
    now = int(time.time() if at is None else at)
    session = PersonSession(id=token_hex(32), email=email, role=role, begun_at=now, seen_at=now)
    with writing(make_store()) as conn:
        begin(conn, session)
    return {"is_logged_in": True, "email": email, "email_verified": True, SESSION: session.id}


def empty_store(folder: Path, **settings: Any) -> Engine:
    """A new database that the dashboard of this process uses; `settings` by their names."""
    database = folder / "screens.db"
    if not database.exists():
        new_store(database).dispose()
    use_settings(
        Settings(
            database_url=f"sqlite:///{database}",
            imp_api_url="http://127.0.0.1:1",
            roles={f"{role}@example.com": role for role in Role},
            **settings,
        )
    )
    return make_store()


def filled_store(folder: Path, **settings: Any) -> Engine:
    """The same with payments in every state, a subscription, a run that failed and an oddity."""
    engine, now = empty_store(folder, **settings), int(time.time())
    with writing(engine) as connection:
        upsert_payments(connection, payments(now), as_of=now * 1000)
        upsert_schedules(connection, [schedule(now)], as_of=now * 1000)
        replace_channels(connection, [channel()])
        run = begin_run(connection, "sync", now - 60)
        end_run(connection, run, now - 50, {"payments": 12, "drift": 2}, "The gateway did not answer in time.")
        for name, value in (("as_of", str(now - 50)), ("backfilled", "1"), ("clock_difference", "0.4")):
            set_mark(connection, name, value, now)
        note_oddities(connection, {("unknown_field", "payment.new_field"): 3}, at=now)
    return engine


def payments(now: int) -> list[PaymentWrite]:
    """One payment of each state, one of a test channel, one in dollars, one full of markup."""
    refund = {
        "cancellation_id": "c1",
        "pg_tid": "t1",
        "amount": 3_000,
        "cancelled_at": now - 100,
        "reason": "단순 변심",
    }
    whole = refund | {"cancellation_id": "c2", "amount": 20_000, "cancelled_at": now - 90}
    return [
        payment("imp_100000000001", now - 300, "paid", 10_000),
        payment("imp_100000000002", now - 400, "paid", 10_000, refunds=[refund], cancel_amount=3_000),
        payment("imp_100000000003", now - 500, "cancelled", 20_000, refunds=[whole], cancel_amount=20_000),
        payment(
            "imp_100000000004",
            now - 600,
            "failed",
            30_000,
            fail_reason="한도 초과",
            merchant_uid="ORD-000001",
        ),
        payment("imp_100000000005", now - 700, "ready", 40_000, pay_method="vbank", vbank_num="110-222-333333"),
        payment("imp_100000000006", now - 800, "paid", 777, sandbox=True),
        payment("imp_100000000007", now - 900, "paid", 1_050, currency="USD", pg_provider="paypal_v2"),
        payment("imp_100000000008", now - 1_000, "paid", 5_000, name=NASTY, buyer_name=NASTY, cancel_reason=NASTY),
        payment(
            "imp_100000000009",
            now - 40 * DAY,
            "paid",
            60_000,
            customer_uid="key_1",
            customer_uid_usage="payment",
        ),
    ]


def payment(imp_uid: str, at: int, status: str, amount: int, **more: Any) -> PaymentWrite:
    """A Naver Pay payment by 홍길동, changed by `more`; `refunds` are its cancellations."""
    refunds = more.pop("refunds", [])
    values = dict.fromkeys(V1_COLUMNS) | {
        "imp_uid": imp_uid,
        "merchant_uid": "ORD-" + imp_uid[-6:],
        "pg_provider": "naverpay",
        "pay_method": "card",
        "channel": "pc",
        "card_name": "신한카드",
        "card_number": "123456******7890",
        "name": "유기농 사과 5kg",
        "amount": amount,
        "cancel_amount": 0,
        "currency": "KRW",
        "buyer_name": "홍길동",
        "buyer_tel": "010-1234-5678",
        "buyer_email": "hong@example.com",
        "buyer_addr": "서울시 중구 을지로 1",
        "status": status,
        "sandbox": False,
        "tier": "",
        "started_at": at - 30,
        "paid_at": at if status in ("paid", "cancelled") else 0,
        "failed_at": at if status == "failed" else 0,
        "cancelled_at": at + 60 if status == "cancelled" else 0,
    }
    return PaymentWrite(values | more, refunds, digest=None)


def schedule(now: int, **more: Any) -> dict[str, Any]:
    """A charge that is booked for tomorrow, changed by `more`."""
    names = (
        "imp_uid",
        "pg_provider",
        "pg_id",
        "customer_id",
        "buyer_email",
        "buyer_tel",
        "buyer_addr",
        "buyer_postcode",
    )
    rest = (*names, "custom_data", "payment_status", "fail_reason", "extra", "digest")
    return dict.fromkeys(rest) | {
        "merchant_uid": "sub_1",
        "customer_uid": "key_1",
        "schedule_at": now + DAY,
        "executed_at": 0,
        "revoked_at": 0,
        "amount": 60_000,
        "currency": "KRW",
        "name": "사과 정기배송",
        "buyer_name": "홍길동",
        "schedule_status": "scheduled",
        "tier": "",
        "read_at": now * 1000,
        **more,
    }


def channel() -> dict[str, Any]:
    """The merchant's Naver Pay channel."""
    return {
        "pg_provider": "naverpay",
        "pg_id": "np_abc",
        "sandbox": False,
        "type": "PAYMENT",
        "channel_name": "네이버페이",
        "channel_key": "channel-key-1",
    }


def in_own_loop(play: Coroutine[Any, Any, Result]) -> Result:
    """What comes of a coroutine; in a thread, since a browser of the same process keeps a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, play).result()


def run_page(
    name: str, *, role: Role | None = None, language: str = "en", query: dict[str, str] | None = None
) -> AppTest:
    """A page as a person sees it, drawn to its end; `role` None is the local user without sign-in."""
    set_language(language)  # AppTest writes a widget's options outside of the script that draws them
    at = AppTest.from_file(str(ROOT / "dashboard" / "main.py"), default_timeout=120)
    at.context = {"locale": "ko-KR" if language == "ko" else "en-US"}
    if role is not None:
        at.secrets["auth"] = AUTH
        at.user = signed_in(f"{role}@example.com", role)
    # By its address, as a link leads there: `switch_page` would have another page drawn first.
    at._page_hash = "" if name == "overview" else calc_hash(address_of(entry_of(name)))
    for key, value in (query or {}).items():
        at.query_params[key] = value
    config.set_option("client.showErrorDetails", "full")  # what went wrong is told here, which a person is not
    at.run()
    config.set_option("client.showErrorDetails", "none")
    assert not at.exception, at.exception
    return at.switch_page(f"../pages/{name}.py")  # raises ValueError where this person has no such page


def story(at: AppTest, title: str = "What happened") -> list[str]:
    """The lines of a page's story from top to bottom; the steps behind a line stand under it, two spaces in."""
    lines: list[str] = []
    for node in _after(at.main, title).children.values():
        unfolds = isinstance(node, Expander)
        told = [node.label, *(one.value for one in node.markdown)] if unfolds else [node.value]
        for number, text in enumerate(told):
            lines += [f"  {line[2:]}" for line in text.split("\n")] if number else text.split("\n\n")
    return [line.replace("\\", "").replace("\u2060", "") for line in lines]


def _after(block: Block, title: str) -> Block:
    """What stands below a heading."""
    below = False
    for node in block.children.values():
        if below and isinstance(node, Block):
            return node
        below = below or (isinstance(node, Header) and node.value == title)
        if isinstance(node, Block):
            with suppress(LookupError):
                return _after(node, title)
    raise LookupError(title)


def shows_markup_as_text(at: AppTest) -> None:
    """The markup that a buyer or the gateway wrote (NASTY) is on the page, and in nothing that reads Markdown."""
    for kind in ("markdown", "caption", "title", "header"):
        assert not [one for one in at.get(kind) if "evil.example" in str(getattr(one, "value", ""))]
    assert NASTY in texts(at)


def texts(at: AppTest) -> str:
    """Everything that a page shows, as one text."""
    kinds = (
        "title",
        "header",
        "header",
        "markdown",
        "caption",
        "text",
        "code",
        "metric",
        "info",
        "warning",
        "error",
    )
    found = [f"{getattr(one, 'label', '')} {getattr(one, 'value', '')}" for kind in kinds for one in at.get(kind)]
    found += [one.value.to_csv() for one in (*at.dataframe, *at.table)]
    found += [button.label for button in at.button]
    return "\n".join(found)
