"""Routes and the guard in front of them: own hosts and origins, tickets, and who may hand one in."""

import csv
import io
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from itsdangerous import URLSafeTimedSerializer
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.access import LOCAL_USER, User
from dashboard.components.filter_url import default_filter
from dashboard.routes.export import download
from dashboard.routes.guard import Guard
from dashboard.routes.health import health
from dashboard.routes.metrics import metrics
from dashboard.routes.sign_in import SignIn
from dashboard.settings import Role
from dashboard.tickets import LIFETIME, find_ticket, issue_ticket
from services.clock import day_of
from services.exports.export import count_export
from tests.screens import AUTH, filled_store

CHOSEN = default_filter(day_of(time.time()))
OWN = "http://localhost:8501"


@pytest.fixture
def engine(tmp_path: Path) -> Any:
    return filled_store(tmp_path)


@pytest.fixture
def client(engine: Any) -> Iterator[TestClient]:
    routes = [Route("/healthz", health), Route("/metrics", metrics), Route("/export/{token}", download)]
    app = Starlette(routes=routes, middleware=[Middleware(Guard), Middleware(SignIn)])
    with TestClient(app, base_url="http://localhost:8501", client=("127.0.0.1", 5)) as found:
        yield found


@pytest.fixture
def with_auth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st.secrets, "_secrets", {"auth": AUTH})


def cookie(email: str, **more: Any) -> dict[str, str]:
    claims = {
        "origin": OWN,
        "is_logged_in": True,
        "email": email,
        "email_verified": True,
        "iss": "i",
        "sub": email,
    } | more
    signed = URLSafeTimedSerializer(AUTH["cookie_secret"], salt="_streamlit_user").dumps(json.dumps(claims))
    return {"cookie": f"_streamlit_user={signed}"}


def test_health_says_how_fresh_the_mirror_is(client: TestClient) -> None:
    answer = client.get("/healthz").json()
    assert answer["status"] == "ok"
    assert answer["as_of"] > 0


def test_metrics_count_the_rows(client: TestClient) -> None:
    assert 'jangbu_rows{table="payments"} 9.0' in client.get("/metrics").text


def test_metrics_are_for_this_machine_only(client: TestClient) -> None:
    assert client.get("/metrics", headers={"x-forwarded-for": "8.8.8.8"}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "evil.example:8501"},
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "null"},
    ],
)
def test_another_site_gets_nothing(client: TestClient, headers: dict[str, str]) -> None:
    assert client.get("/healthz", headers=headers).status_code == 403


def test_our_own_pages_are_answered_and_told_to_fetch_nothing_elsewhere(client: TestClient) -> None:
    answer = client.get("/healthz", headers={"origin": OWN})
    assert answer.status_code == 200
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_an_export_holds_every_row_of_its_filter(client: TestClient, engine: Any) -> None:
    answer = client.get(issue_ticket(CHOSEN, "csv", LOCAL_USER, "ko"))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) - 1 == count_export(engine, "payments", CHOSEN) == 7
    assert "결제 시각 (KST)" in rows[0]
    assert answer.headers["cache-control"] == "no-store"


def test_an_unknown_ticket_opens_nothing(client: TestClient) -> None:
    assert client.get("/export/guess").status_code == 404


def test_a_ticket_grows_old() -> None:
    path = issue_ticket(CHOSEN, "csv", LOCAL_USER, "ko", clock=lambda: 0)
    token = path.rpartition("/")[2]
    assert find_ticket(token, clock=lambda: LIFETIME - 1)
    assert find_ticket(token, clock=lambda: LIFETIME + 1) is None


def test_a_role_without_buyers_takes_none_of_them_along(client: TestClient) -> None:
    answer = client.get(issue_ticket(CHOSEN, "csv", User("", Role.MANAGER), "en"))
    assert answer.status_code == 200
    assert "홍길동" not in answer.text
    assert "010-1234-5678" not in answer.text


@pytest.mark.usefixtures("with_auth")
class TestSignedIn:
    """With [auth] configured a ticket alone is not enough."""

    FINANCE = User("finance@example.com", Role.FINANCE)

    def test_the_person_who_asked_gets_the_file(self, client: TestClient) -> None:
        path = issue_ticket(CHOSEN, "csv", self.FINANCE, "ko")
        assert client.get(path, headers=cookie("finance@example.com")).status_code == 200

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"cookie": "_streamlit_user=forged"},
            cookie("admin@example.com"),
            cookie("stranger@example.com"),
            cookie("finance@example.com", is_logged_in=False),
            cookie("finance@example.com", origin="https://evil.example"),
            cookie("finance@example.com", email_verified=False),
        ],
    )
    def test_nobody_else_does(self, client: TestClient, headers: dict[str, str]) -> None:
        path = issue_ticket(CHOSEN, "csv", self.FINANCE, "ko")
        assert client.get(path, headers=headers).status_code == 403

    def test_a_role_that_changed_since_does_not_get_it(self, client: TestClient) -> None:
        path = issue_ticket(CHOSEN, "csv", User("viewer@example.com", Role.ADMIN), "ko")
        assert client.get(path, headers=cookie("viewer@example.com")).status_code == 403

    @pytest.mark.parametrize("path", ["/media/x", "/_stcore/upload_file/x", "/export/x"])
    def test_files_need_the_cookie(self, client: TestClient, path: str) -> None:
        assert client.get(path).status_code == 403

    def test_a_foreign_origin_is_refused_with_a_cookie_too(self, client: TestClient) -> None:
        headers = cookie("finance@example.com") | {"origin": "https://evil.example"}
        assert client.get("/healthz", headers=headers).status_code == 403
