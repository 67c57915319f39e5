"""The rules that parameters of the payment window keep to, each with its sentence."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from services.checkout.parameters.case import Case
from services.checkout.parameters.minimums import minimum
from services.clock import seoul
from services.errors import says
from services.registrations import took_money
from services.tables.v1 import CustomerUidUsage
from services.typed_text import typed

INSTALMENTS_FROM = 50_000
_DUE = ("%Y-%m-%d", "%Y%m%d", "%Y-%m-%d %H:%M:%S", "%Y%m%d%H%M%S")
_DIGITS = re.compile(r"[0-9]+")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{6,}[0-9]")
_MAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_MOBILE = re.compile(r"(?<![0-9])01[0-9][ -]?[0-9]{3,4}[ -]?[0-9]{4}(?![0-9])")
_UNREACHABLE = re.compile(r"localhost|127\.[0-9.]+|0\.0\.0\.0|\[?::1\]?|.*\.local(host)?")
_AND_OTHERS = re.compile(
    r"(?<![해야과시제예국실교])외\s*(?:[0-9]+|다수|여러|몇)\s*(?:개|건|종|권|점|매|장|품목|가지|상품)?\s*[)\]]?$"
    r"|(?:\band|&|\+)\s*[0-9]+\s*(?:others?|more|items?|products?)\s*[)\]]?$",
    re.IGNORECASE,
)
_BUYER = ("buyer_name", "buyer_email", "buyer_tel")


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds of a value, and the sentence (an English gettext key) where it does not."""

    template: str
    holds: Callable[[Any, Case], bool]
    values: Callable[[Case], Mapping[str, object]] = lambda _: {}


def at_most(n: int) -> Rule:
    """So many characters."""
    return Rule(says("At most {n} characters."), lambda value, _: len(value) <= n, lambda _: {"n": n})


def at_most_bytes(n: int) -> Rule:
    """So many bytes in UTF-8, in which a Korean syllable has three."""
    sentence = says("At most {n} bytes: a Korean syllable counts as three.")
    return Rule(sentence, lambda value, _: len(value.encode()) <= n, lambda _: {"n": n})


def shaped(pattern: str, template: str) -> Rule:
    """A text of that shape, from its first sign to its last one."""
    shape = re.compile(pattern)
    return Rule(template, lambda value, _: shape.fullmatch(value) is not None)


def one_of(*known: str) -> Rule:
    """One of a few words."""
    return Rule(says("One of these: {known}."), lambda value, _: value in known, lambda _: {"known": ", ".join(known)})


def between(least: int, most: int) -> Rule:
    """A whole number within these."""
    return Rule(
        says("A whole number from {least} to {most}."),
        lambda value, _: least <= value <= most,
        lambda _: {"least": f"{least:,}", "most": f"{most:,}"},
    )


def day_of_text(value: object) -> date | None:
    """The day that yyyyMMdd names, written as a text or as a number; None where it names none."""
    text = str(value)
    if len(text) != len("yyyyMMdd") or not (text.isascii() and _DIGITS.fullmatch(text)):
        return None
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a calendar day has no zone
    except ValueError:
        return None


def _is_future(value: object, case: Case) -> bool:
    day = day_of_text(value)
    return day is not None and day >= seoul(case.now).date()


def _was_born(value: object, case: Case) -> bool:
    day = day_of_text(value)
    return day is not None and day <= seoul(case.now).date()


def _is_due(value: str, case: Case) -> bool:
    for form in _DUE:
        try:
            due = datetime.strptime(value, form)  # noqa: DTZ007 - Seoul's own time, as V1 reads it
        except ValueError:
            continue
        return due.date() >= seoul(case.now).date()
    return False


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and "@" not in parts.netloc and not re.search(r"\s", value)


def _is_reached(value: str | list[Any]) -> bool:
    given = [value] if isinstance(value, str) else value
    return all(
        isinstance(one, str)
        and _is_address(one)
        and one.startswith("https://")
        and not _UNREACHABLE.fullmatch(urlsplit(one).hostname or "")
        for one in given
    )


def _starts_its_products(value: str, case: Case) -> bool:
    products = case.values.get("naverProducts")
    first = products[0] if isinstance(products, list) and products else None
    name = first.get("name") if isinstance(first, Mapping) else None
    # A product without a name is told of beside it.
    return not isinstance(name, str) or typed(name) in ("", value)


def _is_enough(value: int, case: Case) -> bool:
    return not _takes_money(value, case) or value >= _minimum(case)["minimum"]


def _takes_money(value: int, case: Case) -> bool:
    usage = CustomerUidUsage.ISSUE if case.registers else None
    return case.currency == "KRW" and took_money(case.pg, case.values.get("pay_method"), usage, value)


def _minimum(case: Case) -> dict[str, int]:
    return {"minimum": minimum(case.pg, case.values.get("pay_method"), case.merchant.minimums)}


def _is_within_amount(value: int, case: Case) -> bool:
    amount = case.amount()
    return value >= 0 and (amount is None or value <= amount)


def _is_nobody(value: str, case: Case) -> bool:
    return "@" not in value and not _MOBILE.search(value) and value not in {case.values.get(name) for name in _BUYER}


def _ends_after_start(value: object, case: Case) -> bool:
    start, end = day_of_text(case.values.get("startDate")), day_of_text(value)
    return start is None or end is None or end >= start


def _are_quotas(value: Mapping[str, Any], case: Case) -> bool:
    quotas = value.get("card_quota", [])
    if not isinstance(quotas, list) or not all(isinstance(one, int) and not isinstance(one, bool) for one in quotas):
        return False
    return all(one >= 1 for one in quotas) and not (case.pg == "kakaopay" and len(quotas) > 1)


def _are_afforded(value: Mapping[str, Any], case: Case) -> bool:
    quotas, amount = value.get("card_quota") or [], case.amount()
    return not any(one > 1 for one in quotas) or amount is None or amount >= INSTALMENTS_FROM


def _is_card(value: Mapping[str, Any], _case: Case) -> bool:
    direct, detail = value.get("direct"), value.get("detail", [])
    if direct is not None and not (isinstance(direct, Mapping) and isinstance(direct.get("code"), str)):
        return False
    return isinstance(detail, list) and all(
        isinstance(one, Mapping) and isinstance(one.get("card_code"), str) and isinstance(one.get("enabled"), bool)
        for one in detail
    )


DAY = Rule(says("A day is written yyyyMMdd."), lambda value, _: day_of_text(value) is not None)
FUTURE = Rule(says("The day of use is the day of payment in Seoul or later."), _is_future)
BORN = Rule(says("A birthday lies in the past."), _was_born)
DUE = Rule(says("A day from today on in Seoul, as YYYY-MM-DD or YYYYMMDD, with or without the time."), _is_due)
AFTER_START = Rule(says("The last day is before the first."), _ends_after_start)
ADDRESS = Rule(
    says("A whole web address, with https:// and the name of the shop's site."), lambda value, _: _is_address(value)
)
REACHED = Rule(
    says("A whole web address with https://, which can be reached from outside."), lambda value, _: _is_reached(value)
)
PHONE = Rule(says("A phone number like 010-1234-5678."), lambda value, _: _PHONE.fullmatch(value) is not None)
MAIL = Rule(says("An e-mail address like name@example.com."), lambda value, _: _MAIL.fullmatch(value) is not None)
BARE_NAME = Rule(
    says("Only the name of the first product: Naver Pay itself adds how many others there are."),
    lambda value, case: not case.at_naver or not _AND_OTHERS.search(value),
)
FIRST_PRODUCT = Rule(says("Naver Pay wants the name of the first product here."), _starts_its_products)
ABOVE_NOTHING = Rule(says("The amount must be above 0."), lambda value, case: value > 0 or case.registers)
NOT_NEGATIVE = Rule(says("An amount cannot be below 0."), lambda value, _: value >= 0)
ENOUGH = Rule(says("less than minimum amount ({minimum} won)"), _is_enough, _minimum)
WITHIN_AMOUNT = Rule(says("It must lie between 0 and the amount."), _is_within_amount)
NOBODY = Rule(says("Nothing that tells who it is: no name, address, phone number or sign-in of the buyer."), _is_nobody)
QUOTAS = Rule(says("card_quota is a list of months, of one month alone at Kakao Pay."), _are_quotas)
AFFORDED = Rule(
    says("Instalments are 2 months or more, from {least} won on."),
    _are_afforded,
    lambda _: {"least": f"{INSTALMENTS_FROM:,}"},
)
CARD = Rule(says("card has direct with a code, or detail with card_code and enabled of each card."), _is_card)
