"""Payment windows of a sandbox: what a shop's page asks for, buttons, and a shop that hears webhooks."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from tests.worlds.sandboxes import Caller
from tests.worlds.servers.listening import Door, listening

USER_CODE = "imp00000000"
NAVER, NAVER_TEST = "channel-key-naverpay-payment", "channel-key-naverpay-payment-test"
BACK = "https://shop.example.com/back?table=7"
PRODUCT = {"categoryType": "PRODUCT", "categoryId": "GENERAL", "uid": "p-1", "name": "유기농 사과 5kg", "count": 2}


def naver_payment(order: str = "order-1", **more: Any) -> dict[str, Any]:
    """What a page asks for an ordinary Naver Pay payment by redirect."""
    return {
        "channelKey": NAVER, "merchant_uid": order, "name": "유기농 사과 5kg", "amount": 39_000,
        "buyer_name": "홍길동", "buyer_tel": "010-1234-5678", "naverPopupMode": False, "m_redirect_url": BACK,
        "naverProducts": [PRODUCT],
    } | more  # fmt: skip


def naver_key(order: str = "register-1", **more: Any) -> dict[str, Any]:
    """The same for a billing key."""
    asked = naver_payment(order, customer_uid="member-1", naverProductCode="pro-monthly", naverProductCount=1)
    del asked["naverProducts"]
    return asked | more


def opened(caller: Caller, param: Any, **more: Any) -> dict[str, Any]:
    """What the SDK gets for a call of request_pay."""
    asked = {"user_code": USER_CODE, "old": False, "mobile": False, "callback": True, "param": param} | more
    found: dict[str, Any] = caller.http.post(
        "/window", json=asked, headers={"origin": "https://shop.example.com"}
    ).json()
    return found


def press(caller: Caller, found: dict[str, Any], act: str, **typed: Any) -> httpx.Response:
    """Presses a button of a window."""
    return caller.http.post(found["window"], data={"act": act} | typed)


def query_of(response: httpx.Response) -> dict[str, str]:
    """What a browser that is sent back tells the shop."""
    assert response.status_code == 303
    return dict(parse_qsl(urlsplit(response.headers["location"]).query, keep_blank_values=True))


@dataclass
class Shop:
    """A shop over HTTP: what it heard by path, and what it answers."""

    url: str = ""
    heard: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    """Path, content type, body."""
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    slow: threading.Event | None = None
    _came: threading.Condition = field(default_factory=threading.Condition)

    def hear(self, path: str, kind: str, raw: bytes) -> tuple[int, bytes]:
        """Keeps a request and says what is answered."""
        body = json.loads(raw) if "json" in kind else dict(parse_qsl(raw.decode()))
        with self._came:
            self.heard.append((path, kind, body))
            self._came.notify_all()
        if self.slow:
            self.slow.wait(10)
        return self.answers.get(path, (200, b""))

    def wait_for(self, count: int) -> list[dict[str, Any]]:
        """The bodies once so many have come."""
        with self._came:
            assert self._came.wait_for(lambda: len(self.heard) >= count, 10), self.heard
            return [body for _path, _kind, body in self.heard]


@contextmanager
def open_shop() -> Iterator[Shop]:
    """A shop that listens while the block lasts."""
    shop = Shop()

    class Ear(Door):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["content-length"]))
            with suppress(BrokenPipeError):  # who asked has gone
                self.answer(*shop.hear(self.path, self.headers["content-type"], raw))

    with listening(Ear) as shop.url:
        yield shop
