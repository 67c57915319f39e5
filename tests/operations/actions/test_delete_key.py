"""Deleting a billing key: never while anything is booked on it, with who asked and why, and gone once."""

import re
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from services.errors import Busy
from services.operations.actions.bookings import BookingForm, wanted_booking
from services.operations.actions.key_deletions import as_sent, wanted_deletion
from services.operations.journal.journal import Wanted
from services.operations.journal.states import Why
from services.sandbox.faults import Fault
from services.store.engine import reading, writing
from services.store.lists.one import get_billing_key
from services.store.writes.keys import discover_billing_keys
from services.tables.v1 import BillingKey
from tests.worlds.operations.desk import FINANCE, STRANGER, Desk
from tests.worlds.operations.gate import LATE
from tests.worlds.operations.refusals import refused_at
from tests.worlds.sandboxes import DAY

KEY = BillingKey(customer_uid="key0", pg_provider="naverpay")


@pytest.fixture
def desk(sqlite_store: Engine) -> Desk:
    desk = Desk(sqlite_store)
    with writing(sqlite_store) as conn:
        discover_billing_keys(conn, ["key0"])
    desk.sandbox.world.billing_keys["key0"]["pg_provider"] = "naverpay"
    return desk


def wanted(token: str = "t", **more: Any) -> Wanted:
    given: dict[str, Any] = {"reason": "회원 탈퇴", "requester": "customer", "booked": 0}
    return wanted_deletion(token, more.pop("key", KEY), **(given | more))


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"requester": None}, "requester"),
        ({"requester": ""}, "requester"),
        ({"requester": "somebody"}, "requester"),
        ({"booked": 2}, "customer_uid"),
        ({"key": BillingKey(customer_uid="key0", deleted_at=1)}, "customer_uid"),
    ],
)
def test_a_form_that_cannot_be_sent_names_its_field(more: dict[str, Any], field: str) -> None:
    with refused_at(field):
        wanted(**more)


def test_a_stranger_is_refused_when_it_is_carried_out_too(desk: Desk) -> None:
    assert desk.why_not(wanted(), STRANGER) == (Why.NOT_ALLOWED, 0)


@pytest.mark.parametrize("after", [90, 45 * DAY, 700 * DAY])
def test_a_key_with_two_booked_payments_is_not_deleted_whatever_the_form_knew(desk: Desk, after: int) -> None:
    desk.booked("order0", after=after)
    desk.booked("order1", after=after + DAY)
    number = desk.ask(wanted())
    desk.run()
    assert (desk.get(number).state, desk.get(number).why, desk.gate.posts) == ("refused", Why.STILL_BOOKED, 0)
    assert "key0" in desk.sandbox.world.billing_keys
    assert [kept.schedule_status for one in ("order0", "order1") if (kept := desk.kept(one))] == ["scheduled"] * 2


def test_what_is_booked_and_cannot_be_read_stands_in_the_way(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.booked("order0", after=90)
    answer = desk.gate.answer

    def odd(*asked: Any) -> httpx.Response:
        given = answer(*asked)
        return httpx.Response(given.status_code, content=re.sub(rb'"amount": ?[0-9]+', b'"amount":null', given.content))

    monkeypatch.setattr(desk.gate, "answer", odd)
    number = desk.ask(wanted())
    desk.run(30)
    assert (desk.get(number).state, desk.gate.posts) == ("intent", 0)
    monkeypatch.undo()
    desk.run(30)
    assert (desk.get(number).why, desk.gate.posts) == (Why.STILL_BOOKED, 0)


def test_what_has_run_or_was_revoked_stands_in_no_ones_way(desk: Desk) -> None:
    desk.booked("order0", schedule_status="revoked")
    desk.booked("order1", after=-DAY)
    number = desk.ask(wanted())
    desk.run()
    assert desk.get(number).state == "succeeded"


def test_while_it_is_deleted_nobody_books_on_it(desk: Desk) -> None:
    desk.ask(wanted())
    form = BookingForm(int(desk.times.at) + DAY, 9_900, "구독")
    with pytest.raises(Busy):
        desk.ask(wanted_booking("u", KEY, [form], minimum=100, now=desk.times.at), who=FINANCE)


def test_it_is_deleted_with_who_asked_and_why(desk: Desk) -> None:
    asked = wanted()
    number = desk.ask(asked)
    desk.run()
    assert desk.get(number).state == "succeeded"
    assert desk.queries == [as_sent(asked)] == [{"reason": "회원 탈퇴", "extra[requester]": "customer"}]
    assert "key0" not in desk.sandbox.world.billing_keys
    assert _deleted_at(desk) is not None


def test_one_that_is_gone_already_is_told_and_marked(desk: Desk) -> None:
    number = desk.ask(wanted())
    del desk.sandbox.world.billing_keys["key0"]
    desk.run()
    told = desk.get(number)
    assert (told.state, told.why, desk.gate.posts) == ("refused", Why.KEY_DELETED, 0)
    assert told.message == "요청하신 customer_uid(key0)로 등록된 정보를 찾을 수 없습니다."
    assert _deleted_at(desk) is not None


@pytest.mark.parametrize("fault", [Fault.LOST_AFTER, Fault.BROKEN_JSON, LATE])
def test_a_deletion_whose_answer_was_lost_is_seen_by_its_404(desk: Desk, fault: str) -> None:
    number = desk.ask(wanted())
    desk.call_faults = [fault]
    desk.run(1_500, every=10)
    assert (desk.get(number).state, desk.gate.posts) == ("succeeded", 1)
    assert _deleted_at(desk) is not None


def _deleted_at(desk: Desk) -> int | None:
    with reading(desk.engine) as conn:
        key = get_billing_key(conn, "key0")
    return key.deleted_at if key else None
