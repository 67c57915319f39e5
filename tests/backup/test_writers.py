"""A backup that is taken while eight processes write restores to one state that there was."""

import random
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine

from services.backup.put_back import put_back
from services.backup.take import take_backup
from services.operations.journal import audit
from services.store.engine import create_store, reading
from services.store.sql import fetch
from tests.worlds.backups.writers import writers
from tests.worlds.recount import index_kept, index_rebuilt, totals_kept, totals_recounted
from tests.worlds.seeds import seeds

_WRITERS = 8
_PATIENCE = 180


def asked(engine: Engine) -> int:
    with reading(engine) as conn:
        return int(fetch(conn, "SELECT count(*) FROM operation")[0][0])


def wrote(engine: Engine) -> int:
    """How many of the writers did."""
    with reading(engine) as conn:
        return len({subject.split(":")[1] for (subject,) in fetch(conn, "SELECT subject FROM operation")})


def test_what_is_backed_up_under_eight_writers_is_one_state(store: Engine, tmp_path: Path) -> None:
    chance, url = random.Random(8), store.url.render_as_string(hide_password=False)
    figure = 100 if store.dialect.name == "sqlite" else 25
    with writers(url, _WRITERS):
        _wait(lambda: wrote(store) == _WRITERS, "not all of the writers write")
        began = asked(store)
        for number in range(seeds(figure, least=1)):
            least = asked(store)
            taken = take_backup(store, tmp_path / f"{number}.backup", None, time.time())
            most = asked(store)
            assert taken.is_good
            _look_at(taken.path, tmp_path / f"{number}.db", least, most)
            time.sleep(chance.random() / 5)
        # On a machine with much to do one backup may be done before the next of them has its turn.
        _wait(lambda: asked(store) > began, "nobody writes any more")


def _wait(is_so: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + _PATIENCE
    while not is_so():
        assert time.monotonic() < until, what
        time.sleep(0.1)


def _look_at(backup: Path, place: Path, least: int, most: int) -> None:
    into = create_store(f"sqlite:///{place}")
    put_back(into, backup, None, time.time(), by="hong")
    with reading(into) as conn:
        verdict = audit.verify(conn)
        told = fetch(conn, "SELECT count(*) FROM audit_entry WHERE action = 'asked'")[0][0]
    assert verdict.broken_at is None
    assert least <= told == asked(into) <= most
    assert totals_kept(into) == totals_recounted(into)
    assert index_kept(into) == index_rebuilt(into)
    into.dispose()
