"""Processes that write to a store without a pause, each transaction whole in itself."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import OperationalError

from services.errors import NotSaved
from services.operations.journal import journal
from services.operations.journal.audit import Actor
from services.store.engine import create_store, let_others_write
from services.tables.journal import OperationKind
from tests.worlds.forks import forks
from tests.worlds.rows.payment_rows import fill, mixed

_PATIENCE = 120


def write(url: str, number: int) -> None:
    """Asks for one refund after another and stores payments between them, until it is killed."""
    engine, wrote = create_store(url), 0
    while True:
        wrote += 1
        subject = f"payment:{number}:{wrote}"
        wanted = journal.Wanted(
            token=f"{number}:{wrote}", kind=OperationKind.REFUND, subject=subject, amount=100 + wrote, currency="KRW",
            imp_uid=f"imp_{number}_{wrote}", reason="변심", requester="customer", balance=100 + wrote,
        )  # fmt: skip
        try:
            journal.record(engine, wanted, Actor("hong", "cli"), time.time())
            fill(engine, mixed(20, seed=number * 1_000 + wrote % 50), as_of=wrote)
        except (NotSaved, OperationalError):
            pass  # the others were at it for ten seconds
        let_others_write(engine)


@contextmanager
def writers(url: str, count: int) -> Iterator[None]:
    """So many of them while the block lasts; they are killed at its end, wherever they are."""
    processes = [forks.Process(target=write, args=(url, number), daemon=True) for number in range(count)]
    for process in processes:
        process.start()
    try:
        yield
    finally:
        ended = [process.pid for process in processes if process.exitcode is not None]
        for process in processes:
            process.kill()
        for process in processes:
            process.join(_PATIENCE)
        assert not ended, "a writer ended by itself"
