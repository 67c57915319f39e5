"""For tests that kill it: the executor alone, in a process of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from threading import Event, Thread

from services.gateway import Gateway
from services.operations.executor import Executor
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.store.changes import watch_changes
from services.store.engine import create_store
from tests.worlds.forks import forks
from tests.worlds.operations.processes import killed_in_the_end


def serve(database: str, address: str, ready: Connection) -> None:
    """Works until it is killed."""
    engine, wake = create_store(database), Event()
    executor = Executor(engine, Gateway(address, IMP_KEY, IMP_SECRET), lambda _operation: True)
    executor.due()
    Thread(target=watch_changes, args=(Event(), engine, lambda _what: wake.set()), daemon=True).start()
    ready.send(True)
    executor.run(Event(), wake)


@contextmanager
def serving(database: str, address: str) -> Iterator[None]:
    """An executor's process, up when the block begins and killed by SIGKILL when it ends."""
    with killed_in_the_end(forks, serve, database, address) as ours:
        assert ours.recv()
        yield
