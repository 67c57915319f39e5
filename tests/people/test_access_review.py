"""The monthly review: of the last month that has ended in Korea, since of one that goes on nobody has seen all."""

from datetime import UTC, datetime

from sqlalchemy import Engine

from services.operations.journal.audit import Actor
from services.people import access_list, access_log
from services.people.access_log import Access
from services.store.engine import writing
from services.tables.staff.access import AccessKind

KIM = Actor("kim@example.com", "screen")


def at(*moment: int) -> float:
    """A moment in UTC."""
    return datetime(*moment, tzinfo=UTC).timestamp()


def test_the_month_to_review_is_the_last_that_has_ended_in_korea() -> None:
    assert access_list.month_to_review(at(2026, 11, 30, 14, 59)) == "2026-10"
    assert access_list.month_to_review(at(2026, 11, 30, 15, 0)) == "2026-11"
    assert access_list.month_to_review(at(2027, 1, 15)) == "2026-12"
    assert access_list.month_to_review(at(2027, 3, 31)) == "2027-02"


def test_it_is_due_once_a_month_with_a_log_has_ended_and_noted_for_that_month(sqlite_store: Engine) -> None:
    november, december = at(2026, 11, 20), at(2026, 12, 3)
    with writing(sqlite_store) as conn:
        access_log.append(conn, KIM, Access(AccessKind.SEEN, "payments"), november)
        assert not access_list.is_due(conn, november)
        assert access_list.is_due(conn, december)
        access_list.note_review(conn, KIM, "이상 없음", december)
        found = access_list.last_review(conn, access_list.month_to_review(december))
        assert found == ("2026-11", "kim@example.com", int(december), "이상 없음")
        assert access_list.last_review(conn, access_list.month_to_review(at(2027, 1, 2))) is None
