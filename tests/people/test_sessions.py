"""Sessions and identities: how long they last, what ends them, and whose an address is."""

from typing import Any

import pytest
from sqlalchemy import Engine

from services.people import identities, sessions
from services.store.engine import reading, writing
from services.tables.people import Ending, PersonSession

NOW = 1_800_000_000
HOUR = 3600


def row(session_id: str = "a", email: str = "kim@example.com", at: int = NOW, **more: Any) -> PersonSession:
    """A session that began at a time, changed by `more`."""
    return PersonSession(**{"id": session_id, "email": email, "role": "viewer", "begun_at": at, "seen_at": at} | more)


@pytest.mark.parametrize(
    ("changed", "at", "live"),
    [
        ({}, NOW, True),
        ({}, NOW + 30 * 60 - 1, True),
        ({}, NOW + 30 * 60, False),
        ({"seen_at": NOW + 12 * HOUR - 60}, NOW + 12 * HOUR - 1, True),
        ({"seen_at": NOW + 12 * HOUR - 60}, NOW + 12 * HOUR, False),
        ({"ended_at": NOW + 1}, NOW + 2, False),
    ],
)
def test_a_session_lives_twelve_hours_and_half_an_hour_without_its_person(
    changed: dict[str, Any], at: int, live: bool
) -> None:
    assert sessions.is_live(row(**changed), at) is live


def test_what_is_ended_stays_ended_though_its_cookie_comes_again(store: Engine) -> None:
    with writing(store) as conn:
        sessions.begin(conn, row("a"))
        sessions.begin(conn, row("b"))
        sessions.begin(conn, row("c", "park@example.com"))
        assert sessions.end_all(conn, "kim@example.com", Ending.SIGNED_OUT, NOW + 5) == 2
        again = sessions.begin(conn, row("a"))
    assert (again.ended_at, again.why) == (NOW + 5, "signed_out")
    with reading(store) as conn:
        assert [one.id for one in sessions.list_live(conn, NOW + 6)] == ["c"]


def test_seen_only_moves_on_and_yesterdays_rows_are_forgotten(store: Engine) -> None:
    with writing(store) as conn:
        sessions.begin(conn, row("a"))
        sessions.note_seen(conn, {"a": NOW + 90.7})
        sessions.note_seen(conn, {"a": NOW + 10.0})
        assert sessions.find(conn, ["a"])["a"].seen_at == NOW + 90
        sessions.begin(conn, row("b", at=NOW + 25 * HOUR))
        assert list(sessions.find(conn, ["a", "b"])) == ["b"]


def test_an_address_is_its_first_accounts_until_an_operator_says_otherwise(store: Engine) -> None:
    with writing(store) as conn:
        assert identities.bind(conn, "kim@example.com", "https://a", "1", NOW)
        assert identities.bind(conn, "kim@example.com", "https://a", "1", NOW + 1)
        assert identities.refused(conn) == []
        assert not identities.bind(conn, "kim@example.com", "https://a", "2", NOW + 2)
        assert not identities.bind(conn, "kim@example.com", "https://b", "1", NOW + 3)
        (noted,) = identities.refused(conn)
        assert (noted.subject, noted.other_issuer, noted.other_at) == ("1", "https://b", NOW + 3)
        assert identities.unbind(conn, "kim@example.com")
        assert not identities.unbind(conn, "kim@example.com")
        assert identities.bind(conn, "kim@example.com", "https://b", "1", NOW + 4)
