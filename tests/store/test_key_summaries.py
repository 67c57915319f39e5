"""What is kept of billing keys and schedules is what their rows say, whatever came and in whichever order."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from services.store.engine import create_store, reading, writing
from services.store.migrations import migrate
from services.store.writes.keys import mark_billing_keys_deleted
from tests.worlds.key_recount import require_whole, rows_of, summaries_kept
from tests.worlds.rows.key_rows import NOW, Changes, fetched, key, put_keys, put_schedules, schedule
from tests.worlds.rows.older_rows import copy_into
from tests.worlds.seeds import seeds

_ROUNDS = 40


def test_summaries_totals_and_indexes_equal_a_full_recount_after_random_changes(store: Engine) -> None:
    for seed in range(seeds(40, least=2)):
        changes = Changes(seed)
        for number in range(_ROUNDS):
            with writing(store) as conn:
                changes.happen(conn)
            if number % 8 == 7:
                require_whole(store, (seed, number))
    assert len(summaries_kept(store)) > 10


def undone(engine: Engine, changes: Changes) -> None:
    with writing(engine) as conn:
        for _ in range(10):
            changes.happen(conn)
        raise RuntimeError("undone")


def test_a_transaction_that_is_undone_undoes_the_summaries_too(store: Engine) -> None:
    changes = Changes(5)
    for _ in range(10):
        with writing(store) as conn:
            changes.happen(conn)
    before = summaries_kept(store)
    with pytest.raises(RuntimeError, match="undone"):
        undone(store, changes)
    assert summaries_kept(store) == before
    require_whole(store, "undone")


_SOURCES = ("facet", "payment", "billing_key", "schedule")


@pytest.fixture
def older_store(store: Engine, tmp_path: Path) -> Iterator[Engine]:
    """A store of the revision before the directory, on the same database as `store`, which it replaces."""
    with reading(store) as conn:
        assert rows_of(conn, "payment") == []
    if store.dialect.name == "sqlite":
        engine = create_store(f"sqlite:///{tmp_path / 'older.db'}")
    else:
        engine = store
        with engine.begin() as conn:
            conn.execute(text("DROP SCHEMA public CASCADE"))
            conn.execute(text("CREATE SCHEMA public"))
    migrate(engine, "0004")
    yield engine
    engine.dispose()


def test_the_revision_fills_in_what_the_mirror_would_have_kept(sqlite_store: Engine, older_store: Engine) -> None:
    for seed in range(2):
        changes = Changes(seed)
        for _ in range(_ROUNDS):
            with writing(sqlite_store) as conn:
                changes.happen(conn)
    with reading(sqlite_store) as conn:
        rows = {table: rows_of(conn, table) for table in _SOURCES}
    copy_into(older_store, rows)
    migrate(older_store)
    assert summaries_kept(older_store) == summaries_kept(sqlite_store)
    require_whole(older_store, "migrated")


def test_two_keys_of_one_phone_are_duplicates_until_one_is_gone(store: Engine) -> None:
    put_keys(store, [key("a", customer_tel="010-1234-5678"), key("b", customer_tel="+82 10 1234 5678"), key("c")])
    sql = "SELECT customer_uid FROM key_summary WHERE duplicated ORDER BY 1"
    assert fetched(store, sql) == [("a",), ("b",)]
    with writing(store) as conn:
        mark_billing_keys_deleted(conn, ["a"], at=NOW)
    assert fetched(store, sql) == []


def test_strangers_who_share_a_masked_card_or_a_placeholder_phone_are_no_duplicates(store: Engine) -> None:
    card, tel = {"card_number": "5409****1234"}, {"customer_tel": "010-0000-0000"}
    put_keys(store, [key("a", customer_name="김민서", **card, **tel), key("b", customer_name="이준", **card, **tel)])
    assert fetched(store, "SELECT count(*) FROM key_summary WHERE duplicated") == [(0,)]


def test_schedules_of_a_test_key_become_test_rows_when_the_key_is_looked_up(store: Engine) -> None:
    put_schedules(store, [schedule("s1", customer_uid="a"), schedule("s2", customer_uid="b")])
    put_keys(store, [key("a", sandbox=True)])
    assert fetched(store, "SELECT merchant_uid FROM schedule WHERE sandbox") == [("s1",)]
    put_schedules(store, [schedule("s3", customer_uid="a")], as_of=2)
    assert fetched(store, "SELECT merchant_uid FROM schedule WHERE sandbox ORDER BY 1") == [("s1",), ("s3",)]
    require_whole(store, "test rows")
