"""What needs a person: looked at, sent again with the balance of the first time, or settled with a reason."""

import json
from typing import Any

import httpx
import pytest
import stamina
from sqlalchemy import Engine

from services.errors import Moved, NotShown, OutcomeUnknown
from services.mirror.keep import keep_payment
from services.operations.journal import audit, journal, terms
from services.operations.journal.states import Why
from services.sandbox.faults import Fault
from services.store.engine import reading
from services.store.lists.filters import Live, PaymentFilter
from services.store.lists.refunds import search_refunds
from services.tables.journal import Operation
from tests.worlds.instead import put_instead
from tests.worlds.operations.desk import FINANCE, SUPPORT, Desk

CALL = 3


@pytest.fixture
def desk(sqlite_store: Engine) -> Desk:
    """Somebody's refund was lost before it was made, and a person is needed."""
    desk = Desk(sqlite_store, {CALL: Fault.LOST_BEFORE})
    desk.refund()
    desk.run(1_000, every=60)
    return desk


def test_what_was_not_found_needs_a_person(desk: Desk) -> None:
    assert (desk.get(1).state, desk.get(1).why) == ("needs_person", Why.NOT_FOUND_AFTER_LOOKING)
    assert (desk.made(1), desk.gate.posts) == ([], 1)


def gone(_payment: dict[str, Any]) -> httpx.Response:
    return httpx.Response(404, json={"code": -1, "message": "존재하지 않는 결제정보입니다.", "response": None})


def unreadable(payment: dict[str, Any]) -> httpx.Response:
    return httpx.Response(200, json={"code": 0, "message": None, "response": payment | {"amount": "everything"}})


@pytest.mark.parametrize(
    ("answer", "words"), [(gone, "존재하지 않는 결제정보입니다."), (unreadable, None)], ids=["404", "unreadable"]
)
def test_a_payment_that_cannot_be_read_any_more_is_left_to_a_person_after_the_last_look(
    sqlite_store: Engine, monkeypatch: pytest.MonkeyPatch, answer: Any, words: str | None
) -> None:
    desk = Desk(sqlite_store, {CALL: Fault.LOST_AFTER})
    number = desk.refund()
    desk.run()
    whole = desk.gate.answer

    def answered(request: httpx.Request, operation: Operation | None, fault: str | None) -> httpx.Response:
        mine = request.method == "GET" and request.url.path == "/payments/imp_0"
        return answer(desk.sandbox.payments["imp_0"]) if mine else whole(request, operation, fault)

    monkeypatch.setattr(desk.gate, "answer", answered)
    desk.run(1_000, every=60)
    told = desk.get(number)
    assert (told.state, told.why, told.message) == ("needs_person", Why.NOT_FOUND_AFTER_LOOKING, words)
    assert desk.executor.settle_done(number, FINANCE, "콘솔에서 확인").state == "succeeded"


def test_while_no_answer_comes_nobody_is_told_that_nothing_was_found(sqlite_store: Engine) -> None:
    desk = Desk(sqlite_store, {CALL: Fault.LOST_AFTER} | dict.fromkeys(range(CALL + 1, 9_000), Fault.BAD_GATEWAY))
    number = desk.refund()
    desk.run(7_200, every=60)
    assert (desk.get(number).state, desk.get(number).looks) == ("unknown", 0)
    desk.faults = {}
    desk.run(120, every=20)
    assert desk.get(number).state == "succeeded"


@pytest.mark.parametrize("state", ["intent", "succeeded"])
def test_nobody_sends_again_or_settles_what_needs_nobody(sqlite_store: Engine, state: str) -> None:
    desk = Desk(sqlite_store)
    number = desk.refund()
    if state == "succeeded":
        desk.run()
    with pytest.raises(Moved):
        journal.send_again(desk.engine, number, FINANCE, "다시", desk.times.ours())
    with pytest.raises(Moved):
        journal.settle(desk.engine, number, FINANCE, done=False, note="?", now=desk.times.ours())
    with pytest.raises(Moved):
        desk.executor.settle_done(number, FINANCE, "?")
    assert desk.get(number).state == state


def test_sent_again_it_carries_the_balance_of_the_first_time(desk: Desk) -> None:
    journal.send_again(desk.engine, 1, FINANCE, "다시", desk.times.ours())
    desk.run()
    assert [json.loads(body)["checksum"] for body in desk.bodies] == [10_000, 10_000]
    assert (desk.get(1).state, len(desk.made(1))) == ("succeeded", 1)


def test_sent_again_after_the_console_refunded_nothing_is_sent(desk: Desk) -> None:
    desk.sandbox.refund("imp_0", 1_000, "콘솔에서 환불")
    journal.send_again(desk.engine, 1, FINANCE, "다시", desk.times.ours())
    desk.run()
    assert (desk.get(1).state, desk.get(1).why, desk.gate.posts) == ("needs_person", Why.BALANCE_CHANGED, 1)


def test_sent_again_while_nobody_can_it_tells_of_a_person_and_of_no_end(desk: Desk) -> None:
    journal.send_again(desk.engine, 1, FINANCE, "다시", desk.times.ours())
    desk.wait(terms.INTENT_LIVES + 1)
    desk.executor.release()
    assert desk.get(1).state == "needs_person"
    with reading(desk.engine) as conn:
        assert audit.history(conn, 1)[-1]["action"] == "needs_person"


def test_what_was_made_meanwhile_is_found_and_not_sent_again(desk: Desk) -> None:
    desk.sandbox.refund("imp_0", 4_000, "단순 변심")
    journal.send_again(desk.engine, 1, FINANCE, "다시", desk.times.ours())
    desk.run()
    assert (desk.get(1).state, desk.gate.posts) == ("succeeded", 1)


def test_a_person_who_looks_finds_what_came_late(desk: Desk) -> None:
    desk.sandbox.refund("imp_0", 4_000, "단순 변심")
    desk.executor.look(1)
    assert desk.get(1).state == "succeeded"


@pytest.mark.parametrize(("done", "state"), [(True, "succeeded"), (False, "refused")])
def test_settled_by_a_person_it_keeps_their_reason(desk: Desk, done: bool, state: str) -> None:
    journal.settle(desk.engine, 1, FINANCE, done=done, note="PG에 전화로 확인", now=desk.times.ours())
    ended = desk.get(1)
    assert (ended.state, ended.why, ended.note, ended.noted_by) == (
        state, Why.SETTLED_BY_PERSON, "PG에 전화로 확인", FINANCE.name
    )  # fmt: skip
    desk.run(60)
    assert desk.gate.posts == 1


def test_a_refund_settled_as_done_is_the_one_that_the_gateway_shows(sqlite_store: Engine) -> None:
    desk = Desk(sqlite_store, {CALL: Fault.LOST_AFTER})
    desk.gate.keeps = 2
    desk.sandbox.refund("imp_0", 4_000, "콘솔에서 환불")
    number = desk.refund()
    desk.run(1_000, every=60)
    assert (desk.get(number).state, desk.gate.posts) == ("needs_person", 1)
    desk.executor.settle_done(number, FINANCE, "콘솔에서 확인")
    made = desk.get(number)
    assert ([made.cancellation_id], made.cancel_amount) == (desk.made(number), 8_000)
    with reading(desk.engine) as conn:
        rows = search_refunds(conn, PaymentFilter(live=Live.ALL)).rows
    assert {(row.cancellation_id, row.requester, row.asked_by) for row in rows if row.operation_id} == {
        (made.cancellation_id, "customer", SUPPORT.name)
    }


@pytest.mark.parametrize("newer", [0, 86_400_000], ids=["older mirror", "newer mirror"])
def test_a_shortened_refund_settled_as_done_before_the_mirror_read_it_is_tied(desk: Desk, newer: int) -> None:
    # A clock that was set back since gives the mirror a row that no answer of today replaces.
    as_of = desk.executor.gateway.asked_at() + newer
    keep_payment(desk.engine, desk.executor.gateway.payment("imp_0"), as_of=as_of)
    made = desk.sandbox.refund("imp_0", 4_000, "단순")["cancel_history"][0]
    settled = desk.executor.settle_done(1, FINANCE, "콘솔에서 확인")
    assert (settled.state, settled.why, settled.note) == ("succeeded", Why.SETTLED_BY_PERSON, "콘솔에서 확인")
    assert (settled.cancellation_id, settled.cancel_amount) == (made["cancellation_id"], 4_000)
    with reading(desk.engine) as conn:
        assert audit.history(conn, 1)[-1]["actor"] == FINANCE.name
        rows = search_refunds(conn, PaymentFilter(live=Live.ALL)).rows
    assert [row.operation_id for row in rows] == ([] if newer else [1])


def test_a_charge_settled_as_done_names_the_payment_that_the_gateway_shows(sqlite_store: Engine) -> None:
    desk = Desk(sqlite_store, call_faults=[Fault.LOST_BEFORE])
    number = desk.charge()
    desk.run(1_300, every=60)
    order = desk.get(number).merchant_uid
    paid = desk.sandbox.add_payment(9_900, merchant_uid=order, customer_uid="key0", pg_provider="html5_inicis")
    settled = desk.executor.settle_done(number, FINANCE, "콘솔에서 확인")
    assert (settled.state, settled.why, settled.imp_uid) == ("succeeded", Why.SETTLED_BY_PERSON, paid["imp_uid"])


def test_what_the_gateway_does_not_show_is_settled_as_done_on_second_thought_only(desk: Desk) -> None:
    with pytest.raises(NotShown, match="does not show"):
        desk.executor.settle_done(1, FINANCE, "전화로 확인")
    assert (desk.get(1).state, desk.get(1).note) == ("needs_person", None)
    settled = desk.executor.settle_done(1, FINANCE, "전화로 확인", unseen=True)
    assert (settled.state, settled.cancellation_id, settled.note) == ("succeeded", None, "전화로 확인")


@pytest.mark.parametrize("unseen", [False, True])
def test_while_no_answer_comes_nothing_is_settled_as_done(desk: Desk, unseen: bool) -> None:
    desk.sandbox.refund("imp_0", 4_000, "단순")
    desk.faults = dict.fromkeys(range(desk.requests, desk.requests + 2), Fault.BAD_GATEWAY)
    with stamina.set_testing(True, attempts=2):
        with pytest.raises(OutcomeUnknown):
            desk.executor.settle_done(1, FINANCE, "콘솔에서 확인", unseen=unseen)
        assert desk.get(1).state == "needs_person"
        assert desk.executor.settle_done(1, FINANCE, "콘솔에서 확인", unseen=unseen).cancellation_id


def test_settled_as_done_twice_it_is_settled_once(desk: Desk) -> None:
    desk.sandbox.refund("imp_0", 4_000, "단순")
    whole, others = desk.gate.answer, ["재무팀이 확인"]

    def meanwhile(request: httpx.Request, operation: Operation | None, fault: str | None) -> httpx.Response:
        if others:
            desk.executor.settle_done(1, SUPPORT, others.pop())
        return whole(request, operation, fault)

    put_instead(desk.gate, "answer", meanwhile)
    with pytest.raises(Moved):
        desk.executor.settle_done(1, FINANCE, "콘솔에서 확인")
    assert (desk.get(1).noted_by, desk.get(1).note) == (SUPPORT.name, "재무팀이 확인")


@pytest.mark.parametrize("again", [False, True])
def test_an_answer_that_comes_when_a_person_is_at_it_already_is_the_proof(sqlite_store: Engine, again: bool) -> None:
    desk = Desk(sqlite_store)
    desk.gate.keeps = 2
    other, whole = desk.new_executor("elsewhere:2:2"), desk.gate.answer
    number = desk.refund()

    def late(request: httpx.Request, operation: Operation | None, fault: str | None) -> httpx.Response:
        answer = whole(request, operation, fault)
        if operation:
            for _minute in range(30):
                desk.wait(60)
                other.turn()
            assert desk.get(number).state == "needs_person"
            if again:
                journal.send_again(desk.engine, number, FINANCE, "다시", desk.times.ours())
        return answer

    put_instead(desk.gate, "answer", late)
    desk.run(60)
    assert (desk.get(number).state, [desk.get(number).cancellation_id]) == ("succeeded", desk.made(number))
    assert (desk.gate.posts, desk.gate.wrong) == (1, [])


def test_a_refund_of_somebody_elses_is_nobodys_proof(sqlite_store: Engine) -> None:
    desk = Desk(sqlite_store)
    first = desk.refund(1_000, token="first")
    desk.faults = {CALL + 2: Fault.LOST_BEFORE}
    desk.run()
    number = desk.refund(1_000, token="second")
    desk.run(1_000, every=60)
    assert [desk.get(one).state for one in (first, number)] == ["succeeded", "needs_person"]
    with pytest.raises(NotShown):
        desk.executor.settle_done(number, FINANCE, "전화로 확인")
    desk.executor.settle_done(number, FINANCE, "전화로 확인", unseen=True)
    assert desk.get(number).cancellation_id is None


def test_until_it_is_settled_nobody_else_refunds_the_payment(desk: Desk) -> None:
    with pytest.raises(Exception, match=SUPPORT.name):
        desk.refund(who=FINANCE, token="u")
    journal.settle(desk.engine, 1, FINANCE, done=False, note="확인", now=desk.times.ours())
    desk.refund(who=FINANCE, token="u")
    desk.run()
    assert desk.get(2).state == "succeeded"
