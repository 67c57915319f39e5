"""Moving a booked payment: refused where it is too late, and what ran meanwhile is shown and left as it is."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from services.errors import Busy
from services.operations.actions.moves import as_sent, wanted_move
from services.operations.actions.revocations import wanted_revocation
from services.operations.journal.states import Why
from services.sandbox.faults import Fault
from services.store.engine import reading
from services.store.lists.one import get_payment
from tests.worlds.instead import put_instead
from tests.worlds.operations.desk import FINANCE, STRANGER, Desk
from tests.worlds.operations.gate import LATE, changes_something
from tests.worlds.operations.refusals import refused_at


@pytest.mark.parametrize(
    ("booking", "after", "field"),
    [
        ({"schedule_status": "revoked"}, 7_200, "merchant_uid"),
        ({"schedule_status": "executed", "payment_status": "failed"}, 7_200, "merchant_uid"),
        ({"after": 59}, 7_200, "merchant_uid"),
        ({}, 59, "schedule_at"),
        ({}, 3_600, "schedule_at"),
    ],
)
def test_what_cannot_be_moved_names_its_field(desk: Desk, booking: dict[str, Any], after: int, field: str) -> None:
    with refused_at(field):
        wanted_move("t", desk.booked(**booking), desk.later(after), now=desk.times.at)


def test_a_stranger_is_refused_when_it_is_carried_out_too(desk: Desk) -> None:
    move = wanted_move("t", desk.booked(), desk.later(), now=desk.times.at)
    assert desk.why_not(move, STRANGER) == (Why.NOT_ALLOWED, 0)


@pytest.mark.parametrize(("left", "why"), [(59, Why.TOO_CLOSE), (61, None)])
def test_within_a_minute_by_the_gateways_clock_nothing_is_moved(desk: Desk, left: int, why: Why | None) -> None:
    desk.times.off = -3_000
    schedule = desk.booked(after=left)
    assert desk.why_not(wanted_move("t", schedule, desk.later(), now=desk.times.ours())) == (why, 0 if why else 1)


def test_a_new_time_that_has_come_close_by_now_is_not_sent(desk: Desk) -> None:
    number = desk.ask(wanted_move("t", desk.booked(), desk.later(90), now=desk.times.at))
    desk.wait(31)
    desk.run()
    assert (desk.get(number).why, desk.gate.posts) == (Why.TOO_CLOSE, 0)


def test_what_was_revoked_elsewhere_since_is_left_alone(desk: Desk) -> None:
    number = desk.ask(wanted_move("t", desk.booked(), desk.later(), now=desk.times.at))
    desk.booked(schedule_status="revoked")
    desk.run()
    assert (desk.get(number).why, desk.gate.posts) == (Why.NOT_BOOKED, 0)


def test_while_it_is_moved_nobody_else_touches_it_nor_all_of_its_keys(desk: Desk) -> None:
    first, second = desk.booked(), desk.booked("order1")
    desk.ask(wanted_move("t", first, desk.later(), now=desk.times.at))
    for asked in (
        wanted_move("u", first, desk.later(9_000), now=desk.times.at),
        wanted_revocation("v", [first, second], reason="해지", now=desk.times.at),
    ):
        with pytest.raises(Busy):
            desk.ask(asked, who=FINANCE)


def test_it_is_moved_by_what_was_shown_before(desk: Desk) -> None:
    wanted = wanted_move("t", desk.booked(), desk.later(), now=desk.times.at)
    number = desk.ask(wanted)
    desk.run()
    assert desk.get(number).state == "succeeded"
    assert [json.loads(body) for body in desk.bodies] == [as_sent(wanted)] == [{"schedule_at": desk.later()}]
    assert desk.sandbox.world.schedules["order0"]["schedule_at"] == desk.later()
    kept = desk.kept()
    assert kept is not None
    assert kept.schedule_at == desk.later()


def test_what_ran_before_it_was_moved_stands_with_its_payment_and_is_not_booked_again(desk: Desk) -> None:
    number = desk.ask(wanted_move("t", desk.booked(after=120), desk.later(), now=desk.times.at))
    desk.wait(121)
    desk.run(3_000, every=100)
    row = desk.sandbox.world.schedules["order0"]
    told = desk.get(number)
    assert (told.state, told.why, told.imp_uid) == ("refused", Why.EXECUTED_MEANWHILE, row["imp_uid"])
    with reading(desk.engine) as conn:
        payment = get_payment(conn, row["imp_uid"])
    assert payment is not None
    assert (payment.status, payment.merchant_uid) == ("paid", "order0")
    assert (desk.gate.posts, row["schedule_status"]) == (0, "executed")


def test_what_runs_between_the_last_look_and_the_call_stands_with_its_payment(desk: Desk) -> None:
    number = desk.ask(wanted_move("t", desk.booked(after=70), desk.later(), now=desk.times.at))
    before_the_call(desk, lambda: setattr(desk.times, "at", desk.times.at + 75))
    desk.run(30)
    row = desk.sandbox.world.schedules["order0"]
    assert (desk.get(number).state, desk.gate.posts) == ("refused", 1)
    assert desk.get(number).message == "이미 실행되었거나 취소된 결제예약입니다."
    assert row["schedule_status"] == "executed"


def before_the_call(desk: Desk, happens: Callable[[], None]) -> None:
    """Something happens when the call is on its way."""
    answer = desk.gate.answer

    def answering(request: httpx.Request, *more: Any) -> httpx.Response:
        if changes_something(request):
            happens()
        return answer(request, *more)

    put_instead(desk.gate, "answer", answering)


@pytest.mark.parametrize("fault", [Fault.LOST_AFTER, Fault.BROKEN_JSON])
def test_a_move_whose_answer_was_lost_is_seen_at_its_new_time(desk: Desk, fault: Fault) -> None:
    number = desk.ask(wanted_move("t", desk.booked(), desk.later(), now=desk.times.at))
    desk.call_faults = [fault]
    desk.run(30)
    assert (desk.get(number).state, desk.gate.posts) == ("succeeded", 1)


def test_a_move_that_comes_too_late_is_told_as_executed(desk: Desk) -> None:
    number = desk.ask(wanted_move("t", desk.booked(after=70), desk.later(), now=desk.times.at))
    desk.call_faults = [LATE]
    desk.run(2_000, every=20)
    row = desk.sandbox.world.schedules["order0"]
    assert (desk.get(number).state, desk.get(number).why) == ("refused", Why.EXECUTED_MEANWHILE)
    assert len([one for one in desk.sandbox.payments.values() if one["merchant_uid"] == "order0"]) == 1
    assert desk.get(number).imp_uid == row["imp_uid"]
