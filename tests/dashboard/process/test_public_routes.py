"""What strangers reach: the pages of buyers and the calls of the gateway, and nothing else by the public address."""

import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import anyio
import pytest
import streamlit as st
from pydantic import SecretStr
from sqlalchemy import Engine, func, select
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.process.resources import current_settings, use_settings
from dashboard.routes import guard, hooks
from dashboard.routes.first_page import FirstPage
from dashboard.routes.guard import Guard
from dashboard.routes.pay import pay
from dashboard.routes.pay.openings import MOST_AN_HOUR, Openings
from services.checkout import checkouts
from services.checkout.checkouts import Channel, Offer
from services.checkout.webhooks import LARGEST
from services.operations.journal.audit import Actor
from services.store.engine import reading, writing
from services.store.sql import table
from services.tables.checkouts import Checkout, CheckoutAttempt, CheckoutKind
from services.tables.webhooks import Webhook
from tests.worlds.screens.screens import AUTH, filled_store

PUBLIC = {"host": "pay.shop.example"}
SECRET = "0123456789abcdef0123"


def inside(_request: Request) -> Response:
    return PlainTextResponse("inside")


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return filled_store(tmp_path)


@pytest.fixture
def client(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(st.secrets, "_secrets", {"auth": AUTH})
    monkeypatch.setattr(pay, "_openings", Openings())
    given = {"public_url": "https://pay.shop.example", "hook_secret": SecretStr(SECRET)}
    use_settings(current_settings().model_copy(update=given))
    routes = [
        Route("/pay/static/{name}", pay.static),
        Route("/pay/{token}", pay.opened),
        Route("/webhook/{secret}", hooks.webhook, methods=["POST"]),
        Route("/confirm/{secret}", hooks.confirmed, methods=["POST"]),
        Route("/{rest:path}", inside),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(Guard), Middleware(FirstPage)])
    with TestClient(app, base_url="http://localhost:8501", client=("127.0.0.1", 5)) as found:
        yield found


def test_this_is_all_that_strangers_reach() -> None:
    assert guard.PUBLIC == ("/pay/", "/webhook/", "/confirm/")


@pytest.mark.parametrize("path", ["/", "/payments", "/healthz", "/metrics", "/export/x", "/_stcore/stream", "/media/x"])
def test_by_the_public_address_nothing_else_is_there(client: TestClient, path: str) -> None:
    answer = client.get(path, headers=PUBLIC)
    assert (answer.status_code, "inside" in answer.text) == (403, False)


@pytest.mark.parametrize("headers", [PUBLIC, PUBLIC | {"x-forwarded-for": "8.8.8.8"}, {"host": "localhost"}])
def test_a_buyers_page_is_there_for_everybody_and_sets_no_cookie(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.get("/pay/nobody-made-this", headers=headers)
    assert answer.status_code == 404
    assert "set-cookie" not in answer.headers
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_a_foreign_host_reaches_no_page_of_buyers_either(client: TestClient) -> None:
    assert client.get("/pay/x", headers={"host": "evil.example"}).status_code == 403


def waiting(engine: Engine) -> int:
    with reading(engine) as conn:
        return conn.execute(select(func.count()).select_from(table(Webhook))).scalar_one()


@pytest.mark.parametrize(
    ("secret", "body", "status", "kept"),
    [
        (SECRET, b'{"imp_uid": "imp_1", "status": "paid"}', 200, 1),
        ("wrong", b'{"imp_uid": "imp_1", "status": "paid"}', 404, 0),
        (SECRET, b"not json", 400, 0),
        (SECRET, b'{"imp_uid": "imp_1", "x": "' + b"y" * LARGEST + b'"}', 400, 0),
    ],
)
def test_a_webhook_is_written_down_for_whoever_knows_the_address(
    client: TestClient, engine: Engine, secret: str, body: bytes, status: int, kept: int
) -> None:
    answer = client.post(f"/webhook/{secret}", content=body, headers=PUBLIC | {"content-type": "application/json"})
    assert (answer.status_code, waiting(engine)) == (status, kept)


def test_buyers_that_wait_for_the_gateway_keep_no_webhook_and_no_confirmation_waiting(client: TestClient) -> None:
    async def all_threads_are_taken() -> None:
        anyio.to_thread.current_default_thread_limiter().total_tokens = 1

    ended = threading.Event()
    assert client.portal
    client.portal.call(all_threads_are_taken)
    waits = client.portal.start_task_soon(anyio.to_thread.run_sync, partial(ended.wait, 5))
    told = {"imp_uid": "imp_1", "merchant_uid": "nobodys", "amount": 100}
    assert client.post(f"/webhook/{SECRET}", json=told, headers=PUBLIC).status_code == 200
    assert client.post(f"/confirm/{SECRET}", json=told, headers=PUBLIC).status_code == 409
    assert not waits.done()
    ended.set()


def test_who_asks_before_an_approval_is_told_no_with_a_reason(client: TestClient) -> None:
    told = {"imp_uid": "imp_1", "merchant_uid": "nobodys", "amount": 100}
    answer = client.post(f"/confirm/{SECRET}", json=told, headers=PUBLIC)
    assert (answer.status_code, answer.json()) == (409, {"reason": "알 수 없는 주문입니다."})
    assert client.post("/confirm/wrong", json=told, headers=PUBLIC).status_code == 404


def link(engine: Engine) -> Checkout:
    naver, asked = (
        Channel("channel-key-live", "naverpay", "np_jangbu00001", sandbox=False),
        {"name": "책", "amount": 900},
    )
    now = int(time.time())
    with writing(engine) as conn:
        return checkouts.make(conn, Offer(CheckoutKind.PAYMENT, naver, asked, "KRW", now + 60), Actor("a", "b"), now)


@pytest.mark.parametrize("lacks", ["imp_key", "user_code"])
def test_without_key_or_code_a_link_cannot_be_paid_and_opens_no_order(
    client: TestClient, engine: Engine, lacks: str
) -> None:
    given = {"imp_key": "k", "imp_secret": SecretStr("s"), "user_code": "imp00000000"} | {lacks: ""}
    use_settings(current_settings().model_copy(update=given))
    answer = client.get(f"/pay/{link(engine).token}", headers=PUBLIC | {"accept-language": "ko,en;q=0.9"})
    assert (answer.status_code, "지금은 결제할 수 없습니다." in answer.text) == (503, True)
    with reading(engine) as conn:
        assert conn.execute(select(func.count()).select_from(table(CheckoutAttempt))).scalar_one() == 0


def test_a_buyers_page_bears_nothing_of_the_dashboards(client: TestClient) -> None:
    headers = PUBLIC | {"accept": "text/html", "accept-language": "en", "cookie": "jangbu_language=ko"}
    answer = client.get("/pay/nobody-made-this", headers=headers)
    assert '<html lang="en">' in answer.text
    assert "<style" not in answer.text


def test_who_opens_too_often_waits_and_others_do_not(client: TestClient, engine: Engine) -> None:
    made = link(engine)
    own, other = f"/pay/{made.token}", f"/pay/{link(engine).token}"
    # The first opening of each link is free: many phones of one carrier share an address.
    answers = [client.get(own, headers=PUBLIC).status_code for _ in range(1 + MOST_AN_HOUR)]
    assert answers == [503] * (1 + MOST_AN_HOUR)
    told = client.get(own, headers=PUBLIC | {"accept-language": "ko"})
    assert (told.status_code, "한 시간 뒤에" in told.text) == (429, True)
    assert client.get("/pay/nobody-made-this", headers=PUBLIC).status_code == 429
    assert client.get(other, headers=PUBLIC).status_code == 503
    # A proxy that is not trusted brings many, whatever it says: they are not one person.
    assert client.get(own, headers=PUBLIC | {"x-forwarded-for": "203.0.113.9"}).status_code == 503


def test_an_hour_and_addresses_without_end_are_forgotten() -> None:
    openings = Openings()

    def opens(host: str, at: float) -> bool:
        scope = {"type": "http", "client": (host, 1), "headers": []}
        return openings.admits(Request(scope), None, at)

    assert [opens("2001:db8::1", 0) for _ in range(MOST_AN_HOUR + 1)] == [True] * MOST_AN_HOUR + [False]
    assert not opens("2001:db8::2", 1), "the same household"
    assert opens("2001:db8:0:1::1", 1)
    assert opens("2001:db8::2", 3_600)
    for n in range(12_000):
        opens(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}", 3_601)
    assert len(openings._hours) == 10_000
