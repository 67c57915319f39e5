"""The parameters of Naver Pay, for payments and for billing keys."""

import re
from collections.abc import Callable
from typing import Any

from services.clock import seoul
from services.sandbox.window.asked import Rule, is_day, missing, require, wrong

_FOR_PAYMENTS = ("naverProducts", "naverUseCfm", "naverCultureBenefit")
_FOR_KEYS = ("naverProductCode", "naverProductCount")


def _shaped(pattern: str, most_bytes: int) -> Callable[[Any], bool]:
    return lambda value: (
        isinstance(value, str) and len(value.encode()) <= most_bytes and re.fullmatch(pattern, value) is not None
    )


def _count(most: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most


_NEEDED: dict[str, Rule] = {
    "categoryType": (_shaped("[A-Z]+", 10), "영문 대문자 10byte 이하"),
    "categoryId": (_shaped("[A-Z_]+", 16), "영문 대문자와 _ 16byte 이하"),
    "uid": (_shaped(r"(?s).*\S.*", 100), "100byte 이하 string"),
    "name": (lambda value: isinstance(value, str) and 1 <= len(value) <= 128, "128자 이하 string"),
    "count": (_count(999_999), "1 이상 999,999 이하 number"),
}
_ALLOWED: dict[str, Rule] = {
    "payReferrer": (_shaped("[A-Z_]+", 20), "영문 대문자와 _ 20byte 이하"),
    "startDate": (is_day, "yyyyMMdd"),
    "endDate": (is_day, "yyyyMMdd"),
    "sellerId": (_shaped("[A-Za-z0-9]+", 30), "영문과 숫자 30byte 이하"),
}


def check_naver(param: dict[str, Any], now: int) -> None:
    """Every rule of Naver Pay's own parameters. Raises Stopped."""
    registers = "customer_uid" in param
    for name in _FOR_PAYMENTS if registers else _FOR_KEYS:
        require(name not in param, name, "정기결제 등록용" if name in _FOR_KEYS else "일반결제용")
    if registers:
        for name in _FOR_KEYS:
            if param.get(name) in (None, ""):
                raise missing(name)
        require(_count(999_999)(param["naverProductCount"]), "naverProductCount", "1 이상의 정수")
    if "naverUseCfm" in param:
        day = param["naverUseCfm"]
        require(is_day(day) and day >= f"{seoul(now):%Y%m%d}", "naverUseCfm", "결제일 당일 또는 미래의 yyyyMMdd")
    if "naverPurchaserBirthday" in param:
        require(is_day(param["naverPurchaserBirthday"]), "naverPurchaserBirthday", "yyyyMMdd")
    for number, product in enumerate(param.get("naverProducts", ())):
        _check_product(f"naverProducts[{number}]", product)


def _check_product(name: str, product: dict[str, Any]) -> None:
    for field, (passes, rule) in _NEEDED.items():
        if product.get(field) in (None, ""):
            raise missing(f"{name}.{field}")
        require(passes(product[field]), f"{name}.{field}", rule)
    for field, (passes, rule) in _ALLOWED.items():
        require(product.get(field) is None or passes(product[field]), f"{name}.{field}", rule)
    begin, end = product.get("startDate"), product.get("endDate")
    if begin is not None and end is not None and str(end) < str(begin):
        raise wrong(f"{name}.endDate", "startDate 이후")
