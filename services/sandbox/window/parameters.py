"""The parameters of every window: their types, their lengths, what a PG needs."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from services.sandbox.window.asked import Rule, is_address, missing, require

_LONGEST = 40
_METHODS = (
    "card", "trans", "vbank", "phone", "samsungpay", "kakaopay", "naverpay", "payco", "tosspay", "applepay", "paypal",
    "point", "lpay", "ssgpay", "cultureland", "smartculture", "booknlife", "culturegift",
)  # fmt: skip
_WITHOUT_METHOD = ("naverpay", "kakaopay", "paymentwall")
_NEEDS_PHONE = ("html5_inicis", "kicc", "payco", "smilepay", "welcome")
_NEEDS_MEMBER = ("tosspay_v2", "smartro_v2", "nice_v2", "galaxia", "mobilians", "mobilians_v2")
_LONGEST_MEMBER = {"tosspay_v2": 50, "smartro_v2": 20}
_DUE = r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?|\d{8}(\d{6})?"


def _is(kind: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, kind)


def _number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _addresses(value: Any) -> bool:
    several = value if isinstance(value, list) else [value]
    return bool(several) and all(map(is_address, several))


def _typed(names: str, passes: Callable[[Any], bool], word: str) -> dict[str, Rule]:
    return dict.fromkeys(names.split(), (passes, word))


_TYPES: dict[str, Rule] = {
    **_typed(
        "channelKey pg pay_method merchant_uid name currency customer_uid customer_id buyer_name buyer_email buyer_tel "
        "buyer_addr buyer_postcode app_scheme vbank_due biz_num language naverUseCfm naverPurchaserName "
        "naverPurchaserBirthday naverMerchantUserKey naverChainId naverProductCode",
        _is(str),
        "string",
    ),
    **_typed("amount tax_free vat_amount naverProductCount", _number, "number"),
    **_typed("popup digital escrow naverPopupMode naverCultureBenefit useFreeInterestFromMall", _is(bool), "boolean"),
    **_typed("custom_data bypass display card", _is(dict), "object"),
    **_typed("m_redirect_url confirm_url", is_address, "http(s)로 시작하는 절대 주소"),
    "notice_url": (_addresses, "http(s)로 시작하는 절대 주소 또는 그 목록"),
    "naverProducts": (
        lambda value: isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value),
        "object[]",
    ),
}
_SHAPES: dict[str, Rule] = {
    "merchant_uid": (lambda value: 1 <= len(value) <= _LONGEST, f"최대 {_LONGEST}자"),
    "name": (lambda value: 1 <= len(value) <= _LONGEST, f"최대 {_LONGEST}자"),
    "pay_method": (_METHODS.__contains__, "알 수 없는 결제수단"),
    "language": (("ko", "en", "zh").__contains__, "ko, en, zh"),
    "vbank_due": (lambda value: re.fullmatch(_DUE, value) is not None, "YYYY-MM-DD"),
    "biz_num": (lambda value: re.fullmatch(r"\d{10}", value) is not None, "숫자 10자리"),
    "display": (
        lambda value: all(isinstance(one, int) and one >= 0 for one in value.get("card_quota") or ()),
        "card_quota는 number[]",
    ),
}


def check_types(param: dict[str, Any]) -> None:
    """What JavaScript should have sent. Raises Stopped."""
    for name, (passes, word) in _TYPES.items():
        require(name not in param or passes(param[name]), name, word)
    for name in ("merchant_uid", "name"):
        if not param.get(name):
            raise missing(name)
    for name, (passes, word) in _SHAPES.items():
        require(name not in param or passes(param[name]), name, word)


def check_needed(param: dict[str, Any], pg: str) -> None:
    """What this PG wants to know. Raises Stopped."""
    method, registers = param.get("pay_method"), "customer_uid" in param
    if method is None and pg not in _WITHOUT_METHOD:
        raise missing("pay_method")
    needed = {
        "buyer_tel": pg in _NEEDS_PHONE or (pg == "naverpay" and registers),
        "customer_id": pg in _NEEDS_MEMBER,
        "digital": method == "phone",
        "vbank_due": method == "vbank" and pg == "smartro_v2",
        "biz_num": method == "vbank" and pg == "danal",
        "customer_uid": registers,
    }
    for name, needs in needed.items():
        if needs and param.get(name) in (None, ""):
            raise missing(name)
    longest = _LONGEST_MEMBER.get(pg)
    require(longest is None or len(param.get("customer_id", "")) <= longest, "customer_id", f"최대 {longest}자")
