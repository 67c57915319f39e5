"""Sessions and identities: how long they last, what ends them, and whose an address is."""

from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from dashboard.settings import Settings, load_settings
from services.errors import SettingsError
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


@pytest.mark.parametrize(
    ("seen", "at", "live"), [(0, 119, True), (0, 120, False), (3_550, 3_599, True), (3_550, 3_600, False)]
)
def test_how_long_is_a_setting(seen: int, at: int, live: bool) -> None:
    lasting = Settings(session_hours=1, session_idle_minutes=2).lasting
    assert sessions.is_live(row(seen_at=NOW + seen), NOW + at, lasting) is live


@pytest.mark.parametrize("wrong", [("SESSION_HOURS", "25"), ("SESSION_HOURS", "0"), ("SESSION_IDLE_MINUTES", "x")])
def test_how_long_has_bounds(wrong: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"JANGBU_{wrong[0]}", wrong[1])
    with pytest.raises(SettingsError, match=wrong[0]):
        load_settings(require_gateway=False)


def test_one_session_ends_and_the_others_of_its_person_go_on(store: Engine) -> None:
    with writing(store) as conn:
        sessions.begin(conn, row("a"))
        sessions.begin(conn, row("b"))
        assert sessions.end_one(conn, "a", Ending.ENDED, "screen", NOW + 5)
        assert not sessions.end_one(conn, "a", Ending.ENDED, "screen", NOW + 6)
        assert [one.id for one in sessions.list_live(conn, NOW + 6, "kim@example.com")] == ["b"]
        assert sessions.list_live(conn, NOW + 6, "park@example.com") == []


def test_what_is_ended_stays_ended_though_its_cookie_comes_again(store: Engine) -> None:
    with writing(store) as conn:
        sessions.begin(conn, row("a"))
        sessions.begin(conn, row("b"))
        sessions.begin(conn, row("c", "park@example.com"))
        assert sessions.end_all(conn, "kim@example.com", Ending.SIGNED_OUT, "screen", NOW + 5) == 2
        again = sessions.begin(conn, row("a"))
    assert (again.ended_at, again.why) == (NOW + 5, "signed_out")
    with reading(store) as conn:
        assert [one.id for one in sessions.list_live(conn, NOW + 6)] == ["c"]


def signed_out(conn: Connection) -> list[tuple[Any, ...]]:
    """Who was signed out, how, from where and when, as the access log has it."""
    sql = "SELECT person, what, origin, at FROM access_entry WHERE kind = 'signed_out' ORDER BY id"
    return [tuple(one) for one in conn.exec_driver_sql(sql)]


def test_each_session_that_ends_is_in_the_access_log_once_however_it_ends(store: Engine) -> None:
    kim, lee, park = "kim@example.com", "lee@example.com", "park@example.com"
    with writing(store) as conn:
        for one in (row("a"), row("b"), row("c", lee), row("d", lee), row("e", park, at=NOW + 1800)):
            sessions.begin(conn, one)
        sessions.end_one(conn, "a", Ending.ENDED, "screen 10.0.0.7", NOW + 5)
        sessions.end_one(conn, "a", Ending.ENDED, "screen 10.0.0.7", NOW + 6)
        assert sessions.end_all(conn, kim, Ending.ROLE, "screen 10.0.0.8", NOW + 7) == 1
        sessions.note_seen(conn, {"d": NOW + 1_700})
        # Half an hour, and two minutes in which what somebody did may not be written down yet.
        assert not sessions.has_expired(conn, NOW + 1_919)
        assert sessions.has_expired(conn, NOW + 1_920)
        assert sessions.end_expired(conn, NOW + 1_920) == 1
        assert sessions.end_expired(conn, NOW + 12 * HOUR) == 2
        assert signed_out(conn) == [
            (kim, "ended", "screen 10.0.0.7", NOW + 5),
            (kim, "role", "screen 10.0.0.8", NOW + 7),
            (lee, "expired", "settings", NOW + 1_920),
            (lee, "expired", "settings", NOW + 12 * HOUR),
            (park, "expired", "settings", NOW + 12 * HOUR),
        ]


def test_who_signs_in_while_their_old_session_runs_out_is_in(store: Engine) -> None:
    with writing(store) as conn:
        sessions.begin(conn, row("a"))
        assert sessions.end_expired(conn, NOW + 12 * HOUR) == 1
        assert sessions.begin(conn, row("b", at=NOW + 12 * HOUR - 1)).ended_at is None


def test_seen_only_moves_on_and_yesterdays_rows_are_forgotten(store: Engine) -> None:
    with writing(store) as conn:
        sessions.begin(conn, row("a"))
        sessions.note_seen(conn, {"a": NOW + 90.7})
        sessions.note_seen(conn, {"a": NOW + 10.0})
        assert sessions.find(conn, ["a"])["a"].seen_at == NOW + 90
        sessions.begin(conn, row("b", at=NOW + 25 * HOUR))
        assert list(sessions.find(conn, ["a", "b"])) == ["b"]
        assert signed_out(conn) == [("kim@example.com", "expired", "settings", NOW + 25 * HOUR)]


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
