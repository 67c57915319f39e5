"""Canaries in every field that may hold a person or a secret: no error path writes one of them anywhere."""

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import stamina
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient
from typer.testing import CliRunner

from dashboard.access import LOCAL_USER
from dashboard.cli import app as command
from dashboard.process.resources import use_settings
from dashboard.process.tickets import issue_ticket
from dashboard.routes.export import download
from dashboard.routes.health import health
from dashboard.routes.metrics import metrics
from dashboard.settings import Settings
from services.errors import GatewayError
from services.exports.export import export
from services.gateway import Gateway
from services.mirror.keep import read_again
from services.mirror.loop import run_loop
from services.mirror.sync import sync
from services.sandbox.credentials import IMP_KEY
from services.sandbox.faults import Fault, Plan
from services.sandbox.sandbox import Sandbox
from services.store.engine import reading, writing
from services.store.lists.filters import PaymentFilter
from services.store.lists.payments import search_payments
from services.store.lists.system import list_sync_runs
from tests.worlds.rows.payment_rows import EVERYTHING
from tests.worlds.sandboxes import make_caller

CANARY = "카나리아4711"
SECRET = "canary-secret-4712"
_PERSON: tuple[str, ...] = (
    "buyer_name",
    "buyer_email",
    "buyer_tel",
    "buyer_addr",
    "buyer_postcode",
    "card_number",
    "vbank_num",
)
_PERSON += ("vbank_holder", "custom_data", "user_agent", "apply_num", "name", "cancel_reason", "merchant_uid")


@pytest.fixture(autouse=True)
def _quick_retries() -> Iterator[None]:
    with stamina.set_testing(True, attempts=2):
        yield


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """Everything that was logged at any level or written to either stream."""
    caplog.set_level(logging.DEBUG)
    return lambda: caplog.text + "".join(capfd.readouterr())


@pytest.fixture
def marked() -> Sandbox:
    """A sandbox in which every person is a canary, and so is what only we were told."""
    world = make_caller(200).world
    for uid, row in list(world.payments.items()):
        person = {field: f"{CANARY}{uid}" for field in _PERSON}
        world.put_payment(row | person | {"customer_uid": CANARY, "unknown_person": CANARY, "card_quota": CANARY})
    for uid, key in list(world.billing_keys.items()):
        world.billing_keys[uid] = key | {"customer_name": CANARY, "customer_tel": CANARY, "card_type": CANARY}
    world.billing_keys[CANARY] = {"customer_uid": CANARY, "customer_name": CANARY}
    return Sandbox(world, clock=make_caller(1).clock, imp_secret=SECRET)


def client(handler: Any, clock: Any) -> Gateway:
    return Gateway("http://gateway", IMP_KEY, SECRET, transport=httpx.MockTransport(handler), clock=clock)


def clean(text: str) -> None:
    for canary in (CANARY, SECRET, json.dumps(CANARY).strip('"')):
        assert canary not in text


@pytest.mark.parametrize("fault", [None, *Fault])
def test_no_run_says_anything_of_anybody(
    store: Engine, marked: Sandbox, said: Callable[[], str], fault: Fault | None
) -> None:
    gateway = client(marked, marked.clock)
    sync(gateway, store)
    if fault is not None:
        marked.plans = [Plan(fault, 30, lambda request: "getToken" not in request.url.path)]
    for look in (
        lambda: sync(gateway, store, full=True),
        lambda: read_again(gateway, store, next(iter(marked.payments))),
    ):
        try:
            look()
        except GatewayError as error:
            clean(repr(error) + str(error))
    with reading(store) as conn:
        clean("".join(str(run.error) for run in list_sync_runs(conn, 10)))
    clean(said())


def bodies() -> list[tuple[int, bytes]]:
    row = json.dumps({"imp_uid": CANARY, "buyer_name": CANARY, "amount": CANARY}).encode()
    whole = b'{"code":0,"message":null,"response":%b}'
    return [
        (200, whole % row),
        (200, whole % b"[%b]" % row),
        (200, whole % b'{"total":1,"list":[%b]}' % row),
        (200, whole % row[:-3]),
        (200, CANARY.encode()),
        (502, f"<html>{CANARY}".encode()),
        (404, f"<html>{CANARY}".encode()),
        (302, CANARY.encode()),
    ]


@pytest.mark.parametrize(("status", "body"), bodies())
def test_no_unreadable_answer_is_repeated_anywhere(
    sqlite_store: Engine, marked: Sandbox, said: Callable[[], str], status: int, body: bytes
) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return marked(request) if "getToken" in request.url.path else httpx.Response(status, content=body)

    gateway = client(handler, marked.clock)
    asks: list[Callable[[], Any]] = [
        lambda: gateway.payment("imp_1"),
        lambda: gateway.billing_keys(["imp_1"]),
        lambda: gateway.payments_by_status("all", from_at=0, to_at=1),
        lambda: sync(gateway, sqlite_store),
    ]
    for ask in asks:
        try:
            ask()
        except GatewayError as error:
            clean(repr(error) + str(error))
    clean(said())


def broken(engine: Engine) -> None:
    """A store whose writes and reads fail with a buyer's data in their values."""
    with writing(engine) as conn:
        conn.exec_driver_sql("ALTER TABLE payment RENAME COLUMN buyer_name TO lost")


def test_a_store_that_breaks_repeats_no_value(
    store: Engine, marked: Sandbox, said: Callable[[], str], tmp_path: Path
) -> None:
    gateway = client(marked, marked.clock)
    broken(store)

    def search() -> None:
        with reading(store) as conn:
            search_payments(conn, PaymentFilter(text=CANARY))

    asks: list[Callable[[], Any]] = [
        lambda: sync(gateway, store),
        lambda: read_again(gateway, store, next(iter(marked.payments))),
        lambda: b"".join(export(store, "payments", EVERYTHING, fmt="csv", labels=None, with_buyers=True)),
        lambda: b"".join(export(store, "payments", EVERYTHING, fmt="xlsx", labels=None, with_buyers=True)),
        search,
    ]
    for ask in asks:
        with pytest.raises(Exception, match=r"lost|buyer_name") as caught:
            ask()
        clean(str(caught.value) + repr(caught.value))
    clean(said())


def test_the_loop_says_which_kind_of_error_and_no_more(
    sqlite_store: Engine, marked: Sandbox, said: Callable[[], str]
) -> None:
    class Once:
        def __init__(self) -> None:
            self.turns = 0

        def is_set(self) -> bool:
            return self.turns > 1

        def wait(self, _seconds: float) -> None:
            self.turns += 1

    broken(sqlite_store)
    run_loop(Once(), client(marked, marked.clock), sqlite_store, days=400)
    told = said()
    assert "sync failed" in told
    assert "Traceback" not in told
    clean(told)


def test_routes_that_fail_show_no_traceback_and_nobody(
    sqlite_store: Engine, marked: Sandbox, said: Callable[[], str]
) -> None:
    sync(client(marked, marked.clock), sqlite_store)
    use_settings(Settings(database_url=str(sqlite_store.url)))
    broken(sqlite_store)
    routes = [Route("/healthz", health), Route("/metrics", metrics), Route("/export/{token}", download)]
    with TestClient(Starlette(routes=routes), raise_server_exceptions=False) as browser:
        for fmt in ("csv", "xlsx"):
            path = issue_ticket(PaymentFilter(text=CANARY), fmt, LOCAL_USER, "ko", reason="closing")
            clean(browser.get(path).text.partition("\n")[2])
        assert browser.get("/healthz").status_code == 200
    told = said()
    assert told.count("download ended early") == 2
    clean(told)


@pytest.mark.parametrize(
    "words", [["sync"], ["export", "payments", "--reason", "closing", "--out", "x.csv"], ["doctor"], ["sync", "--json"]]
)
def test_commands_that_fail_say_nothing_of_anybody(
    sqlite_store: Engine, tmp_path: Path, said: Callable[[], str], words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in (("DATABASE_URL", str(sqlite_store.url)), ("IMP_KEY", CANARY), ("IMP_SECRET", SECRET)):
        monkeypatch.setenv(f"JANGBU_{name}", value)
    monkeypatch.setenv("JANGBU_IMP_API_URL", "http://127.0.0.1:1")
    broken(sqlite_store)
    done = CliRunner().invoke(command, words)
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    clean(done.output + said())
