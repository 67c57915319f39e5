"""Reasons that people choose from: codes inside, and outside one language, whatever the screen's is.

The gateway, the buyer's bank and Naver Pay are told the words; what is counted is the code behind them.
"""

from collections.abc import Mapping
from enum import StrEnum


class Language(StrEnum):
    """What reasons are told in."""

    KOREAN = "ko"
    ENGLISH = "en"


REFUND: Mapping[str, tuple[str, str]] = {
    "mind": ("단순 변심", "Change of mind"),
    "defect": ("상품 불량·파손", "Defective or damaged"),
    "wrong": ("오배송", "Wrong item delivered"),
    "late": ("배송 지연", "Delivery delayed"),
    "stock": ("품절", "Out of stock"),
    "twice": ("중복 결제", "Paid twice"),
    "price": ("가격·옵션 오류", "Wrong price or option"),
}
"""Of refunds: code -> words in Korean and English."""
DELETION: Mapping[str, tuple[str, str]] = {
    "ended": ("구매자 구독 해지", "The buyer ends the subscription"),
    "left": ("회원 탈퇴", "The buyer closes the account"),
    "changed": ("결제 수단 변경", "The buyer pays another way now"),
    "broken": ("카드 사용 불가", "The card no longer works"),
    "again": ("중복 등록", "Registered twice"),
    "stopped": ("상품 판매 종료", "The shop no longer offers it"),
}
"""Of deletions of billing keys: a question of its own."""
ASKED_BY: Mapping[str, str] = {
    "mind": "customer",
    "stock": "admin",
    "ended": "customer",
    "left": "customer",
    "changed": "customer",
    "stopped": "admin",
}
"""Who wants it by V1's words, for those reasons that say so themselves."""


def words_in(reasons: Mapping[str, tuple[str, str]], language: Language) -> dict[str, str]:
    """Code -> the words that are told."""
    at = list(Language).index(language)
    return {code: both[at] for code, both in reasons.items()}


def apart(reason: str, reasons: Mapping[str, tuple[str, str]]) -> tuple[str | None, str]:
    """The code of what was told, in whichever language, and what was added to it; without a code all of it."""
    first, _colon, added = reason.partition(":")
    code = next((code for code, both in reasons.items() if first.strip() in both), None)
    return (code, added.strip()) if code else (None, reason)


def code_of(reason: str) -> str | None:
    """The code behind a refund's reason, whatever was added to it and in whichever language it was told."""
    return apart(reason, REFUND)[0]
