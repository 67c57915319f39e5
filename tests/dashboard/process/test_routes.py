"""Routes and the guard in front of them: own hosts and origins, tickets, and who may hand one in."""

import asyncio
import csv
import io
import json
import time
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

import openpyxl
import pytest
import streamlit as st
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from itsdangerous import URLSafeTimedSerializer
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit import config
from streamlit.auth_util import set_cookie_with_chunks

from dashboard.access import LOCAL_USER, User
from dashboard.process.resources import open_store
from dashboard.process.tickets import LIFETIME, find_ticket, issue_ticket
from dashboard.routes.export import download
from dashboard.routes.guard import Guard
from dashboard.routes.health import health
from dashboard.routes.metrics import metrics
from dashboard.routes.sign_in import SignIn
from dashboard.screens.payments.filters import payment_form
from dashboard.settings import Role
from services.clock import date_to_day, day_of
from services.errors import InvalidRequest
from services.exports.export import count_export
from services.store.engine import reading, writing
from services.store.writes.sync import keep_secret
from tests.worlds.screens.screens import AUTH, filled_store, in_own_loop, signed_in
from tests.worlds.stores import new_store

CHOSEN = payment_form(day_of(time.time())).from_params({}).chosen
OWN = "http://localhost:8501"


@pytest.fixture
def engine(tmp_path: Path) -> Any:
    return filled_store(tmp_path)


@pytest.fixture
def client(engine: Any) -> Iterator[TestClient]:
    routes = [Route("/healthz", health), Route("/metrics", metrics), Route("/export/{token}", download)]
    routes += [Route("/broken", broken), Route("/cookies", cookies)]
    app = Starlette(routes=routes, middleware=[Middleware(Guard), Middleware(SignIn)])
    with TestClient(app, base_url="http://localhost:8501", client=("127.0.0.1", 5)) as found:
        yield found


@pytest.fixture
def with_auth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st.secrets, "_secrets", {"auth": AUTH})


CLAIMS = {"origin": OWN, "is_logged_in": True, "email_verified": True, "iss": "https://login.example.com", "sub": "1"}


def broken(_request: Request) -> Response:
    raise ValueError("홍길동")


def cookies(_request: Request) -> Response:
    """What Streamlit sets when somebody signs in."""
    answer = PlainTextResponse("")
    for name in ("_streamlit_user", "_streamlit_user_1", "_streamlit_user_tokens"):
        answer.set_cookie(name, "x", httponly=True, samesite="lax", path="/base", max_age=5)
    answer.delete_cookie("_streamlit_user_tokens")
    answer.set_cookie("_streamlit_xsrf", "x", secure=True)
    return answer


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
    answer = client.get(issue_ticket(CHOSEN, "csv", LOCAL_USER, "ko", reason="closing"))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) - 1 == count_export(engine, "payments", CHOSEN) == 7
    assert "결제 시각 (KST)" in rows[0]
    assert answer.headers["cache-control"] == "no-store"


def taken(engine: Any) -> list[tuple[Any, ...]]:
    """What the access log has of files, oldest first."""
    sql = "SELECT person, origin, kind, what, row_count, column_names, reason FROM access_entry ORDER BY id"
    with reading(engine) as conn:
        return [tuple(row) for row in conn.exec_driver_sql(sql)]


def test_an_export_is_written_down_with_rows_columns_and_reason(client: TestClient, engine: Any) -> None:
    path = issue_ticket(CHOSEN, "csv", LOCAL_USER, "ko", columns=("imp_uid", "buyer_name"), reason="신고 자료")
    assert taken(engine) == []
    assert client.get(path).status_code == 200
    assert taken(engine) == [
        ("local", "screen 127.0.0.1", "exported", "payments", 7, "imp_uid,buyer_name", "신고 자료")
    ]


@pytest.mark.parametrize("reason", ["", "  ", "가" * 201])
def test_there_is_no_ticket_without_a_reason(reason: str) -> None:
    with pytest.raises(InvalidRequest):
        issue_ticket(CHOSEN, "csv", LOCAL_USER, "ko", reason=reason)


def test_nothing_is_taken_along_where_it_cannot_be_written_down(client: TestClient, engine: Any) -> None:
    path = issue_ticket(CHOSEN, "csv", LOCAL_USER, "en", reason="closing")
    with writing(engine) as conn:
        conn.exec_driver_sql("DROP TABLE access_entry")
    answer = client.get(path)
    assert (answer.status_code, answer.headers.get("content-disposition")) == (503, None)
    assert answer.text.startswith("The access log cannot be written")


def test_a_workbook_is_in_the_words_of_the_screen_and_its_name_carries_the_period(
    client: TestClient, engine: Any
) -> None:
    chosen = replace(CHOSEN, from_day=date_to_day(date(2025, 10, 1)), to_day=date_to_day(date(2027, 10, 31)))
    columns = ("status", "paid_at", "pg_provider", "sandbox")
    answer = client.get(issue_ticket(chosen, "xlsx", LOCAL_USER, "ko", columns=columns, reason="closing"))
    named = answer.headers["content-disposition"]
    assert named == 'attachment; filename="jangbu-payments-20251001-20271031.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["결제 내역", "조건"]
    header, *rows = book.active.iter_rows(values_only=True)
    assert header == ("상태", "결제 시각 (KST)", "PG사", "테스트")
    assert len(rows) == count_export(engine, "payments", chosen) > 5
    assert {"결제 완료", "부분취소"} <= {row[0] for row in rows}
    assert {row[3] for row in rows} == {"아니요"}
    assert {type(row[1]) for row in rows} == {datetime, type(None)}
    said = dict(row[:2] for row in book["조건"].iter_rows(max_row=10, values_only=True))
    assert (said["기간"], said["건수"]) == ("2025-10-01 – 2027-10-31", len(rows))


def test_an_exact_id_is_of_no_period(client: TestClient, engine: Any) -> None:
    with reading(engine) as conn:
        uid = conn.exec_driver_sql("SELECT max(imp_uid) FROM payment").scalar_one()
    answer = client.get(
        issue_ticket(replace(CHOSEN, text=uid, from_day=1, to_day=2), "csv", LOCAL_USER, "ko", reason="closing")
    )
    assert len(answer.text.splitlines()) == 2
    assert "jangbu-payments-19700102" not in answer.headers["content-disposition"]


def test_an_unknown_ticket_opens_nothing(client: TestClient) -> None:
    assert client.get("/export/guess").status_code == 404


@pytest.mark.usefixtures("client")
def test_a_ticket_grows_old() -> None:
    path = issue_ticket(CHOSEN, "csv", LOCAL_USER, "ko", clock=lambda: 0, reason="closing")
    token = path.rpartition("/")[2]
    assert find_ticket(token, clock=lambda: LIFETIME - 1)
    assert find_ticket(token, clock=lambda: LIFETIME + 1) is None


def test_a_ticket_that_was_altered_or_is_of_another_store_is_none(client: TestClient, tmp_path: Path) -> None:
    path = issue_ticket(CHOSEN, "csv", LOCAL_USER, "ko", reason="closing")
    assert client.get(path).status_code == 200
    half = len(path) // 2
    other = "A" if path[half] != "A" else "B"
    assert client.get(f"{path[:half]}{other}{path[half + 1 :]}").status_code == 404
    made = new_store(tmp_path / "another.db")
    assert keep_secret(made, "ticket_key") != keep_secret(open_store(), "ticket_key")
    made.dispose()


@pytest.mark.parametrize(
    "told",
    [
        {"filter": "FilterOfTomorrow"},
        {"chosen": {"from_day": "a day of tomorrow"}},
        {"user": {"role": "admin"}},
        {"columns": None},
        {"added": True},
        {"reason": ...},
        {"filter": ...},
    ],
)
def test_a_ticket_that_another_version_sealed_is_none(client: TestClient, told: dict[str, Any]) -> None:
    path = issue_ticket(CHOSEN, "csv", LOCAL_USER, "ko", reason="closing")
    seal = AESGCM(bytes.fromhex(keep_secret(open_store(), "ticket_key")))
    sealed = urlsafe_b64decode(path.rpartition("/")[2])
    ours = json.loads(zlib.decompress(seal.decrypt(sealed[:12], sealed[12:], None)))
    theirs = {name: value for name, value in (ours | told).items() if value is not ...}
    for content, status in ((ours, 200), (theirs, 404)):
        text = sealed[:12] + seal.encrypt(sealed[:12], zlib.compress(json.dumps(content).encode()), None)
        assert client.get(f"/export/{urlsafe_b64encode(text).decode()}").status_code == status


def test_a_role_without_buyers_takes_none_of_them_along(client: TestClient) -> None:
    answer = client.get(issue_ticket(CHOSEN, "csv", User("", Role.MANAGER), "en", reason="closing"))
    assert answer.status_code == 200
    assert "홍길동" not in answer.text
    assert "010-1234-5678" not in answer.text


@pytest.mark.usefixtures("with_auth")
class TestSignedIn:
    """With [auth] configured a ticket alone is not enough."""

    FINANCE = User("finance@example.com", Role.FINANCE)

    def test_the_person_who_asked_gets_the_file(self, client: TestClient) -> None:
        path = issue_ticket(CHOSEN, "csv", self.FINANCE, "ko", reason="closing")
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
        path = issue_ticket(CHOSEN, "csv", self.FINANCE, "ko", reason="closing")
        assert client.get(path, headers=headers).status_code == 403

    def test_a_role_that_changed_since_does_not_get_it(self, client: TestClient) -> None:
        path = issue_ticket(CHOSEN, "csv", User("viewer@example.com", Role.ADMIN), "ko", reason="closing")
        assert client.get(path, headers=cookie("viewer@example.com")).status_code == 403

    @pytest.mark.parametrize("path", ["/media/x", "/_stcore/upload_file/x", "/export/x"])
    def test_files_need_the_cookie(self, client: TestClient, path: str) -> None:
        assert client.get(path).status_code == 403

    def test_a_foreign_origin_is_refused_with_a_cookie_too(self, client: TestClient) -> None:
        headers = cookie("finance@example.com") | {"origin": "https://evil.example"}
        assert client.get("/healthz", headers=headers).status_code == 403

    @pytest.mark.parametrize(
        ("host", "path", "status"),
        [
            ("localhost:8501", "/healthz", 200),
            ("LOCALHOST", "/healthz", 200),
            ("127.0.0.1:8501", "/healthz", 200),
            ("10.0.0.5:8501", "/healthz", 200),
            ("[fd00::5]:8501", "/healthz", 200),
            ("evil.example", "/healthz", 403),
            ("evil.example", "/", 403),
            ("10.0.0.5:8501", "/", 403),
            ("127.0.0.1:8501", "/", 403),
            ("localhost.evil.example", "/", 403),
            ("localhost", "/", 404),
            ("127.0.0.1:8501", "/metrics", 200),
            ("10.0.0.5", "/metrics", 403),
            ("evil.example", "/metrics", 403),
        ],
    )
    def test_the_host_is_the_one_that_people_sign_in_at(
        self, client: TestClient, host: str, path: str, status: int
    ) -> None:
        assert client.get(path, headers={"host": host}).status_code == status

    def test_an_identity_in_chunks_is_signed_in_on_routes_too(self, client: TestClient) -> None:
        path = issue_ticket(CHOSEN, "csv", self.FINANCE, "ko", reason="closing")
        signed = {**CLAIMS, "email": "finance@example.com", "groups": [token_hex(20) for _ in range(400)]}
        cookies: list[str] = []

        def keep(name: str, value: str) -> None:
            secret = URLSafeTimedSerializer(AUTH["cookie_secret"], salt=name)
            cookies.append(f"{name}={secret.dumps(value)}")

        def sign(name: str, value: str) -> bytes:
            return bytes(str(URLSafeTimedSerializer(AUTH["cookie_secret"], salt=name).dumps(value)), "ascii")

        set_cookie_with_chunks(keep, sign, "_streamlit_user", signed, cookie_attr_size=60)
        assert len(cookies) > 2
        assert client.get(path, headers={"cookie": "; ".join(cookies)}).status_code == 200
        assert client.get(path, headers={"cookie": "; ".join(cookies[:-1])}).status_code == 403

    def test_who_comes_goes_and_is_turned_away_is_written_down_once(self, client: TestClient, engine: Any) -> None:
        path, kept = issue_ticket(CHOSEN, "csv", self.FINANCE, "ko", reason="closing"), cookie("admin@example.com")
        for _time in range(3):
            assert client.get(path, headers=kept).status_code == 403
        client.post("/auth/logout", headers=kept | {"origin": OWN}, follow_redirects=False)
        assert client.get(path, headers=kept).status_code == 403
        client.get(path, headers=cookie("stranger@example.com"))
        person = ("admin@example.com", "screen 127.0.0.1")
        assert taken(engine) == [
            (*person, "signed_in", "admin", None, "", ""),
            *[(*person, "refused", "payments", None, "", "closing")] * 3,
            (*person, "signed_out", "signed_out", None, "", ""),
        ]

    def test_a_copied_cookie_opens_nothing_once_its_owner_signed_out(self, client: TestClient) -> None:
        path, kept = issue_ticket(CHOSEN, "csv", self.FINANCE, "ko", reason="closing"), cookie("finance@example.com")
        assert client.get(path, headers=kept).status_code == 200
        for headers in ({}, {"origin": "https://evil.example"}, {"origin": "null"}):
            assert client.post("/auth/logout", headers=kept | headers).status_code == 403
        for method in ("GET", "HEAD", "PUT", "DELETE"):
            assert client.request(method, "/auth/logout", headers=kept).status_code == 405
        assert client.get(path, headers=kept).status_code == 200
        done = client.post("/auth/logout", headers=kept | {"origin": OWN}, follow_redirects=False)
        assert (done.status_code, done.headers["location"]) == (303, "/")
        assert "_streamlit_user=" in done.headers["set-cookie"]
        assert "Max-Age=0" in done.headers["set-cookie"]
        assert client.get(path, headers=kept).status_code == 403
        assert client.get("/media/x", headers=kept).status_code == 403

    def test_nor_does_a_copy_whose_signature_is_spelled_otherwise_or_one_that_was_never_used(
        self, client: TestClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as earlier:
            earlier.setattr("itsdangerous.timed.time.time", lambda: time.time_ns() / 1e9 - 60)
            kept, other = cookie("finance@example.com", nonce="a"), cookie("finance@example.com", nonce="b")
        assert client.get("/media/x", headers=kept).status_code != 403
        assert client.post("/auth/logout", headers=kept | {"origin": OWN}, follow_redirects=False).status_code == 303
        # Base 64 of twenty bytes leaves two bits over, and signs that are none of its own are passed over.
        last = kept["cookie"][-1]
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        spelled = [kept["cookie"][:-1] + letters[letters.index(last) ^ bits] for bits in (1, 2, 3)]
        for one in (*spelled, kept["cookie"] + "!", kept["cookie"][:-1] + "~" + last, other["cookie"]):
            assert client.get("/media/x", headers={"cookie": one}).status_code == 403, one
        assert client.get("/media/x", headers=cookie("finance@example.com", nonce="c")).status_code != 403

    @pytest.mark.parametrize("age", [31 * 60, 13 * 3600, 29 * 86_400])
    def test_a_cookie_that_was_not_used_in_time_begins_no_session(
        self, client: TestClient, age: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = time.time()
        with monkeypatch.context() as earlier:
            earlier.setattr("itsdangerous.timed.time.time", lambda: now - age)
            kept = cookie("finance@example.com")
        assert client.get("/media/x", headers=kept).status_code == 403

    def test_there_is_an_end_to_how_many_strangers_stand_at_the_door(self) -> None:
        async def play() -> list[str]:
            inside, leave = [], asyncio.Event()

            async def stay(_scope: Any, _receive: Any, _send: Any) -> None:
                inside.append("in")
                await leave.wait()

            async def receive() -> dict[str, Any]:
                return {"type": "websocket.connect"}

            async def send(message: Any) -> None:
                inside.append(f"{message['type']} {message['code']}")

            door = SignIn(stay)
            scope = {"type": "websocket", "path": "/_stcore/stream", "headers": []}
            crowd = [asyncio.ensure_future(door(scope, receive, send)) for _ in range(101)]
            while len(inside) < 101:
                await asyncio.sleep(0.01)
            leave.set()
            await asyncio.gather(*crowd)
            return inside

        assert sorted(in_own_loop(play()))[-1:] == ["websocket.close 1013"]

    def test_nobody_names_their_session_themselves(self, client: TestClient) -> None:
        forged = {"x-jangbu-session": signed_in("admin@example.com", Role.ADMIN)["session"]}
        assert client.get("/media/x", headers=forged).status_code == 403


class TestBehindTls:
    """With an https address cookies are bound to it, and headers say so."""

    @pytest.fixture(autouse=True)
    def _https(self, monkeypatch: pytest.MonkeyPatch) -> None:
        auth = AUTH | {"redirect_uri": "https://jangbu.shop.kr/oauth2callback"}
        monkeypatch.setattr(st.secrets, "_secrets", {"auth": auth})

    @pytest.mark.parametrize("path", ["/healthz", "/media/x", "/broken"])
    def test_every_answer_is_strict(self, client: TestClient, path: str) -> None:
        answer = client.get(path, headers={"host": "jangbu.shop.kr"})
        assert answer.status_code == {"/healthz": 200, "/media/x": 403, "/broken": 500}[path]
        assert "Traceback" not in answer.text
        policy = answer.headers["content-security-policy"]
        assert "form-action 'self'" in policy
        assert "connect-src 'self' wss://jangbu.shop.kr;" in policy
        assert answer.headers["strict-transport-security"].startswith("max-age=")
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert "camera=()" in answer.headers["permissions-policy"]

    def test_only_a_cookie_that_a_neighbour_cannot_set_is_believed(self, client: TestClient) -> None:
        plain = cookie("finance@example.com", origin="https://jangbu.shop.kr")["cookie"]
        host = {"host": "jangbu.shop.kr"}
        assert client.get("/media/x", headers=host | {"cookie": plain}).status_code == 403
        assert client.get("/media/x", headers=host | {"cookie": f"__Host-{plain}"}).status_code == 404
        both = f"{plain.replace('finance', 'x')}; a=b; __Host-{plain}"
        assert client.get("/media/x", headers=host | {"cookie": both}).status_code == 404

    def test_cookies_that_go_out_are_secure(self, client: TestClient) -> None:
        sent = client.get("/cookies", headers={"host": "jangbu.shop.kr"}).headers.get_list("set-cookie")
        assert [one.partition("=")[0] for one in sent] == [
            "__Host-_streamlit_user", "__Host-_streamlit_user_1", "__Host-_streamlit_user_tokens", "_streamlit_xsrf",
        ]  # fmt: skip
        assert all(one.endswith("; Secure") for one in sent)
        assert "Path=/base" not in sent[0]
        assert "HttpOnly" in sent[0]
        assert 'tokens=""' in sent[2]


@pytest.mark.parametrize(
    "name", ["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "forwarded", "via"]
)
@pytest.mark.parametrize("path", ["/healthz", "/metrics", "/", "/export/x"])
def test_without_sign_in_nobody_comes_through_a_proxy(client: TestClient, name: str, path: str) -> None:
    assert client.get(path, headers={name: "127.0.0.1"}).status_code == 403


@pytest.mark.usefixtures("with_auth")
@pytest.mark.parametrize("name", ["x-forwarded-for", "x-real-ip", "forwarded", "via"])
def test_metrics_are_not_for_those_behind_a_proxy(client: TestClient, name: str) -> None:
    assert client.get("/metrics", headers={name: "127.0.0.1"}).status_code == 403


@pytest.mark.usefixtures("with_auth")
def test_a_base_path_is_no_way_around_the_rules(client: TestClient) -> None:
    kept = config.get_option("server.baseUrlPath")
    config.set_option("server.baseUrlPath", "/jangbu/")
    try:
        for path in ("/jangbu/media/x", "/media/x", "/jangbu/_stcore/upload_file/x", "/jangbu/export/x"):
            assert client.get(path).status_code == 403
        assert client.get("/jangbu/_stcore/metrics", headers={"via": "1.1 x"}).status_code == 403
        assert client.get("/jangbu/auth/logout").status_code == 405
    finally:
        config.set_option("server.baseUrlPath", kept)
