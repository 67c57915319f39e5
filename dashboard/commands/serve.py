"""Serving the dashboard with uvicorn: Streamlit's own start-up leaves Nagle's algorithm on, which costs 40 ms a run."""

import asyncio
import contextlib
import errno
import signal
import socket
import sys
from types import FrameType

import uvicorn
from services.errors import SettingsError
from services.store.engine import reading
from sqlalchemy import Engine

from dashboard.commands.answer import notes, say, sentence_of
from dashboard.locale import _
from dashboard.options import fix_options
from dashboard.process.auth_checks import require_safe_host, require_sound_auth
from dashboard.process.clicks import process_ends
from dashboard.process.executor import cli_actor
from dashboard.process.resources import make_store, use_settings
from dashboard.process.roster import require_an_admin, require_sign_in, turn_sign_in_off
from dashboard.settings import Settings

# A browser sends clicks and what is typed; files come over HTTP, where Streamlit's own limit holds.
_LARGEST_MESSAGE = 1024 * 1024
# Half-sent requests and open screens together; more than that is no house of one merchant.
_MOST_CONNECTIONS = 1_000
_FAILED_TO_START = 3
_TICK = 1.0
"""Seconds for which the date in the headers of answers holds."""


class _Server(uvicorn.Server):
    """Says where it listens as soon as it does, and looks around once a second instead of ten times."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._told_to_end: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        process_ends()
        super().handle_exit(sig, frame)
        if self._loop and self._told_to_end:
            self._loop.call_soon_threadsafe(self._told_to_end.set)

    async def main_loop(self) -> None:
        self._loop, self._told_to_end = asyncio.get_running_loop(), asyncio.Event()
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._told_to_end.wait(), _TICK)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            address = f"http://{self.config.host}:{self.config.port}"
            notes.print(_("The dashboard is at {address}. Ctrl-C ends it.").format(address=address), highlight=False)


def serve(settings: Settings, *, without_sign_in: bool = False) -> None:
    """Serves until SIGINT or SIGTERM. Raises SettingsError for a sign-in or an address that is not safe.

    `without_sign_in`: people signed in to this database until now, and need not from now on.
    """
    server = _Server(_config(settings))
    # An exception that a signal raises is lost where Python drops exceptions, as in callbacks, and imports are full of
    # those: the server would then start as if nobody had pressed Ctrl-C.
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, server.handle_exit)
    use_settings(settings)
    fix_options()
    require_sound_auth(settings)
    require_safe_host(settings.host)
    require_free_port(settings.host, settings.port)
    engine = make_store()
    if without_sign_in:
        turn_sign_in_off(engine, cli_actor())
    require_sign_in(engine)
    _warn_without_admin(engine)
    server.config.configure_logging()  # once more: Streamlit put its own in its place, which tells each step
    server.run()
    if server.lifespan.should_exit:
        sys.exit(_FAILED_TO_START)


def _warn_without_admin(engine: Engine) -> None:
    with reading(engine) as conn:
        try:
            require_an_admin(conn)
        except SettingsError as error:
            say(sentence_of(error))


def _config(settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        "dashboard.app:app",
        host=settings.host,
        port=settings.port,
        http="dashboard.process.prompt_requests:PromptProtocol",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=3,
        ws_max_size=_LARGEST_MESSAGE,
        limit_concurrency=_MOST_CONNECTIONS,
    )


def require_free_port(host: str, port: int) -> None:
    """Raises SettingsError where something else listens already, or the address is none of this machine's."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise SettingsError(
                    "JANGBU_HOST: {host} is no address of this machine; use 127.0.0.1, or 0.0.0.0 for all it has.",
                    host=host,
                ) from None
            if error.errno == errno.EACCES:
                raise SettingsError(
                    "JANGBU_PORT: this user may not listen on port {port}; choose one above 1023.", port=port
                ) from None
            raise SettingsError(
                "JANGBU_PORT: port {port} of {host} is taken; choose another.", port=port, host=host
            ) from None
