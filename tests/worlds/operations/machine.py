"""For tests that kill or stop it: a machine of several, with its share in the loops, that takes clicks on a pipe."""

import os
import signal
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from threading import Event, Thread
from typing import Any

from sqlalchemy import Engine

from services.errors import JangbuError
from services.gateway import Gateway
from services.loops.hold import Holder
from services.operations.actions.refunds import RefundForm, wanted_refund
from services.operations.executor import Executor
from services.operations.journal import journal
from services.operations.journal.audit import Actor
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.store.changes import watch_changes
from services.store.engine import create_store
from services.tables.v1 import Payment
from tests.worlds.forks import forks

SUPPORT = Actor("support@shop.example", "screen")
AMOUNT = 1_000


def serve(database: str, address: str, name: str, orders: Connection) -> None:
    """Answers a click with the number of its operation, until it is killed; None for one that could not be saved."""
    engine, wake = create_store(database), Event()
    name = f"{name}:{os.getpid()}:life"

    def execute(stop: Event, own: Engine) -> None:
        gateway = Gateway(address, IMP_KEY, IMP_SECRET)
        Executor(own, gateway, lambda _operation: True, name=name).run(stop, wake)

    holder = Holder(engine, [execute], wake.set, name=name)
    Thread(target=watch_changes, args=(Event(), engine, lambda _what: wake.set()), daemon=True).start()
    Thread(target=holder.run, args=(Event(),), daemon=True).start()
    orders.send(os.getpid())
    while True:
        token, imp_uid, amount = orders.recv()
        try:
            orders.send((token, asked(engine, token, imp_uid, amount)))
        except JangbuError:
            orders.send((token, None))


def asked(engine: Engine, token: str, imp_uid: str, amount: int) -> int:
    """A refund of AMOUNT of a payment of which nothing was refunded."""
    fields: dict[str, Any] = {"imp_uid": imp_uid, "merchant_uid": f"order_{imp_uid}", "currency": "KRW"}
    fields |= {"pay_method": "naverpay", "status": "paid", "amount": amount, "cancel_amount": 0}
    wanted = wanted_refund(
        token, Payment(**fields), RefundForm(AMOUNT, amount, "단순 변심", "customer"), approval_from=None
    )
    return journal.record(engine, wanted, SUPPORT, time.time()).id


@dataclass
class Machine:
    """The process as whoever kills it sees it; each has the name of a machine of its own."""

    name: str
    process: ForkServerProcess
    pipe: Connection
    pid: int
    is_stopped: bool = field(default=False)

    def click(self, token: str, imp_uid: str, amount: int, *, patience: float) -> int | None:
        """The operation's number; None where no answer came, as where the browser tries the next one."""
        try:
            self.pipe.send((token, imp_uid, amount))
            until = time.monotonic() + patience
            while self.pipe.poll(max(until - time.monotonic(), 0)):
                about, number = self.pipe.recv()
                if about == token:
                    return None if number is None else int(number)
        except (EOFError, OSError):
            pass
        return None

    def send(self, what: signal.Signals) -> None:
        """A signal."""
        os.kill(self.pid, what)
        self.is_stopped = what == signal.SIGSTOP

    def end(self) -> None:
        """Killed, if it was not before."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


def start(database: str, address: str, name: str) -> Machine:
    """A machine that is up."""
    ours, theirs = forks.Pipe()
    process = forks.Process(target=serve, args=(database, address, name, theirs))
    process.start()
    theirs.close()
    assert ours.poll(180), "it does not start"
    return Machine(name, process, ours, ours.recv())
