"""What stops a payment before a window opens: nothing is made, and the page is told why."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from services.clock import seoul
from services.sandbox.server import served
from services.sandbox.window.switches import Switches
from tests.sandbox.window.windows import BACK, PRODUCT, naver_key, naver_payment, opened
from tests.worlds.sandboxes import DAY, UNTIL, Caller, make_caller

GONE = object()
YESTERDAY, TODAY = (f"{seoul(at):%Y%m%d}" for at in (UNTIL - DAY, UNTIL))
OTHERS: dict[str, dict[str, Any]] = {
    "html5_inicis": {"pay_method": "card"},
    "kakaopay": {},
    "nice_v2": {"pay_method": "card", "customer_id": "m1"},
    "danal": {"pay_method": "phone", "digital": False},
    "paypal_v2": {"pay_method": "paypal", "currency": "USD", "amount": 12.5},
}


@pytest.fixture(scope="module")
def caller() -> Iterator[Caller]:
    """Over HTTP, as a shop's page asks."""
    caller = make_caller(10)
    with served(caller.sandbox) as url, httpx.Client(base_url=url, headers=caller.http.headers) as http:
        caller.http = http
        yield caller


def param_of(kind: str, change: dict[str, Any]) -> dict[str, Any]:
    if kind in OTHERS:
        asked = naver_payment(channelKey=f"channel-key-{kind.replace('_', '-')}-payment", **OTHERS[kind] | change)
        for name in ("naverPopupMode", "naverProducts"):
            del asked[name]
    else:
        asked = (naver_key if kind == "key" else naver_payment)(**change)
    return {name: value for name, value in asked.items() if value is not GONE}


def product(**change: Any) -> dict[str, Any]:
    changed = PRODUCT | change
    return {"naverProducts": [{name: value for name, value in changed.items() if value is not GONE}]}


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("payment", {}),
        ("payment", {"naverProducts": GONE}),
        ("payment", {"naverPopupMode": True, "m_redirect_url": GONE}),
        ("payment", {"amount": 10, "tax_free": 10}),
        ("payment", {"naverUseCfm": TODAY}),
        ("payment", {"merchant_uid": "o" * 40, "name": "가" * 40}),
        ("payment", {"custom_data": {"a": 1}, "notice_url": [BACK, BACK], "naverCultureBenefit": True}),
        ("payment", {"channelKey": GONE, "pg": "naverpay.np_jangbu00001_test"}),
        ("payment", product(startDate=20261201, endDate="20261201", sellerId="a1", payReferrer="NAVER_BOOK")),
        ("key", {}),
        ("key", {"amount": 0}),
        *((kind, {}) for kind in OTHERS),
    ],
)  # fmt: skip
def test_what_keeps_every_rule_opens_a_window(kind: str, change: dict[str, Any]) -> None:
    caller = make_caller(10)
    found = opened(caller, param_of(kind, change))
    assert set(found) == {"window", "popup", "closed"}, found
    row = caller.world.payments[found["window"].removeprefix("/window/")]
    assert (row["status"], row["paid_at"]) == ("ready", 0)


@pytest.mark.parametrize(
    ("kind", "change", "code"),
    [
        ("payment", {"channelKey": GONE}, "F1001"),
        ("payment", {"channelKey": "channel-key-unknown"}, "F1001"),
        ("payment", {"channelKey": "channel-key-html5-inicis-api-payment"}, "F1001"),
        ("payment", {"channelKey": GONE, "pg": "naverco"}, "F1001"),
        ("payment", {"channelKey": GONE, "pg": "naverpay.other"}, "F1001"),
        ("payment", {"merchant_uid": "1234qwer"}, "F1002"),
        *(("payment", {name: wrong}, "BAD_PARAMETER") for name, wrong in (
            ("amount", "39000"), ("amount", GONE), ("amount", True), ("amount", 0), ("amount", -1), ("amount", 9),
            ("amount", 100.5), ("merchant_uid", 17), ("merchant_uid", ""), ("merchant_uid", GONE),
            ("merchant_uid", "o" * 41), ("name", GONE), ("name", "가" * 41), ("currency", "USD"), ("tax_free", "0"),
            ("tax_free", 39_001), ("tax_free", -1), ("vat_amount", "100"), ("buyer_tel", 1012345678),
            ("m_redirect_url", GONE), ("m_redirect_url", "/back"), ("m_redirect_url", "javascript:alert(1)"),
            ("notice_url", "shop.example.com"), ("notice_url", []), ("confirm_url", "confirm"), ("custom_data", "text"),
            ("digital", "true"), ("escrow", 1), ("popup", "no"), ("language", "fr"), ("pay_method", "cash"),
            ("display", {"card_quota": ["3"]}), ("bypass", []), ("naverPopupMode", "false"),
            ("naverUseCfm", YESTERDAY), ("naverUseCfm", "20261331"), ("naverUseCfm", 20301201),
            ("naverPurchaserName", 1), ("naverPurchaserBirthday", "900231"), ("naverMerchantUserKey", 1),
            ("naverCultureBenefit", "true"), ("naverProductCode", "pro"), ("naverProductCount", 1),
            ("naverProducts", []), ("naverProducts", PRODUCT), ("naverProducts", ["사과"]),
        )),
        *(("payment", product(**{name: wrong}), "BAD_PARAMETER") for name, wrong in (
            ("categoryType", GONE), ("categoryType", "product"), ("categoryType", "PRODUCTTYPES"),
            ("categoryId", GONE), ("categoryId", "GENERAL1"), ("categoryId", "GENERAL_GENERAL_G"), ("uid", GONE),
            ("uid", "가" * 34), ("uid", 1), ("name", GONE), ("name", "가" * 129), ("count", GONE), ("count", 0),
            ("count", "2"), ("count", 1_000_000), ("payReferrer", "naver"), ("payReferrer", "N" * 21),
            ("startDate", "20260230"), ("sellerId", "a-1"), ("sellerId", "a" * 31),
        )),
        ("payment", product(startDate="20261202", endDate="20261201"), "BAD_PARAMETER"),
        *(("key", {name: wrong}, "BAD_PARAMETER") for name, wrong in (
            ("naverProductCode", GONE), ("naverProductCode", ""), ("naverProductCount", GONE),
            ("naverProductCount", "1"), ("naverProductCount", 0), ("naverProductCount", 1.5), ("buyer_tel", GONE),
            ("buyer_tel", ""), ("customer_uid", ""), ("customer_uid", 7), ("naverProducts", [PRODUCT]),
            ("naverUseCfm", TODAY), ("amount", -1), ("m_redirect_url", GONE),
        )),
        ("html5_inicis", {"amount": 99}, "BAD_PARAMETER"),
        ("html5_inicis", {"buyer_tel": GONE}, "BAD_PARAMETER"),
        ("html5_inicis", {"pay_method": GONE}, "BAD_PARAMETER"),
        ("kakaopay", {"amount": 99}, "BAD_PARAMETER"),
        ("kakaopay", {"vat_amount": 100}, "BAD_PARAMETER"),
        ("nice_v2", {"customer_id": GONE}, "BAD_PARAMETER"),
        ("danal", {"digital": GONE}, "BAD_PARAMETER"),
        ("danal", {"amount": 300}, "BAD_PARAMETER"),
        ("danal", {"pay_method": "vbank", "biz_num": "123"}, "BAD_PARAMETER"),
        ("danal", {"pay_method": "vbank"}, "BAD_PARAMETER"),
        ("paypal_v2", {"currency": "KRW", "amount": 1_000}, "BAD_PARAMETER"),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_makes_no_payment(caller: Caller, kind: str, change: dict[str, Any], code: str) -> None:
    before, param = len(caller.world.payments), param_of(kind, change)
    found = opened(caller, param)
    assert (found["answer"]["imp_uid"], found["answer"]["error_code"], found["to"]) == (None, code, None)
    assert found["answer"]["error_msg"]
    assert found["answer"]["merchant_uid"] == param.get("merchant_uid")
    assert len(caller.world.payments) == before


@pytest.mark.parametrize(
    ("prepared", "opens"),
    [
        ({"amount": 39_000}, True),
        ({"amount": 39_000, "currency": "KRW"}, True),
        ({"amount": 38_999, "currency": "KRW"}, False),
        ({"amount": 39_000, "currency": "USD"}, False),
    ],
)
def test_a_prepared_order_opens_for_its_amount_and_currency_alone(prepared: dict[str, Any], *, opens: bool) -> None:
    caller = make_caller(10)
    assert caller.post("/payments/prepare", {"merchant_uid": "order-1"} | prepared)[1] == 0
    assert ("window" in opened(caller, naver_payment())) is opens
    caller.sandbox.switches = Switches(prepare_checked=False)
    assert "window" in opened(caller, naver_payment())


def test_a_refusal_goes_to_the_shops_address_where_its_page_gave_no_callback(caller: Caller) -> None:
    found = opened(caller, naver_payment(amount="39000"), callback=False)
    assert found["to"].startswith(f"{BACK}&merchant_uid=order-1&error_code=BAD_PARAMETER&error_msg=amount%20")
    assert "imp_uid" not in found["to"]


def test_the_old_sdk_goes_by_pg_and_misspells_a_name(caller: Caller) -> None:
    found = opened(caller, naver_payment(), old=True)["answer"]
    assert (found["error_coe"], found["success"]) == ("F1001", False)
    assert "window" in opened(caller, naver_payment(pg="naverpay"), old=True)


@pytest.mark.parametrize("more", [{"user_code": None}, {"user_code": "imp1"}, {"tier_code": "abc"}])
def test_a_shop_that_says_not_who_it_is_opens_nothing(caller: Caller, more: dict[str, Any]) -> None:
    assert opened(caller, naver_payment(), **more)["answer"]["imp_uid"] is None
    assert opened(caller, "a text")["answer"]["imp_uid"] is None


def test_prepare_is_as_strict_as_its_switches() -> None:
    strict, mild = make_caller(10), make_caller(
        10, switches=Switches(prepare_again=True, prepare_missing_404=False, prepare_zero=True)
    )  # fmt: skip
    body = {"merchant_uid": "order-1", "amount": 1_000}
    for caller, again, missing, zero in ((strict, (200, 1), 404, (400, 1)), (mild, (200, 0), 200, (200, 0))):
        caller.post("/payments/prepare", body)
        assert caller.post("/payments/prepare", body | {"amount": 2_000})[:2] == again
        assert caller.get("/payments/prepare/nobody") == (missing, None)
        assert caller.post("/payments/prepare", {"merchant_uid": "order-2", "amount": 0})[:2] == zero
