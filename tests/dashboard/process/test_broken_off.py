"""Downloads that are broken off give everything back: connections, threads, memory, on both databases."""

import os
import random
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest
import uvicorn
from sqlalchemy import Engine, QueuePool
from starlette.applications import Starlette
from starlette.routing import Route

from dashboard.access import LOCAL_USER
from dashboard.process.resources import open_store, use_settings
from dashboard.process.tickets import issue_ticket
from dashboard.routes import export
from dashboard.routes.export import AT_ONCE, download
from dashboard.settings import Settings
from services.exports import csv_stream
from services.store.engine import reading, writing
from services.store.writes.payments import PaymentWrite
from tests.worlds.rows.payment_rows import EVERYTHING, fill, mixed
from tests.worlds.seeds import seeds

_COPIES = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY (%%' AND state <> 'idle'"
_LONG = "가" * 2_000


@pytest.fixture
def address(store: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The route over real HTTP, with a file of some ten megabytes in several pieces behind it."""
    monkeypatch.setattr(csv_stream, "_ROWS", 200)
    rows = [PaymentWrite(one.values | {"fail_reason": _LONG}, one.cancellations, None) for one in mixed(1_500)]
    fill(store, rows)
    use_settings(Settings(database_url=store.url.render_as_string(hide_password=False)))
    app = Starlette(routes=[Route("/export/{token}", download)])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    until(lambda: server.started)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()
    use_settings(Settings())


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


def connections(engine: Engine) -> int:
    """What downloads hold of the database at this moment: the connections that wait in a pool are nobody's."""
    if engine.dialect.name == "sqlite":
        # The log is open once for each connection. SQLite keeps closed descriptors of the file itself for the next.
        links = [link for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
        opened = sum(os.path.realpath(link) == f"{engine.url.database}-wal" for link in links)
        return opened - sum(idle(one) for one in (engine, open_store(checked=False)))
    with reading(engine) as conn:
        return int(conn.exec_driver_sql(_COPIES).scalar_one())


def idle(engine: Engine) -> int:
    assert isinstance(engine.pool, QueuePool)
    return engine.pool.checkedin()


@contextmanager
def begun(address: str, *, take: int, fmt: str = "csv") -> Iterator[bytes]:
    """A download of which so many bytes are read; its reader then goes, in one of two ways."""
    port = int(address.rpartition(":")[2])
    with socket.socket() as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        reader.connect(("127.0.0.1", port))
        path = issue_ticket(EVERYTHING, fmt, LOCAL_USER, "ko", reason="closing")
        reader.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
        found = reader.recv(64)
        while len(found) < take and (piece := reader.recv(65_536)):
            found += piece
        if take % 2:
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        yield found


def broken_off(address: str, chance: random.Random) -> None:
    """One download broken off somewhere; again where the one before still has its place."""
    status = b"503"
    while status == b"503":
        take, fmt = chance.randrange(1_000_000), chance.choice(("csv", "csv", "csv", "xlsx"))
        with begun(address, take=take, fmt=fmt) as found:
            status = found[9:12]
    assert status == b"200"


def test_broken_off_downloads_leave_nothing_behind(store: Engine, address: str) -> None:
    chance, count = random.Random(12), seeds(200, least=12)
    for _ in range(4):
        broken_off(address, chance)
    process = psutil.Process()
    threads, memory = threading.active_count(), process.memory_info().rss
    for _ in range(count):
        broken_off(address, chance)
    until(lambda: connections(store) == 0)
    assert threading.active_count() <= threads + AT_ONCE
    assert process.memory_info().rss - memory < 64 * 2**20
    whole = httpx.get(address + issue_ticket(EVERYTHING, "csv", LOCAL_USER, "ko", reason="closing"), timeout=60)
    assert whole.text.count(_LONG) == 1_500
    with writing(store) as conn:
        conn.exec_driver_sql("INSERT INTO mark (name, value, at) VALUES ('after', '', 0)")


def test_one_more_than_may_run_is_told_to_wait_and_gets_its_turn(store: Engine, address: str) -> None:
    first, second, third = (begun(address, take=100) for _ in range(AT_ONCE))
    with first, second, third:
        with begun(address, take=100) as refused:
            assert refused.startswith(b"HTTP/1.1 503")
            assert b"retry-after" in refused
        until(lambda: connections(store) >= AT_ONCE)
    broken_off(address, random.Random(1))


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_a_file_that_cannot_be_made_whole_does_not_look_whole(store: Engine, address: str, fmt: str) -> None:
    with writing(store) as conn:
        conn.exec_driver_sql("ALTER TABLE payment RENAME COLUMN buyer_name TO lost")
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(address + issue_ticket(EVERYTHING, fmt, LOCAL_USER, "ko", reason="closing"), timeout=60)


def test_a_download_breaks_off_once_its_reader_may_have_it_no_more(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = [True]
    monkeypatch.setattr(export, "_may_have", lambda _ticket, _request: allowed[0])
    monkeypatch.setattr(export, "_LOOKS_EVERY", 0)
    path = issue_ticket(EVERYTHING, "csv", LOCAL_USER, "ko", reason="closing")

    def read_on() -> None:
        with httpx.stream("GET", address + path, timeout=60) as answer:
            for _piece in answer.iter_raw():
                allowed[0] = False

    with pytest.raises(httpx.RemoteProtocolError):
        read_on()
