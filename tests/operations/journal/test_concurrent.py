"""F5, F11: many at once, from two processes, on both databases."""

import sqlite3
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.exc import TimeoutError as PoolTimeout

from services.errors import Busy, NotSaved
from services.gateway import Gateway
from services.operations.executor import Executor
from services.operations.journal import audit, journal
from services.operations.journal.audit import Actor
from services.operations.journal.journal import Wanted
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.server import served
from services.store.changes import watch_changes
from services.store.engine import create_store, reading, writing
from services.store.hash_chain import Verdict
from services.tables.journal import OperationKind
from tests.worlds.forks import forks
from tests.worlds.operations.gate import Times, small_world
from tests.worlds.operations.invariants import all_operations, open_twice
from tests.worlds.sandboxes import MovingClock
from tests.worlds.seeds import seeds

AMOUNT, PART = 10_000, 700
THREADS = 32
_DONE = select(func.coalesce(func.sum(text("amount")), 0)).select_from(text("operation")).where(
    text("state = 'succeeded'")
)  # fmt: skip


def wanted(token: str, balance: int, subject: str = "imp_0") -> Wanted:
    return Wanted(
        token=token, kind=OperationKind.REFUND, subject=f"payment:{subject}", amount=PART, currency="KRW",
        imp_uid=subject, reason="단순 변심", requester="customer", balance=balance,
    )  # fmt: skip


def clicks(engine: Engine, name: str, count: int, told: Counter[str]) -> None:
    """One person who asks for the same refund again and again."""
    for number in range(count):
        try:
            with reading(engine) as conn:
                balance = AMOUNT - int(conn.execute(_DONE).scalar_one())
            journal.record(engine, wanted(f"{name}-{number}", balance), Actor(name, "screen"), time.time())
            told["recorded"] += 1
        except Busy as busy:
            told["told who" if str(busy.values["who"]).startswith("person") else f"told {busy}"] += 1
        except (NotSaved, PoolTimeout):
            told["not saved"] += 1


def people(url: str, address: str, name: str, count: int, result: Connection) -> None:
    """A process: an executor, and as many people as it has threads."""
    engine, stop, wake, told = create_store(url), threading.Event(), threading.Event(), Counter[str]()
    gateway = Gateway(address, IMP_KEY, IMP_SECRET)
    executor = Executor(engine, gateway, lambda _operation: True)
    working = threading.Thread(target=executor.run, args=(stop, wake))
    working.start()
    threading.Thread(target=watch_changes, args=(stop, engine, lambda _what: wake.set()), daemon=True).start()
    try:
        with ThreadPoolExecutor(THREADS) as pool:
            futures = [pool.submit(clicks, engine, f"person-{name}-{one}", count, told) for one in range(THREADS)]
            for future in futures:
                future.result()
    finally:
        stop.set()
        wake.set()
        working.join()
    result.send(dict(told))


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    engine: Engine = request.getfixturevalue(f"{request.param}_store")
    address = engine.url.render_as_string(hide_password=False)
    engine.dispose()
    return address.replace("+psycopg", "")


def test_of_64_people_one_refunds_and_the_others_are_told_who(url: str) -> None:
    sandbox, count, told = small_world(Times(time.time())), seeds(200, least=3), Counter[str]()
    engine, twice = create_store(url), []
    with served(sandbox) as address:
        pipes = [forks.Pipe() for _ in range(2)]
        processes = [
            forks.Process(target=people, args=(url, address, str(number), count, theirs))
            for number, (_ours, theirs) in enumerate(pipes)
        ]
        for process in processes:
            process.start()
        while not all(ours.poll(0.05) for ours, _theirs in pipes):
            assert all(process.exitcode in (None, 0) for process in processes)
            with reading(engine) as conn:
                twice += open_twice(conn)
        for (ours, _theirs), process in zip(pipes, processes, strict=True):
            told += Counter(ours.recv())
            process.join()
        clock = MovingClock(time.time())
        executor = Executor(engine, Gateway(address, IMP_KEY, IMP_SECRET), lambda _operation: True, clock=clock)
        for _ in range(4):
            executor.turn()
            clock.at += 60
    assert twice == []
    assert told.keys() <= {"recorded", "told who", "not saved"}
    assert told["told who"] > 0
    assert sum(told.values()) == 2 * THREADS * count
    row = sandbox.payments["imp_0"]
    with reading(engine) as conn:
        operations, verdict = all_operations(conn), audit.verify(conn)
    assert len(operations) == told["recorded"]
    assert {one.state for one in operations} <= {"succeeded", "refused"}
    done = [one.cancellation_id or "" for one in operations if one.state == "succeeded"]
    assert sorted(done) == sorted(str(one["cancellation_id"]) for one in row["cancel_history"])
    assert 0 < row["cancel_amount"] == len(done) * PART <= AMOUNT
    assert verdict.broken_at is None
    engine.dispose()


def test_of_32_writers_no_acknowledged_write_is_lost(sqlite_store: Engine) -> None:
    kept: list[int] = []
    count = seeds(200, least=4)

    def write(name: int) -> None:
        for number in range(count):
            subject = f"imp_{name}_{number}"
            try:
                found = journal.record(sqlite_store, wanted(subject, AMOUNT, subject), Actor("person", "screen"), 1)
            except NotSaved:
                continue
            kept.append(found.id)

    with ThreadPoolExecutor(32) as pool:
        list(pool.map(write, range(32)))
    with reading(sqlite_store) as conn:
        assert sorted(kept) == [one.id for one in all_operations(conn)]
        assert audit.verify(conn) == Verdict(len(kept), None)
    assert kept


def test_a_locked_database_is_said_and_nothing_is_written(tmp_path: Path, sqlite_store: Engine) -> None:
    path = sqlite_store.url.database or ""
    sqlite_store.dispose()
    event.listen(sqlite_store, "connect", lambda driver, _record: driver.execute("PRAGMA busy_timeout = 20"))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(NotSaved):
        journal.record(sqlite_store, wanted("t", AMOUNT), Actor("person", "screen"), 1)
    other.execute("ROLLBACK")
    other.close()
    with reading(sqlite_store) as conn:
        assert all_operations(conn) == []
    assert journal.record(sqlite_store, wanted("t", AMOUNT), Actor("person", "screen"), 1).id == 1


def test_a_writer_that_hangs_on_postgres_is_not_waited_for_for_ever(
    postgres_store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.store.engine._BUSY_MS", 50)
    with writing(postgres_store), pytest.raises(NotSaved):
        journal.record(postgres_store, wanted("t", AMOUNT), Actor("person", "screen"), 1)
    assert journal.record(postgres_store, wanted("t", AMOUNT), Actor("person", "screen"), 1).id
