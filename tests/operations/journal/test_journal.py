"""The journal's tables on both databases: legal steps alone, ended rows for good, audit entries only appended."""

import itertools
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DatabaseError

from services.errors import Busy, Moved, NotAllowed
from services.operations.journal import audit, expiry, journal
from services.operations.journal.audit import Actor
from services.operations.journal.journal import Wanted
from services.operations.journal.states import LEGAL, TERMINAL
from services.store.engine import reading
from services.store.hash_chain import Verdict
from services.tables.journal import OperationKind
from services.tables.journal import OperationState as State

SUPPORT, FINANCE, MANAGER = (Actor(f"{name}@shop.example", "screen") for name in ("support", "finance", "manager"))
NOW = 1_790_000_000
ACCOUNT = {
    "refund_bank": "088", "refund_account": "110123456789", "refund_holder": "홍길동", "refund_tel": "010-1234-5678",
}  # fmt: skip
_WAYS: dict[State, tuple[State, ...]] = {
    State.AWAITING_APPROVAL: (),
    State.INTENT: (),
    State.SENT: (State.SENT,),
    State.SUCCEEDED: (State.SENT, State.SUCCEEDED),
    State.REFUSED: (State.REFUSED,),
    State.UNKNOWN: (State.SENT, State.UNKNOWN),
    State.NEEDS_PERSON: (State.SENT, State.UNKNOWN, State.NEEDS_PERSON),
    State.EXPIRED: (State.EXPIRED,),
}
"""How a new operation comes to a state."""


def wanted(number: int = 1, *, approval: bool = False, subject: str = "payment:imp_1") -> Wanted:
    return Wanted(
        token=f"token{number}", kind=OperationKind.REFUND, subject=subject, amount=100, currency="KRW",
        imp_uid="imp_1", reason="단순 변심", requester="customer", balance=100, needs_approval=approval,
        request=ACCOUNT,
    )  # fmt: skip


def put(conn: Connection, state: State) -> None:
    conn.execute(text("UPDATE operation SET state = :state"), {"state": state.value})


def brought_to(engine: Engine, state: State) -> None:
    """The store's only operation, in a state."""
    journal.record(engine, wanted(approval=state == State.AWAITING_APPROVAL), SUPPORT, NOW)
    with engine.begin() as conn:
        for step in _WAYS[state]:
            put(conn, step)


@pytest.fixture
def no_operation(store: Engine) -> Callable[[], Engine]:
    """The store with its journal emptied, past the triggers that stand in the way."""

    def emptied() -> Engine:
        with store.begin() as conn:
            if conn.dialect.name == "sqlite":
                kept = conn.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'operation_stays'").scalar_one()
                conn.exec_driver_sql("DROP TRIGGER operation_stays")
                conn.exec_driver_sql("DELETE FROM operation")
                conn.exec_driver_sql(kept)
            else:
                conn.exec_driver_sql("ALTER TABLE operation DISABLE TRIGGER operation_stays")
                conn.exec_driver_sql("DELETE FROM operation")
                conn.exec_driver_sql("ALTER TABLE operation ENABLE TRIGGER operation_stays")
        return store

    return emptied


def test_the_database_takes_exactly_the_legal_steps(no_operation: Callable[[], Engine]) -> None:
    taken = set()
    for before, after in itertools.permutations(State, 2):
        engine = no_operation()
        brought_to(engine, before)
        try:
            with engine.begin() as conn:
                put(conn, after)
            taken.add((before, after))
        except DatabaseError:
            continue
    assert taken == {(before, after) for before, following in LEGAL.items() for after in following}


@pytest.mark.parametrize("state", sorted(set(State) - {State.INTENT, State.AWAITING_APPROVAL}))
def test_no_operation_begins_in_the_middle(store: Engine, state: State) -> None:
    journal.record(store, wanted(), SUPPORT, NOW)
    with reading(store) as conn:
        row = conn.execute(text("SELECT * FROM operation")).one()._mapping
    new = dict(row) | {"id": 2, "token": "two", "subject": "payment:imp_2", "state": state.value}
    sql = f"INSERT INTO operation ({', '.join(new)}) VALUES ({', '.join(f':{name}' for name in new)})"
    with pytest.raises(DatabaseError), store.begin() as conn:
        conn.execute(text(sql), new)


@pytest.mark.parametrize("state", sorted(TERMINAL))
def test_what_has_ended_changes_in_nothing_but_its_note_and_becomes_anonymous_once(store: Engine, state: State) -> None:
    brought_to(store, state)
    with reading(store) as conn:
        names = list(conn.execute(text("SELECT * FROM operation")).one()._mapping)
    for name in names:
        noted = name in ("note", "noted_by", "noted_at", "anonymous_at")
        number = name.endswith("_at") or name in ("id", "amount", "fence", "looks", "claimed_until", "balance")
        value = 7 if number or name in ("cancel_amount", "batch_id", "batch_row", "after_id") else "x"
        changed = True
        try:
            with store.begin() as conn:
                conn.execute(text(f"UPDATE operation SET {name} = :value"), {"value": value})
        except DatabaseError:
            changed = False
        assert changed == noted, name
    for change in (
        "DELETE FROM operation",
        "UPDATE operation SET anonymous_at = 8",
        "UPDATE operation SET request = 'x'",
    ):
        with pytest.raises(DatabaseError), store.begin() as conn:
            conn.execute(text(change))


@pytest.mark.parametrize("change", ["UPDATE audit_entry SET actor = 'me'", "DELETE FROM audit_entry"])
def test_an_audit_entry_is_neither_changed_nor_removed(store: Engine, change: str) -> None:
    journal.record(store, wanted(), SUPPORT, NOW)
    with pytest.raises(DatabaseError), store.begin() as conn:
        conn.execute(text(change))
    with reading(store) as conn:
        assert audit.verify(conn) == Verdict(1, None)


def test_a_second_person_is_told_who_is_at_it(store: Engine) -> None:
    first = journal.record(store, wanted(1), SUPPORT, NOW)
    with pytest.raises(Busy) as told:
        journal.record(store, wanted(2), FINANCE, NOW)
    assert told.value.values == {"who": SUPPORT.name, "operation": first.id}


def test_a_second_click_finds_what_the_first_one_made(store: Engine) -> None:
    first = journal.record(store, wanted(), SUPPORT, NOW)
    assert journal.record(store, wanted(), SUPPORT, NOW + 5) == first


def test_somebody_who_ends_between_the_two_looks_is_waited_for(
    sqlite_store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = journal.record(sqlite_store, wanted(1, approval=True), SUPPORT, NOW)
    look = journal.open_operation

    def ends_first(conn: Connection, subject: str) -> object:
        monkeypatch.undo()
        journal.decline(sqlite_store, first.id, MANAGER, "nein", NOW)
        with reading(sqlite_store) as later:
            return look(later, subject)

    monkeypatch.setattr(journal, "open_operation", ends_first)
    assert journal.record(sqlite_store, wanted(2), FINANCE, NOW).asked_by == FINANCE.name


def test_nobody_approves_their_own(store: Engine) -> None:
    mine = journal.record(store, wanted(approval=True), SUPPORT, NOW)
    with pytest.raises(NotAllowed):
        journal.approve(store, mine.id, SUPPORT, NOW)
    assert journal.approve(store, mine.id, MANAGER, NOW).state == State.INTENT


@pytest.mark.parametrize("state", sorted(set(State) - {State.NEEDS_PERSON}))
def test_only_what_needs_a_person_is_sent_again(store: Engine, state: State) -> None:
    brought_to(store, state)
    with pytest.raises(Moved):
        journal.send_again(store, 1, MANAGER, "다시", NOW)
    with reading(store) as conn:
        assert journal.get(conn, 1).state == state


def test_a_decision_is_made_once(store: Engine) -> None:
    mine = journal.record(store, wanted(approval=True), SUPPORT, NOW)
    journal.decline(store, mine.id, MANAGER, "아직", NOW)
    with pytest.raises(Moved):
        journal.approve(store, mine.id, MANAGER, NOW)


def test_what_needs_a_person_is_not_sent_again_by_an_approval(store: Engine) -> None:
    brought_to(store, State.NEEDS_PERSON)
    with reading(store) as conn:
        (mine,) = journal.in_state(conn, State.NEEDS_PERSON)
    with pytest.raises(Moved):
        journal.approve(store, mine.id, MANAGER, NOW)


def test_whose_account_it_is_is_masked_when_it_is_no_longer_needed(store: Engine) -> None:
    mine = journal.record(store, wanted(approval=True), SUPPORT, NOW)
    assert journal.asked(mine) == ACCOUNT
    ended = journal.decline(store, mine.id, MANAGER, "아직", NOW)
    assert journal.asked(ended) == {
        "refund_bank": "088", "refund_account": "********6789", "refund_holder": "홍**", "refund_tel": "*********5678",
    }  # fmt: skip


@pytest.mark.parametrize("jump", [601, -61])
def test_an_intent_that_nobody_carried_out_expires_with_its_reason(store: Engine, jump: int) -> None:
    journal.record(store, wanted(), SUPPORT, NOW)
    assert expiry.expire_old(store, SUPPORT, NOW + (599 if jump > 0 else -59)) == []
    (ended,) = expiry.expire_old(store, SUPPORT, NOW + jump)
    assert (ended.state, ended.why) == (State.EXPIRED, "too_old")
    journal.put_aside(store, ended.id, MANAGER, "다시 요청함", NOW)
    with pytest.raises(Moved):
        journal.put_aside(store, ended.id, MANAGER, "again", NOW)
