"""What request_pay was told, and the answer that stops it before a window."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from services.sandbox.world.shelf import Row

BAD_PARAMETER = "BAD_PARAMETER"
"""The vendor names no code for it."""


class Stopped(Exception):
    """No window opens: the code and the words that the page gets."""

    def __init__(self, words: str, code: str = BAD_PARAMETER) -> None:
        super().__init__(words)
        self.words, self.code = words, code


@dataclass(frozen=True, slots=True)
class Asked:
    """One call of request_pay, as the SDK passed it on."""

    user_code: Any
    tier_code: Any
    param: dict[str, Any]
    """Without what is null, which JavaScript does not tell from missing."""
    old: bool
    """By the old SDK."""
    mobile: bool
    callback: bool
    origin: str
    """Whose page it was; `*` where the browser does not say."""

    def text(self, name: str) -> str:
        """A parameter that is a text or missing."""
        return str(self.param.get(name) or "")


def asked_of(body: dict[str, Any], origin: str | None) -> Asked:
    """Takes the SDK's body apart. Raises Stopped where request_pay got no object."""
    param = body.get("param")
    if not isinstance(param, dict):
        raise Stopped("결제 파라미터가 올바르지 않습니다.")
    known = {name: value for name, value in param.items() if value is not None}
    old, mobile, callback = (body.get(name) is True for name in ("old", "mobile", "callback"))
    whose = origin if origin and origin != "null" else "*"
    return Asked(body.get("user_code"), body.get("tier_code"), known, old, mobile, callback, whose)


def is_day(value: Any) -> bool:
    """Whether it is a day that exists, as yyyyMMdd."""
    if not re.fullmatch(r"[0-9]{8}", str(value)):
        return False
    try:
        datetime.strptime(str(value), "%Y%m%d")  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return False
    return True


def is_address(value: Any) -> bool:
    """Whether a browser or the vendor can go there: http(s) with a host."""
    return isinstance(value, str) and re.fullmatch(r"https?://[^\s/?#]+\S*", value) is not None


def missing(name: str) -> Stopped:
    """A parameter that must be there is not."""
    return Stopped(f"필수 파라미터가 누락되었습니다. ({name})")


def wrong(name: str, rule: str) -> Stopped:
    """A parameter breaks its rule."""
    return Stopped(f"{name} 파라미터가 올바르지 않습니다. ({rule})")


def require(holds: bool, name: str, rule: str) -> None:
    """Raises Stopped unless the rule of a parameter holds."""
    if not holds:
        raise wrong(name, rule)


Rule = tuple[Callable[[Any], bool], str]
"""What a value must pass, and how the refusal names it."""


def returning(url: str, answer: Row) -> str:
    """The shop's address with an answer behind its own query."""
    address, hash_sign, fragment = url.partition("#")
    told = urlencode({name: _plain(value) for name, value in answer.items() if value is not None}, quote_via=quote)
    return f"{address}{'&' if '?' in address else '?'}{told}{hash_sign}{fragment}"


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
