"""A request comes at once or not at all: half-sent ones would keep their connections for as long as they like."""

import asyncio
from typing import cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0
"""From the first byte of a head, or from the connection, to its last."""
BODY_SECONDS = 30.0
"""Between two pieces of a body."""


class PromptProtocol(H11Protocol):
    """uvicorn's, which ends a connection that waits for the next request, but none that waits for the rest of one."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast("asyncio.Transport", transport))
        self._wait(HEAD_SECONDS)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        state = self.conn.their_state
        if self.transport.get_protocol() is not self or state not in (h11.IDLE, h11.SEND_BODY):
            self._wait(None)  # it is here, or has become a WebSocket
        elif state is h11.SEND_BODY:
            self._wait(BODY_SECONDS)
        elif self._late is None:  # a head that drips does not begin anew with each drop
            self._wait(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait(None)
        super().connection_lost(exc)

    def _wait(self, seconds: float | None) -> None:
        if self._late is not None:
            self._late.cancel()
        self._late = None if seconds is None else self.loop.call_later(seconds, self.transport.abort)
