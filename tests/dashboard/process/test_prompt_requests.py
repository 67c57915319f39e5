"""A connection whose request does not come to its end is let go; whole requests, slow answers and sockets are not."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn
from websockets.sync.client import connect

from dashboard.process import prompt_requests
from dashboard.process.prompt_requests import PromptProtocol

_HEAD = b"POST /say HTTP/1.1\r\nHost: here\r\nContent-Length: 6\r\n\r\n"
_LIMIT = 0.4


async def _app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await asyncio.sleep(3 * _LIMIT)
        await send({"type": "websocket.send", "text": "still here"})
        return
    body = b""
    while (event := await receive()).get("more_body") or event.get("body"):
        body += event.get("body", b"")
        if not event.get("more_body"):
            break
    await asyncio.sleep(3 * _LIMIT if scope["path"] == "/slow" else 0)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    for name in ("HEAD_SECONDS", "BODY_SECONDS"):
        monkeypatch.setattr(prompt_requests, name, _LIMIT)
    config = uvicorn.Config(_app, http=PromptProtocol, ws="websockets-sansio", lifespan="off", log_config=None)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield listener.getsockname()
        server.should_exit = True
        thread.join()


def _ends(connection: socket.socket) -> bool:
    """Whether the other side ends it before long, without an answer."""
    connection.settimeout(10)
    with contextlib.suppress(ConnectionError):
        return connection.recv(1) == b""
    return True


def _answer(connection: socket.socket) -> bytes:
    """An answer that ends with the body that was sent."""
    connection.settimeout(10)
    told = b""
    while not told.endswith(b"abcdef") and (piece := connection.recv(4_096)):
        told += piece
    return told


@pytest.mark.parametrize("begun", [b"", b"GET / HT", _HEAD[:-4], _HEAD + b"abc"])
def test_a_request_that_stops_half_way_is_let_go(address: tuple[str, int], begun: bytes) -> None:
    with socket.create_connection(address) as connection:
        connection.sendall(begun)
        assert _ends(connection)


def test_a_head_that_drips_is_let_go_too_and_so_is_the_second_of_a_connection(address: tuple[str, int]) -> None:
    with socket.create_connection(address) as connection, contextlib.suppress(ConnectionError):
        for _ in range(200):
            connection.sendall(b"x")
            time.sleep(_LIMIT / 8)
        pytest.fail("a head of 200 drops was waited for")
    with socket.create_connection(address) as connection:
        connection.sendall(_HEAD + b"abcdef")
        assert _answer(connection).startswith(b"HTTP/1.1 200")
        connection.sendall(_HEAD[:20])
        assert _ends(connection)


def test_whole_requests_slow_answers_and_open_sockets_are_left_alone(address: tuple[str, int]) -> None:
    with socket.create_connection(address) as connection:
        for piece in (_HEAD.replace(b"/say", b"/slow"), b"abc", b"def"):
            time.sleep(_LIMIT / 2)
            connection.sendall(piece)
        assert _answer(connection).startswith(b"HTTP/1.1 200")
    with connect(f"ws://{address[0]}:{address[1]}/") as web_socket:
        assert web_socket.recv(timeout=60) == "still here"
