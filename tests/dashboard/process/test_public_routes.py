"""What strangers reach: the pages of buyers and the calls of the gateway, and nothing else by the public address."""

from collections.abc import Iterator
from pathlib import Path

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
from dashboard.routes.guard import Guard
from dashboard.routes.pay import pay
from services.checkout.webhooks import LARGEST
from services.store.engine import reading
from services.store.sql import table
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
    given = {"public_url": "https://pay.shop.example", "hook_secret": SecretStr(SECRET)}
    use_settings(current_settings().model_copy(update=given))
    routes = [
        Route("/pay/static/{name}", pay.static),
        Route("/pay/{token}", pay.opened),
        Route("/webhook/{secret}", hooks.webhook, methods=["POST"]),
        Route("/confirm/{secret}", hooks.confirmed, methods=["POST"]),
        Route("/{rest:path}", inside),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(Guard)])
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


def test_who_asks_before_an_approval_is_told_no_with_a_reason(client: TestClient) -> None:
    told = {"imp_uid": "imp_1", "merchant_uid": "nobodys", "amount": 100}
    answer = client.post(f"/confirm/{SECRET}", json=told, headers=PUBLIC)
    assert (answer.status_code, answer.json()) == (409, {"reason": "알 수 없는 주문입니다."})
    assert client.post("/confirm/wrong", json=told, headers=PUBLIC).status_code == 404
