"""What goes with a charge or a booking besides: by PG, checked, by V1's names; the shop's own order number once."""

import json
from typing import Any

import pytest

from services.errors import InvalidRequest
from services.operations.actions.bookings import BookingForm, wanted_booking
from services.operations.actions.charges import ChargeForm, wanted_charge
from services.operations.actions.parameters.extras import channels_of, offered
from services.operations.journal import journal
from services.operations.journal.journal import Wanted
from services.operations.journal.states import Why
from services.sandbox.faults import Fault
from services.store.engine import reading
from services.tables.v1 import BillingKey
from tests.operations.journal.test_forbidden import everything
from tests.worlds.operations.desk import Desk
from tests.worlds.operations.refusals import refused_at

NOW = 1_790_000_000
BUYER = {"buyer_name": "김장부", "buyer_tel": "010-7341-5678", "buyer_email": "kim@example.com",
         "buyer_addr": "서울", "buyer_postcode": "06236"}  # fmt: skip
MORE = {"vat_amount": "5,000", "promotion_id": "promotion-id-1", "custom_data": "매장 3",
        "notice_url": "https://shop.example/hook"}  # fmt: skip
SUPER = BillingKey(customer_uid="key0", pg_provider="nice_v2", extra='{"succeededChannels": [{"channel_key": "ck-1"}]}')


def key(pg: str | None = "html5_inicis") -> BillingKey:
    return BillingKey(customer_uid="key0", pg_provider=pg)


def charged(pg: str | None = "html5_inicis", of: BillingKey | None = None, token: str = "t", **form: Any) -> Wanted:
    filled = ChargeForm(**({"amount": 60_000, "name": "구독"} | form))
    return wanted_charge(token, of or key(pg), filled, minimum=100, now=NOW)


def booked(desk: Desk, pg: str = "html5_inicis", token: str = "t", times: int = 1, **form: Any) -> Wanted:
    filled = BookingForm(desk.later(), 60_000, "구독", **form)
    return wanted_booking(token, key(pg), [filled] * times, minimum=100, now=desk.times.ours())


def test_all_of_it_is_sent_with_a_charge_and_stands_in_the_payment(desk: Desk) -> None:
    number = desk.ask(charged(more=MORE | BUYER, merchant_uid="SHOP-1"))
    desk.run()
    sent, row = json.loads(desk.bodies[0]), desk.sandbox.payments[desk.get(number).imp_uid or ""]
    assert sent == {
        "customer_uid": "key0", "merchant_uid": "SHOP-1", "amount": 60_000, "name": "구독", **MORE, **BUYER,
        "vat_amount": 5_000,
    }  # fmt: skip
    assert [row[name] for name in ("merchant_uid", *BUYER, "custom_data")] == ["SHOP-1", *BUYER.values(), "매장 3"]


def test_it_goes_into_a_booking_too(desk: Desk) -> None:
    desk.ask(booked(desk, more=MORE | BUYER, merchant_uid="SHOP-1"))
    desk.run()
    (sent,) = json.loads(desk.bodies[0])["schedules"]
    assert {name: sent[name] for name in (*MORE, *BUYER)} == MORE | BUYER | {"vat_amount": 5_000}
    assert (sent["merchant_uid"], "own_order" in sent) == ("SHOP-1", False)


def test_who_buys_stays_in_the_journal_until_it_is_sent_and_no_longer(desk: Desk) -> None:
    for wanted in (charged(more=BUYER), booked(desk, token="u", more=BUYER)):
        number = desk.ask(wanted)
        assert "7341" in desk.get(number).request
        desk.run()
        assert desk.get(number).state == "succeeded"
        assert "7341" not in desk.get(number).request
        with reading(desk.engine) as conn:
            assert "7341" not in str(conn.exec_driver_sql("SELECT detail FROM audit_entry").scalars().all())


@pytest.mark.parametrize(
    ("pg", "more", "field"),
    [
        ("kcp", {"vat_amount": "1"}, "vat_amount"),
        ("html5_inicis", {"vat_amount": "60,001"}, "vat_amount"),
        ("html5_inicis", {"product_type": "real"}, "product_type"),
        ("ksnet", {}, "product_type"),
        ("ksnet", {"product_type": "food"}, "product_type"),
        ("nice", {"cash_receipt_type": "person"}, "cash_receipt_type"),
        ("tosspay_v2", {"cash_receipt_type": "nobody"}, "cash_receipt_type"),
        ("nice", {"interest_free_by_merchant": "true"}, "interest_free_by_merchant"),
        ("ksnet", {"use_card_point": "true", "product_type": "real"}, "use_card_point"),
        ("nice", {"promotion_id": "summer"}, "promotion_id"),
        ("nice", {"notice_url": "ftp://shop.example"}, "notice_url"),
        ("nice", {"notice_url": "https://a:b@shop.example"}, "notice_url"),
        ("nice", {"channel_key": "ck-1"}, "channel_key"),
        ("nice", {"buyer_tel": "call me"}, "buyer_tel"),
        ("nice", {"buyer_email": "kim"}, "buyer_email"),
        ("nice", {"buyer_name": "가" * 17}, "buyer_name"),
        ("nice", {"custom_data": "4111-1111-1111-1111"}, "custom_data"),
    ],
)
def test_what_cannot_be_sent_is_said_beside_its_field(pg: str, more: dict[str, str], field: str) -> None:
    with refused_at(field):
        charged(pg, more=more)


def test_points_and_interest_go_where_the_pg_takes_them() -> None:
    more = {"use_card_point": "true", "interest_free_by_merchant": "true"}
    assert charged("nice_v2", more=more, card_quota=3).request["extras"] == dict.fromkeys(more, True)
    assert "use_card_point" not in offered(key("nice_v2"), books=True)
    assert set(offered(key(None), books=False)) > {"vat_amount", "product_type", "use_card_point"}


def test_a_super_key_is_charged_through_a_channel_of_its_own() -> None:
    assert channels_of(SUPER) == ("ck-1",)
    assert charged(of=SUPER, more={"channel_key": "ck-1"}).request["extras"] == {"channel_key": "ck-1"}
    with refused_at("channel_key"):
        charged(of=SUPER, more={"channel_key": "ck-2"})


@pytest.mark.parametrize("order", ["a b", "한글", "x" * 41, "a/b", "4111111111111111"])
def test_an_order_number_that_no_pg_takes_is_refused(order: str) -> None:
    with refused_at("merchant_uid"):
        charged(merchant_uid=order)


def test_an_order_number_is_used_once_and_not_where_a_payment_has_it(desk: Desk) -> None:
    desk.ask(charged(merchant_uid="SHOP-1"))
    desk.run()
    with refused_at("merchant_uid"):
        desk.ask(charged(token="u", merchant_uid="SHOP-1"))
    known = desk.sandbox.payments["imp_0"]["merchant_uid"]
    for token, wanted in (
        ("v", charged(token="v", merchant_uid=known)),
        ("w", booked(desk, "nice", "w", merchant_uid=known)),
    ):
        number = desk.ask(wanted)
        desk.run()
        assert (desk.get(number).state, desk.get(number).why, token) == ("refused", Why.ORDER_USED, token)
    assert desk.gate.posts == 1


def test_a_payment_that_somebody_made_under_it_is_never_taken_for_ours(desk: Desk) -> None:
    number = desk.ask(charged(merchant_uid="SHOP-1"))
    desk.sandbox.add_payment(60_000, merchant_uid="SHOP-1", pg_provider="kcp", pay_method="card")
    desk.call_faults = [Fault.LOST_BEFORE]
    desk.run(30, every=5)
    assert (desk.get(number).state, desk.gate.posts) == ("refused", 0)


@pytest.mark.parametrize("theirs", [{"customer_uid": None}, {"amount": 50_000, "customer_uid": "key0"}])
def test_what_a_buyer_paid_under_it_while_our_answer_was_lost_is_not_ours(desk: Desk, theirs: dict[str, Any]) -> None:
    number = desk.ask(charged(merchant_uid="SHOP-1"))
    desk.call_faults = [Fault.LOST_BEFORE]
    desk.run()
    amount = theirs.pop("amount", 60_000)
    desk.sandbox.add_payment(amount, imp_uid="imp_window", merchant_uid="SHOP-1", **theirs)
    desk.run(1_500, every=60)
    operation = desk.get(number)
    assert (operation.state, operation.imp_uid, desk.gate.posts) == ("needs_person", None, 1)


def test_a_series_has_no_order_number_of_the_shops(desk: Desk) -> None:
    with refused_at("merchant_uid"):
        booked(desk, times=2, merchant_uid="SHOP-1")


def test_what_was_masked_leaves_the_intent_as_it_was(desk: Desk) -> None:
    wanted = booked(desk, more=BUYER)
    before = journal.as_json(wanted.request)
    desk.ask(wanted)
    assert journal.as_json(wanted.request) == before
    assert "7341" in everything(desk.engine)


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(InvalidRequest) as told:
        charged("kcp", more={"vat_amount": "1", "buyer_email": "kim"}, merchant_uid="a b", name="")
    fields = {one.values["field"] for one in (told.value, *told.value.also)}
    assert fields == {"name", "vat_amount", "buyer_email", "merchant_uid"}
