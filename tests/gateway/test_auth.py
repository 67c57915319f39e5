"""The token: one renewal however many wait, and a failure that is learnt of instead of repeated."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import stamina

from services.errors import GatewayError, NotSent, Unauthorized
from services.gateway import Gateway
from services.sandbox.credentials import IMP_KEY, IMP_SECRET

TOKEN = "/users/getToken"
Answer = Callable[[httpx.Request], httpx.Response]


@pytest.fixture(autouse=True)
def _one_try() -> Iterator[None]:
    with stamina.set_testing(True, attempts=1):
        yield


class Desk:
    """Gives out numbered tokens, each of which opens `uses` calls; what is asked at the desk may be delayed."""

    def __init__(self, uses: int = 10**6) -> None:
        self.uses, self.left, self.given, self.refused = uses, 0, 0, 0
        self.lock = threading.Lock()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        time.sleep(0.002)
        with self.lock:
            if request.url.path == TOKEN:
                self.given, self.left = self.given + 1, self.uses
                token = {"access_token": f"t{self.given}", "expired_at": "2800", "now": "1000"}
                return httpx.Response(200, json={"code": "0", "response": token})
            if request.headers["authorization"] != f"Bearer t{self.given}" or self.left == 0:
                self.refused += 1
                return httpx.Response(401, json={"code": -1, "message": "Unauthorized", "response": None})
            self.left -= 1
            return httpx.Response(200, json={"code": 0, "response": []})

    def revoke(self) -> None:
        with self.lock:
            self.left = 0


def client(answer: Answer) -> Gateway:
    return Gateway("http://gateway", IMP_KEY, IMP_SECRET, transport=httpx.MockTransport(answer))


def test_a_storm_of_401s_is_answered_by_exactly_one_renewal() -> None:
    desk = Desk()
    gateway = client(desk)
    for round_ in range(1, 6):
        with ThreadPoolExecutor(32) as pool:
            list(pool.map(lambda _: gateway.channels(), range(128)))
        assert desk.given == round_
        desk.revoke()
    assert desk.refused > 4, "each storm must have met a token that had ended"


@pytest.mark.parametrize("uses", [1, 2, 3, 7])
def test_f7_whatever_call_a_token_ends_at_that_call_is_made_again(uses: int) -> None:
    desk = Desk(uses)
    gateway = client(desk)
    for _ in range(20):
        assert gateway.channels() == ()
    assert desk.given == -(-20 // uses)
    assert desk.refused == desk.given - 1


class Failing(Desk):
    """The desk fails, with everybody waiting behind the first who asked, until it is mended."""

    def __init__(self, how: Callable[[httpx.Request], httpx.Response], waiting: threading.Event) -> None:
        super().__init__()
        self.how, self.waiting, self.broken, self.tries = how, waiting, True, 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.broken and request.url.path == TOKEN:
            self.tries += 1
            self.waiting.wait(5)
            return self.how(request)
        return super().__call__(request)


def lost(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("nothing came", request=request)


def unreachable(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("nobody there", request=request)


WRONG = {"code": -1, "message": "키를 확인하세요", "response": None}


@pytest.mark.parametrize(
    ("how", "errors"),
    [
        (lost, {NotSent}),
        (unreachable, {NotSent}),
        (lambda _: httpx.Response(502, html="<h1>502</h1>"), {NotSent}),
        (lambda _: httpx.Response(200, content=b'{"code":0,"resp'), {NotSent}),
        (lambda _: httpx.Response(200, json={"code": 0, "response": {"access_token": "x"}}), {NotSent}),
        (lambda _: httpx.Response(401, json=WRONG), {Unauthorized}),
        (lambda _: httpx.Response(200, json=WRONG), {Unauthorized}),
    ],
)
def test_who_waits_for_a_token_that_does_not_come_learns_it_and_nobody_is_stuck(how: Answer, errors: set[type]) -> None:
    waiting = threading.Event()
    desk = Failing(how, waiting)
    gateway = client(desk)

    def ask(_number: int) -> type[GatewayError] | None:
        try:
            gateway.channels()
        except GatewayError as error:
            return type(error)
        return None

    with ThreadPoolExecutor(16) as pool:
        asked = [pool.submit(ask, number) for number in range(16)]
        time.sleep(0.2)  # until all of them stand behind the first
        waiting.set()
        assert {one.result(timeout=10) for one in asked} == errors
    assert desk.tries == 1
    desk.broken = False
    assert gateway.channels() == (), "the next call asks anew"


def test_a_failure_of_before_is_not_held_against_who_comes_later() -> None:
    waiting = threading.Event()
    waiting.set()
    desk = Failing(lost, waiting)
    gateway = client(desk)
    for tries in (1, 2):
        with pytest.raises(NotSent):
            gateway.channels()
        assert desk.tries == tries
