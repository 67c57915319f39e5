"""The access log's chain: what was changed, removed or moved is named; what is old goes from its front."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from services.clock import DAY
from services.errors import InvalidRequest
from services.operations.journal import audit
from services.operations.journal.audit import Actor
from services.people import access_log
from services.people.access_log import Access
from services.store.engine import reading, writing
from services.store.hash_chain import Verdict
from services.tables.staff.access import AccessKind, ExportReason
from tests.worlds.tampering import tampered

ENTRIES = 1_000
NOW = 1_800_000_000
HONG = Actor("hong@example.com", "screen 10.0.0.7")
_COLUMNS = {"at": "1", "person": "'x'", "origin": "'x'", "kind": "'x'", "what": "'x'", "whose": "'x'",
            "row_count": "1", "column_names": "'x'", "reason": "'x'", "previous": "'x'", "hash": "'x'"}  # fmt: skip


def filled(engine: Engine, *, every: int = 1) -> Engine:
    """The store with a thousand entries, `every` so many seconds, past the trigger that keeps them as they are."""
    with writing(engine) as conn:
        for number in range(ENTRIES):
            seen = Access(AccessKind.SEEN, "payment", f"imp_{number}")
            access_log.append(conn, HONG, seen, NOW + number * every)
        on = " ON access_entry" if engine.dialect.name == "postgresql" else ""
        conn.exec_driver_sql(f"DROP TRIGGER access_changes{on}")
    return engine


def test_a_changed_missing_or_moved_entry_of_a_thousand_is_named(store: Engine) -> None:
    filled(store)
    with reading(store) as conn:
        assert access_log.verify(conn) == Verdict(ENTRIES, None)
    some = sorted({1, 2, ENTRIES - 1, ENTRIES, *random.Random(7).sample(range(1, ENTRIES), 6)})
    for number in some:
        with tampered(store, f"UPDATE access_entry SET whose = 'imp_x' WHERE id = {number}") as conn:
            assert access_log.verify(conn).broken_at == number
        with tampered(store, f"DELETE FROM access_entry WHERE id = {number}") as conn:
            assert access_log.verify(conn).broken_at == number
        other = ENTRIES if number < ENTRIES - 1 else 1
        first, moves = min(number, other), ((number, 0), (other, number), (0, other))
        swap = [f"UPDATE access_entry SET id = {after} WHERE id = {before}" for before, after in moves]
        with tampered(store, *swap) as conn:
            assert access_log.verify(conn).broken_at == first


@pytest.mark.parametrize("column", sorted(_COLUMNS))
def test_no_part_of_an_entry_changes_unseen(sqlite_store: Engine, column: str) -> None:
    changed = f"UPDATE access_entry SET {column} = {_COLUMNS[column]} WHERE id = 500"
    with tampered(filled(sqlite_store), changed) as conn:
        assert access_log.verify(conn).broken_at == 500


def test_the_database_itself_refuses_to_change_an_entry(store: Engine) -> None:
    with writing(store) as conn:
        access_log.append(conn, HONG, Access(AccessKind.SIGNED_IN, "session"), NOW)
    with pytest.raises(DatabaseError), writing(store) as conn:
        conn.exec_driver_sql("UPDATE access_entry SET person = 'kim@example.com'")


def test_what_was_kept_two_years_goes_from_the_front_and_the_rest_still_holds(store: Engine) -> None:
    filled(store, every=DAY)
    now = NOW + 2 * 366 * DAY + 100 * DAY
    assert access_log.remove_old(store, 2, now) == 100
    assert access_log.remove_old(store, 2, now) == 0
    with reading(store) as conn:
        assert access_log.verify(conn) == Verdict(900, None)
        assert conn.exec_driver_sql("SELECT min(id) FROM access_entry").scalar() == 101
        assert audit.verify(conn) == Verdict(1, None)
    for number in (101, 500, ENTRIES):
        with tampered(store, f"DELETE FROM access_entry WHERE id = {number}") as conn:
            assert access_log.verify(conn).broken_at == number
    with writing(store) as conn:
        access_log.append(conn, HONG, Access(AccessKind.SIGNED_IN, "session"), now)
    with reading(store) as conn:
        assert access_log.verify(conn) == Verdict(901, None)


def test_all_of_it_may_be_old_and_the_chain_goes_on_from_there(store: Engine) -> None:
    filled(store)
    now = NOW + 3 * 366 * DAY
    assert access_log.remove_old(store, 2, now) == ENTRIES
    with writing(store) as conn:
        access_log.append(conn, HONG, Access(AccessKind.SIGNED_IN, "session"), now)
    with reading(store) as conn:
        assert access_log.verify(conn) == Verdict(1, None)
        assert access_log.head(conn).number == ENTRIES + 1


def test_a_clock_that_was_set_back_takes_nothing_young_along(sqlite_store: Engine) -> None:
    at = [NOW, NOW + 3 * 366 * DAY, NOW + 1]
    with writing(sqlite_store) as conn:
        for one in at:
            access_log.append(conn, HONG, Access(AccessKind.SIGNED_IN, "session"), one)
    assert access_log.remove_old(sqlite_store, 2, NOW + 3 * 366 * DAY) == 1
    with reading(sqlite_store) as conn:
        assert access_log.verify(conn) == Verdict(2, None)


def test_a_reason_is_one_of_the_list_or_own_words_and_never_nothing() -> None:
    assert access_log.checked_reason(ExportReason.CLOSING) == "closing"
    assert access_log.checked_reason("  부가세 신고 자료 ") == "부가세 신고 자료"
    for wrong in ("", " \t", "가" * 201, "4111-1111-1111-1111"):
        with pytest.raises(InvalidRequest):
            access_log.checked_reason(wrong)


def test_the_end_of_the_chain_is_missed_though_the_head_was_moved_back(store: Engine) -> None:
    """Whoever may write into the database cuts off what tells of them; the audit knows how far the log reached."""
    filled(store)
    access_log.note_head(store, NOW)
    cut = f"DELETE FROM access_entry WHERE id > {ENTRIES - 10}"
    last = f"(SELECT id || ' ' || hash FROM access_entry WHERE id = {ENTRIES - 10})"
    moved = f"UPDATE mark SET value = {last} WHERE name = 'access_head'"
    with tampered(store, cut, moved) as conn:
        assert access_log.verify(conn).broken_at == ENTRIES - 9
    with tampered(store, cut, moved) as conn:
        for _entry in range(10):
            access_log.append(conn, HONG, Access(AccessKind.SEEN, "payments"), NOW)
        assert access_log.verify(conn).broken_at == ENTRIES
    with reading(store) as conn:
        assert access_log.verify(conn) == Verdict(ENTRIES, None)


def test_the_audit_is_told_only_where_the_log_went_on(store: Engine) -> None:
    filled(store)
    for _day in range(3):
        access_log.note_head(store, NOW)
    with reading(store) as conn:
        assert audit.verify(conn) == Verdict(1, None)


def test_where_the_mark_was_lost_the_log_goes_on_and_says_so(store: Engine) -> None:
    filled(store)
    with writing(store) as conn:
        conn.exec_driver_sql("DELETE FROM mark WHERE name = 'access_head'")
    with reading(store) as conn:
        assert access_log.verify(conn).broken_at == ENTRIES + 1
    with writing(store) as conn:
        access_log.append(conn, HONG, Access(AccessKind.SIGNED_IN, "admin"), NOW)
    with reading(store) as conn:
        assert access_log.verify(conn) == Verdict(ENTRIES + 1, None)


def test_what_is_old_goes_in_small_transactions(sqlite_store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access_log, "_AT_ONCE", 100)
    filled(sqlite_store, every=DAY)
    assert access_log.remove_old(sqlite_store, 2, NOW + 950 * DAY + 2 * 366 * DAY) == 950
    with reading(sqlite_store) as conn:
        assert access_log.verify(conn) == Verdict(50, None)
        gone = [entry["entries"] for entry in access_log._told(conn, access_log.REMOVED)]
    assert gone == [*[100] * 9, 50]


def test_who_was_turned_away_is_known_for_as_long_as_is_asked(store: Engine) -> None:
    with writing(store) as conn:
        access_log.append(conn, HONG, Access(AccessKind.REFUSED, "sign_in"), NOW)
        access_log.append(conn, Actor("kim@example.com", "screen"), Access(AccessKind.SIGNED_IN, "sign_in"), NOW)
        assert access_log.was_refused(conn, HONG.name, "sign_in", NOW)
        assert not access_log.was_refused(conn, HONG.name, "sign_in", NOW + 1)
        assert not access_log.was_refused(conn, HONG.name, "payments", NOW)
        assert not access_log.was_refused(conn, "kim@example.com", "sign_in", NOW)


def test_entries_of_two_who_write_at_once_stand_one_after_another(store: Engine) -> None:
    def write(person: str) -> None:
        for number in range(50):
            with writing(store) as conn:
                access_log.append(conn, Actor(person, "screen"), Access(AccessKind.SEEN, "payment", f"{number}"), NOW)

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(write, name) for name in ("a@example.com", "b@example.com")]:
            done.result(timeout=60)
    with reading(store) as conn:
        assert access_log.verify(conn) == Verdict(100, None)
        assert conn.exec_driver_sql("SELECT count(DISTINCT person || whose) FROM access_entry").scalar() == 100
