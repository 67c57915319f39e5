"""What is known before a refund is asked for: allowed, risky or impossible, and because of what. It only warns."""

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from services.clock import DAY, seoul
from services.errors import InvalidRequest
from services.models import Payment, PaymentStatus
from services.payment_states import only_registered

_FILE = Path(__file__).with_name("refund_rules.toml")
_NEAR_DAYS = 14
_BANK_DIGITS = 3


class Level(StrEnum):
    """How likely the gateway is to make a refund."""

    ALLOWED = "allowed"
    RISKY = "risky"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A level, why (an English sentence, a gettext key, with its values), and where that is known from."""

    level: Level
    because: str
    values: dict[str, Any]
    partial: bool
    source: str
    as_of: date

    @property
    def sentence(self) -> str:
        return self.because.format(**self.values)


def says(sentence: str) -> str:
    """Marks a sentence of this module for the catalogs."""
    return sentence


def verdict(payment: Payment, now: float) -> Verdict:
    """What the rules say of refunding a payment at this moment."""
    rules = _rules()
    rule = next(rule for rule in rules["rule"] if _fits(rule, payment))
    level, because, values = _judged(rule, payment, now)
    source = rules["sources"][rule["source"]]
    return Verdict(level, because, values, rule.get("partial", True), source, rules["as_of"])


def bank_code(pg_provider: str | None, code: str) -> str:
    """A bank's standard three-digit code as this PG writes it: `088`, `88` or `BK88`. Raises InvalidRequest."""
    if len(code) != _BANK_DIGITS or not (code.isascii() and code.isdecimal()):
        raise InvalidRequest("A bank is named by its three-digit code, like 088.", field="refund_bank")
    form = _rules()["bank_code"].get(pg_provider or "", "three")
    return {"three": code, "two": code[-2:], "kcp": f"BK{code[-2:]}"}[form]


def banks() -> dict[str, str]:
    """Standard three-digit code -> name."""
    found: dict[str, str] = _rules()["banks"]
    return found


def wants_phone(pg_provider: str | None) -> bool:
    """Whether this PG asks for the phone number of an account's holder."""
    return pg_provider in _rules()["refund_tel"]["pg"]


def _judged(rule: dict[str, Any], payment: Payment, now: float) -> tuple[Level, str, dict[str, Any]]:
    if payment.status != PaymentStatus.PAID or payment.amount <= payment.cancel_amount:
        return Level.IMPOSSIBLE, says("Nothing of this payment is left to refund."), {}
    if only_registered(payment.model_dump()):
        return Level.IMPOSSIBLE, says("This only registered a billing key: nothing was charged."), {}
    if rule.get("same_month"):
        if seoul(payment.paid_at).strftime("%Y%m") != seoul(now).strftime("%Y%m"):
            return Level.IMPOSSIBLE, says("Phone payments are refunded in the month of the payment only."), {}
        return Level.ALLOWED, says("Phone payments are refunded until the end of this month."), {}
    days = rule.get("days")
    if days is None:
        return Level.ALLOWED, says("No deadline is known; the money goes to an account that you name."), {}
    age = int(now - payment.paid_at) // DAY
    values = {"days": f"{days:,}", "age": f"{age:,}", "left": f"{max(days - age, 0):,}"}
    if age >= days:
        level = Level.RISKY if rule.get("about") else Level.IMPOSSIBLE
        return level, says("Refunds end after about {days} days, and it was paid {age} days ago."), values
    if days - age <= _NEAR_DAYS:
        return Level.RISKY, says("Only {left} of {days} days are left."), values
    return Level.ALLOWED, says("{age} of {days} days have passed."), values


def _fits(rule: dict[str, Any], payment: Payment) -> bool:
    return all(
        getattr(payment, field) in rule[name]
        for name, field in (("pg", "pg_provider"), ("method", "pay_method"))
        if name in rule
    )


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
