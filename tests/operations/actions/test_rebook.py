"""Booking a failed or revoked payment again: under its own order number, and only where nothing of it is paid."""

import json
from typing import Any

import pytest

from services.errors import Busy
from services.operations.actions.rebookings import as_sent, wanted_rebooking
from services.operations.journal.states import Why
from services.sandbox.faults import Fault
from tests.worlds.operations.desk import FINANCE, STRANGER, Desk
from tests.worlds.operations.refusals import refused_at

FAILS = "[한도초과] 카드 이용한도를 초과하였습니다."


@pytest.mark.parametrize(
    ("booking", "after", "field"),
    [
        ({}, 7_200, "merchant_uid"),
        ({"schedule_status": "executed", "payment_status": "paid"}, 7_200, "merchant_uid"),
        ({"schedule_status": "executed", "payment_status": "cancelled"}, 7_200, "merchant_uid"),
        ({"schedule_status": "revoked"}, 59, "schedule_at"),
    ],
)
def test_what_cannot_be_booked_again_names_its_field(
    desk: Desk, booking: dict[str, Any], after: int, field: str
) -> None:
    with refused_at(field):
        wanted_rebooking("t", desk.booked(**booking), desk.later(after), now=desk.times.at)


def test_a_stranger_is_refused_when_it_is_carried_out_too(desk: Desk) -> None:
    rebooking = wanted_rebooking("t", desk.ended(), desk.later(), now=desk.times.at)
    assert desk.why_not(rebooking, STRANGER) == (Why.NOT_ALLOWED, 0)


def test_a_time_that_has_come_close_by_now_is_not_sent(desk: Desk) -> None:
    number = desk.ask(wanted_rebooking("t", desk.ended(), desk.later(90), now=desk.times.at))
    desk.wait(31)
    desk.run()
    assert (desk.get(number).why, desk.gate.posts) == (Why.TOO_CLOSE, 0)


def test_a_second_one_waits_for_the_first(desk: Desk) -> None:
    failed = desk.ended()
    desk.ask(wanted_rebooking("t", failed, desk.later(), now=desk.times.at))
    with pytest.raises(Busy):
        desk.ask(wanted_rebooking("u", failed, desk.later(9_000), now=desk.times.at), who=FINANCE)


@pytest.mark.parametrize("revoked", [True, False])
def test_it_is_booked_again_by_what_was_shown_before(desk: Desk, revoked: bool) -> None:
    ended = desk.booked(schedule_status="revoked") if revoked else desk.ended()
    wanted = wanted_rebooking("t", ended, desk.later(), now=desk.times.at)
    number = desk.ask(wanted)
    desk.run()
    row, kept = desk.sandbox.world.schedules["order0"], desk.kept()
    assert desk.get(number).state == "succeeded"
    assert [json.loads(body) for body in desk.bodies] == [as_sent(wanted)] == [{"schedule_at": row["schedule_at"]}]
    assert (row["schedule_status"], row["schedule_at"]) == ("scheduled", desk.later())
    assert kept is not None
    assert (kept.schedule_status, kept.schedule_at) == ("scheduled", desk.later())


def test_a_rebooking_whose_answer_was_lost_is_seen_though_it_has_run_again_since(desk: Desk) -> None:
    number = desk.ask(wanted_rebooking("t", desk.ended(), desk.later(90), now=desk.times.at))
    desk.call_faults = [Fault.LOST_AFTER]
    desk.run()
    assert desk.get(number).state == "unknown"
    desk.wait(100)
    desk.run(30)
    row = desk.sandbox.world.schedules["order0"]
    assert (desk.get(number).state, desk.gate.posts) == ("succeeded", 1)
    assert (row["schedule_status"], row["fail_reason"]) == ("executed", FAILS)
    assert len(desk.sandbox.world.attempts["order0"]) == 2


def test_a_rebooking_that_never_arrived_needs_a_person_and_is_not_sent_again_by_itself(desk: Desk) -> None:
    number = desk.ask(wanted_rebooking("t", desk.ended(), desk.later(90_000), now=desk.times.at))
    desk.call_faults = [Fault.LOST_BEFORE]
    desk.run(3_000, every=50)
    assert (desk.get(number).state, desk.gate.posts) == ("needs_person", 1)
    assert desk.sandbox.world.schedules["order0"]["schedule_status"] == "executed"
