"""What the mirror keeps of itself: runs, checkpoints, marks, and what it did not know."""

import pytest
from sqlalchemy import Engine

from services.store.engine import reading, writing
from services.store.lists.system import list_oddities, list_sync_runs, marks
from services.store.writes.payments import upsert_payments
from services.store.writes.sync import (
    Checkpoint,
    begin_run,
    end_run,
    get_checkpoint,
    note_oddities,
    save_checkpoint,
    set_mark,
)
from tests.store.test_payment_writes import column
from tests.worlds.rows.payment_rows import plain

NOW = 1_760_000_000
_DAY = 86_400


def test_an_oddity_is_counted_up_and_keeps_its_first_time(store: Engine) -> None:
    odd = ("unknown_field", "payment.settlement")
    with writing(store) as conn:
        note_oddities(conn, {odd: 3}, at=NOW)
        note_oddities(conn, {odd: 2, ("unknown_value", "payment.status=settling"): 1}, at=NOW + 5)
        note_oddities(conn, {}, at=NOW + 9)
    with reading(store) as conn:
        found = {one.name: (one.seen, one.first_at, one.last_at) for one in list_oddities(conn)}
    assert found == {
        "payment.settlement": (5, NOW, NOW + 5),
        "payment.status=settling": (1, NOW + 5, NOW + 5),
    }


def test_a_checkpoint_is_as_it_was_last_saved(store: Engine) -> None:
    with writing(store) as conn:
        assert get_checkpoint(conn, NOW) is None
        save_checkpoint(conn, Checkpoint(NOW, NOW + _DAY, False))
        save_checkpoint(conn, Checkpoint(NOW, NOW + 2 * _DAY, True, 3))
    with reading(store) as conn:
        assert get_checkpoint(conn, NOW) == Checkpoint(NOW, NOW + 2 * _DAY, True, 3)


def test_rows_and_the_checkpoint_that_speaks_of_them_come_together_or_not_at_all(store: Engine) -> None:
    def rows_then_checkpoint_then_nothing() -> None:
        with writing(store) as conn:
            upsert_payments(conn, plain(30), as_of=1)
            save_checkpoint(conn, Checkpoint(NOW, NOW + _DAY, True))
            raise InterruptedError

    with pytest.raises(InterruptedError):
        rows_then_checkpoint_then_nothing()
    with reading(store) as conn:
        assert get_checkpoint(conn, NOW) is None
    assert column(store, "amount") == {}


def test_a_run_that_never_ended_is_kept_as_unfinished(store: Engine) -> None:
    with writing(store) as conn:
        first = begin_run(conn, "sync", NOW)
        second = begin_run(conn, "full", NOW + 60)
        end_run(conn, second, NOW + 90, {"payments": 7, "requests": 2}, "502 from the gateway")
    with reading(store) as conn:
        runs = {run.id: (run.kind, run.finished_at, run.payments, run.error) for run in list_sync_runs(conn, 10)}
    assert runs == {
        first: ("sync", None, 0, None),
        second: ("full", NOW + 90, 7, "502 from the gateway"),
    }


def test_runs_older_than_a_month_make_room(store: Engine) -> None:
    with writing(store) as conn:
        begin_run(conn, "sync", NOW - 31 * _DAY)
        kept = begin_run(conn, "sync", NOW - 29 * _DAY)
        last = begin_run(conn, "sync", NOW)
    with reading(store) as conn:
        assert [run.id for run in list_sync_runs(conn, 10)] == [last, kept]


def test_a_mark_holds_its_last_value(store: Engine) -> None:
    with writing(store) as conn:
        set_mark(conn, "gateway", "http://a", NOW)
        set_mark(conn, "gateway", "http://b", NOW + 1)
    with reading(store) as conn:
        assert marks(conn)["gateway"] == "http://b"
