"""What is known before a refund is asked for: allowed, risky or impossible, and because of what. It only warns."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from services.clock import day_of, seoul
from services.codes.names import name_of
from services.errors import InvalidRequest, says
from services.months import in_month, month_after, month_of
from services.payment_states import only_registered
from services.store.lists.one import Refundable
from services.tables.codes import CodeKind
from services.tables.v1 import Payment, PaymentStatus

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
    parts: str | None
    """Why a part may not be refunded, a sentence as well; None where nothing is known against it."""
    source: str
    as_of: date

    @property
    def sentence(self) -> str:
        return self.because.format(**self.values)


def verdict(payment: Payment, now: float) -> Verdict:
    """What the rules say of refunding a payment at this moment."""
    rules = _rules()
    rule = next(rule for rule in rules["rule"] if _fits(rule, payment))
    level, because, values = _judged(rule, payment, now)
    source = rules["sources"][rule["source"]]
    return Verdict(level, because, values, _parts(rule, payment), source, rules["as_of"])


def by_contract(payment: Payment) -> bool:
    """Whether its PG refunds it only by a contract of the shop, which also says when."""
    rule = next(rule for rule in _rules()["rule"] if _fits(rule, payment))
    return bool(rule.get("contract"))


def _parts(rule: Mapping[str, Any], payment: Payment) -> str | None:
    if payment.escrow:
        return says("An escrow payment is refunded whole only, until the buyer has confirmed it.")
    return {
        True: None,
        False: says("This method is refunded whole only, as far as is known."),
        "contract": says("This PG refunds a part only where the shop has that contract."),
        "mixed": says("What was paid with points besides may be refunded whole only."),
    }[rule.get("parts", True)]


def account_needs(payment: Payment | Refundable, now: float) -> tuple[str, ...]:
    """What of an account has to be named with a refund of this payment, by V1's names; () where none is."""
    for rule in _rules()["account"]:
        if _fits(rule, payment) and not (rule.get("after_month") and _same_month(payment, now)):
            return tuple(rule["needs"])
    return ()


def bank_code(pg_provider: str | None, code: str) -> str:
    """A bank's standard three-digit code as this PG writes it: `088`, `88` or `BK88`. Raises InvalidRequest."""
    if len(code) != _BANK_DIGITS or not (code.isascii() and code.isdecimal()):
        raise InvalidRequest("A bank is named by its three-digit code, like 088.", field="refund_bank")
    if code not in banks(pg_provider):
        raise InvalidRequest("This PG cannot pay out to that bank.", field="refund_bank")
    if own := _rules()["bank_own"].get(pg_provider or ""):
        return str(own[code])
    form = _rules()["bank_code"].get(pg_provider or "", "three")
    return {"three": code, "two": code[-2:], "kcp": f"BK{code[-2:]}"}[form]


def banks(pg_provider: str | None = None) -> dict[str, str]:
    """Standard three-digit code -> name, of all banks or of those that a PG pays out to."""
    rules = _rules()
    found = {code: name_of(CodeKind.BANKS, code) or code for code in rules["banks"]}
    only = rules["bank_own"].get(pg_provider or "") or rules["bank_only"].get(pg_provider or "")
    return found if only is None else {code: name for code, name in found.items() if code in only}


def _judged(rule: Mapping[str, Any], payment: Payment, now: float) -> tuple[Level, str, dict[str, Any]]:
    if payment.status != PaymentStatus.PAID or payment.amount <= payment.cancel_amount:
        return Level.IMPOSSIBLE, says("Nothing of this payment is left to refund."), {}
    if only_registered(payment.model_dump()):
        return Level.IMPOSSIBLE, says("This only registered a billing key: nothing was charged."), {}
    if rule.get("same_month"):
        return *_by_month(rule, payment, now), {}
    if rule.get("contract"):
        sentence = says("This PG refunds virtual accounts only by a contract, in seven business days or more.")
        return Level.RISKY, sentence, {}
    days = _days(rule, payment)
    level, because, values = _by_days(days, payment, now, about=rule.get("about", False))
    if level != Level.IMPOSSIBLE and _is_closed(rule, now):
        begins, ends = rule["closed"]
        return Level.RISKY, says("This PG refunds no virtual account from {begins} to {ends} o'clock."), {
            "begins": begins, "ends": ends
        }  # fmt: skip
    return level, because, values


def _by_month(rule: Mapping[str, Any], payment: Payment, now: float) -> tuple[Level, str]:
    if _same_month(payment, now):
        return Level.ALLOWED, says("Phone payments are refunded until the end of this month.")
    if rule.get("account_after"):
        sentence = says("The month of the payment is over: it goes to an account, where the shop has that contract.")
        return Level.RISKY, sentence
    return Level.IMPOSSIBLE, says("Phone payments are refunded in the month of the payment only.")


def _by_days(days: int | None, payment: Payment, now: float, *, about: bool) -> tuple[Level, str, dict[str, Any]]:
    if days is None:
        return Level.ALLOWED, says("No deadline is known; the money goes to an account that you name."), {}
    age = day_of(now) - day_of(payment.paid_at)
    values = {"days": f"{days:,}", "age": f"{age:,}", "left": f"{max(days - age, 0):,}"}
    if age > days:
        level = Level.RISKY if about else Level.IMPOSSIBLE
        return level, says("Refunds end after about {days} days, and it was paid {age} days ago."), values
    if age == days:
        return Level.RISKY, says("This is the last of {days} days."), values
    if days - age <= _NEAR_DAYS:
        return Level.RISKY, says("Only {left} of {days} days are left."), values
    return Level.ALLOWED, says("{age} of {days} days have passed."), values


def _days(rule: Mapping[str, Any], payment: Payment) -> int | None:
    if "months" not in rule:
        days: int | None = rule.get("days")
        return days
    paid = seoul(payment.paid_at).date()
    return (in_month(month_after(paid, rule["months"]), paid.day) - paid).days


def _is_closed(rule: Mapping[str, Any], now: float) -> bool:
    if "closed" not in rule:
        return False
    begins, ends = rule["closed"]
    return not ends <= seoul(now).hour < begins


def _same_month(payment: Payment | Refundable, now: float) -> bool:
    return month_of(payment.paid_at) == month_of(now)


def _fits(rule: Mapping[str, Any], payment: Payment | Refundable) -> bool:
    return all(
        getattr(payment, field) in rule[name]
        for name, field in (("pg", "pg_provider"), ("method", "pay_method"))
        if name in rule
    )


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
