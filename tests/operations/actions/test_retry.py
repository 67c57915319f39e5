"""Charging a failed or revoked schedule now: once, under its own order number, the PG's words as they are."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from services.clock import DAY
from services.errors import Busy
from services.operations.actions.rebookings import wanted_rebooking
from services.operations.actions.retries import as_sent, wanted_retry
from services.operations.journal.journal import Wanted
from services.operations.journal.states import Why
from services.sandbox.faults import Fault
from services.store.engine import reading
from services.store.lists.one import get_payment
from services.tables.v1 import Schedule
from tests.worlds.operations.desk import FINANCE, STRANGER, Desk
from tests.worlds.operations.refusals import refused_at
from tests.worlds.sandboxes import UNTIL

FAILS = "[한도초과] 카드 이용한도를 초과하였습니다."
Asking = Callable[[str, Schedule], Wanted]
ASKING: list[Asking] = [
    wanted_retry,
    lambda token, one: wanted_rebooking(token, one, UNTIL + 9 * DAY, now=UNTIL),
]
"""Both ways to charge what failed; a rebooking comes back to it later."""


def mended(desk: Desk) -> None:
    """The buyer's card works again."""
    desk.sandbox.world.broken_keys.clear()


@pytest.mark.parametrize(
    "booking",
    [{}, {"schedule_status": "executed", "payment_status": "paid"},
     {"schedule_status": "executed", "payment_status": "cancelled"}],
)  # fmt: skip
def test_what_cannot_be_charged_again_names_its_field(desk: Desk, booking: dict[str, Any]) -> None:
    with refused_at("merchant_uid"):
        wanted_retry("t", desk.booked(**booking))


def test_a_stranger_is_refused_when_it_is_carried_out_too(desk: Desk) -> None:
    assert desk.why_not(wanted_retry("t", desk.ended()), STRANGER) == (Why.NOT_ALLOWED, 0)


@pytest.mark.parametrize(
    ("since", "why"),
    [
        ({"schedule_status": "scheduled", "payment_status": None}, Why.NOT_BOOKED),
        ({"schedule_status": "executed", "payment_status": "paid"}, Why.EXECUTED_MEANWHILE),
    ],
)
@pytest.mark.parametrize("ask", ASKING)
def test_what_was_booked_or_paid_elsewhere_since_is_left_alone(
    desk: Desk, ask: Asking, since: dict[str, Any], why: Why
) -> None:
    number = desk.ask(ask("t", desk.ended()))
    world = desk.sandbox.world
    world.put_schedule(world.schedules["order0"] | since | {"schedule_at": desk.later(9_000)})
    desk.run()
    assert (desk.get(number).why, desk.gate.posts) == (why, 0)


def test_a_second_one_waits_for_the_first(desk: Desk) -> None:
    failed = desk.ended()
    desk.ask(wanted_retry("t", failed))
    with pytest.raises(Busy):
        desk.ask(wanted_retry("u", failed), who=FINANCE)


def test_one_that_fails_again_keeps_its_reason_word_for_word(desk: Desk) -> None:
    wanted = wanted_retry("t", desk.ended())
    number = desk.ask(wanted)
    desk.run()
    told = desk.get(number)
    assert (told.state, told.message, told.why) == ("refused", FAILS, None)
    assert [json.loads(body or b"{}") for body in desk.bodies] == [as_sent(wanted)]
    assert told.imp_uid == desk.sandbox.world.schedules["order0"]["imp_uid"]


def test_it_is_charged_once_and_payment_and_schedule_show_it_at_once(desk: Desk) -> None:
    number = desk.ask(wanted_retry("t", desk.ended()))
    mended(desk)
    desk.run(30)
    told, kept = desk.get(number), desk.kept()
    assert (told.state, [told.imp_uid]) == ("succeeded", desk.made(number))
    assert kept is not None
    assert (kept.payment_status, kept.imp_uid, kept.fail_reason) == ("paid", told.imp_uid, None)
    with reading(desk.engine) as conn:
        payment = get_payment(conn, told.imp_uid or "")
    assert payment is not None
    assert (payment.status, payment.merchant_uid) == ("paid", "order0")


@pytest.mark.parametrize("fault", [Fault.LOST_AFTER, Fault.BROKEN_JSON, Fault.BAD_GATEWAY_AFTER])
def test_a_retry_whose_answer_was_lost_is_found_by_its_new_payment(desk: Desk, fault: Fault) -> None:
    number = desk.ask(wanted_retry("t", desk.ended()))
    mended(desk)
    desk.call_faults = [fault]
    desk.run(30)
    assert (desk.get(number).state, desk.gate.posts) == ("succeeded", 1)
    assert (kept := desk.kept()) is not None
    assert kept.payment_status == "paid"


def test_the_payment_that_failed_before_is_not_taken_for_the_retry(desk: Desk) -> None:
    number = desk.ask(wanted_retry("t", desk.ended()))
    desk.call_faults = [Fault.LOST_BEFORE]
    desk.run(3_000, every=50)
    assert (desk.get(number).state, desk.gate.posts) == ("needs_person", 1)


def test_a_look_at_the_schedule_that_fails_after_the_charge_makes_it_no_less_done(desk: Desk) -> None:
    number = desk.ask(wanted_retry("t", desk.ended()))
    mended(desk)
    # Token, channels, schedule, its attempts, the call: what comes after it.
    desk.faults = dict.fromkeys(range(desk.requests + 5, desk.requests + 9), Fault.BAD_GATEWAY)
    desk.run()
    assert (desk.get(number).state, desk.gate.posts) == ("succeeded", 1)


@pytest.mark.parametrize("ask", ASKING)
def test_one_whose_payment_was_paid_after_all_is_not_charged_again(desk: Desk, ask: Asking) -> None:
    """The payment turns, and the schedule goes on saying that it failed."""
    failed = desk.ended()
    world = desk.sandbox.world
    late = {"status": "paid", "paid_at": int(desk.times.at), "failed_at": 0, "fail_reason": None}
    world.put_payment(world.payments[failed.imp_uid or ""] | late)
    number = desk.ask(ask("t", failed))
    desk.run()
    assert (desk.get(number).state, desk.get(number).why, desk.gate.posts) == ("refused", Why.EXECUTED_MEANWHILE, 0)
    assert desk.get(number).imp_uid == failed.imp_uid


@pytest.mark.parametrize("pg", ["paypal", "paypal_v2", "paymentwall"])
def test_where_the_pg_may_take_a_failure_back_it_is_waited_for(desk: Desk, pg: str) -> None:
    failed = desk.ended()
    world = desk.sandbox.world
    failure = world.payments[failed.imp_uid or ""] | {"pg_provider": pg, "failed_at": int(desk.times.at) - 60}
    world.put_payment(failure)
    number = desk.ask(wanted_retry("t", failed))
    desk.run()
    assert (desk.get(number).state, desk.get(number).why, desk.gate.posts) == ("refused", Why.FAILED_FOR_NOW, 0)
    world.put_payment(failure | {"failed_at": int(desk.times.at) - 3_600})
    desk.ask(wanted_retry("u", failed))
    desk.run()
    assert desk.gate.posts == 1
