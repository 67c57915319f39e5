"""The window as HTML: the buttons, and what stands there when it has ended."""

from pathlib import Path
from typing import Any

import httpx
from jinja2 import Environment, FileSystemLoader

from services.sandbox.window.attempts import Attempt
from services.sandbox.window.switches import Webhook
from services.sandbox.world.rows import Money
from services.sandbox.world.shelf import Row, encode

FAIL_WORDS = "[한도초과] 카드  이용한도를 <b>초과</b>하였습니다. \"고객센터\"('1544-0000') & 카드사에 문의하세요."
"""Two spaces, tags, quotes and an ampersand: whoever works on it is found out."""
FAIL_CODE = "PG_REFUSED"
_WEBHOOKS = (
    (Webhook.AFTER, "돌아간 뒤 · after the return"),
    (Webhook.BEFORE, "돌아가기 전 · before the return"),
    (Webhook.TWICE, "두 번 · twice"),
    (Webhook.NEVER, "보내지 않음 · never"),
)
_DRAW = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True)
_DRAW.policies["json.dumps_function"] = lambda value, **_: encode(value).decode()  # the usual one knows no Decimal


def window(attempt: Attempt, row: Row, webhook: Webhook) -> httpx.Response:
    """The page with the buttons that fit."""
    word, english = ("등록", "Register") if attempt.registers else ("결제 승인", "Approve")
    if row["pay_method"] == "vbank":
        word, english = "가상계좌 발급", "Issue the virtual account"
    amount: Money = row["amount"]
    return _page(
        "window.html", attempt=attempt, row=row, acts=attempt.acts, word=word, english=english, webhook=webhook,
        webhooks=_WEBHOOKS, fail_words=FAIL_WORDS, fail_code=FAIL_CODE, sum=_sum(amount, row["currency"]),
        other_amount=amount - 1 if amount > 1 else amount + 1,
    )  # fmt: skip


def to_opener(window: str, origin: str, answers: list[Row], to: str | None) -> httpx.Response:
    """Tells the shop's page, which opened this one, and closes."""
    told = {"window": window, "origin": origin, "answers": answers, "to": to}
    return _ended("이 창을 닫아 주세요", "Please close this window", told=told)


def returned_twice(address: str) -> httpx.Response:
    """Asks for the shop's address by itself before the browser goes there."""
    return _ended("상점으로 돌아갑니다", "On the way back to the shop", twice=address)


def silent() -> httpx.Response:
    """Nothing leads back."""
    return _ended("승인되었고, 상점으로 돌아가지 않습니다", "Approved; nothing leads back to the shop")


def closed(status: int) -> httpx.Response:
    """There is no such window, or it has ended."""
    return _ended("끝난 결제창입니다", "This window has ended", status=status)


def _ended(korean: str, english: str, *, status: int = 200, **more: Any) -> httpx.Response:
    return _page("ended.html", status=status, korean=korean, english=english, **more)


def _page(name: str, *, status: int = 200, **told: Any) -> httpx.Response:
    headers = {"cache-control": "no-store", "referrer-policy": "no-referrer"}
    return httpx.Response(status, html=_DRAW.get_template(name).render(told), headers=headers)


def _sum(amount: Money, currency: str) -> str:
    return f"{amount:,}원" if currency == "KRW" else f"{amount:,} {currency}"
