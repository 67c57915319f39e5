"""Reads of the journal: what they find, and that 10,000 operations cost them no more than ten."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, bindparam, text

from bench.journal import WAITING, fill_journal
from services.clock import day_start
from services.errors import InvalidFilter
from services.operations.files import batches
from services.operations.journal import chains, expiry, journal
from services.operations.journal.audit import Actor
from services.operations.journal.journal import Wanted
from services.operations.journal.same import same_command
from services.store.engine import reading, writing
from services.store.lists.operations import (
    OperationFilter,
    People,
    count_needing_person,
    list_operations,
    needing_person,
    operations_of_key,
    operations_of_payment,
    people,
    refunded_alone,
)
from services.tables.journal import OperationKind
from services.tables.journal import OperationState as State
from tests.worlds.plans import plans
from tests.worlds.rows.key_rows import put_schedules, schedule
from tests.worlds.rows.page_walk import onwards, there_and_back

MANY = 300


def pages(engine: Engine, chosen: OperationFilter, limit: int = 37) -> list[int]:
    """The ids of every page, one after another."""
    with reading(engine) as conn:
        return [one.id for one in onwards(partial(list_operations, conn, chosen, limit=limit))]


def test_paging_shows_every_operation_once_the_latest_first(store: Engine) -> None:
    fill_journal(store, MANY)
    with writing(store) as conn:
        # Many in one second: the id decides.
        conn.execute(text("UPDATE operation SET asked_at = 5 WHERE id < 100 AND state <> 'succeeded'"))
    assert pages(store, OperationFilter()) == list(range(MANY, 0, -1))
    assert pages(store, OperationFilter(state="succeeded")) == list(range(MANY - len(WAITING), 0, -1))
    assert pages(store, OperationFilter(kind="charge")) == []


def test_the_way_back_shows_the_same_operations(store: Engine) -> None:
    fill_journal(store, MANY)
    with reading(store) as conn:
        rows = there_and_back(partial(list_operations, conn, OperationFilter(state="succeeded"), limit=37))
    assert [one.id for one in rows] == list(range(MANY - len(WAITING), 0, -1))


def asked(engine: Engine, subject: str, who: str, at: float, **more: Any) -> int:
    wanted = Wanted(f"{subject} {at}", OperationKind.CHARGE, subject, 1_000, "KRW", **more)
    return journal.record(engine, wanted, Actor(who, "screen"), at).id


def found(engine: Engine, **chosen: Any) -> list[int]:
    with reading(engine) as conn:
        return [one.id for one in list_operations(conn, OperationFilter(**chosen)).rows]


def test_operations_are_found_by_who_asked_who_approved_day_and_any_whole_id(store: Engine) -> None:
    first = asked(store, "a", "kim", day_start(20_000), merchant_uid="ORDER-1", customer_uid="member-1")
    second = asked(store, "b", "lee", day_start(20_001) - 1, customer_uid="member-1", needs_approval=True)
    third = asked(store, "c", "kim", day_start(20_001), imp_uid="imp_1")
    journal.approve(store, second, Actor("kim", "screen"), day_start(20_001) + 5)
    assert found(store, asked_by="kim") == [third, first]
    assert found(store, approved_by="kim") == [second]
    assert found(store, from_day=20_000, to_day=20_000) == [second, first]
    assert found(store, text="ORDER-1", kind="refund", from_day=1, to_day=2) == [first]
    assert found(store, text="member-1") == [second, first]
    assert found(store, text="imp_1") == found(store, text=str(third)) == [third]
    assert found(store, text="ORDER") == found(store, text="9" * 18) == []
    with reading(store) as conn:
        assert people(conn) == People(["kim", "lee"], ["kim"])


def test_a_card_number_is_not_looked_for(store: Engine) -> None:
    with reading(store) as conn, pytest.raises(InvalidFilter):
        list_operations(conn, OperationFilter(text="4111-1111-1111-1111"))


def test_what_needs_a_person_is_listed_and_counted_alike(store: Engine) -> None:
    fill_journal(store, MANY)
    with reading(store) as conn:
        assert sorted(one.state for one in needing_person(conn)) == sorted(WAITING)
        assert count_needing_person(conn) == len(WAITING)


def of_one_file(engine: Engine, *states: str, approved_at: int | None = None) -> None:
    """What is in these states are rows of one file of refunds."""
    with writing(engine) as conn:
        conn.execute(
            text("INSERT INTO refund_batch (id, digest, name, rows, amount, asked_by, asked_at, approved_at) "
                 "VALUES (1, 'd', 'f.csv', 1, 1000, 'kim', 1, :approved_at)"), {"approved_at": approved_at},
        )  # fmt: skip
        conn.execute(
            text("UPDATE operation SET batch_id = 1 WHERE state IN :states").bindparams(
                bindparam("states", states, expanding=True)
            )
        )


def test_rows_of_a_file_that_wait_are_one_approval_and_not_counted_row_by_row(store: Engine) -> None:
    fill_journal(store, MANY)
    of_one_file(store, "awaiting_approval", "unknown")
    with reading(store) as conn:
        assert "awaiting_approval" not in {one.state for one in needing_person(conn)}
        assert len(needing_person(conn)) == len(WAITING) - 1
        assert count_needing_person(conn) == len(WAITING)


def test_what_expired_is_gone_from_the_list_once_it_is_put_aside(store: Engine) -> None:
    fill_journal(store, MANY)
    with reading(store) as conn:
        (expired,) = [one for one in needing_person(conn) if one.state == "expired"]
    journal.put_aside(store, expired.id, Actor("kim", "screen"), "다시 요청함", 1.0)
    with reading(store) as conn:
        assert count_needing_person(conn) == len(needing_person(conn)) == len(WAITING) - 1


def test_everything_asked_for_on_a_payment_is_found(store: Engine) -> None:
    writes = fill_journal(store, MANY)
    with reading(store) as conn:
        assert [one.id for one in operations_of_payment(conn, writes[7].values["imp_uid"])] == [8]


def test_a_forged_page_is_an_invalid_filter(store: Engine) -> None:
    for forged in ("", ".", "1", "1.", ".1", "x.1", "1.x", "-1.1", "1.5.2", "١.1", f"1.{'9' * 30}", "1.\0", "1. 1"):
        with reading(store) as conn, pytest.raises(InvalidFilter):
            list_operations(conn, OperationFilter(), before=forged)


READS: dict[str, Callable[[Connection, str], Any]] = {
    "needing a person": lambda conn, _uid: needing_person(conn),
    "their number": lambda conn, _uid: count_needing_person(conn),
    "in a state": lambda conn, _uid: list_operations(conn, OperationFilter(state="succeeded"), before="1700000050.9"),
    "of a file": lambda conn, _uid: list_operations(conn, OperationFilter(batch_id=1)),
    "next page": lambda conn, _uid: list_operations(conn, OperationFilter(), before="1700000050.9"),
    "of a payment": operations_of_payment,
    "of a key": operations_of_key,
    "open on a payment": lambda conn, uid: journal.open_operation(conn, f"payment:{uid}"),
    "the same command": lambda conn, uid: same_command(conn, f"payment:{uid}", ("refund",), 1.0, again=False),
    "due intents": lambda conn, _uid: journal.in_state(conn, State.INTENT, due=1.0),
    "due looks": lambda conn, _uid: journal.in_state(conn, State.UNKNOWN, due=1.0),
    "what a dead process left": lambda conn, _uid: journal.in_state(conn, State.SENT),
    "old intents and approvals": lambda conn, _uid: expiry.old_ones(conn, 2),
    "rows that may go": lambda conn, _uid: batches._ready(conn),
    "of a kind": lambda conn, _uid: list_operations(conn, OperationFilter(kind="refund"), before="1700000050.9"),
    "of a kind and state": lambda conn, _uid: list_operations(conn, OperationFilter("refund", "succeeded")),
    "asked by": lambda conn, _uid: list_operations(conn, OperationFilter(asked_by="support@example.com")),
    "approved by": lambda conn, _uid: list_operations(conn, OperationFilter(approved_by="kim")),
    "of a day": lambda conn, _uid: list_operations(conn, OperationFilter(from_day=20_000, to_day=20_000)),
    "the page before": lambda conn, _uid: list_operations(conn, OperationFilter(), after="1700000050.9"),
    "of an id": lambda conn, uid: list_operations(conn, OperationFilter(text=uid)),
    "who asked and approved": lambda conn, _uid: people(conn),
    "refunded alone": lambda conn, uid: refunded_alone(conn, uid),
    "latest on a payment": lambda conn, uid: journal.latest_id(conn, f"payment:{uid}"),
    "waiting for another": lambda conn, _uid: chains._ready(conn),
}


def test_what_waits_is_found_past_the_rows_of_files(sqlite_store: Engine) -> None:
    fill_journal(sqlite_store, 1_000)
    with reading(sqlite_store) as conn:
        for read in (
            lambda: needing_person(conn),
            lambda: count_needing_person(conn),
            lambda: expiry.old_ones(conn, 2),
        ):
            assert any("operation_alone" in step for step in plans(conn, read))
        for read in (lambda: needing_person(conn), lambda: count_needing_person(conn)):
            # Not along all that ever expired.
            assert any("operation_left" in step for step in plans(conn, read))
        assert any("operation_rows" in step for step in plans(conn, lambda: batches._ready(conn)))


_SORTED = ("of a file", "of a key", "of an id")
"""Few rows of several subjects, put in order after they are found."""


def test_no_read_of_the_journal_scans_it(sqlite_store: Engine) -> None:
    uid = fill_journal(sqlite_store, 1_000)[3].values["imp_uid"]
    of_one_file(sqlite_store, "awaiting_approval", approved_at=1)
    for name, read in READS.items():
        with reading(sqlite_store) as conn:
            steps = plans(conn, lambda read=read: read(conn, uid))
        assert [step for step in steps if "operation" in step], name
        # The index operation_left holds what waits, and nothing else.
        scans = [step for step in steps if step.startswith("SCAN operation")]
        assert not [step for step in scans if not step.endswith("INDEX operation_left")], name
        assert not [step for step in steps if step.startswith("USE TEMP") and name not in _SORTED], name
        # Most rows belong to no file: an index of files finds all of them.
        assert not [step for step in steps if "operation_batch (batch_id=?)" in step and name != "of a file"], name


def test_operations_of_a_key_are_those_on_it_and_on_its_schedules(store: Engine) -> None:
    put_schedules(store, [schedule("mine", customer_uid="a"), schedule("other", customer_uid="b")])
    subjects = ("billing_key:a", "schedule:mine", "schedules_of:a", "billing_key:b", "schedule:other", "schedule:a")
    asked = [
        journal.record(store, Wanted(subject, OperationKind.MOVE, subject, 0, "KRW"), Actor("kim", "screen"), 1.0).id
        for subject in subjects
    ]
    with reading(store) as conn:
        assert [one.id for one in operations_of_key(conn, "a")] == asked[2::-1]
        assert operations_of_key(conn, "nobody") == []
