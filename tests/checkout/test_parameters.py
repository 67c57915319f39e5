"""Every parameter of the payment window: right, of another type, too long, missing, not for this kind."""

from dataclasses import dataclass
from typing import Any

import pytest

from services.checkout.parameters.case import Merchant
from services.checkout.parameters.products import PRODUCT
from services.checkout.parameters.table import BY_NAME
from services.errors import InvalidRequest
from tests.checkout.requests import ANYBODY, BOOK, REQUESTS, checked, mistakes

HIGH_RISK = Merchant(high_risk=True)
BY_USE = Merchant(use_confirm_day=True)
BROKER = Merchant(broker=True)
PURCHASER = {"naverPurchaserName": "김장부", "naverPurchaserBirthday": "19900101", "naverMerchantUserKey": "a1b2c3"}
NOT_OF_TYPE: dict[str, list[Any]] = {
    "string": [5, True, {"a": "b"}],
    "number": ["5", True, {"a": 1}],
    "boolean": ["true", 1, ["x"]],
    "object": ["x", 1, ["x"]],
    "list": [5, True, {"a": "b"}],
}


@dataclass(frozen=True)
class Row:
    """One parameter as PortOne's pages describe it; the cases are those of REQUESTS."""

    type: str
    case: str
    right: tuple[Any, ...]
    wrong: tuple[Any, ...] = ()
    needed: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    merchant: Merchant = ANYBODY
    besides: tuple[tuple[str, Any], ...] = ()


TABLE = {
    "channelKey": Row("string", "naver", ("channel-key-2",), ("channel key",), ("naver", "naver key", "inicis")),
    "pg": Row(
        "string",
        "naver",
        ("naverpay", "naverpay.MID-1"),
        ("naver pay", "kakaopay", "naverpay."),
        besides=(("channelKey", None),),
    ),
    "pay_method": Row("string", "inicis", ("card", "samsungpay", "phone_bill"), ("신용카드", "samsung"), ("inicis",)),
    "merchant_uid": Row("string", "naver", ("J" * 40, "주문 1"), ("J" * 41, "a\nb"), ("naver", "naver key", "inicis")),
    "name": Row(
        "string",
        "inicis",
        ("가" * 40, "책 외 2개"),
        ("가" * 41, "a\0b", "4111 1111 1111 1111"),
        ("naver", "naver key", "inicis"),
    ),
    "amount": Row("number", "naver", (10, 1_004), (0, -1, 9), ("naver", "naver key", "inicis")),
    "currency": Row("string", "inicis", ("KRW", "USD"), ("won", "₩"), ("paymentwall",)),
    "tax_free": Row("number", "naver", (0, 60_000), (-1, 60_001)),
    "vat_amount": Row("number", "inicis", (0, 5_454), (-1, 60_001), elsewhere=("kakao", "naver")),
    "customer_uid": Row(
        "string", "naver key", ("k" * 80,), ("k" * 81, "a\tb"), ("naver key", "inicis key"), ("naver", "inicis")
    ),
    "customer_id": Row("string", "tosspay_v2", ("m" * 50,), ("m" * 51,), ("tosspay_v2", "smartro_v2", "galaxia phone")),
    "buyer_name": Row("string", "naver", ("가" * 16,), ("가" * 17,), ("paymentwall", "welcome", "kcp phone")),
    "buyer_email": Row(
        "string", "naver", ("a@b.kr",), ("a" * 60 + "@b.kr", "a@b", "a b@c.kr", "@b.kr"), ("paymentwall",)
    ),
    "buyer_tel": Row(
        "string",
        "naver",
        ("010-1234-5678", "01012345678", "+82 10 1234 567", "02-123-4567"),
        ("010-1234-5678 ext 90", "전화", "1"),
        ("naver key", "inicis", "payco", "welcome"),
    ),
    "buyer_addr": Row("string", "naver", ("가" * 128,), ("가" * 129,)),
    "buyer_postcode": Row("string", "naver", ("06236", "123-456"), ("1" * 9,)),
    "m_redirect_url": Row(
        "string",
        "naver",
        ("https://shop.example/back?a=1", "http://localhost:8000/back"),
        ("/back", "shop.example/back", "javascript:alert(1)", "https://", "https://a b/"),
        ("inicis", "paypal"),
    ),
    "app_scheme": Row("string", "kakao", ("myshop", "myshop://"), ("my shop", "1shop")),
    "popup": Row("boolean", "payco", (True, False), elsewhere=("naver", "inicis")),
    "notice_url": Row(
        "string",
        "naver",
        ("https://shop.example/hook", ["https://a.example/", "https://b.example/"]),
        ("http://shop.example/hook", "https://localhost/hook", "https://127.0.0.1/", ["https://a.example/", 5]),
    ),
    "confirm_url": Row(
        "string",
        "naver",
        ("https://shop.example/confirm",),
        ("http://shop.example/confirm", "/confirm"),
        elsewhere=("naver key", "eximbay"),
    ),
    "custom_data": Row("object", "naver", ({"a": [1, {"b": "다"}]},), ({"a": "b\0"}, {"__proto__": {}})),
    "digital": Row("boolean", "inicis", (True, False), (), ("galaxia phone", "kcp phone"), ("naver", "naver key")),
    "vbank_due": Row(
        "string",
        "danal vbank",
        ("2026-09-22", "20260930", "2026-09-30 23:59:59", "20260930235959"),
        ("2026-09-21", "2026-9-1x", "30.09.2026", "20260931"),
        ("smartro vbank",),
        ("inicis", "naver"),
    ),
    "biz_num": Row(
        "string", "danal vbank", ("1234567890",), ("123-45-67890", "123456789", "12345678901"), ("danal vbank",),
        ("inicis", "smartro vbank"),
    ),
    "escrow": Row("boolean", "naver", (True, False)),
    "language": Row("string", "inicis", ("ko", "en", "zh"), ("kr", "korean")),
    "display": Row(
        "object",
        "inicis",
        ({"card_quota": []}, {"card_quota": [3, 6]}),
        ({"card_quota": "3"}, {"card_quota": [0]}, {"card_quota": ["3"]}),
        elsewhere=("naver", "danal vbank"),
    ),
    "card": Row(
        "object",
        "inicis",
        ({"direct": {"code": "367", "quota": 3}}, {"detail": [{"card_code": "366", "enabled": True}]}),
        ({"direct": "367"}, {"detail": {}}, {"detail": [{"card_code": 366, "enabled": True}]}),
        elsewhere=("naver", "danal vbank"),
    ),
    "useFreeInterestFromMall": Row("boolean", "inicis", (True, False), elsewhere=("naver", "danal vbank")),
    "bypass": Row("object", "kakao", ({"kakaopay": {"payment_method_type": "CARD"}},), ({"a": "\ud800"},)),
    "naverPopupMode": Row("boolean", "naver", (True,), (), ("naver", "naver key"), ("inicis",)),
    "naverProducts": Row("list", "naver", ([BOOK, BOOK],), (), ("naver",), ("naver key", "inicis")),
    "naverUseCfm": Row(
        "string",
        "naver",
        ("20260922", "20271231"),
        ("20260921", "2026-09-22", "20260931", "２０２６０９２２", "202609221"),
        ("naver",),
        ("naver key", "inicis"),
        BY_USE,
    ),
    "naverPurchaserName": Row(
        "string", "naver", ("김장부",), ("김\0",), ("naver",), ("naver key", "inicis"), HIGH_RISK,
        tuple(PURCHASER.items()),
    ),
    "naverPurchaserBirthday": Row(
        "string",
        "naver",
        ("19900101", "20260922"),
        ("900101", "19900230", "1990-1-1", "20260923"),
        ("naver",),
        ("naver key", "inicis"),
        HIGH_RISK,
        tuple(PURCHASER.items()),
    ),
    "naverMerchantUserKey": Row(
        "string",
        "naver",
        ("a1b2c3",),
        ("kim@example.com", "01012345678", "010-1234-5678"),
        ("naver",),
        ("naver key", "inicis"),
        HIGH_RISK,
        tuple(PURCHASER.items()),
    ),
    "naverCultureBenefit": Row("boolean", "naver", (True, False), elsewhere=("naver key", "inicis")),
    "naverProductCode": Row("string", "naver key", ("P-1",), ("P\n1",), ("naver key",), ("naver", "inicis")),
    "naverProductCount": Row("number", "naver key", (1, 3), (0, -1), ("naver key",), ("naver", "inicis key")),
    "naverChainId": Row(
        "string", "naver", ("sAMplEChAINid",), (), (), ("inicis",), besides=(("channelKey", None), ("pg", "naverpay"))
    ),
}  # fmt: skip
FIELDS = {
    "categoryType": Row("string", "naver", ("TRAVEL", "A" * 10), ("A" * 11, "book", "BOO_K", "책"), ("naver",)),
    "categoryId": Row("string", "naver", ("A_B", "A" * 16), ("A" * 17, "general", "CD1"), ("naver",)),
    "uid": Row("string", "naver", ("u" * 100, "가" * 33, "4111111111111111"), ("u" * 101, "가" * 34), ("naver",)),
    "name": Row("string", "naver", ("가" * 128, "b" * 128), ("가" * 129, "한국사 외 2개", "한국사 외 1건"), ("naver",)),
    "count": Row("number", "naver", (1, 999_999), (0, -1, 1_000_000), ("naver",)),
    "payReferrer": Row("string", "naver", ("NAVER_BOOK", "A" * 20), ("A" * 21, "naver_book", "NAVER1")),
    "startDate": Row("string", "naver", ("20240117", 20240117), ("2024-01-17", "20240230", 2024017)),
    "endDate": Row("string", "naver", ("20240118", 20240118), ("20240132", "18.1.2024")),
    "sellerId": Row("string", "naver", ("sellerA", "9" * 30), ("9" * 31, "seller-A", "가"), ("naver",), (), BROKER),
}


def changed(name: str, row: Row, value: Any, case: str | None = None) -> tuple[str, dict[str, Any]]:
    return case or row.case, {**dict(row.besides), name: value}


def of_product(name: str, value: Any) -> dict[str, Any]:
    """The second of two products, so that the payment's own name stays right."""
    return {"naverProducts": [{**BOOK, "sellerId": "a"}, {**BOOK, "sellerId": "a", name: value}]}


def test_a_product_without_a_name_is_told_of_beside_it_alone() -> None:
    assert set(mistakes("naver", naverProducts=[{**BOOK, "name": ""}])) == {"naverProducts.0.name"}


def test_no_parameter_is_left_out() -> None:
    assert set(TABLE) == set(BY_NAME) | {"naverProducts"}
    assert set(FIELDS) == {field.name for field in PRODUCT}


@pytest.mark.parametrize("case", REQUESTS)
def test_what_the_others_begin_from_is_right(case: str) -> None:
    assert mistakes(case) == {}


@pytest.mark.parametrize("name", TABLE)
def test_what_is_right_is_kept(name: str) -> None:
    row = TABLE[name]
    for value in row.right:
        case, values = changed(name, row, value)
        assert checked(case, merchant=row.merchant, **values)[name] == value


@pytest.mark.parametrize("name", TABLE)
def test_what_is_wrong_is_told_at_its_field(name: str) -> None:
    row = TABLE[name]
    for value in row.wrong:
        case, values = changed(name, row, value)
        assert set(mistakes(case, merchant=row.merchant, **values)) == {name}, value


@pytest.mark.parametrize("name", TABLE)
def test_another_type_is_told_at_its_field(name: str) -> None:
    row = TABLE[name]
    for value in NOT_OF_TYPE[row.type]:
        case, values = changed(name, row, value)
        assert name in mistakes(case, merchant=row.merchant, **values), value


@pytest.mark.parametrize("name", TABLE)
def test_what_is_missing_is_told_where_it_is_needed(name: str) -> None:
    row = TABLE[name]
    for case in REQUESTS:
        for nothing in (None, "", " "):
            told = mistakes(case, merchant=row.merchant, **{**dict(row.besides), name: nothing})
            if case in row.needed:
                assert name in told, (case, nothing)
            elif case == row.case:
                assert name not in told, (case, nothing)


@pytest.mark.parametrize("name", TABLE)
def test_it_is_refused_in_a_window_that_has_none(name: str) -> None:
    row = TABLE[name]
    for case in row.elsewhere:
        assert name in mistakes(case, merchant=row.merchant, **{name: row.right[0]}), case


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_of_a_product_keeps_to_its_rule(name: str) -> None:
    row, field = FIELDS[name], f"naverProducts.1.{name}"
    for value in row.right:
        assert checked("naver", merchant=BROKER, **of_product(name, value))["naverProducts"][1][name] == value
    for value in row.wrong:
        assert set(mistakes("naver", merchant=BROKER, **of_product(name, value))) == {field}, value
    for value in NOT_OF_TYPE[row.type][1:]:
        assert set(mistakes("naver", merchant=BROKER, **of_product(name, value))) == {field}, value
    missing = mistakes("naver", merchant=BROKER, **of_product(name, None))
    assert set(missing) == ({field} if row.needed else set())


def test_only_who_sells_for_others_names_a_seller() -> None:
    assert set(mistakes("naver", naverProducts=[{**BOOK, "sellerId": "a"}])) == {"naverProducts.0.sellerId"}
    assert set(mistakes("naver", merchant=BROKER, naverProducts=[BOOK])) == {"naverProducts.0.sellerId"}


def test_a_product_ends_on_the_day_it_starts_or_later() -> None:
    days = {"startDate": 20240117, "endDate": "20240117"}
    assert mistakes("naver", naverProducts=[{**BOOK, **days}]) == {}
    told = mistakes("naver", naverProducts=[{**BOOK, **days, "endDate": 20240116}])
    assert told == {"naverProducts.0.endDate": "The last day is before the first."}


@pytest.mark.parametrize("products", [["한국사"], [None], [[BOOK]]])
def test_a_product_is_an_object(products: list[Any]) -> None:
    assert set(mistakes("naver", naverProducts=products)) == {"naverProducts.0"}


def test_naver_pay_is_told_the_name_of_the_first_product() -> None:
    other = {**BOOK, "name": "세계사"}
    assert mistakes("naver", name="세계사", naverProducts=[other, BOOK]) == {}
    assert set(mistakes("naver", name="세계사", naverProducts=[BOOK, other])) == {"name"}


@pytest.mark.parametrize(
    "name", ["한국사 외 2개", "한국사외 2건", "한국사 외 3", "책 (외 12권)", "Book and 2 others", "Book + 2 more"]
)
def test_naver_pay_itself_adds_how_many_others_there_are(name: str) -> None:
    assert set(mistakes("naver key", name=name)) == {"name"}
    assert mistakes("inicis", name=name) == {}


@pytest.mark.parametrize("name", ["해외 2박", "야외 3종", "외 2개월 구독권 세트", "외국어 2권", "24 others' tales"])
def test_a_name_that_only_looks_like_it_stays(name: str) -> None:
    assert mistakes("naver key", name=name) == {}


def test_channel_key_and_pg_are_never_sent_together() -> None:
    assert set(mistakes("naver", pg="naverpay")) == {"pg"}


def test_a_chain_id_is_withdrawn_where_the_channel_is_named_by_its_key() -> None:
    assert "withdrawn" in mistakes("naver", naverChainId="x")["naverChainId"]


def test_without_a_popup_naver_pay_needs_the_way_back() -> None:
    assert set(mistakes("naver", naverPopupMode=False)) == {"m_redirect_url"}
    assert set(mistakes("naver key", naverPopupMode=False)) == {"m_redirect_url"}
    assert mistakes("naver", naverPopupMode=False, m_redirect_url="https://shop.example/") == {}


def test_naver_pay_takes_won_and_paypal_takes_none() -> None:
    assert set(mistakes("naver", currency="USD")) == {"currency"}
    assert set(mistakes("paypal", currency="KRW")) == {"currency"}


def test_a_day_of_use_needs_the_contract() -> None:
    assert set(mistakes("naver", naverUseCfm="20260922")) == {"naverUseCfm"}
    assert set(mistakes("naver", merchant=BY_USE)) == {"naverUseCfm"}


@pytest.mark.parametrize("name", PURCHASER)
def test_who_buys_is_told_of_high_risk_businesses_alone(name: str) -> None:
    assert set(mistakes("naver", **{name: PURCHASER[name]})) == {name}
    assert name in mistakes("naver", merchant=HIGH_RISK)


def test_a_buyer_s_name_is_no_key_of_theirs() -> None:
    told = mistakes("naver", merchant=HIGH_RISK, **{**PURCHASER, "naverMerchantUserKey": "김장부"}, buyer_name="김장부")
    assert set(told) == {"naverMerchantUserKey"}


def test_some_pgs_register_no_key_in_the_window() -> None:
    kind, _, values = REQUESTS["inicis key"]
    REQUESTS["toss key"] = (kind, "tosspay", values)
    assert set(mistakes("toss key")) == {"customer_uid"}
    del REQUESTS["toss key"]


def test_instalments_begin_at_50_000_won_and_kakao_pay_takes_one_choice() -> None:
    assert set(mistakes("inicis", amount=49_999, display={"card_quota": [3]})) == {"display"}
    assert mistakes("inicis", amount=50_000, display={"card_quota": [3]}) == {}
    assert set(mistakes("kakao", display={"card_quota": [3, 6]})) == {"display"}


def test_toss_pay_is_asked_for_with_card() -> None:
    assert set(mistakes("tosspay", pay_method="trans")) == {"pay_method"}


def test_smartro_takes_twenty_characters_of_a_member() -> None:
    assert mistakes("smartro_v2", customer_id="m" * 20) == {}
    assert set(mistakes("smartro_v2", customer_id="m" * 21)) == {"customer_id"}


def test_what_the_window_does_not_know_is_refused() -> None:
    assert set(mistakes("naver", naverPopupmode=True)) == {"naverPopupmode"}
    assert set(mistakes("naver", naverProducts=[{**BOOK, "price": 1}])) == {"naverProducts.0.price"}


def test_all_mistakes_are_told_at_once() -> None:
    told = mistakes(
        "naver", merchant_uid=None, amount="1004", naverPopupMode="true", naverProducts=[{**BOOK, "count": 0}]
    )
    assert set(told) == {"merchant_uid", "amount", "naverPopupMode", "naverProducts.0.count"}


def test_what_is_empty_is_left_out_and_texts_lose_the_spaces_around_them() -> None:
    kept = checked("naver", name=" 한국사 ", buyer_name="", tax_free=None)
    assert kept["name"] == "한국사"
    assert not {"buyer_name", "tax_free"} & set(kept)


def test_nesting_ends_somewhere() -> None:
    deep: dict[str, Any] = {}
    for _ in range(50):
        deep = {"a": deep}
    assert set(mistakes("naver", custom_data=deep)) == {"custom_data"}
    with pytest.raises(InvalidRequest):
        checked("naver", custom_data={"a": float("nan")})
