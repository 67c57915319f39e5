"""Whether a reason says why: what merely fills the field is none, nor is one that stands on everything."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.errors import JangbuError
from services.inspection.findings import Check, Tally
from services.operations.actions.refunds import REQUESTERS

SAME_ON_ALL = 5
"""From so many on, one and the same reason on all of them is a default."""
_WORDS = """
환불 취소 결제취소 결제환불 환불요청 취소요청 환불처리 취소처리 전액환불 전체환불 전체취소 부분환불 부분취소 주문취소
관리자취소 관리자환불 삭제 빌링키삭제 해지 해지요청 사유 사유없음 없음 기타 그냥 테스트 테스트결제 테스트환불
test testing tester cancel cancelled canceled cancellation refund refunded refunding reason delete deleted remove
취소요청api none null nil undefined na nan other etc todo tbd string asdf qwer qwerty abc xxx dummy sample default
"""
_FILLERS = frozenset(_WORDS.split())
_APART = re.compile(r"[\W_]+")
_JAMO = re.compile("[ㄱ-ㅎㅏ-ㅣ\u1100-\u11ff]+")


def folded(reason: str | None) -> str:
    """A reason as it is compared: without case, width, spaces and signs."""
    return _APART.sub("", unicodedata.normalize("NFKC", reason or "").casefold())


def is_filler(reason: str | None) -> bool:
    """Whether it says nothing: empty, a sign, one letter or one again and again, digits, a word like 환불 or test."""
    plain = folded(reason)
    if len(set(plain)) < 2 or plain.isdecimal() or _JAMO.fullmatch(plain):
        return True
    return plain.rstrip("0123456789") in _FILLERS


def judge_reason(row: Any, tally: Tally, check: Check, about: Mapping[str, Any], *, known: bool = True) -> None:
    """Judges whether a row says why, and who asked for it where that is `known`; `about` says which row it is."""
    about = {
        **about, "requester": row.requester or "", "words": row.reason or "", "sandbox": bool(row.sandbox),
    }  # fmt: skip
    right = known
    if is_filler(row.reason):
        right = False
        tally.violation(check, JangbuError("The reason does not say why."), **about)
    if known and row.requester not in REQUESTERS:
        right = False
        tally.violation(check, JangbuError("It does not say who asked for it."), **about)
    if right:
        tally.shown(check, JangbuError("Who asked for it and why were told."), **about)


@dataclass
class Sameness:
    """Whether all reasons so far are one and the same."""

    reason: str = ""
    of: int = 0
    differ: bool = False

    def take(self, reason: str) -> None:
        """One more reason."""
        self.differ = self.differ or bool(self.of and folded(reason) != folded(self.reason))
        self.reason, self.of = self.reason or reason, self.of + 1

    def is_default(self) -> bool:
        """Whether it looks like one that stands there by itself."""
        return self.of >= SAME_ON_ALL and not self.differ
