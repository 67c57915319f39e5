"""What a button of the window does: to the payment, to the shop's server, to its page."""

from dataclasses import dataclass

import httpx

from services.sandbox.api.bodies import Call, money, whole
from services.sandbox.api.envelope import No
from services.sandbox.window import answers, outcomes, pages
from services.sandbox.window.asked import returning
from services.sandbox.window.attempts import Act, Attempt
from services.sandbox.window.backstage import Backstage
from services.sandbox.window.confirm import asks, objection
from services.sandbox.window.switches import Webhook
from services.sandbox.world.rows import Money
from services.sandbox.world.shelf import Row
from services.sandbox.world.world import Event

_STOPPED_BY_SHOP = "CONFIRM_REFUSED"


@dataclass(frozen=True, slots=True)
class Press:
    """A button, and what was typed for it."""

    act: Act
    webhook: Webhook
    amount: Money | None
    """Only where another amount is approved."""
    seconds: int
    failed_first: bool
    code: str
    words: str


def press_of(call: Call, usual: Webhook) -> Press:
    """Reads the window's form. Raises No."""
    try:
        act, webhook = Act(call.text("act")), Webhook(call.body.get("webhook") or usual)
    except ValueError:
        raise No(400, "act, webhook 값이 올바르지 않습니다.") from None
    amount = money(call.text("amount"), "amount") if act == Act.OTHER_AMOUNT else None
    seconds = whole(call.text("seconds"), "seconds") if act == Act.LATE else 0
    code, words = (str(call.body.get(name) or "") for name in ("code", "words"))
    return Press(act, webhook, amount, seconds, call.body.get("first") != "ready", code, words)


class Buttons:
    """Carries out a press; each window takes one."""

    def __init__(self, backstage: Backstage) -> None:
        self._back = backstage

    def carry_out(self, attempt: Attempt, press: Press) -> httpx.Response:
        """What the browser gets then."""
        if press.act == Act.CANCEL:
            told = answers.interrupted(attempt, self._back.switches())
            return self._failed(attempt, told["error_code"], told["error_msg"])
        if press.act == Act.FAIL:
            return self._failed(attempt, press.code, press.words)
        words = self._objection(attempt, press)
        if words is not None:
            return self._failed(attempt, _STOPPED_BY_SHOP, words)
        return self._late(attempt, press) if press.act == Act.LATE else self._approved(attempt, press)

    def _objection(self, attempt: Attempt, press: Press) -> str | None:
        switches = self._back.switches()
        with self._back.held:
            row = self._back.world(attempt.asked).payments[attempt.imp_uid]
        if press.amount is not None:
            row["amount"] = press.amount
        url = attempt.asked.text("confirm_url") or switches.confirm_url
        return objection(url, row, switches.confirm_seconds) if url and asks(row) else None

    def _failed(self, attempt: Attempt, code: str, words: str) -> httpx.Response:
        with self._back.held:
            outcomes.fail(self._back.world(attempt.asked), attempt, self._back.now(), words)
        return _to_shop(attempt, [answers.failed(attempt, code, words, self._back.switches())])

    def _late(self, attempt: Attempt, press: Press) -> httpx.Response:
        with self._back.held:
            row = outcomes.approve_later(
                self._back.world(attempt.asked),
                attempt,
                self._back.now(),
                press.seconds,
                failed_first=press.failed_first,
            )
        # The world's clock goes by whole seconds.
        self._back.later.after(press.seconds + 0.1, self._back.tick)
        if row["vbank_num"]:
            self._back.webhooks.tell(Event.of(row), browser_waits=True)
        switches = self._back.switches()
        if press.failed_first:
            return _to_shop(attempt, [answers.failed(attempt, pages.FAIL_CODE, outcomes.LATE_WORDS, switches)])
        return _to_shop(attempt, [answers.approved(attempt, row, switches)])

    def _approved(self, attempt: Attempt, press: Press) -> httpx.Response:
        switches = self._back.switches()
        with self._back.held:
            row = outcomes.approve(self._back.world(attempt.asked), attempt, self._back.now(), press.amount)
        if attempt.takes_money or switches.registration_webhook or row["pg_provider"] == "tosspay_v2":
            self._back.webhooks.tell(Event.of(row), browser_waits=True)
        told = answers.approved(attempt, row, switches)
        if press.act == Act.SILENT:
            return pages.silent()
        if press.act == Act.NO_IMP_UID:
            del told["imp_uid"]
        return _to_shop(attempt, [told, told] if press.act == Act.TWICE else [told])


def _to_shop(attempt: Attempt, told: list[Row]) -> httpx.Response:
    """By its page's callback, or by its address."""
    own = attempt.asked.text("m_redirect_url")
    to = returning(own, answers.for_address(told[0])) if own else None
    if attempt.wanted.popup or to is None:
        return pages.to_opener(attempt.address, attempt.asked.origin, told, to)
    return pages.returned_twice(to) if len(told) > 1 else httpx.Response(303, headers={"location": to})
