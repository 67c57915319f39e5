"""Notes by staff: kept in the writer's name and in the audit, never with a number that must not be kept."""

from hashlib import sha256

import pytest
from sqlalchemy import Engine

from services.errors import InvalidRequest
from services.operations.journal.audit import Actor, verify
from services.operations.journal.notes import LONGEST, mark_told, write_note
from services.operations.journal.told import Telling, told_of_orders, told_since
from services.store.engine import reading, writing
from services.store.lists.one import notes_on
from services.store.sql import fetch
from services.store.writes.payments import upsert_payments
from services.tables.notes import Told
from tests.worlds.plans import plans_of
from tests.worlds.screens.screens import payment

KIM, LEE = Actor("kim@example.com", "screen"), Actor("lee@example.com", "screen")
PAID, OTHER = "imp_1", "imp_2"


def test_notes_of_a_payment_are_told_newest_first_with_who_and_when(store: Engine) -> None:
    write_note(store, PAID, " 다시 전화하기로 함\n오후에 ", KIM, 1_000)
    write_note(store, OTHER, "다른 결제", KIM, 1_001)
    write_note(store, PAID, "통화함", LEE, 1_002.7)
    with reading(store) as conn:
        told = [(one.text, one.written_by, one.written_at) for one in notes_on(conn, [PAID])]
        assert [one.text for one in notes_on(conn, [PAID, OTHER])] == [
            "통화함",
            "다른 결제",
            "다시 전화하기로 함\n오후에",
        ]
    assert told == [("통화함", LEE.name, 1_002), ("다시 전화하기로 함\n오후에", KIM.name, 1_000)]


def test_a_note_is_in_the_audit_in_the_transaction_that_kept_it(store: Engine) -> None:
    write_note(store, PAID, "통화함", KIM, 1_000)
    with reading(store) as conn:
        (entry,) = fetch(conn, "SELECT actor, action, detail FROM audit_entry WHERE action = 'noted'")
        assert verify(conn).broken_at is None
    assert tuple(entry[:2]) == (KIM.name, "noted")
    assert PAID in entry[2]
    assert sha256("통화함".encode()).hexdigest() in entry[2]
    assert "통화함" not in entry[2]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("카드 4111 1111 1111 1111 로", "card number"),
        ("900101-1234567 본인", "resident registration number"),
        ("  \n", "Write something first."),
        ("가" * (LONGEST + 1), "1,000 signs"),
        ("a\u202eb", "nobody can type"),
    ],
)
def test_what_must_not_be_kept_is_refused_beside_the_field_and_nothing_is_written(
    sqlite_store: Engine, text: str, words: str
) -> None:
    with pytest.raises(InvalidRequest, match=words) as caught:
        write_note(sqlite_store, PAID, text, KIM, 1_000)
    assert caught.value.values["field"] == "note"
    with reading(sqlite_store) as conn:
        assert notes_on(conn, [PAID]) == []
        assert not fetch(conn, "SELECT 1 FROM audit_entry WHERE action = 'noted'")


def test_a_click_that_comes_twice_keeps_one_note(store: Engine) -> None:
    for text, actor, at in (
        ("통화함", KIM, 1_000),
        ("통화함", KIM, 1_001),
        ("통화함", LEE, 1_002),
        ("통화함", KIM, 1_003),
        ("통화함", KIM, 1_100),
    ):
        write_note(store, PAID, text, actor, at)
    write_note(store, OTHER, "통화함", KIM, 1_100)
    with reading(store) as conn:
        told = [(one.written_by, one.written_at) for one in notes_on(conn, [PAID])]
        assert told == [(KIM.name, 1_100), (KIM.name, 1_003), (LEE.name, 1_002), (KIM.name, 1_000)]
        assert len(notes_on(conn, [OTHER])) == 1
        assert len(fetch(conn, "SELECT 1 FROM audit_entry WHERE action = 'noted'")) == 5


def test_notes_are_found_by_an_index(store: Engine) -> None:
    with writing(store) as conn:
        for number in range(200):
            values = (f"imp_{number}", "통화함", KIM.name, number)
            conn.exec_driver_sql(
                "INSERT INTO note (imp_uid, text, written_by, written_at) VALUES (?, ?, ?, ?)"
                if store.dialect.name == "sqlite"
                else "INSERT INTO note (imp_uid, text, written_by, written_at) VALUES (%s, %s, %s, %s)",
                values,
            )
    plan = " ".join(plans_of(store, lambda conn: notes_on(conn, [PAID])))
    assert "note_payment" in plan
    assert "SCAN note" not in plan


def test_a_buyer_was_told_by_whoever_said_so_first_until_something_else_happens(store: Engine) -> None:
    mark_told(store, PAID, Told.FAILED, 900, KIM, 1_000)
    mark_told(store, PAID, Told.FAILED, 900, LEE, 1_001)
    mark_told(store, PAID, Told.REFUND, 900, LEE, 1_002)
    with reading(store) as conn:
        assert told_since(conn, PAID, Told.FAILED, 900) == Telling(KIM.name, 1_000)
        assert told_since(conn, PAID, Told.FAILED, 1_001) is None
        assert told_since(conn, OTHER, Told.FAILED, 0) is None
        entries = fetch(conn, "SELECT actor, action FROM audit_entry WHERE action = 'told' ORDER BY id")
        assert verify(conn).broken_at is None
    assert [tuple(one) for one in entries] == [(KIM.name, "told"), (LEE.name, "told")]
    mark_told(store, PAID, Told.FAILED, 1_001, LEE, 1_003)
    with reading(store) as conn:
        assert told_since(conn, PAID, Told.FAILED, 1_001) == Telling(LEE.name, 1_003)


def test_an_order_was_told_of_by_any_of_its_payments(store: Engine) -> None:
    with writing(store) as conn:
        rows = [payment(name, at, "failed", 9_900, merchant_uid="order1") for name, at in ((PAID, 100), (OTHER, 200))]
        upsert_payments(conn, rows, as_of=300_000)
    mark_told(store, PAID, Told.FAILED, 100, KIM, 1_000)
    mark_told(store, OTHER, Told.REFUND, 100, KIM, 1_001)
    with reading(store) as conn:
        assert told_of_orders(conn, ["order1", "order2"], Told.FAILED) == {"order1": Telling(KIM.name, 1_000)}
    plan = " ".join(plans_of(store, lambda conn: told_of_orders(conn, ["order1"], Told.FAILED)))
    assert "SCAN n" not in plan
    assert "SCAN p" not in plan
