"""The audit chain: what was changed, removed or moved is named, whichever of a thousand entries it was."""

import random

import pytest
from sqlalchemy import Engine

from services.operations.journal import audit
from services.operations.journal.audit import Actor
from services.store.engine import reading, writing
from services.store.hash_chain import Verdict
from tests.worlds.seeds import seeds
from tests.worlds.tampering import tampered

ENTRIES = 1_000
_COLUMNS = {"at": 1, "actor": "'x'", "origin": "'x'", "action": "'x'", "operation_id": 1, "detail": "'{}'",
            "previous": "'x'", "hash": "'x'"}  # fmt: skip


@pytest.fixture
def chain(sqlite_store: Engine) -> Engine:
    """A store with a thousand entries, past the triggers that keep them as they are."""
    with writing(sqlite_store) as conn:
        for number in range(ENTRIES):
            audit.append(
                conn, Actor(f"person{number}", "screen"), "asked", number + 7, operation_id=number + 2, n=number
            )
        for trigger in ("audit_changes", "audit_goes"):
            conn.exec_driver_sql(f"DROP TRIGGER {trigger}")
    return sqlite_store


def some_entries() -> list[int]:
    return sorted({1, ENTRIES, *random.Random(4).sample(range(1, ENTRIES), seeds(ENTRIES - 2, least=12))})


def test_a_chain_that_nobody_touched_is_whole(chain: Engine) -> None:
    with reading(chain) as conn:
        assert audit.verify(conn) == Verdict(ENTRIES, None)


@pytest.mark.parametrize("column", sorted(_COLUMNS))
def test_an_entry_that_was_changed_is_named(chain: Engine, column: str) -> None:
    for number in some_entries()[:: 1 if column == "detail" else 5]:
        with tampered(chain, f"UPDATE audit_entry SET {column} = {_COLUMNS[column]} WHERE id = {number}") as conn:
            assert audit.verify(conn).broken_at == number


def test_an_entry_that_was_removed_is_named(chain: Engine) -> None:
    for number in some_entries():
        with tampered(chain, f"DELETE FROM audit_entry WHERE id = {number}") as conn:
            assert audit.verify(conn).broken_at == number


def test_the_first_of_two_entries_that_were_exchanged_is_named(chain: Engine) -> None:
    for number in some_entries()[:-1]:
        other = ENTRIES if number < ENTRIES - 1 else 1
        first, moves = min(number, other), ((number, 0), (other, number), (0, other))
        swap = [f"UPDATE audit_entry SET id = {after} WHERE id = {before}" for before, after in moves]
        with tampered(chain, *swap) as conn:
            assert audit.verify(conn).broken_at == first


@pytest.mark.parametrize("kept", [999, 990, 500, 1])
def test_missing_last_entries_are_noticed(chain: Engine, kept: int) -> None:
    with tampered(chain, f"DELETE FROM audit_entry WHERE id > {kept}") as conn:
        assert audit.verify(conn) == Verdict(kept, kept + 1)


def test_an_entry_that_was_slipped_in_is_named(chain: Engine) -> None:
    copy = "SELECT 1001, at, actor, origin, action, operation_id, detail, previous, hash FROM audit_entry WHERE id = 7"
    with tampered(chain, f"INSERT INTO audit_entry {copy}") as conn:
        assert audit.verify(conn).broken_at == ENTRIES + 1
