"""What may be paid: amounts, taxes, currencies and each PG's minimum."""

from typing import Any

from services.sandbox.api.bodies import money
from services.sandbox.api.envelope import No
from services.sandbox.window.asked import missing, require, wrong
from services.sandbox.window.switches import Switches
from services.sandbox.world.channels import CHARGED_REGISTRATIONS
from services.sandbox.world.rows import Money

_FOREIGN = ("paypal", "paypal_v2", "paymentwall", "eximbay")
_MINIMA: dict[str, dict[str, int]] = {
    "kakaopay": {"": 100},
    "payco": {"": 100},
    "kcp": {"card": 1_000, "trans": 400, "vbank": 301, "phone": 400},
    "html5_inicis": {"card": 100, "trans": 150, "phone": 300},
    "danal": {"card": 100, "trans": 301, "vbank": 301, "phone": 301},
    "tosspayments": {"card": 100, "trans": 200, "vbank": 1, "phone": 300},
    "nice_v2": {"card": 100, "trans": 200, "vbank": 1, "phone": 500},
    "kicc": {"": 100},
    "mobilians": {"phone": 301},
    "welcome": {"trans": 300, "vbank": 300},
}
"""PG -> pay method, or "" for all of them -> won."""


def currency_of(param: dict[str, Any], pg: str) -> str:
    """The currency of a payment. Raises Stopped where the PG does not take it."""
    currency = str(param.get("currency") or ("USD" if pg.startswith("paypal") else "KRW"))
    if pg.startswith("paypal"):
        require(currency != "KRW", "currency", "PayPal은 KRW를 지원하지 않습니다")
    elif pg not in _FOREIGN:
        require(currency == "KRW", "currency", "KRW만 지원합니다")
    if pg == "paymentwall" and "currency" not in param:
        raise missing("currency")
    return currency


def amount_of(param: dict[str, Any], pg: str, switches: Switches) -> Money:
    """The amount that the window shows. Raises Stopped."""
    registers = "customer_uid" in param
    if "amount" not in param:
        raise missing("amount")
    amount = _money(param, "amount")
    require(amount > 0 or (registers and amount == 0), "amount", "0보다 큰 금액")
    require(currency_of(param, pg) != "KRW" or isinstance(amount, int), "amount", "원 단위의 정수")
    tax_free, vat = _money(param, "tax_free"), _money(param, "vat_amount")
    require(tax_free >= 0, "tax_free", "0 이상")
    require(vat >= 0, "vat_amount", "0 이상")
    require("vat_amount" not in param or pg != "kakaopay", "vat_amount", "카카오페이는 지원하지 않습니다")
    if tax_free + vat > amount:
        raise wrong("tax_free", "면세금액과 부가세의 합이 결제금액을 초과합니다")
    if currency_of(param, pg) == "KRW" and takes_money(param, pg, amount):
        _check_minimum(amount, minimum(pg, str(param.get("pay_method") or ""), switches))
    return amount


def takes_money(param: dict[str, Any], pg: str, amount: Money) -> bool:
    """Whether an approval takes the amount: where a key is registered, with some PGs only."""
    return "customer_uid" not in param or (pg in CHARGED_REGISTRATIONS and amount > 0)


def minimum(pg: str, method: str, switches: Switches) -> int:
    """The least that can be paid, in won."""
    if pg == "naverpay":
        return switches.naverpay_minimum
    of_pg = _MINIMA.get(pg, {})
    return of_pg.get(method, of_pg.get("", 1))


def _check_minimum(amount: Money, least: int) -> None:
    require(amount >= least, "amount", f"최소 결제 금액은 {least}원입니다")


def _money(param: dict[str, Any], name: str) -> Money:
    try:
        return money(param.get(name, 0), name)
    except No as no:
        raise wrong(name, no.message) from None
