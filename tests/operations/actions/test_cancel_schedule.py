"""Revoking booked payments: exactly those that were named, and never what ran meanwhile."""

import json
from typing import Any

import pytest

from services.errors import Busy, InvalidRequest
from services.gateway.requests import UnscheduleRequest
from services.operations.actions.revocations import as_sent, wanted_revocation
from services.operations.journal.states import Why
from services.sandbox.faults import Fault
from tests.worlds.operations.desk import FINANCE, STRANGER, Desk
from tests.worlds.operations.gate import LATE, REFUSAL, WORDS
from tests.worlds.operations.refusals import refused_at


def states(desk: Desk) -> dict[str, str]:
    return {order: row["schedule_status"] for order, row in desk.sandbox.world.schedules.items()}


@pytest.mark.parametrize(
    "booking",
    [{"schedule_status": "revoked"}, {"schedule_status": "executed", "payment_status": "paid"}, {"after": 59}],
)
def test_what_cannot_be_revoked_names_its_field(desk: Desk, booking: dict[str, Any]) -> None:
    with refused_at("merchant_uid"):
        wanted_revocation("t", [desk.booked(**booking)], reason="해지", now=desk.times.at)


def test_a_reason_is_needed(desk: Desk) -> None:
    with refused_at("reason"):
        wanted_revocation("t", [desk.booked()], reason=" ", now=desk.times.at)


def test_nothing_and_two_keys_are_no_revocation(desk: Desk) -> None:
    for chosen in ([], [desk.booked(), desk.booked("order1", key="key1")]):
        with pytest.raises(InvalidRequest):
            wanted_revocation("t", chosen, reason="해지", now=desk.times.at)


def test_a_request_without_order_numbers_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="order numbers"):
        UnscheduleRequest("key0", ()).body()


def test_a_stranger_is_refused_when_it_is_carried_out_too(desk: Desk) -> None:
    revocation = wanted_revocation("t", [desk.booked()], reason="해지", now=desk.times.at)
    assert desk.why_not(revocation, STRANGER) == (Why.NOT_ALLOWED, 0)


def test_within_a_minute_by_the_gateways_clock_nothing_is_revoked(desk: Desk) -> None:
    desk.times.off = -3_000
    schedules = [desk.booked(), desk.booked("order1", after=59)]
    assert desk.why_not(wanted_revocation("t", schedules, reason="해지", now=desk.times.ours())) == (Why.TOO_CLOSE, 0)
    assert states(desk) == {"order0": "scheduled", "order1": "scheduled"}


def test_where_one_of_them_ran_since_none_is_revoked_and_its_payment_is_named(desk: Desk) -> None:
    schedules = [desk.booked(after=90), desk.booked("order1")]
    number = desk.ask(wanted_revocation("t", schedules, reason="해지", now=desk.times.at))
    desk.wait(91)
    desk.run()
    paid = desk.sandbox.world.schedules["order0"]["imp_uid"]
    told = desk.get(number)
    assert (told.why, told.imp_uid, desk.gate.posts) == (Why.EXECUTED_MEANWHILE, paid, 0)
    assert states(desk) == {"order0": "executed", "order1": "scheduled"}


def test_exactly_the_named_ones_are_revoked_by_what_was_shown_before(desk: Desk) -> None:
    schedules = [desk.booked(), desk.booked("order1")]
    desk.booked("order2")
    wanted = wanted_revocation("t", schedules, reason="해지", now=desk.times.at)
    number = desk.ask(wanted)
    desk.run()
    assert (desk.get(number).state, desk.get(number).reason) == ("succeeded", "해지")
    assert [json.loads(body) for body in desk.bodies] == [as_sent(wanted)]
    assert as_sent(wanted) == {"customer_uid": "key0", "merchant_uid": ["order0", "order1"]}
    assert states(desk) == {"order0": "revoked", "order1": "revoked", "order2": "scheduled"}
    assert [kept.schedule_status for one in ("order0", "order1") if (kept := desk.kept(one))] == ["revoked"] * 2


def test_while_all_of_a_key_are_revoked_nobody_touches_one_of_them(desk: Desk) -> None:
    schedules = [desk.booked(), desk.booked("order1")]
    desk.ask(wanted_revocation("t", schedules, reason="해지", now=desk.times.at))
    with pytest.raises(Busy):
        desk.ask(wanted_revocation("u", schedules[:1], reason="해지", now=desk.times.at), who=FINANCE)


def test_a_refusal_is_kept_word_for_word(desk: Desk) -> None:
    number = desk.ask(wanted_revocation("t", [desk.booked()], reason="해지", now=desk.times.at))
    desk.call_faults = [REFUSAL]
    desk.run()
    assert (desk.get(number).state, desk.get(number).message) == ("refused", WORDS)
    assert states(desk) == {"order0": "scheduled"}


def test_a_revocation_whose_answer_was_lost_is_seen(desk: Desk) -> None:
    number = desk.ask(wanted_revocation("t", [desk.booked()], reason="해지", now=desk.times.at))
    desk.call_faults = [Fault.LOST_AFTER]
    desk.run(30)
    assert (desk.get(number).state, desk.gate.posts) == ("succeeded", 1)


def test_a_revocation_that_comes_too_late_is_told_as_executed_and_not_repeated(desk: Desk) -> None:
    number = desk.ask(wanted_revocation("t", [desk.booked(after=70)], reason="해지", now=desk.times.at))
    desk.call_faults = [LATE]
    desk.run(2_000, every=20)
    told, row = desk.get(number), desk.sandbox.world.schedules["order0"]
    assert (told.state, told.why, told.imp_uid) == ("refused", Why.EXECUTED_MEANWHILE, row["imp_uid"])
    assert (row["payment_status"], desk.gate.posts) == ("paid", 1)
