"""The sandbox over HTTP, on loopback."""

import asyncio
import time
from typing import Any

import httpx
import uvicorn

from services.sandbox.build import build_world
from services.sandbox.sandbox import Sandbox

_HOST = "127.0.0.1"


def run(*, port: int, payments: int, days: int, seed: int, latency: float) -> None:
    """Builds the world and serves it until it is told to stop. `latency` in seconds."""
    world = build_world(seed, payments=payments, days=days, until=time.time())
    serve(Sandbox(world, latency=latency), port)


def serve(sandbox: Sandbox, port: int) -> None:
    """Serves one sandbox."""
    uvicorn.run(_asgi(sandbox), host=_HOST, port=port, access_log=False, log_level="warning")


def _asgi(sandbox: Sandbox) -> Any:
    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        path = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
        url = httpx.URL(scheme="http", host=_HOST, raw_path=path)
        request = httpx.Request(scope["method"], url, headers=scope["headers"], content=body)
        try:
            response = await asyncio.to_thread(sandbox, request)
        except httpx.ReadTimeout:
            # No answer is to come: ending without one makes the server drop the connection.
            return
        headers = [(name.lower(), value) for name, value in response.headers.raw]
        await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": response.content})

    return app


async def _lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
