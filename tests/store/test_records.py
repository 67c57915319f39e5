"""What the audit tells besides operations: all of it once, the latest first, and at any size by its index."""

from functools import partial

import pytest
from sqlalchemy import Engine

from services.clock import day_start
from services.errors import InvalidFilter
from services.operations.journal import journal, limits
from services.operations.journal.audit import Actor
from services.operations.journal.journal import Wanted
from services.store.engine import reading, writing
from services.store.lists.records import RecordFilter, list_records
from services.store.sql import table
from services.tables.journal import AuditEntry, OperationKind
from tests.worlds.plans import plans_of
from tests.worlds.rows.page_walk import there_and_back

_ENTRY = {"actor": "kim", "origin": "cli", "action": "limit_set", "detail": "{}", "previous": "", "hash": ""}
KIM = Actor("kim@example.com", "screen")


@pytest.fixture
def limited(store: Engine) -> Engine:
    """Five limits, one a day, each after an operation."""
    for n in range(5):
        wanted = Wanted(f"t{n}", OperationKind.REFUND, f"payment:{n}", 1_000, "KRW")
        journal.record(store, wanted, KIM, day_start(20_000 + n))
        limits.set_limit(store, n, KIM, day_start(20_000 + n))
    return store


def test_each_is_shown_once_the_latest_first_and_no_step_of_an_operation(limited: Engine) -> None:
    with reading(limited) as conn:
        rows = there_and_back(partial(list_records, conn, RecordFilter(), limit=2))
    assert [one.detail["after"] for one in rows] == [4, 3, 2, 1, 0]
    assert {(one.action, one.actor, one.origin) for one in rows} == {("limit_set", "kim@example.com", "screen")}


def test_days_hold_both_ends(limited: Engine) -> None:
    with reading(limited) as conn:
        assert [one.detail["after"] for one in list_records(conn, RecordFilter(20_001, 20_002)).rows] == [2, 1]


def test_no_page_walks_the_audit(limited: Engine) -> None:
    many = [{"id": 100 + n, "at": day_start(20_001) + n} for n in range(5_000)]
    with writing(limited) as conn:
        conn.execute(table(AuditEntry).insert(), [_ENTRY | one for one in many])
        if conn.dialect.name == "postgresql":
            conn.exec_driver_sql("ANALYZE audit_entry")
    for cursor in ({}, {"before": f"{day_start(20_003)}.7"}, {"after": f"{day_start(20_003)}.7"}):
        steps = plans_of(limited, lambda conn, cursor=cursor: list_records(conn, RecordFilter(), **cursor))
        assert any("audit_entry_alone" in step for step in steps)
        assert not any("TEMP B-TREE" in step or "Sort" in step for step in steps)


@pytest.mark.parametrize("forged", ["", "1", "x.1", "1.\0"])
def test_a_forged_page_is_an_invalid_filter(store: Engine, forged: str) -> None:
    with reading(store) as conn, pytest.raises(InvalidFilter):
        list_records(conn, RecordFilter(), before=forged)
