"""SQLite's search index holds no three characters of a buyer who was erased, and writes are held up by short steps."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from dashboard.commands.privacy import keeper
from services.clock import day_of
from services.privacy import pieces
from services.privacy.erasure import erase
from services.privacy.find import find_buyer
from services.privacy.pieces import are_left, take_out
from services.privacy.retention import anonymise
from services.privacy.rows import Terms
from services.store.engine import reading, writing
from services.store.writes.payments import upsert_payments
from services.store.writes.sync import set_mark
from services.tables.marks import MirrorMark
from tests.privacy.planted import KIM, PAID_AT, TEL, TERM, plant
from tests.worlds.recount import index_kept, index_rebuilt
from tests.worlds.rows.payment_rows import plain

NOW = PAID_AT + TERM
PIECES = ("꽃".encode(), b"zqx", b"qxw", b"xwv", b"wvu")
"""Of a name and an address: the syllable occurs in no other text of the store."""


def in_file(engine: Engine) -> list[bytes]:
    with engine.connect() as conn:
        conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    found = Path(str(engine.url.database)).read_bytes()
    return [piece for piece in PIECES if piece in found]


def by_request(engine: Engine) -> None:
    terms = Terms(NOW, 5)
    with reading(engine) as conn:
        seal = find_buyer(conn, TEL, terms).seal
    erase(engine, TEL, seal, "접수 31번", KIM, terms)


def by_itself(engine: Engine) -> None:
    anonymise(engine, NOW, 5)


@pytest.mark.parametrize("erases", [by_request, by_itself])
def test_no_piece_is_left_in_the_file(sqlite_store: Engine, erases: Callable[[Engine], None]) -> None:
    plant(sqlite_store)
    assert in_file(sqlite_store)
    erases(sqlite_store)
    assert in_file(sqlite_store) == []
    assert index_kept(sqlite_store) == index_rebuilt(sqlite_store)
    with reading(sqlite_store) as conn:
        assert not are_left(conn)


def test_what_whoever_erases_does_not_wait_for_is_done_by_the_loop(
    sqlite_store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(sqlite_store)
    with writing(sqlite_store) as conn:
        set_mark(conn, MirrorMark.ANONYMOUS_DAY, str(day_of(time.time())), NOW)  # today's pass is over
    monkeypatch.setattr(pieces, "_AT_ONCE", -1.0)
    monkeypatch.setattr(pieces, "_PAGES", 1)
    by_request(sqlite_store)
    with reading(sqlite_store) as conn:
        assert are_left(conn)
    monkeypatch.setattr(keeper, "_EVERY", 0.01)
    monkeypatch.setattr(keeper, "_REST", 0)
    stop, until = threading.Event(), time.monotonic() + 60
    loop = threading.Thread(target=keeper.watch_buyers, args=(stop, sqlite_store))
    loop.start()
    try:
        while time.monotonic() < until:
            with reading(sqlite_store) as conn:
                if not are_left(conn):
                    break
            time.sleep(0.05)
    finally:
        stop.set()
        loop.join(60)
    assert not loop.is_alive(), "the loop does not end"
    assert in_file(sqlite_store) == []


def test_what_is_taken_out_meanwhile_is_done_once_more(sqlite_store: Engine) -> None:
    plant(sqlite_store)
    by_itself(sqlite_store)
    with writing(sqlite_store) as conn:
        upsert_payments(conn, plain(400)[40:], as_of=1)
        pieces.note_erased(conn, NOW)

    def another() -> bool:
        with writing(sqlite_store) as conn:
            pieces.note_erased(conn, NOW)
        return False

    assert take_out(sqlite_store, another)
    with reading(sqlite_store) as conn:
        assert are_left(conn)
        assert conn.execute(text("SELECT count(*) FROM payment")).scalar_one() == 401
    assert take_out(sqlite_store, lambda: False)
    with reading(sqlite_store) as conn:
        assert not are_left(conn)
