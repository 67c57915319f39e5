"""For tests that kill it: executor and exports as `jangbu serve` runs them, in a process of their own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from dashboard.access import LOCAL_USER
from dashboard.process.executor import run_executor, wake_executor
from dashboard.process.resources import open_store, use_settings
from dashboard.process.tickets import issue_ticket
from dashboard.routes.export import download
from dashboard.routes.health import health
from dashboard.settings import Settings
from services.operations.actions.refunds import RefundForm, wanted_refund
from services.operations.journal.audit import Actor
from services.operations.journal.journal import record
from services.store.engine import reading
from services.store.lists.one import get_payment
from tests.worlds.forks import forks
from tests.worlds.operations.processes import killed_in_the_end
from tests.worlds.rows.payment_rows import EVERYTHING


def serve(settings: Settings, orders: Connection) -> None:
    """Answers on the pipe until it is killed: a ticket for a download, or a refund that a person asked for."""
    use_settings(settings)
    engine = open_store()
    threading.Thread(target=run_executor, args=(threading.Event(), engine), daemon=True).start()
    app = Starlette(routes=[Route("/export/{token}", download), Route("/healthz", health)])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        pass
    orders.send(server.servers[0].sockets[0].getsockname()[1])
    while True:
        what, given = orders.recv()
        if what == "ticket":
            orders.send(issue_ticket(EVERYTHING, given, LOCAL_USER, "ko", reason="closing"))
        else:
            with reading(engine) as conn:
                payment = get_payment(conn, given)
            assert payment
            form = RefundForm(payment.amount, payment.amount, "고객 변심", "customer")
            asked = wanted_refund(f"token {given}", payment, form, approval_from=None)
            orders.send(record(engine, asked, Actor("local", "screen"), payment.started_at).id)
            wake_executor()


@dataclass
class Served:
    """The process as its people see it."""

    address: str
    orders: Connection

    def ask(self, what: str, given: str) -> object:
        """What it answers on its pipe."""
        self.orders.send((what, given))
        assert self.orders.poll(180), "it hangs"
        return self.orders.recv()

    def download(self, fmt: str) -> bytes:
        """A whole file."""
        return httpx.get(f"{self.address}{self.ask('ticket', fmt)}", timeout=60).raise_for_status().content

    def health(self) -> int:
        """The status of /healthz."""
        return httpx.get(f"{self.address}/healthz", timeout=60).status_code


@contextmanager
def serving(settings: Settings) -> Iterator[Served]:
    """Up when the block begins, killed by SIGKILL when it ends."""
    with killed_in_the_end(forks, serve, settings) as ours:
        assert ours.poll(180), "it does not start"
        yield Served(f"http://127.0.0.1:{ours.recv()}", ours)
