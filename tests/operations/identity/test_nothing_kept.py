"""Whatever is typed of a person, and CI and DI of every answer: planted through each error path, found nowhere."""

import logging
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import httpx
import pytest
import stamina
from sqlalchemy import Engine

from services.errors import GatewayError
from services.gateway import Gateway
from services.gateway.pg_requests import BenepiaRequest, OtpRequest
from services.operations import held
from services.operations.journal import audit
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.faults import Fault
from services.store.engine import reading
from tests.operations.identity.desks import SENT, VERIFIED, begun, confirm, erase, pay, peopled, request_otp
from tests.worlds.operations.desk import Desk
from tests.worlds.operations.gate import FAULTS, LATE
from tests.worlds.sandboxes import make_caller

_PATHS = (None, *FAULTS, LATE)


def planted(text: str, secrets: list[str]) -> list[str]:
    """Those that stand in a text; digits within a hash are none."""
    found = [one for one in secrets if one in text]
    return [one for one in found if re.search(rf"(?<![0-9A-Za-z]){re.escape(one)}(?![0-9A-Za-z])", text)]


def everything(engine: Engine) -> str:
    """The bytes of the database and of its log of writes."""
    file = Path(str(engine.url.database))
    return "".join(one.read_bytes().decode("utf-8", "replace") for one in file.parent.glob(f"{file.name}*"))


def test_none_of_what_was_typed_or_answered_stands_in_database_or_logs(
    sqlite_store: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    desk, secrets = peopled(Desk(sqlite_store)), []
    for at, fault in enumerate(_PATHS):
        # Each once as it is taken, and once as the carrier or PG says no and repeats it.
        for ends in (f"{5_100 + at}", "0404"):
            person = {"name": f"비밀이름{at}", "phone": f"0107{at:03d}{ends}", "birth": f"8501{at + 10:02d}"}
            secrets += [*person.values(), f"{person['phone'][:3]}-{person['phone'][3:7]}-{ends}"]
            desk.call_faults = [fault] if fault else []
            request_otp(desk, f"r{at}{ends}", **person)
            desk.executor.turn()
        user, password = f"buyer{at:02d}x", f"Pw-{at:02d}-geheim!"
        secrets += [user, password, f"{700_100 + at}"]
        desk.call_faults = [fault] if fault else []
        pay(desk, f"p{at}", user=user, password=password, amount=1_000 + at)
        desk.executor.turn()
        desk.call_faults = []
        waits = begun(desk, f"b{at}")
        desk.call_faults = [fault] if fault else []
        confirm(desk, waits, f"{700_100 + at}", token=f"c{at}")
        desk.executor.turn()
        erase(desk, VERIFIED, token=f"e{at}", reason="고객 요청")
        desk.executor.turn()
    desk.run(20, every=10)
    linking = ["CI" + "1" * 86, "DI" + "1" * 62, "1992-04-17", "01055328471"]
    assert len(secrets) > 100
    assert not planted(everything(sqlite_store) + caplog.text, [*secrets, *linking])
    with reading(sqlite_store) as conn:
        assert audit.verify(conn).broken_at is None


def test_nothing_is_held_longer_than_until_the_request_left(desk: Desk) -> None:
    for at, fault in enumerate((None, Fault.LOST_BEFORE, Fault.LOST_AFTER)):
        asks = {"otp": partial(request_otp, desk), "pay": partial(pay, desk, amount=1_000 + at)}
        for name, ask in asks.items():
            desk.call_faults = [fault] if fault else []
            ask(token=f"{name}{at}")
            desk.run(5)
            assert held.held(f"{name}{at}") is None, (name, fault)


def echoing(status: int, words: str) -> Callable[[httpx.Request], httpx.Response]:
    """A gateway that says in every answer what it was told, and whose it is."""
    sandbox = make_caller(1)

    def answer(request: httpx.Request) -> httpx.Response:
        if "getToken" in request.url.path:
            return sandbox.sandbox(request)
        said = words + request.content.decode()
        return httpx.Response(status, json={"code": -1, "message": said, "response": {"name": words}})

    return answer


@pytest.mark.parametrize("status", [200, 400, 404, 409, 500, 501, 502])
def test_no_refusal_says_back_what_it_was_told(status: int) -> None:
    words = "박하늘 010-7341-5678 1992-04-17 " + "Q" * 88 + " 9204172 "
    gateway = Gateway("http://gate", IMP_KEY, IMP_SECRET, transport=httpx.MockTransport(echoing(status, words)))
    personal = {name: value for name, value in SENT.items() if name != "carrier"} | {"carrier": "SKT"}
    asks: list[Callable[[], object]] = [
        lambda: gateway.verification(VERIFIED),
        lambda: gateway.delete_verification(VERIFIED),
        lambda: gateway.request_otp(OtpRequest(personal, {"channel_key": "k"})),
        lambda: gateway.confirm_otp(VERIFIED, "482913"),
        lambda: gateway.benepia_points("k", ("hana.kim", "geheim-4711")),
        lambda: gateway.pay_by_benepia(BenepiaRequest(("hana.kim", "geheim-4711"), "J1", 100, "머그컵", "k")),
    ]
    for ask in asks:
        with stamina.set_testing(True, attempts=1), pytest.raises(GatewayError) as told:
            ask()
        said = f"{told.value} {told.value!r} {getattr(told.value, 'refusal', '')}"
        numbers = ["010-7341-5678", "01073415678", "1992-04-17", "920417", "9204172", "Q" * 88, "482913"]
        assert not [one for one in [*numbers, "hana.kim", "geheim-4711"] if one in said], said


def test_no_repr_says_whose_it_is() -> None:
    told = repr(OtpRequest(SENT, {})) + repr(BenepiaRequest(("hana", "geheim"), "J1", 1, "n", "k"))
    sandbox = make_caller(1).sandbox
    gateway = Gateway("http://gate", IMP_KEY, IMP_SECRET, transport=httpx.MockTransport(sandbox))
    found = gateway.verification(VERIFIED)
    told += repr(found)
    kept = " ".join(str(getattr(found, name)) for name in found.__struct_fields__)
    assert (found.name, found.birth_year, found.phone) == ("김서연", "1992", "010-****-8471")
    assert not [one for one in ("CI1", "DI1", "04-17", "5532") if one in kept]
    names = ("hana", "geheim", "김서연", SENT["name"], SENT["phone"], SENT["birth"])
    assert not [one for one in names if one in told]
