"""What banks and card companies are called: asked for monthly, kept, and built in where nobody told."""

import time

import pytest
from sqlalchemy import Engine

from services.clock import DAY
from services.codes import names
from services.codes.names import name_of
from services.gateway import Gateway
from services.mirror.keep import read_again
from services.mirror.single import codes
from services.mirror.single.codes import refresh_codes
from services.operations.actions.refund_rules import banks
from services.sandbox.faults import Fault, Plan, calls
from services.sandbox.sandbox import Sandbox
from services.sandbox.world import codes as sandbox_codes
from services.store.engine import reading
from services.store.lists.one import get_payment
from services.tables.codes import CodeKind

NEW = "999"


@pytest.fixture(autouse=True)
def _nothing_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process learns stays with it: each test begins with what is built in."""
    monkeypatch.setattr(names, "_told", {kind: {} for kind in CodeKind})
    monkeypatch.setattr(codes, "_unknown", set())


def test_they_are_asked_for_once_a_month(sqlite_store: Engine, gateway: Gateway, sandbox: Sandbox) -> None:
    now = time.time()
    assert name_of(CodeKind.BANKS, "031") == "iM뱅크(대구)"
    assert refresh_codes(gateway, sqlite_store, now) is True
    assert name_of(CodeKind.BANKS, "031") == sandbox_codes.BANKS["031"]
    assert banks()["031"] == sandbox_codes.BANKS["031"]
    assert refresh_codes(gateway, sqlite_store, now + 29 * DAY) is False
    assert refresh_codes(gateway, sqlite_store, now + 30 * DAY) is True


def test_where_the_gateway_does_not_tell_the_built_in_names_stay(
    sqlite_store: Engine, gateway: Gateway, sandbox: Sandbox
) -> None:
    now = time.time()
    sandbox.plans.extend(Plan(Fault.LOST_BEFORE, picks=calls("GET", "/banks")) for _try in range(4))
    assert refresh_codes(gateway, sqlite_store, now) is True
    assert name_of(CodeKind.BANKS, "088") == "신한은행"
    assert name_of(CodeKind.CARDS, "10005") == "Visa"
    assert refresh_codes(gateway, sqlite_store, now + 3_599) is False
    assert refresh_codes(gateway, sqlite_store, now + 3_600) is True
    assert name_of(CodeKind.BANKS, "031") == sandbox_codes.BANKS["031"]


def test_another_process_knows_what_this_one_was_told(
    sqlite_store: Engine, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    refresh_codes(gateway, sqlite_store, now)
    monkeypatch.setattr(names, "_told", {kind: {} for kind in CodeKind})
    assert refresh_codes(gateway, sqlite_store, now + 60) is False
    assert name_of(CodeKind.CARDS, "371") == sandbox_codes.CARDS["371"]


def test_a_code_without_a_name_gets_one_wherever_the_payment_is_shown(
    sqlite_store: Engine, gateway: Gateway, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = sandbox.add_payment(10_000, card_code="366", card_name=None)["imp_uid"]
    new = sandbox.add_payment(10_000, card_code=NEW, card_name=None, bank_code="088")["imp_uid"]
    before = gateway.requests
    read_again(gateway, sqlite_store, known)
    assert card_of(sqlite_store, known) == ("신한카드", None)
    monkeypatch.setitem(sandbox_codes.CARDS, NEW, "새카드")
    read_again(gateway, sqlite_store, new)
    assert card_of(sqlite_store, new) == ("새카드", "신한은행")
    asked = gateway.requests
    read_again(gateway, sqlite_store, new)
    assert gateway.requests == asked + 1
    assert asked > before


def test_a_code_that_nobody_knows_is_asked_for_once_and_the_payment_is_kept(
    sqlite_store: Engine, gateway: Gateway, sandbox: Sandbox
) -> None:
    uid = sandbox.add_payment(10_000, card_code=NEW, card_name=None)["imp_uid"]
    read_again(gateway, sqlite_store, uid)
    asked = gateway.requests
    read_again(gateway, sqlite_store, uid)
    assert (card_of(sqlite_store, uid), gateway.requests) == ((None, None), asked + 1)


def card_of(engine: Engine, imp_uid: str) -> tuple[str | None, str | None]:
    with reading(engine) as conn:
        found = get_payment(conn, imp_uid)
    assert found is not None
    return found.card_name, found.bank_name
