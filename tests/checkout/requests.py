"""Requests of the payment window that are right, to be made wrong in one place."""

from typing import Any

from services.checkout.parameters.case import Merchant
from services.checkout.parameters.request import checked_request
from services.errors import InvalidRequest
from services.tables.checkouts import CheckoutKind

NOW = 1_790_003_600
"""A quarter past midnight of 2026-09-22 in Seoul; in Greenwich it is still the 21st."""
ANYBODY = Merchant()
BOOK = {"categoryType": "BOOK", "categoryId": "GENERAL", "uid": "107922211", "name": "한국사", "count": 10}
_ANY = {"channelKey": "channel-key-1", "merchant_uid": "J1", "name": "한국사", "amount": 60_000}
_ELSEWHERE = {**_ANY, "pay_method": "card", "buyer_tel": "010-1234-5678", "m_redirect_url": "https://shop.example/back"}
NAVER = {**_ANY, "naverPopupMode": True, "naverProducts": [BOOK]}
NAVER_KEY = {
    **_ANY, "customer_uid": "key-1", "buyer_tel": "010-1234-5678", "naverPopupMode": True, "naverProductCode": "P1",
    "naverProductCount": 1,
}  # fmt: skip
REQUESTS: dict[str, tuple[CheckoutKind, str, dict[str, Any]]] = {
    "naver": (CheckoutKind.PAYMENT, "naverpay", NAVER),
    "naver key": (CheckoutKind.REGISTRATION, "naverpay", NAVER_KEY),
    "inicis": (CheckoutKind.PAYMENT, "html5_inicis", _ELSEWHERE),
    "inicis key": (CheckoutKind.REGISTRATION, "html5_inicis", {**_ELSEWHERE, "customer_uid": "key-1"}),
    "kakao": (CheckoutKind.PAYMENT, "kakaopay", {**_ELSEWHERE, "name": "책 외 2개"}),
    "kakao key": (CheckoutKind.REGISTRATION, "kakaopay", {**_ELSEWHERE, "customer_uid": "key-1"}),
    "tosspay": (CheckoutKind.PAYMENT, "tosspay", _ELSEWHERE),
    "tosspay_v2": (CheckoutKind.PAYMENT, "tosspay_v2", {**_ELSEWHERE, "customer_id": "m1"}),
    "smartro_v2": (CheckoutKind.PAYMENT, "smartro_v2", {**_ELSEWHERE, "customer_id": "m1"}),
    "payco": (CheckoutKind.PAYMENT, "payco", {**_ELSEWHERE, "m_redirect_url": None}),
    "danal vbank": (CheckoutKind.PAYMENT, "danal", {**_ELSEWHERE, "pay_method": "vbank", "biz_num": "1234567890"}),
    "smartro vbank": (
        CheckoutKind.PAYMENT,
        "smartro_v2",
        {**_ELSEWHERE, "customer_id": "m1", "pay_method": "vbank", "vbank_due": "2026-09-30"},
    ),
    "galaxia phone": (
        CheckoutKind.PAYMENT,
        "galaxia",
        {**_ELSEWHERE, "customer_id": "m1", "pay_method": "phone", "digital": True},
    ),
    "paypal": (CheckoutKind.PAYMENT, "paypal", _ELSEWHERE),
    "paymentwall": (
        CheckoutKind.PAYMENT,
        "paymentwall",
        {**_ELSEWHERE, "currency": "USD", "buyer_name": "Michael Jackson", "buyer_email": "m@example.com"},
    ),
    "welcome": (CheckoutKind.PAYMENT, "welcome", {**_ELSEWHERE, "buyer_name": "김장부"}),
    "kcp phone": (
        CheckoutKind.PAYMENT,
        "kcp",
        {**_ELSEWHERE, "pay_method": "phone", "digital": False, "buyer_name": "김장부"},
    ),
    "eximbay": (CheckoutKind.PAYMENT, "eximbay", _ELSEWHERE),
}  # fmt: skip
"""By a name: what is asked for, where, and a request that is right."""


def checked(case: str, *, merchant: Merchant = ANYBODY, **changed: Any) -> dict[str, Any]:
    """One of them, changed, as it is kept."""
    kind, pg, values = REQUESTS[case]
    return checked_request({**values, **changed}, kind=kind, pg=pg, merchant=merchant, now=NOW)


def mistakes(case: str, *, merchant: Merchant = ANYBODY, **changed: Any) -> dict[str, str]:
    """Field -> sentence of all that is wrong of one of them, changed."""
    try:
        checked(case, merchant=merchant, **changed)
    except InvalidRequest as problem:
        return {str(one.values["field"]): str(one) for one in (problem, *problem.also)}
    return {}
