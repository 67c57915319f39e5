"""The audit knows the journal: whatever was changed behind its back is named, a chain written anew as well."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from services.mirror.keep import read_again
from services.operations.files import batches
from services.operations.journal import audit, head, journal
from services.operations.journal.audit import Actor
from services.operations.journal.head import Standing
from services.operations.journal.journal import Wanted
from services.operations.journal.limits import set_limit
from services.operations.journal.replay import Differing, differing
from services.store.engine import reading, writing
from services.store.hash_chain import digest_of
from services.tables.journal import OperationKind
from tests.worlds.operations.desk import FINANCE, SUPPORT, Desk

_TRIGGERS = (
    "operation_moves", "operation_ended", "operation_anonymous", "operation_stays", "operation_begins", "audit_changes",
    "audit_goes",
)  # fmt: skip


@pytest.fixture
def desk(sqlite_store: Engine) -> Desk:
    """Four operations: one done, one approved and done, one refused, one that waits."""
    made = Desk(sqlite_store)
    made.refund(1_000)
    made.run()
    waits = made.refund(2_000, imp_uid="imp_1", token="b", approval_from=1_000)
    journal.approve(sqlite_store, waits, FINANCE, made.times.ours())
    made.run()
    made.charge(key="key1", token="c")
    made.run()
    made.refund(500, imp_uid="imp_2", token="d", approval_from=100)
    with writing(sqlite_store) as conn:
        for trigger in _TRIGGERS:
            conn.exec_driver_sql(f"DROP TRIGGER {trigger}")
    return made


def named(engine: Engine, statement: str) -> list[Differing]:
    """What is named after a statement, which is undone again."""
    with engine.connect() as conn, conn.begin() as transaction:
        assert conn.execute(text(statement)).rowcount > 0
        found = list(differing(conn))
        transaction.rollback()
    return found


def test_a_journal_that_nobody_touched_is_as_the_audit_tells_it(desk: Desk) -> None:
    with reading(desk.engine) as conn:
        assert list(differing(conn)) == []
        assert audit.verify(conn).broken_at is None


@pytest.mark.parametrize(
    ("columns", "fields"),
    [
        ("amount = 900000", ("amount",)),
        ("kind = 'charge'", ("kind",)),
        ("subject = 'payment:imp_9'", ("subject",)),
        ("currency = 'USD'", ("currency",)),
        ("state = 'refused'", ("state",)),
        ("approved_by = 'finance'", ("approved_by",)),
        ("asked_by = 'somebody'", ("asked_by",)),
        ("asked_from = 'screen x'", ("asked_from",)),
        ("asked_at = asked_at - 1", ("asked_at",)),
        ("imp_uid = 'imp_9'", ("imp_uid",)),
        ("cancellation_id = 'c9'", ("cancellation_id",)),
        ("cancel_amount = 9", ("cancel_amount",)),
        ("reason = 'x'", ("reason",)),
        ("requester = 'admin'", ("requester",)),
        ("balance = balance + 1", ("balance",)),
        ("customer_uid = 'key2'", ("customer_uid",)),
        ("request = '{\"tax_free\": 500}'", ("request",)),
        ("fence = 0", ("attempts",)),
        ("amount = 1, state = 'expired'", ("amount", "state")),
    ],
)
def test_an_operation_that_was_rewritten_is_named_with_what_differs(
    desk: Desk, columns: str, fields: tuple[str, ...]
) -> None:
    for number in (1, 2):
        (found,) = named(desk.engine, f"UPDATE operation SET {columns} WHERE id = {number}")
        assert (found.operation, found.fields) == (number, fields)


@pytest.mark.parametrize(
    ("columns", "fields"),
    [("message = '한도초과'", ("message",)), ("why = 'unreachable'", ("why",)), ("noted_by = 'x'", ("noted_by",))],
)
def test_the_words_of_what_ended_are_told_too(desk: Desk, columns: str, fields: tuple[str, ...]) -> None:
    journal.decline(desk.engine, 4, FINANCE, "아니요", desk.times.ours())
    desk.call_faults.append("refusal")
    refused = desk.refund(700, imp_uid="imp_2", token="e")
    desk.run()
    assert desk.get(refused).message
    number = refused if fields == ("message",) else 4
    (found,) = named(desk.engine, f"UPDATE operation SET {columns} WHERE id = {number}")
    assert (found.operation, found.fields) == (number, fields)


def test_the_account_that_money_goes_to_cannot_be_exchanged_while_it_waits(desk: Desk) -> None:
    account = {"refund_bank": "088", "refund_account": "110222333333", "refund_holder": "홍길동"}
    wanted = Wanted(
        "acc", OperationKind.REFUND, "payment:imp_3", 100, "KRW", imp_uid="imp_3", reason="변심",
        requester="customer", balance=1_000, request=account, needs_approval=True,
    )  # fmt: skip
    number = journal.record(desk.engine, wanted, SUPPORT, desk.times.ours()).id
    for name, other in (("refund_account", "999888777666"), ("refund_holder", "이몽룡"), ("refund_bank", "004")):
        request = json.dumps(account | {name: other}, ensure_ascii=False)
        (found,) = named(desk.engine, f"UPDATE operation SET request = '{request}' WHERE id = {number}")
        assert (found.operation, found.fields) == (number, ("request",))
    journal.decline(desk.engine, number, SUPPORT, "x", desk.times.ours())
    with reading(desk.engine) as conn:
        assert list(differing(conn)) == []


def test_a_limit_that_was_changed_behind_the_audit_is_named(desk: Desk) -> None:
    marks = "INSERT INTO mark (name, value, at) VALUES ('refund_approval_from', 'never', 0)"
    assert named(desk.engine, marks) == []  # there was none, and there is none
    assert [one.what for one in named(desk.engine, marks.replace("never", "9"))] == ["limit"]
    set_limit(desk.engine, 50_000, Actor("root", "cli"), desk.times.ours())
    with reading(desk.engine) as conn:
        assert list(differing(conn)) == []
    for change in ("UPDATE mark SET value = 'never'", "UPDATE mark SET value = '900000'", "DELETE FROM mark"):
        (found,) = named(desk.engine, f"{change} WHERE name = 'refund_approval_from'")
        assert (found.what, found.fields) == ("limit", ("refund_approval_from",))


def test_an_operation_that_was_removed_or_slipped_in_is_named(desk: Desk) -> None:
    for number in (1, 2, 3, 4):
        (found,) = named(desk.engine, f"DELETE FROM operation WHERE id = {number}")
        assert (found.operation, found.entry is None, found.fields) == (number, False, ("id",))
    columns = "kind, state, subject, amount, currency, request, asked_by, asked_at, asked_from, state_at, fence"
    more = f"INSERT INTO operation (token, {columns}, claimed_until, looks, look_at) SELECT 'z', {columns}, 0, 0, 0"
    (found,) = named(desk.engine, f"{more} FROM operation WHERE id = 1")
    assert (found.operation, found.entry) == (5, None)
    assert named(desk.engine, "DELETE FROM attempt WHERE operation_id = 1")[0].fields == ("attempts",)


def test_a_file_that_was_changed_is_named_and_so_is_who_let_its_rows_go(desk: Desk) -> None:
    read_again(desk.executor.gateway, desk.engine, "imp_1")
    with reading(desk.engine) as conn:
        run = batches.dry_run(conn, "a.csv", "imp_uid,amount,reason,requester\nimp_1,10,변심,customer\n".encode())
    number = batches.submit(desk.engine, run, SUPPORT, desk.times.ours())
    batches.approve(desk.engine, number, run.digest, FINANCE, desk.times.ours())
    desk.run()
    with reading(desk.engine) as conn:
        assert list(differing(conn)) == []
    (row,) = named(desk.engine, "UPDATE operation SET approved_by = 'x' WHERE batch_id IS NOT NULL")
    assert row.fields == ("approved_by",)
    for columns in ("amount = 9", "approved_by = 'x'", "digest = 'x'", "asked_by = 'x'"):
        found = named(desk.engine, f"UPDATE refund_batch SET {columns}")
        assert [(one.what, one.fields) for one in found] == [("file", (columns.partition(" ")[0],))]
    assert [one.what for one in named(desk.engine, "DELETE FROM refund_batch")] == ["file"]


def written_anew(conn: Connection) -> None:
    """Chain and inner head consistent in themselves, with another story in it."""
    conn.execute(text("UPDATE operation SET amount = 900000, cancel_amount = 900000, refunded = 900000 WHERE id = 1"))
    for name in ("amount", "refunded"):
        moved = f"""replace(detail, '{name}": 1000', '{name}": 900000')"""
        conn.execute(text(f"UPDATE audit_entry SET detail = {moved} WHERE operation_id = 1"))
    previous = ""
    for row in conn.execute(text("SELECT * FROM audit_entry ORDER BY id")).all():
        entry = (*tuple(row)[:7], previous)
        previous = digest_of(entry)
        values = {"id": row[0], "previous": entry[7], "hash": previous}
        conn.execute(text("UPDATE audit_entry SET previous = :previous, hash = :hash WHERE id = :id"), values)
    conn.execute(text("UPDATE mark SET value = :value WHERE name = 'audit_head'"), {"value": f"{row[0]} {previous}"})


def shortened(conn: Connection) -> None:
    """The last entries gone, with what they told of, and the inner head moved back."""
    conn.execute(text("DELETE FROM audit_entry WHERE operation_id = 4"))
    conn.execute(text("DELETE FROM operation WHERE id = 4"))
    last = conn.execute(text("SELECT id, hash FROM audit_entry ORDER BY id DESC LIMIT 1")).one()
    conn.execute(text("UPDATE mark SET value = :value WHERE name = 'audit_head'"), {"value": f"{last[0]} {last[1]}"})


def emptied(conn: Connection) -> None:
    """Journal and chain as if nothing ever was."""
    for table in ("audit_entry", "attempt", "operation"):
        conn.execute(text(f"DELETE FROM {table}"))
    conn.execute(text("DELETE FROM mark WHERE name = 'audit_head'"))


@pytest.mark.parametrize(
    ("change", "stands"),
    [(written_anew, Standing.UNRELATED), (shortened, Standing.AHEAD), (emptied, Standing.AHEAD)],
)
def test_a_chain_that_is_whole_in_itself_is_told_by_the_head_outside(
    desk: Desk, change: Callable[[Connection], None], stands: Standing
) -> None:
    with writing(desk.engine) as conn:
        change(conn)
    with reading(desk.engine) as conn:
        assert audit.verify(conn).broken_at is None
        assert list(differing(conn)) == []
        assert head.standing(conn, head.outside(desk.engine)) == stands
    assert head.restored(desk.engine)


def test_a_crash_between_the_commit_and_the_file_leaves_the_file_behind_and_nothing_broken(desk: Desk) -> None:
    path = head.path_of(desk.engine)
    assert path == Path(f"{desk.engine.url.database}.head")
    before = path.read_bytes()
    desk.refund(100, imp_uid="imp_1", token="e")
    path.write_bytes(before)
    assert not head.restored(desk.engine)
    desk.run()
    assert json.loads(path.read_bytes())["entries"] > json.loads(before)["entries"]


def test_the_file_never_goes_back(desk: Desk) -> None:
    latest = head.outside(desk.engine)
    assert latest is not None
    earlier = head.Head(latest.epoch, latest.entries - 1, "x", latest.operations, latest.since)
    head.keep(desk.engine, earlier, None)
    assert head.outside(desk.engine) == latest


def test_an_entry_by_anybody_moves_the_head(desk: Desk) -> None:
    before = head.outside(desk.engine)
    set_limit(desk.engine, 50_000, Actor("root", "cli"), desk.times.ours())
    after = head.outside(desk.engine)
    assert before is not None
    assert after is not None
    assert after.entries == before.entries + 1
