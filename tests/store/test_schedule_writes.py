"""Schedules: a later answer wins, an older one never does, and each counts once."""

from sqlalchemy import Engine

from services.clock import day_of
from tests.worlds.key_recount import schedule_totals_kept, schedule_totals_recounted
from tests.worlds.rows.key_rows import NOW, fetched, put_schedules, schedule


def test_a_schedule_that_did_not_change_is_not_written(store: Engine) -> None:
    assert put_schedules(store, [schedule("a"), schedule("b")]) == 2
    assert put_schedules(store, [schedule("a"), schedule("b", b"second", amount=100)], as_of=2) == 1
    assert fetched(store, "SELECT merchant_uid, read_at FROM schedule ORDER BY 1") == [("a", 1), ("b", 2)]


def test_an_older_answer_does_not_bring_a_revoked_schedule_back(store: Engine) -> None:
    put_schedules(store, [schedule("a", b"second", schedule_status="revoked")], as_of=5)
    assert put_schedules(store, [schedule("a", b"first")], as_of=4) == 0
    assert fetched(store, "SELECT schedule_status FROM schedule") == [("revoked",)]
    assert schedule_totals_kept(store) == schedule_totals_recounted(store)


def test_a_schedule_read_without_a_digest_still_takes_the_next_change(store: Engine) -> None:
    put_schedules(store, [schedule("a", None)])
    assert put_schedules(store, [schedule("a", None, schedule_status="executed")], as_of=2) == 1
    assert fetched(store, "SELECT schedule_status FROM schedule") == [("executed",)]


def test_a_schedule_named_twice_in_an_answer_counts_once(store: Engine) -> None:
    put_schedules(store, [schedule("a"), schedule("a", amount=5)])
    assert schedule_totals_kept(store) == schedule_totals_recounted(store)
    assert fetched(store, "SELECT day, schedules, amount FROM schedule_total") == [(day_of(NOW), 1, 5)]
