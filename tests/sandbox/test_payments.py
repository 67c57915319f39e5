"""Reading payments: windows, orders, pages and the quirks of the contract."""

from typing import Any

import pytest

from tests.worlds.sandboxes import DAY, UNTIL, Caller, make_caller


@pytest.fixture(scope="module")
def caller() -> Caller:
    return make_caller()


def every_page(caller: Caller, status: str = "all", **query: Any) -> list[dict[str, Any]]:
    found, page = [], 1
    while page:
        code, answer = caller.get(f"/payments/status/{status}", page=page, limit=100, **query)
        assert code == 200
        assert answer["previous"] == page - 1
        found += answer["list"]
        page = answer["next"]
    assert len(found) == answer["total"]
    return found


def test_a_test_payment_is_404_without_include_sandbox_and_only_there(caller: Caller) -> None:
    row = caller.some(lambda row: row["sandbox"] is True)
    assert caller.get(f"/payments/{row['imp_uid']}")[0] == 404
    assert caller.get(f"/payments/{row['imp_uid']}", include_sandbox="true")[1]["imp_uid"] == row["imp_uid"]
    assert caller.get("/payments", **{"imp_uid[]": row["imp_uid"]})[1][0]["sandbox"] is True
    assert caller.get(f"/payments/find/{row['merchant_uid']}")[0] == 200


def test_a_batch_with_something_missing_is_207(caller: Caller) -> None:
    uids = list(caller.world.payments)[:99]
    assert caller.get("/payments", **{"imp_uid[]": uids})[0] == 200
    code, found = caller.get("/payments", **{"imp_uid[]": [*uids, "imp_000000000000"]})
    assert code == 207
    assert [row["imp_uid"] for row in found] == uids


def test_the_known_order_is_there(caller: Caller) -> None:
    code, row = caller.get("/payments/find/1234qwer")
    assert code == 200
    assert row["status"] == "paid"


def test_every_attempt_under_an_order_number_is_found(caller: Caller) -> None:
    order = next(order for order, uids in caller.world.attempts.items() if len(uids) > 1)
    code, page = caller.get(f"/payments/findAll/{order}", sorting="started")
    assert code == 200
    assert [row["imp_uid"] for row in page["list"]] == list(caller.world.attempts[order])
    assert caller.get(f"/payments/find/{order}")[1]["imp_uid"] == caller.world.attempts[order][-1]
    assert caller.get(f"/payments/findAll/{order}/failed")[1]["list"][0]["status"] == "failed"


def test_the_windows_of_the_world_hold_every_payment_once(caller: Caller) -> None:
    ids: list[str] = []
    for start in range(UNTIL - 450 * DAY, UNTIL, 90 * DAY):
        ids += [row["imp_uid"] for row in every_page(caller, **{"from": start, "to": start + 90 * DAY - 1})]
    assert sorted(ids) == sorted(caller.world.payments)


@pytest.mark.parametrize("sorting", ["started", "paid"])
def test_pages_come_in_the_order_asked_for(caller: Caller, sorting: str) -> None:
    times = [row[f"{sorting}_at"] for row in every_page(caller, sorting=sorting)]
    assert times == sorted(times)
    downwards = [row[f"{sorting}_at"] for row in every_page(caller, sorting=f"-{sorting}")]
    assert downwards == times[::-1]


def test_a_status_list_holds_that_status_and_goes_by_its_time(caller: Caller) -> None:
    rows = every_page(caller, "cancelled", **{"from": UNTIL - 90 * DAY, "to": UNTIL})
    assert rows
    assert {row["status"] for row in rows} == {"cancelled"}
    assert all(UNTIL - 90 * DAY <= row["cancelled_at"] <= UNTIL for row in rows)


def test_without_a_window_the_last_ninety_days_are_meant(caller: Caller) -> None:
    assert caller.get("/payments/status/all")[1]["total"] == len(
        every_page(caller, **{"from": UNTIL - 90 * DAY, "to": UNTIL})
    )
    assert len(caller.get("/payments/status/all")[1]["list"]) == 20


def test_a_whole_refund_moves_to_the_window_of_its_day_and_a_partial_one_stays() -> None:
    caller = make_caller(300)
    old = [
        row
        for row in caller.world.payments.values()
        if row["status"] == "paid" and row["paid_at"] < UNTIL - 100 * DAY and not row["cancel_amount"]
    ]
    whole, part = old[0], old[1]
    caller.sandbox.refund(whole["imp_uid"], whole["amount"], "단순 변심")
    caller.sandbox.refund(part["imp_uid"], 10, "차액 환불")
    newest = {row["imp_uid"] for row in every_page(caller)}
    assert whole["imp_uid"] in newest
    assert part["imp_uid"] not in newest
    window = {"from": part["paid_at"] - DAY, "to": part["paid_at"] + DAY}
    seen = every_page(caller, sorting="-updated", **window)[0]
    assert (seen["imp_uid"], seen["status"], seen["cancel_amount"]) == (part["imp_uid"], "paid", 10)
    assert seen["cancelled_at"] == 0


def test_dollars_are_written_with_cents(caller: Caller) -> None:
    row = caller.some(lambda row: row["currency"] == "USD")
    raw = caller.http.get("/payments/find/" + row["merchant_uid"]).text
    assert f'"amount":{row["amount"]}' in raw


def test_a_prepared_amount_can_be_read_and_changed_but_not_made_twice() -> None:
    caller = make_caller(10)
    body = {"merchant_uid": "prepared1", "amount": 1_000}
    assert caller.send("PUT", "/payments/prepare", body)[0] == 404
    assert caller.post("/payments/prepare", body)[1] == 0
    assert caller.post("/payments/prepare", body)[1] == 1
    assert caller.send("PUT", "/payments/prepare", body | {"amount": 2_000})[1] == 0
    assert caller.get("/payments/prepare/prepared1")[1]["amount"] == 2_000


def test_channels_banks_and_cards_are_listed(caller: Caller) -> None:
    channels = caller.get("/users/pg")[1]
    assert {"naverpay", "html5_inicis", "paypal_v2"} <= {row["pg_provider"] for row in channels}
    assert {row["sandbox"] for row in channels} == {False, True}
    assert caller.get("/banks/088")[1] == {"code": "088", "name": "신한은행"}
    assert len(caller.get("/cards")[1]) > 5
