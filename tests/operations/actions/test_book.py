"""Booking: refused before anything is written, stopped before anything is sent, booked once by its own number."""

import json
import re
from dataclasses import replace
from typing import Any

import httpx
import pytest

from services.clock import DAY, seoul
from services.errors import Busy, InvalidRequest
from services.mirror.keep import read_key_again
from services.operations.actions.bookings import BookingForm, as_sent, order_numbers, wanted_booking
from services.operations.journal.journal import Wanted
from services.operations.journal.states import Why
from services.sandbox.faults import Fault
from services.store.engine import reading
from services.store.lists.unreadable import list_unreadable
from services.tables.v1 import BillingKey
from tests.worlds.operations.desk import FINANCE, STRANGER, Desk
from tests.worlds.operations.refusals import refused_at
from tests.worlds.sandboxes import UNTIL

FORM = BookingForm(schedule_at=UNTIL + DAY, amount=9_900, name="구독")


def wanted(
    pg: str = "html5_inicis",
    *,
    deleted: bool = False,
    times: int = 1,
    token: str = "t",
    now: float = UNTIL,
    **form: Any,
) -> Wanted:
    key = BillingKey(customer_uid="key0", pg_provider=pg, deleted_at=1 if deleted else None)
    return wanted_booking(token, key, [replace(FORM, **form)] * times, minimum=100, now=now)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"amount": None}, "amount"),
        ({"amount": 0}, "amount"),
        ({"amount": 99, "pg": "naverpay"}, "amount"),
        ({"name": " "}, "name"),
        ({"name": "이" * 41}, "name"),
        ({"tax_free": 9_901}, "tax_free"),
        ({"schedule_at": UNTIL + 59}, "schedule_at"),
        ({"schedule_at": UNTIL + 6 * 366 * DAY}, "schedule_at"),
        ({"naver_use_cfm": "20991231"}, "naver_use_cfm"),
        ({"naver_use_cfm": "2099-1-1", "pg": "naverpay"}, "naver_use_cfm"),
        ({"deleted": True}, "customer_uid"),
        ({"times": 0}, "schedules"),
        ({"times": 101}, "schedules"),
    ],
)
def test_a_form_that_cannot_be_sent_names_its_field(form: dict[str, Any], field: str) -> None:
    with refused_at(field):
        wanted(**form)


def test_a_series_is_in_one_currency() -> None:
    key = BillingKey(customer_uid="key0", pg_provider="html5_inicis")
    with pytest.raises(InvalidRequest, match="one currency"):
        wanted_booking("t", key, [FORM, replace(FORM, currency="USD")], minimum=100, now=UNTIL)


def test_the_day_of_use_is_not_before_the_day_of_the_payment() -> None:
    payment_day, today = f"{seoul(FORM.schedule_at):%Y%m%d}", f"{seoul(UNTIL):%Y%m%d}"
    assert wanted("naverpay", naver_use_cfm=payment_day).amount == 9_900
    with pytest.raises(InvalidRequest, match="day of payment"):
        wanted("naverpay", naver_use_cfm=today)


def test_a_stranger_is_refused_when_it_is_carried_out_too(desk: Desk) -> None:
    assert desk.why_not(wanted(), STRANGER) == (Why.NOT_ALLOWED, 0)


def test_on_a_key_that_was_deleted_since_nothing_is_booked(desk: Desk) -> None:
    number = desk.ask(wanted())
    del desk.sandbox.world.billing_keys["key0"]
    desk.run()
    assert (desk.get(number).state, desk.get(number).why, desk.gate.posts) == ("refused", Why.KEY_DELETED, 0)


def test_less_than_a_minute_before_its_time_by_the_gateways_clock_nothing_is_booked(desk: Desk) -> None:
    desk.times.off = -300
    assert desk.why_not(wanted(schedule_at=int(desk.times.at) + 59, now=desk.times.ours())) == (Why.TOO_CLOSE, 0)


def test_a_second_booking_on_a_key_waits_for_the_first(desk: Desk) -> None:
    desk.ask(wanted())
    with pytest.raises(Busy):
        desk.ask(wanted(token="u"), who=FINANCE)


def test_a_series_is_one_call_of_what_was_shown_before(desk: Desk) -> None:
    series = wanted(times=3, tax_free=900)
    number = desk.ask(series)
    desk.run()
    orders = order_numbers(desk.get(number))
    assert (desk.get(number).state, desk.get(number).amount, len(set(orders))) == ("succeeded", 29_700, 3)
    assert json.loads(desk.bodies[0]) == json.loads(json.dumps(as_sent(series), default=int))
    assert len(desk.bodies) == 1
    assert set(orders) == set(desk.sandbox.world.schedules)
    assert {kept.schedule_status for order in orders if (kept := desk.kept(order))} == {"scheduled"}


def test_a_booked_row_that_cannot_be_read_is_told_of_and_comes_with_the_next_reading(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = desk.gate.answer

    def odd(*asked: Any) -> httpx.Response:
        given = answer(*asked)
        return httpx.Response(
            given.status_code, content=re.sub(rb'"amount": ?9900', b'"amount":"many"', given.content, count=1)
        )

    monkeypatch.setattr(desk.gate, "answer", odd)
    number = desk.ask(wanted(times=2))
    desk.run()
    missing, kept = order_numbers(desk.get(number))
    assert desk.get(number).state == "succeeded"
    assert (desk.kept(missing), desk.kept(kept) is None) == (None, False)
    with reading(desk.engine) as conn:
        assert [(one.kind, one.uid, one.reason) for one in list_unreadable(conn, 9)] == [
            ("schedule", missing, "amount")
        ]
    monkeypatch.undo()
    read_key_again(desk.executor.gateway, desk.engine, "key0")
    assert desk.kept(missing) is not None
    with reading(desk.engine) as conn:
        assert not list_unreadable(conn, 9)


def test_each_entry_has_its_own_day_of_use_and_the_keys_buyer(desk: Desk) -> None:
    key = desk.sandbox.world.billing_keys["key0"]
    key |= {"pg_provider": "naverpay", "customer_name": "홍길동", "customer_tel": "010-1234-5678"}
    of_key = BillingKey(customer_uid="key0", pg_provider="naverpay")
    days = ("20991230", "20991231")
    forms = [replace(FORM, naver_use_cfm=day) for day in days]
    number = desk.ask(wanted_booking("t", of_key, forms, minimum=100, now=UNTIL))
    desk.run()
    assert [one["extra"]["naverUseCfm"] for one in json.loads(desk.bodies[0])["schedules"]] == list(days)
    rows = [desk.sandbox.world.schedules[order] for order in order_numbers(desk.get(number))]
    assert {(row["buyer_name"], row["buyer_tel"]) for row in rows} == {("홍길동", "010-1234-5678")}


def test_a_refusal_is_kept_word_for_word_and_books_nothing(desk: Desk) -> None:
    desk.sandbox.world.billing_keys["key0"]["pg_provider"] = "naverpay"
    number = desk.ask(wanted(amount=50, times=2))
    desk.run()
    assert (desk.get(number).state, desk.get(number).message) == ("refused", "최소 결제 금액은 100원입니다")
    assert list(desk.sandbox.world.schedules) == []


@pytest.mark.parametrize("fault", [Fault.LOST_AFTER, Fault.BROKEN_JSON, Fault.BAD_GATEWAY_AFTER])
def test_a_booking_whose_answer_was_lost_is_found_by_its_order_numbers(desk: Desk, fault: Fault) -> None:
    number = desk.ask(wanted(times=2))
    desk.call_faults = [fault]
    desk.run(30)
    assert (desk.get(number).state, len(desk.bodies), len(desk.sandbox.world.schedules)) == ("succeeded", 1, 2)
