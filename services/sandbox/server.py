"""The sandbox over HTTP."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import httpx
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from services.sandbox.sandbox import Sandbox
from services.sandbox.window.switches import Switches
from services.sandbox.world.build import add_second_order, build_world
from services.sandbox.world.odd import plant
from services.sandbox.world.rare_orders import put_rare_orders

_LOOPBACK = "127.0.0.1"


def run(
    *, port: int, payments: int, days: int, seed: int, latency: float, odd: bool, webhook_url: str | None = None
) -> None:
    """Builds a world that ends now and serves it on loopback until it is told to stop. `latency` in seconds."""
    until = int(time.time())
    world = build_world(seed, payments=payments, days=days, until=until)
    add_second_order(world, until)
    put_rare_orders(world, until)
    if odd:
        plant(world, until)
    sandbox = Sandbox(world, latency=latency, switches=Switches(webhook_url=webhook_url))
    if webhook_url:
        sandbox.keep_time()
    serve(sandbox, _LOOPBACK, port)


def serve(sandbox: Sandbox, host: str = _LOOPBACK, port: int = 8600) -> None:
    """Serves until SIGINT or SIGTERM."""
    uvicorn.Server(_config(sandbox, host, port)).run()


@contextmanager
def served(sandbox: Sandbox) -> Iterator[str]:
    """Serves on a free loopback port in a thread while the block lasts; gives the base address."""
    with socket.create_server((_LOOPBACK, 0)) as listener:
        # asyncio does so by itself only where a socket names its protocol; without it each body waits 40 ms for an ACK.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server = uvicorn.Server(_config(sandbox, _LOOPBACK, 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield f"http://{_LOOPBACK}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


class _Droppable(H11Protocol):
    """Lets the application close the connection without a byte of an answer, which ASGI has no message for."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.app_state = {**self.app_state, "transport": transport}
        super().connection_made(cast("asyncio.Transport", transport))


def _config(sandbox: Sandbox, host: str, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        _Application(sandbox), host=host, port=port, http=_Droppable, lifespan="off", ws="none",
        access_log=False, log_config=None, log_level="warning", timeout_graceful_shutdown=2,
    )  # fmt: skip


class _Application:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        request = await _request(scope, receive)
        plan = self._sandbox.plan_for(request)
        # Waiting here, not in the thread: the pool would let only a few requests wait at a time.
        if wait := self._sandbox.wait(plan):
            await asyncio.sleep(wait)
        try:
            response = await asyncio.to_thread(self._sandbox.respond, request, plan)
        except httpx.ReadTimeout:
            scope["state"]["transport"].abort()
            while (await receive())["type"] != "http.disconnect":
                pass
            return
        headers = [(name.lower(), value) for name, value in response.headers.raw]
        await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": response.content})


async def _request(scope: Any, receive: Any) -> httpx.Request:
    parts, more = [], True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    target = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
    url = httpx.URL(scheme="http", host=_LOOPBACK, raw_path=target)
    return httpx.Request(scope["method"], url, headers=scope["headers"], content=b"".join(parts))
