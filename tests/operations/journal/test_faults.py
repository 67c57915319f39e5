"""F1, F2, F7, F12, F15, F21, F22: one thing goes wrong at one request, at every request."""

import itertools
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine, event

from services.errors import Busy, NotSaved
from services.gateway import Gateway
from services.operations.actions import refunds
from services.operations.journal import audit
from services.sandbox.faults import Fault
from services.store.engine import reading
from services.tables.journal import Operation
from tests.worlds.operations.desk import Desk
from tests.worlds.operations.gate import FAULTS, LATE, REFUSAL, WORDS
from tests.worlds.operations.invariants import at_the_end
from tests.worlds.operations.store import Journals
from tests.worlds.seeds import seeds

REQUESTS = 6
"""A token, channels, the payment or key, the call and two looks: the call is number 3."""
_CALL = 3


def settled(engine: Engine, ask: Callable[[Desk], int], faults: dict[int, str]) -> tuple[Desk, Operation]:
    """An operation carried out with faults, 20 minutes later."""
    desk = Desk(engine, faults)
    number = ask(desk)
    for seconds, every in ((20, 5), (1_080, 180)):
        desk.run(seconds, every=every)
    return desk, desk.get(number)


def test_any_fault_at_any_request_ends_as_it_stands_at_the_gateway(tmp_path: Path) -> None:
    journals, states = Journals(tmp_path), set()
    every = list(itertools.product((Desk.refund, Desk.charge), (*FAULTS, LATE), range(REQUESTS)))
    for ask, fault, index in every[:: max(1, len(every) // seeds(len(every), least=20))]:
        desk, operation = settled(journals.empty(), ask, {index: fault})
        states.add(operation.state)
        told = (ask.__name__, fault, index, operation.state)
        assert not desk.gate.wrong, told
        assert (operation.state == "succeeded") == bool(desk.made(operation.id)), told
    assert "succeeded" in states
    assert states <= {"succeeded", "refused", "needs_person"}


@pytest.mark.parametrize("ask", [Desk.refund, Desk.charge])
def test_a_token_that_ends_at_any_request_is_renewed_and_the_money_moves_once(
    tmp_path: Path, ask: Callable[[Desk], int]
) -> None:
    journals = Journals(tmp_path)
    for index in range(REQUESTS):
        desk, operation = settled(journals.empty(), ask, {index: Fault.EXPIRED_TOKEN})
        assert (operation.state, len(desk.made(1)), desk.gate.wrong) == ("succeeded", 1, []), index


@pytest.mark.parametrize("ask", [Desk.refund, Desk.charge])
@pytest.mark.parametrize("fault", [Fault.LOST_AFTER, Fault.BAD_GATEWAY_AFTER, Fault.BROKEN_JSON])
def test_a_lost_answer_is_read_back(sqlite_store: Engine, ask: Callable[[Desk], int], fault: Fault) -> None:
    desk = Desk(sqlite_store)
    number = ask(desk)
    desk.faults = {_CALL: fault}
    desk.run()
    assert desk.get(number).state == "unknown"
    desk.faults = {}
    desk.run(10)
    assert (desk.get(number).state, len(desk.made(number)), desk.gate.posts) == ("succeeded", 1, 1)


def test_a_refusal_is_kept_word_for_word(sqlite_store: Engine) -> None:
    desk = Desk(sqlite_store)
    number = desk.refund()
    desk.faults = dict.fromkeys(range(9), REFUSAL)
    desk.run()
    assert (desk.get(number).state, desk.get(number).message) == ("refused", WORDS)


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"<html>", b'{"code":0}', b'{"code":0,"response":[]}',
                                  b'{"code":0,"response":{"imp_uid":7}}', b'{"code":"x"}'])  # fmt: skip
@pytest.mark.parametrize("status", [200, 201, 404, 408, 500])
def test_no_answer_that_cannot_be_read_is_taken_for_a_result(
    sqlite_store: Engine, monkeypatch: pytest.MonkeyPatch, body: bytes, status: int
) -> None:
    desk = Desk(sqlite_store)
    answer = desk.gate.answer

    def unreadable(request: httpx.Request, operation: Operation | None, fault: str | None) -> httpx.Response:
        found = answer(request, operation, fault)
        return httpx.Response(status, content=body, request=request) if operation else found

    monkeypatch.setattr(desk.gate, "answer", unreadable)
    number = desk.refund()
    desk.run()
    assert desk.get(number).state == "unknown"
    desk.run(10)
    assert desk.gate.wrong == []


def test_f22_nothing_fires_late_when_the_gateway_comes_back_after_an_hour(tmp_path: Path) -> None:
    journals = Journals(tmp_path)
    for seed in range(seeds(100, least=3)):
        desk = Desk(journals.empty())
        ask = Desk.charge if seed % 2 else Desk.refund
        number = ask(desk)
        desk.faults = dict.fromkeys(range(100_000), Fault.BAD_GATEWAY if seed % 3 else Fault.LOST_BEFORE)
        desk.run(3_600, every=45 + seed)
        desk.faults = {}
        desk.run(60)
        assert (desk.get(number).state, desk.get(number).why, desk.gate.posts) == ("expired", "too_old", 0)


def test_f21_a_failed_paypal_charge_that_turns_paid_is_seen(tmp_path: Path) -> None:
    journals = Journals(tmp_path)
    for case in range(seeds(50, least=4)):
        desk = Desk(journals.empty())
        key = desk.sandbox.world.billing_keys["key1"]
        key["pg_provider"] = ("paypal", "paypal_v2")[case % 2]
        number = desk.charge(key="key1")
        desk.run(case * 20 % 840, every=30)
        assert desk.get(number).state == "unknown"
        row = desk.sandbox.payments[desk.sandbox.world.attempts[desk.get(number).merchant_uid or ""][0]]
        assert row["status"] == "failed"
        desk.sandbox.world.put_payment(row | {"status": "paid", "paid_at": int(desk.times.at), "failed_at": 0})
        desk.run(1_000, every=60)
        assert (desk.get(number).state, desk.get(number).imp_uid) == ("succeeded", row["imp_uid"])


def test_f12_on_a_full_disk_nothing_is_sent_without_a_stored_sent(tmp_path: Path) -> None:
    journals, most, posts, refused = Journals(tmp_path), [0], [], 0

    def limit(driver: sqlite3.Connection, _record: object) -> None:
        pages = driver.execute("PRAGMA page_count").fetchone()[0]
        driver.execute(f"PRAGMA max_page_count = {pages + most[0]}")

    event.listen(journals.engine, "connect", limit)
    count = seeds(100, least=6)
    for point in range(count):
        most[0] = point * 25 // count
        desk = Desk(journals.empty())
        for number in range(12):
            try:
                desk.refund(1, token=f"t{number}", reason="파손" * 120)
            except NotSaved:
                refused += 1
            except Busy:
                continue
            with suppress(NotSaved):
                desk.run()
        assert [text for text in desk.gate.wrong if "nothing written" in text] == []
        posts.append(desk.gate.posts)
    assert refused > 0
    assert posts[0] < posts[-1] <= 12


def test_what_one_operation_meets_keeps_no_other_from_being_carried_out(
    sqlite_store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(sqlite_store)
    broken, whole = desk.refund(), desk.charge(token="u")

    def breaks(_gateway: Gateway, _operation: Operation) -> str:
        raise KeyError("something nobody thought of")

    monkeypatch.setattr(refunds, "prepare", breaks)
    desk.run()
    assert [desk.get(one).state for one in (broken, whole)] == ["intent", "succeeded"]


def test_without_faults_money_moves_at_once(sqlite_store: Engine) -> None:
    desk = Desk(sqlite_store)
    refund, charge = desk.refund(), desk.charge(token="u")
    desk.run()
    assert [desk.get(one).state for one in (refund, charge)] == ["succeeded", "succeeded"]
    assert at_the_end(sqlite_store, desk.gate) == []
    with reading(sqlite_store) as conn:
        assert [entry["action"] for entry in audit.history(conn, refund)] == ["asked", "sent", "succeeded"]
