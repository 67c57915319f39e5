"""What the gateway calls, answered while 20,000 payments are synced whole in another process.

Each call has a connection of its own, as the gateway's have; in turn with `/healthz` of the same server.
"""

import http.client
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Engine

from bench.servers import PORT, ROOT, sandbox, server
from bench.table import Figure, seconds
from services.checkout import attempts, checkouts
from services.checkout.checkouts import Channel, Offer
from services.operations.journal.audit import Actor
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.store.engine import create_store, reading, writing
from services.store.lists.system import freshness
from services.store.migrations import migrate
from services.tables.checkouts import CheckoutKind

_PAYMENTS, _CALLS = 20_000, 200
_PATIENCE = 300
_SECRET = "the-hooks-of-the-bench"
_AMOUNT = 12_000


def measure(folder: Path) -> list[Figure]:
    """The slowest of twenty answers of webhooks and of the confirm process, and their medians beside `/healthz`."""
    path = folder / "hooks.db"
    engine = create_store(f"sqlite:///{path}")
    migrate(engine)
    orders = _orders(engine)
    with sandbox(_PAYMENTS) as gateway:
        settings = {
            "JANGBU_DATABASE_URL": f"sqlite:///{path}",
            "JANGBU_IMP_API_URL": gateway,
            "JANGBU_IMP_KEY": IMP_KEY,
            "JANGBU_IMP_SECRET": IMP_SECRET,
            "JANGBU_HOOK_SECRET": _SECRET,
            "JANGBU_PORT": PORT,
        }
        with server(["dashboard", "serve"], ask="/healthz", settings=settings) as url:
            _wait_filled(engine)
            with _syncing(settings):
                webhooks, confirms, healths = _call(url, orders)
    engine.dispose()
    return [*_figures("webhook", webhooks, healths), *_figures("confirm", confirms, healths)]


def _orders(engine: Engine) -> list[str]:
    """An order for each call, under a link that may be paid as often."""
    channel, now = Channel("channel-key", "naverpay", "np_jangbu00001", sandbox=False), time.time()
    request = {"name": "bench", "amount": _AMOUNT}
    offer = Offer(CheckoutKind.PAYMENT, channel, request, "KRW", int(now) + 3600, uses=_CALLS)
    with writing(engine) as conn:
        link = checkouts.make(conn, offer, Actor("bench", "cli"), now)
        return [attempts.begin(conn, link.id, now).merchant_uid for _ in range(_CALLS)]


def _call(url: str, orders: Sequence[str]) -> tuple[list[float], list[float], list[float]]:
    """Seconds of each answer, after one of each kind that is not counted."""
    host = urlsplit(url).netloc
    webhooks, confirms, healths = [], [], []
    for number, order in enumerate(orders):
        said = {"imp_uid": f"imp_{number:012d}", "merchant_uid": order}
        asked = said | {"amount": _AMOUNT}
        webhooks.append(seconds(partial(_ask, host, f"/webhook/{_SECRET}", said)))
        confirms.append(seconds(partial(_ask, host, f"/confirm/{_SECRET}", asked)))
        healths.append(seconds(partial(_ask, host, "/healthz")))
    return webhooks[1:], confirms[1:], healths[1:]


def _ask(host: str, path: str, told: object = None) -> None:
    connection = http.client.HTTPConnection(host, timeout=30)
    body = None if told is None else json.dumps(told)
    connection.request("GET" if body is None else "POST", path, body, {"content-type": "application/json"})
    answer = connection.getresponse()
    words = answer.read()
    connection.close()
    if body is not None and answer.status != http.HTTPStatus.OK:
        raise RuntimeError(f"{path}: {answer.status} {words.decode()}")


def _wait_filled(engine: Engine) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with reading(engine) as conn:
            if freshness(conn).backfilled:
                return
        time.sleep(0.2)
    raise TimeoutError("the first pass did not end")


@contextmanager
def _syncing(settings: Mapping[str, str]) -> Iterator[None]:
    """One whole sync after the other, until the block ends."""
    over = threading.Event()

    def again() -> None:
        command = [sys.executable, "-m", "dashboard", "sync", "--full"]
        own = {name: value for name, value in settings.items() if value != PORT}
        while not over.is_set():
            subprocess.run(command, cwd=ROOT, env=os.environ | own, check=True, capture_output=True)

    thread = threading.Thread(target=again)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _figures(name: str, taken: Sequence[float], healths: Sequence[float]) -> list[Figure]:
    """On a machine with nothing else to do a webhook's p95 is to be below 50 ms, and a confirm's below 100."""
    slow, idle = (1000 * statistics.quantiles(times, n=20)[-1] for times in (taken, healths))
    usual, health = (1000 * statistics.median(times) for times in (taken, healths))
    return [
        Figure(f"{name} while a sync runs, p95", slow, "ms", "/healthz, p95", idle),
        Figure("its median", usual, "ms", "/healthz", health),
    ]
