"""A card is nowhere: numbers, birthdays and passwords planted through every way in which a call can end."""

import itertools
import json
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.cards.card import Card, checked_card
from services.gateway.requests import CardKeyRequest, OnetimeRequest
from services.gateway.said_back import hidden
from services.mirror.keep import read_again
from services.operations import held
from services.store.engine import reading
from services.store.lists.one import get_payment
from services.tables.journal import Operation
from tests.operations.cards.desks import GOOD, NOW, SAID_BACK, UNSURE, charge, number, register
from tests.operations.journal.test_forbidden import everything
from tests.worlds.operations.desk import Desk
from tests.worlds.operations.gate import FAULTS
from tests.worlds.operations.store import Journals

Answer = Callable[[str, dict[str, Any]], httpx.Response]


@dataclass
class Planted:
    """Cards that were read out, and how each of their secrets may be written."""

    made: int = 0
    secrets: list[str] = field(default_factory=list)
    births: list[str] = field(default_factory=list)

    def card(self, ends: str = GOOD) -> Card:
        self.made += 1
        digits = number(ends, f"40920{self.made:04d}")
        birth = f"{61 + self.made % 30:02d}{1 + self.made % 12:02d}{1 + self.made % 28:02d}"
        self.secrets += [digits, *(sign.join(digits[at : at + 4] for at in (0, 4, 8, 12)) for sign in "- .")]
        self.births.append(birth)
        return checked_card(
            {"card_number": digits, "expiry": "11/31", "birth": birth, "pwd_2digit": "83", "cvc": "761"}, (), NOW
        )

    def found_in(self, text: str) -> list[str]:
        whole = [one for one in self.secrets if one in text]
        return whole + [one for one in self.births if re.search(rf"(?<![0-9]){one}(?![0-9])", text)]


def _echo(body: dict[str, Any]) -> str:
    number_, *rest = (body[name] for name in ("card_number", "birth", "pwd_2digit", "cvc", "expiry"))
    plain = number_.replace("-", "")
    grouped = f"{plain[:4]} {plain[4:8]}.{plain[8:12]}/{plain[12:]}"
    return f"[오류] 카드 {number_} ({plain}, {grouped}) {' '.join(rest)} 19{rest[0]} 11/31"


def _envelope(status: int, code: int, message: str | None, response: Any = None) -> httpx.Response:
    return httpx.Response(status, json={"code": code, "message": message, "response": response})


def _row(path: str, body: dict[str, Any]) -> dict[str, Any]:
    """A failed payment, or a key, that says everything back, in fields that nobody knows too."""
    told = {"memo": _echo(body), "card": {"no": body["card_number"], "birth": int(body["birth"])},
            "numbers": [int(body["card_number"].replace("-", ""))], "pwd": body["pwd_2digit"]}  # fmt: skip
    if path.endswith("onetime"):
        own = {"imp_uid": f"imp_{body['merchant_uid'][1:9]}", "merchant_uid": body["merchant_uid"], "amount": 60_000}
        return told | own | {"status": "failed", "fail_reason": _echo(body), "name": _echo(body), "failed_at": NOW,
                             "started_at": NOW, "pg_provider": "html5_inicis", "custom_data": _echo(body)}  # fmt: skip
    return told | {"customer_uid": path.rsplit("/", 1)[1], "customer_name": _echo(body), "card_name": _echo(body)}


ANSWERS: dict[str, Answer] = {
    "refused": lambda _path, body: _envelope(200, 1, _echo(body)),
    "400": lambda _path, body: _envelope(400, 1, _echo(body)),
    "401": lambda _path, body: _envelope(401, -1, _echo(body)),
    "404": lambda _path, body: _envelope(404, 1, _echo(body)),
    "500": lambda _path, body: _envelope(500, -1, _echo(body)),
    "501": lambda _path, body: _envelope(501, -1, _echo(body)),
    "page": lambda _path, body: httpx.Response(502, html=f"<html>{_echo(body)}</html>"),
    "broken": lambda _path, body: httpx.Response(200, content=f'{{"code":0,"message":"{_echo(body)}","respo'.encode()),
    "list": lambda _path, body: httpx.Response(200, json=[_echo(body)]),
    "text": lambda _path, body: _envelope(200, 0, None, _echo(body)),
    "row": lambda path, body: _envelope(200, 0, _echo(body), _row(path, body)),
    "nothing of it": lambda _path, body: _envelope(200, 0, _echo(body), {"said": _echo(body)}),
}


def saying(desk: Desk, answer: Answer) -> None:
    """From now on the gateway answers a card so."""
    before = desk.gate.answer

    def instead(request: httpx.Request, operation: Operation | None, fault: str | None) -> httpx.Response:
        if request.method == "POST" and request.url.path.startswith("/subscribe/"):
            found = answer(request.url.path, json.loads(request.content))
            found.request = request
            return found
        return before(request, operation, fault)

    desk.gate.answer = instead  # type: ignore[method-assign]


@pytest.fixture
def planted() -> Iterator[Planted]:
    held._held.clear()
    found = Planted()
    yield found
    assert not held._held
    held._held.clear()


def test_a_card_is_in_no_row_and_no_log_however_its_call_ends(
    tmp_path: Path, planted: Planted, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    journals, states, kept, said = Journals(tmp_path), set(), "", ""
    ends: list[tuple[str | None, Answer | None, str]] = [(None, None, UNSURE), (None, None, SAID_BACK)]
    ends += [(fault, None, GOOD) for fault in (None, *FAULTS)] + [(None, one, GOOD) for one in ANSWERS.values()]
    for ask, (fault, answer, last) in itertools.product((charge, register), ends):
        desk = Desk(journals.empty())
        asked = ask(desk, of=planted.card(last))
        desk.call_faults = [fault] * 3 if fault else []
        if answer:
            saying(desk, answer)
        desk.run(20, every=5)
        operation = desk.get(asked)
        states.add(operation.state)
        kept, said = kept + everything(desk.engine), f"{said} {operation.message}"
        held.forget("t")
    assert states == {"succeeded", "refused", "unknown", "expired"}
    assert len(planted.secrets) + len(planted.births) >= 200
    assert planted.found_in(caplog.text + "".join(capsys.readouterr()) + kept) == []
    assert "[오류] 카드 4092-00**-****-1234 (409200" in said
    assert not re.search(r"(?<![0-9])(83|761|2031-11|11/31)(?![0-9])", said)


def test_what_a_pg_says_of_a_failure_later_is_kept_without_the_person(desk: Desk, planted: Planted) -> None:
    """The mirror reads the payment again when nobody holds the card any more."""
    of = planted.card(SAID_BACK)
    asked = charge(desk, of=of)
    desk.run(20, every=5)
    imp_uid = desk.get(asked).imp_uid or ""
    birth = planted.births[-1]
    said = f"[오류] {of.fields['card_number']} {birth} 19{birth} 010-2266-4739 인증번호 482913"
    row = desk.sandbox.payments[imp_uid] | {"fail_reason": said}
    desk.sandbox.world.put_payment(row)
    desk.wait(1)
    assert read_again(desk.executor.gateway, desk.engine, imp_uid)
    kept = everything(desk.engine)
    assert planted.found_in(kept) == []
    assert not [one for one in (f"19{birth}", "482913") if one in kept]
    with reading(desk.engine) as conn:
        payment = get_payment(conn, imp_uid)
    assert payment is not None
    assert "******** 010-2266-4739 인증번호 ******" in (payment.fail_reason or "")


def test_a_card_is_in_no_repr_and_no_error(planted: Planted) -> None:
    card = planted.card()
    shown = [card, OnetimeRequest(card.fields, {}, "C1", 1, {}), CardKeyRequest(card.fields, {}, "key")]
    assert not planted.found_in("".join(map(repr, shown)))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("4092-0201-2345-1234 오류", "4092-02**-****-1234 오류"),
        ("no 4092020123451234!", "no 409202******1234!"),
        ("900307, 19900307", "******, ******"),
        ("비밀번호 47, 할부 3개월", "비밀번호 **, 할부 3개월"),
        ("코드 4712 E47 1,470원", "코드 4712 E** 1,470원"),
        ("유효기간 12/30 2030-12 1230 203012", "유효기간 ******* ******* ******* *******"),
    ],
)
def test_only_what_was_read_out_is_hidden(text: str, told: str) -> None:
    assert hidden(text, ("4092-0201-2345-1234", "2030-12", "900307", "47")) == told


@pytest.mark.parametrize("written", ["900307", "90.03.07", "1990-03-07", "90 03 07"])
def test_a_birthday_is_hidden_however_it_is_written(written: str) -> None:
    assert "07" not in hidden(f"생년월일 {written} 오류", ("4092-0230-1007-1234", "2031-12", "900307", "47"))
