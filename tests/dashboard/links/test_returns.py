"""What a buyer's return names is read, though its order was paid before."""

import time
from pathlib import Path

from sqlalchemy import Engine, select, update
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.process.resources import current_settings, use_settings
from dashboard.routes.pay import pay
from services.checkout import attempts, checkouts
from services.checkout.checkouts import Channel, Offer
from services.operations.journal.audit import Actor
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.sandbox import Sandbox
from services.sandbox.server import served
from services.sandbox.world.build import build_world
from services.store.engine import reading, writing
from services.store.sql import read_all, table
from services.tables.checkouts import AttemptState, Checkout, CheckoutAttempt, CheckoutKind
from services.tables.journal import Operation
from tests.worlds.screens.links import SETTINGS
from tests.worlds.screens.screens import empty_store

NAVER = Channel("channel-key-live", "naverpay", "np_jangbu00001", sandbox=False)


def link(engine: Engine, now: int) -> tuple[Checkout, str]:
    """A link of 12,000 won, and an order of it."""
    with writing(engine) as conn:
        asked = Offer(CheckoutKind.PAYMENT, NAVER, {"name": "추가 배송비", "amount": 12_000}, "KRW", now + 3_600)
        made = checkouts.make(conn, asked, Actor("kim@example.com", "screen"), now)
        return made, attempts.begin(conn, made.id, now).merchant_uid


def refunds(engine: Engine) -> list[tuple[str | None, int | None]]:
    with reading(engine) as conn:
        return [(one.imp_uid, one.amount) for one in read_all(conn, Operation, select(table(Operation)))]


def test_a_return_that_names_another_payment_of_a_paid_order_gives_that_one_back(tmp_path: Path) -> None:
    sandbox = Sandbox(build_world(1, payments=5, days=10, until=time.time()))
    engine = empty_store(tmp_path, imp_key=IMP_KEY, imp_secret=IMP_SECRET, **SETTINGS)
    made, order = link(engine, int(time.time()))
    about = {"pg_provider": "naverpay", "pay_method": "naverpay", "merchant_uid": order}
    with served(sandbox) as url, TestClient(Starlette(routes=[Route("/pay/{token}/return", pay.returned)])) as client:
        use_settings(current_settings().model_copy(update={"imp_api_url": url}))

        def comes_back(imp_uid: str) -> str:
            this = update(table(CheckoutAttempt)).where(table(CheckoutAttempt).c.merchant_uid == order)
            with writing(engine) as conn:
                # As if the last reading were longer ago than pages may be reloaded.
                conn.execute(this.values(read_at=0))
            found = client.get(f"/pay/{made.token}/return", params={"merchant_uid": order, "imp_uid": imp_uid})
            assert found.status_code == 200
            with reading(engine) as conn:
                attempt = attempts.get(conn, order)
            assert attempt
            return attempt.state

        first = str(sandbox.add_payment(12_000, **about)["imp_uid"])
        assert comes_back(first) == AttemptState.PAID
        second = str(sandbox.add_payment(12_000, **about)["imp_uid"])
        assert comes_back(first) == AttemptState.PAID
        assert refunds(engine) == []
        assert comes_back(second) == AttemptState.PAID
        assert refunds(engine) == [(second, 12_000)]
