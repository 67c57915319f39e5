"""Naver Pay: an order is confirmed, and points are credited, once and for good; nothing shows it but our word."""

import itertools
import json
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from services.clock import DAY, date_to_day, day_start
from services.errors import Busy, Moved
from services.gateway import Gateway
from services.operations.actions.naver import confirmations, orders, points
from services.operations.actions.naver.orders import applies
from services.operations.journal import journal
from services.operations.journal.journal import Wanted
from services.operations.journal.states import Why
from services.sandbox.faults import Fault
from services.tables.journal import Operation
from services.tables.v1 import Payment
from tests.worlds.operations.desk import FINANCE, STRANGER, Desk
from tests.worlds.operations.gate import FAULTS, LATE, UNREACHED
from tests.worlds.operations.naver_orders import Confirming
from tests.worlds.operations.refusals import refused_at
from tests.worlds.operations.run import histories
from tests.worlds.operations.store import Journals
from tests.worlds.seeds import seeds

Ask = Callable[..., Wanted]
LOST = (Fault.LOST_AFTER, Fault.BAD_GATEWAY_AFTER, Fault.BROKEN_JSON, Fault.LOST_BEFORE, Fault.BAD_GATEWAY, LATE)


def confirm(desk: Desk, token: str = "t") -> Wanted:
    return confirmations.wanted_confirmation(token, order(desk), "customer")


def credit(desk: Desk, token: str = "t") -> Wanted:
    return points.wanted_points(token, order(desk))


def order(desk: Desk, **more: Any) -> Payment:
    return desk.payment(paid_at=int(desk.times.at) - DAY, **more)


BOTH = pytest.mark.parametrize("ask", [confirm, credit])


def done(desk: Desk) -> tuple[str | None, int]:
    """What stands at Naver Pay: who had the order confirmed, and how often points were credited."""
    world = desk.sandbox.world
    return world.naver_confirmed.get("imp_0"), world.naver_points.get("imp_0", 0)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"pg_provider": "kakaopay"}, "imp_uid"),
        ({"pg_provider": "naverco"}, "imp_uid"),
        ({"pg_provider": "html5_inicis", "pay_method": "naverpay"}, "imp_uid"),
        ({"status": "ready"}, "imp_uid"),
        ({"status": "failed"}, "imp_uid"),
        ({"status": "cancelled", "cancel_amount": 10_000}, "imp_uid"),
        ({"customer_uid_usage": "issue"}, "imp_uid"),
    ],
)
def test_only_a_paid_order_of_the_payment_type_is_asked_for(desk: Desk, more: dict[str, Any], field: str) -> None:
    with refused_at(field):
        confirmations.wanted_confirmation("t", order(desk, **more), "customer")
    with refused_at(field):
        points.wanted_points("t", order(desk, **more))


@pytest.mark.parametrize("requester", [None, "", "somebody"])
def test_who_asks_for_a_confirmation_is_chosen(desk: Desk, requester: str | None) -> None:
    with refused_at("requester"):
        confirmations.wanted_confirmation("t", order(desk), requester)


def test_it_applies_from_the_day_of_the_contract_on(desk: Desk) -> None:
    begins = date(2026, 9, 1)
    first = day_start(date_to_day(begins))
    assert not applies(desk.payment(paid_at=first - 1), begins)
    assert applies(desk.payment(paid_at=first), begins)
    assert not applies(desk.payment(paid_at=first), None)
    assert not applies(desk.payment(paid_at=first, status="ready"), begins)


def test_a_confirmation_says_who_asked_and_points_say_nothing(desk: Desk) -> None:
    numbers = [desk.ask(confirm(desk))]
    desk.run()
    numbers.append(desk.ask(credit(desk, "u")))
    desk.run()
    assert [desk.get(one).state for one in numbers] == ["succeeded", "succeeded"]
    assert done(desk) == ("customer", 1)
    assert [json.loads(body) for body in desk.bodies] == [{"requester": "customer"}, {}]


@BOTH
def test_what_was_done_is_never_asked_for_again(desk: Desk, ask: Ask) -> None:
    number = desk.ask(ask(desk))
    desk.run()
    with pytest.raises(Moved, match=f"operation {number} on imp_0"):
        desk.ask(ask(desk, "u"), who=FINANCE)
    assert desk.gate.posts == 1


@BOTH
def test_while_it_is_under_way_nobody_refunds_and_nobody_else_asks(desk: Desk, ask: Ask) -> None:
    desk.ask(ask(desk))
    with pytest.raises(Busy):
        desk.refund(token="u")
    with pytest.raises(Busy):
        desk.ask(ask(desk, "v"))


@BOTH
def test_a_stranger_is_refused_when_it_is_carried_out_too(desk: Desk, ask: Ask) -> None:
    assert desk.why_not(ask(desk), STRANGER) == (Why.NOT_ALLOWED, 0)


@BOTH
@pytest.mark.parametrize(("amount", "why"), [(10_000, Why.NOT_PAID), (4_000, Why.BALANCE_CHANGED)])
def test_what_was_refunded_since_the_person_looked_is_not_sent(desk: Desk, ask: Ask, amount: int, why: Why) -> None:
    wanted = ask(desk)
    desk.sandbox.refund("imp_0", amount, "콘솔에서 환불")
    assert desk.why_not(wanted) == (why, 0)


def test_naver_pays_refusal_comes_as_500_and_is_shown_word_for_word(desk: Desk) -> None:
    desk.sandbox.world.naver_confirmed["imp_0"] = "admin"  # in the console
    number = desk.ask(confirm(desk))
    desk.run()
    told = desk.get(number)
    assert (told.state, told.message, desk.gate.posts) == ("refused", "이미 거래완료 처리된 주문입니다.", 1)


@BOTH
@pytest.mark.parametrize("fault", LOST)
def test_a_lost_answer_waits_for_a_person_and_is_never_sent_by_itself(desk: Desk, ask: Ask, fault: str) -> None:
    number = desk.ask(ask(desk))
    desk.call_faults = [fault]
    desk.run(30, every=5)
    assert (desk.get(number).state, desk.get(number).why) == ("unknown", Why.NOT_SHOWN)
    desk.run(1_500, every=60)
    assert (desk.get(number).state, desk.get(number).why, desk.gate.posts) == ("needs_person", Why.NOT_SHOWN, 1)


@BOTH
def test_nobody_has_it_sent_once_more(desk: Desk, ask: Ask) -> None:
    number = lost(desk, ask)
    journal.send_again(desk.engine, number, FINANCE, "다시", desk.times.ours())
    desk.run(60)
    assert (desk.get(number).state, desk.get(number).why, desk.gate.posts) == ("needs_person", Why.NOT_SHOWN, 1)


@BOTH
def test_a_persons_word_that_it_was_done_is_enough_and_remembered(desk: Desk, ask: Ask) -> None:
    number = lost(desk, ask)
    desk.executor.settle_done(number, FINANCE, "네이버페이센터에서 확인")
    assert (desk.get(number).state, desk.get(number).why) == ("succeeded", Why.SETTLED_BY_PERSON)
    with pytest.raises(Moved):
        desk.ask(ask(desk, "u"))


@BOTH
def test_what_a_person_says_was_not_done_may_be_asked_for_anew(desk: Desk, ask: Ask) -> None:
    number = lost(desk, ask, Fault.LOST_BEFORE)
    journal.settle(desk.engine, number, FINANCE, done=False, note="네이버페이센터에 없음", now=desk.times.ours())
    again = desk.ask(ask(desk, "u"))
    desk.run()
    assert [desk.get(one).state for one in (number, again)] == ["refused", "succeeded"]


@BOTH
def test_a_gateway_that_is_not_reached_means_that_nothing_was_sent(desk: Desk, ask: Ask) -> None:
    number = desk.ask(ask(desk))
    desk.call_faults = [UNREACHED] * 3
    desk.run(30)
    assert (desk.get(number).state, desk.get(number).why, desk.gate.posts) == ("expired", Why.UNREACHABLE, 0)


def lost(desk: Desk, ask: Ask, fault: str = Fault.LOST_AFTER) -> int:
    """One whose answer was lost, until it waits for a person."""
    number = desk.ask(ask(desk))
    desk.call_faults = [fault]
    desk.run(1_500, every=60)
    assert desk.get(number).state == "needs_person"
    return number


def test_any_fault_at_any_request_leaves_it_done_once_or_with_a_person(tmp_path: Path) -> None:
    journals, states = Journals(tmp_path), set()
    every = list(itertools.product((confirm, credit), (*FAULTS, LATE), range(5)))
    for ask, fault, index in random.Random(7).sample(every, seeds(len(every), least=20)):
        desk, operation = carried_out(journals.empty(), ask, {index: fault})
        states.add(operation.state)
        told, made = (ask.__name__, fault, index, operation.state), desk.made(operation.id)
        assert not desk.gate.wrong, told
        assert len(made) <= 1, told
        assert made or operation.state != "succeeded", told
        assert not made or operation.state in ("succeeded", "needs_person"), told
    assert states <= {"succeeded", "refused", "needs_person", "expired"}
    assert {"succeeded", "needs_person"} <= states


def carried_out(engine: Engine, ask: Ask, faults: dict[int, str]) -> tuple[Desk, Operation]:
    """One carried out with faults, 25 minutes later."""
    desk = Desk(engine, faults)
    number = desk.ask(ask(desk))
    for seconds, every in ((20, 5), (1_500, 180)):
        desk.run(seconds, every=every)
    return desk, desk.get(number)


def test_whatever_happens_an_order_is_confirmed_and_credited_once_and_the_journal_says_so(tmp_path: Path) -> None:
    # By hand, and with what was seen: `python -m tests.worlds.operations.run 0 2000 naver`.
    for found in histories(Journals(tmp_path), range(seeds(2_000, least=4)), kind=Confirming):
        assert not found.wrong, f"seed {found.seed}: {found.wrong}"


def test_without_the_word_never_again_the_simulator_turns_red(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def as_if_for_the_first_time(gateway: Gateway, operation: Operation) -> None:
        orders.prepare(gateway, operation.model_copy(update={"fence": 0, "why": None}))

    for action in (confirmations, points):
        monkeypatch.setattr(action, "prepare", as_if_for_the_first_time)
    assert any(found.wrong for found in histories(Journals(tmp_path), range(60), kind=Confirming))
