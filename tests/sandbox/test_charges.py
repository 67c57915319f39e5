"""Billing keys, charges at once, and schedules that the clock carries out."""

from typing import Any

import pytest

from tests.worlds.sandboxes import DAY, UNTIL, Caller, make_caller


@pytest.fixture
def caller() -> Caller:
    caller = make_caller(10)
    channel = next(row for row in caller.world.channels if row["type"] == "api_payment" and not row["sandbox"])
    for uid, number in (("good", "4092023012341234"), ("broken", "4092023012340002")):
        card = {"card_number": number, "expiry": "2030-12", "channel_key": channel["channel_key"]}
        assert caller.post(f"/subscribe/customers/{uid}", card | {"customer_name": "홍길동"})[1] == 0
    caller.world.billing_keys["naver"] = caller.world.billing_keys["good"] | {
        "customer_uid": "naver",
        "pg_provider": "naverpay",
    }
    return caller


def charge(order: str, uid: str = "good", **more: Any) -> dict[str, Any]:
    return {"customer_uid": uid, "merchant_uid": order, "amount": 9_900, "name": "구독"} | more


def book(caller: Caller, *orders: str, uid: str = "good", at: int = UNTIL + DAY) -> tuple[int, int, str | None, Any]:
    entries = [{"merchant_uid": order, "schedule_at": at, "amount": 9_900, "name": "구독"} for order in orders]
    return caller.post("/subscribe/payments/schedule", {"customer_uid": uid, "schedules": entries})


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (charge("o1", "nobody"), 200),
        (charge("o" * 41), 400),
        (charge("o1", amount=0), 400),
        (charge("o1", amount="many"), 400),
        (charge("o1", amount=10.5), 400),
        (charge("o1", card_quota=3), 200),
        (charge("o1", card_quota=1, amount=60_000), 200),
        (charge("o1", name="가" * 41), 400),
        (charge("o1", buyer_name="가" * 17), 400),
        (charge("o1", buyer_postcode="0" * 9), 400),
        (charge("o1", product_type="shoes"), 400),
        (charge("o1", cash_receipt_type="nobody"), 400),
        (charge("o1", use_card_point="perhaps"), 400),
        (charge("o1", interest_free_by_merchant=2), 400),
        (charge("o1", promotion_id="id-1"), 400),
        (charge("o1", notice_url=[1]), 400),
        (charge("o1", tax_free=5_000, vat_amount=5_000), 400),
        (charge("o1", "naver", amount=99), 200),
        (charge("o1", "naver", extra={"naverUseCfm": "20200101"}), 200),
    ],
)
def test_a_charge_that_breaks_a_rule_makes_no_payment(caller: Caller, body: dict[str, Any], status: int) -> None:
    before = len(caller.world.payments)
    found = caller.post("/subscribe/payments/again", body)
    assert (found[0], found[1], found[3]) == (status, 1, None)
    assert len(caller.world.payments) == before


def test_what_v1_knows_goes_along(caller: Caller) -> None:
    told = {"product_type": "real", "cash_receipt_type": "anonymous", "use_card_point": "true", "vat_amount": 900,
            "interest_free_by_merchant": False, "promotion_id": "promotion-id-1", "custom_data": "가" * 2_000,
            "notice_url": ["https://shop.example/a", "https://shop.example/b"], "buyer_name": "가" * 16}  # fmt: skip
    assert caller.post("/subscribe/payments/again", charge("o1", **told))[1] == 0


@pytest.mark.parametrize(("pg", "more", "taken"), [
    ("ksnet", {}, False), ("ksnet", {"product_type": "digital"}, True),
    ("welcome", {"vat_amount": 991}, False), ("welcome", {"vat_amount": 990}, True),
])  # fmt: skip
def test_a_pg_wants_a_product_and_another_no_vat_above_a_tenth(
    caller: Caller, pg: str, more: dict[str, Any], taken: bool
) -> None:
    caller.world.billing_keys["own"] = caller.world.billing_keys["good"] | {"customer_uid": "own", "pg_provider": pg}
    assert (caller.post("/subscribe/payments/again", charge("o1", "own", **more))[1] == 0) == taken
    entry = {"merchant_uid": "o2", "schedule_at": UNTIL + DAY, "amount": 9_900, "name": "구독"} | more
    booked = caller.post("/subscribe/payments/schedule", {"customer_uid": "own", "schedules": [entry]})
    assert (booked[1] == 0) == taken


def test_an_order_number_is_charged_once_even_when_it_failed(caller: Caller) -> None:
    for uid in ("good", "broken"):
        assert caller.post("/subscribe/payments/again", charge(f"once_{uid}", uid))[1] == 0
        status, code, message, _ = caller.post("/subscribe/payments/again", charge(f"once_{uid}", "good"))
        assert (status, code) == (200, 1)
        assert "이미 사용된 merchant_uid" in (message or "")
        assert caller.get(f"/payments/findAll/once_{uid}")[1]["total"] == 1


def test_a_charge_that_fails_answers_200_with_the_reason(caller: Caller) -> None:
    status, code, _, row = caller.post("/subscribe/payments/again", charge("o1", "broken"))
    assert (status, code, row["status"]) == (200, 0, "failed")
    assert row["fail_reason"] == "[한도초과] 카드 이용한도를 초과하였습니다."


def test_a_charge_is_a_payment_on_the_key(caller: Caller) -> None:
    row = caller.post("/subscribe/payments/again", charge("o1"))[3]
    assert (row["status"], row["customer_uid"], row["customer_uid_usage"]) == ("paid", "good", "payment")
    assert row["buyer_name"] == "홍길동"
    assert caller.get("/subscribe/customers/good/payments")[1]["list"] == [row]


def test_the_card_number_is_nowhere_whole(caller: Caller) -> None:
    key = caller.get("/subscribe/customers/good")[1]
    assert key["card_number"] == "409202******1234"


def test_a_deleted_key_is_404_and_its_schedules_fail(caller: Caller) -> None:
    book(caller, "s1")
    assert caller.send("DELETE", "/subscribe/customers/good")[1] == 0
    assert caller.get("/subscribe/customers/good")[0] == 404
    assert caller.get("/subscribe/customers", **{"customer_uid[]": ["good", "broken"]})[0] == 207
    caller.clock.at += 2 * DAY
    caller.sign_in()
    row = caller.get("/subscribe/payments/schedule/s1")[1]
    assert (row["payment_status"], row["fail_reason"]) == ("failed", "등록되지 않은 구매자입니다.")


def test_naver_pay_wants_a_reason_for_deleting_a_key(caller: Caller) -> None:
    assert caller.send("DELETE", "/subscribe/customers/naver")[1] == 1
    assert caller.send("DELETE", "/subscribe/customers/naver?reason=해지&extra[requester]=customer")[1] == 0


def test_a_schedule_is_carried_out_when_the_clock_gets_there(caller: Caller) -> None:
    assert book(caller, "s1", "s2")[1] == 0
    caller.clock.at = UNTIL + DAY + 30
    caller.sign_in()
    row = caller.get("/subscribe/payments/schedule/s1")[1]
    assert (row["schedule_status"], row["payment_status"], row["executed_at"]) == ("executed", "paid", UNTIL + DAY)
    paid = caller.get(f"/payments/{row['imp_uid']}")[1]
    assert (paid["customer_uid_usage"], paid["paid_at"]) == ("payment.scheduled", UNTIL + DAY)
    newest = caller.get("/payments/status/all", sorting="-updated", limit=2)[1]["list"]
    assert {one["merchant_uid"] for one in newest} == {"s1", "s2"}


def test_booking_is_all_or_nothing(caller: Caller) -> None:
    assert book(caller, "s1", at=UNTIL)[0] == 400
    assert book(caller, "s1", "1234qwer")[1] == 1
    assert book(caller, "s1", "s1")[1] == 1
    assert book(caller, "s1", uid="nobody")[1] == 1
    assert caller.get("/subscribe/payments/schedule/s1")[0] == 404


def test_unschedule_revokes_the_named_ones_or_all_of_the_customer(caller: Caller) -> None:
    book(caller, "s1", "s2", "s3")
    path = "/subscribe/payments/unschedule"
    assert caller.post(path, {})[0] == 400
    assert [row["merchant_uid"] for row in caller.post(path, {"merchant_uid": ["s1"]})[3]] == ["s1"]
    assert caller.post(path, {"customer_uid": "broken"})[2] == "취소할 예약결제 기록이 존재하지 않습니다."
    assert {row["merchant_uid"] for row in caller.post(path, {"customer_uid": "good"})[3]} == {"s2", "s3"}
    caller.clock.at += 2 * DAY
    caller.sign_in()
    assert caller.get("/payments/find/s2")[0] == 404


def test_a_schedule_is_moved_while_it_is_booked_only(caller: Caller) -> None:
    book(caller, "s1")
    path = "/subscribe/payments/schedule/s1"
    assert caller.send("PUT", path, {"schedule_at": UNTIL - 1})[0] == 400
    assert caller.send("PUT", path, {"schedule_at": UNTIL + 3 * DAY})[3]["schedule_at"] == UNTIL + 3 * DAY
    caller.clock.at += 2 * DAY
    caller.sign_in()
    assert caller.get(path)[1]["schedule_status"] == "scheduled"
    caller.clock.at += 2 * DAY
    caller.sign_in()
    assert caller.get(path)[1]["executed_at"] == UNTIL + 3 * DAY
    assert caller.send("PUT", path, {"schedule_at": UNTIL + 9 * DAY})[0] == 400


def test_a_failed_schedule_is_charged_now_or_booked_again_and_a_paid_one_is_not(caller: Caller) -> None:
    book(caller, "s1", "s2", uid="broken")
    book(caller, "s3")
    caller.clock.at += 2 * DAY
    caller.sign_in()
    caller.world.broken_keys.clear()
    at = int(caller.clock.at) + DAY
    assert caller.post("/subscribe/payments/schedule/s3/retry", {})[0] == 400
    assert caller.post("/subscribe/payments/schedule/s3/reschedule", {"schedule_at": at})[0] == 400
    assert caller.post("/subscribe/payments/schedule/s1/retry", {})[3]["status"] == "paid"
    assert caller.get("/payments/findAll/s1")[1]["total"] == 2
    again = caller.post("/subscribe/payments/schedule/s2/reschedule", {"schedule_at": at})[3]
    assert (again["schedule_status"], again["schedule_at"], again["payment_status"]) == ("scheduled", at, None)


def test_schedules_are_listed_in_both_shapes() -> None:
    query = {"schedule_from": UNTIL, "schedule_to": UNTIL + 90 * DAY, "limit": 5}
    paged = make_caller(400).get("/subscribe/payments/schedule", **query)[1]
    plain = make_caller(400, paged_schedules=False).get("/subscribe/payments/schedule", **query)[1]
    assert paged["list"] == plain
    assert paged["total"] > 5
    assert {row["schedule_status"] for row in plain} == {"scheduled"}
    times = [row["schedule_at"] for row in plain]
    assert times == sorted(times, reverse=True)


def test_a_refunded_schedule_says_so(caller: Caller) -> None:
    book(caller, "s1")
    caller.clock.at += 2 * DAY
    caller.sign_in()
    caller.post("/payments/cancel", {"merchant_uid": "s1"})
    assert caller.get("/subscribe/payments/schedule/s1")[1]["payment_status"] == "cancelled"


def test_a_customers_schedules_are_its_own(caller: Caller) -> None:
    book(caller, "s1")
    book(caller, "s2", uid="broken")
    for path in ("/subscribe/customers/good/schedules", "/subscribe/payments/schedule/customers/good"):
        found = caller.get(path, **{"from": UNTIL, "to": UNTIL + 10 * DAY, "schedule-status": "scheduled"})[1]
        assert [row["merchant_uid"] for row in found["list"]] == ["s1"]
