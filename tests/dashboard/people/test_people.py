"""The screen of people, and of one's own sessions and tokens."""

import time
from pathlib import Path

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.access import NOT_GIVEN, Permission, User, permissions_of
from dashboard.locale import set_language
from dashboard.process import roster
from dashboard.process.resources import current_settings
from dashboard.process.sessions import user_of
from dashboard.screens.people import people_desk, sessions_desk
from dashboard.settings import Role
from dashboard.words.access.permission_words import permission
from services.errors import NotAllowed
from services.operations.journal.audit import Actor
from services.operations.journal.roster import kept_roster, seed_roster
from services.people.sessions import list_live
from services.people.staff import Appointment
from services.people.tokens import list_live as list_tokens
from services.people.tokens import owner_of
from services.store.engine import reading
from tests.worlds.screens.money_forms import field, press
from tests.worlds.screens.screens import empty_store, run_page, signed_in, texts

ADMIN = User("admin@example.com", Role.ADMIN)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """A store whose people are those of the settings: one of each role."""
    made = empty_store(tmp_path, tiers={"ABC": "강남점"})
    seed_roster(made, roster._roster_of(current_settings()), time.time())
    return made


def role(engine: Engine, name: str) -> str | None:
    with reading(engine) as conn:
        kept = kept_roster(conn)
    return kept.roles.get(f"{name}@example.com") if kept else None


def opened(name: str) -> AppTest:
    """The form of somebody, as a click on their row opens it."""
    at = run_page("people", role=Role.ADMIN)
    row = list(at.dataframe[0].value["address"]).index(f"{name}@example.com")
    at.session_state["people"] = {"selection": {"rows": [], "columns": [], "cells": [(row, "address")]}}
    return at.run()


def reviewed(at: AppTest, name: str = "", **typed: str) -> AppTest:
    """After somebody's form was filled in so far, and its button."""
    begins = f"person_{name}@" if name else "person__"
    for named, value in typed.items():
        found = [*at.radio, *at.text_input]
        own = [one for one in found if str(one.key).startswith(begins) and str(one.key).endswith(f".{named}")]
        own[0].set_value(value)
    keys = [str(one.key) for one in at.button]
    return press(at, next(one for one in keys if one.startswith(begins) and one.endswith(".review")))


def test_administrators_alone_have_the_screen_and_everybody_their_own_sessions(engine: Engine) -> None:
    shown = texts(run_page("people", role=Role.ADMIN))
    assert all(f"{one}@example.com" in shown for one in Role)
    for one in Role:
        assert "Where you are signed in" in texts(run_page("sessions", role=one))
        if one != Role.ADMIN:
            with pytest.raises(ValueError, match="people"):
                run_page("people", role=one)


def test_without_sign_in_both_screens_say_that_there_is_nobody_to_manage(engine: Engine) -> None:
    for name in ("people", "sessions"):
        assert "may do everything but approve" in texts(run_page(name))


def test_a_role_is_given_after_a_second_look_with_a_reason(engine: Engine) -> None:
    at = reviewed(opened("support"), "support", role="finance")
    assert "Say why" in at.error[0].value
    at = reviewed(at, "support", reason="휴가 대신")
    assert role(engine, "support") == "support"
    at = press(at, "appoint_support@example.com")
    assert not at.error
    assert role(engine, "support") == "finance"
    assert "휴가 대신" in texts(run_page("records", role=Role.ADMIN))


def test_somebody_is_added_and_taken_away_and_stays_away(engine: Engine) -> None:
    at = run_page("people", role=Role.ADMIN)
    at = reviewed(at, address="support@example.com", role="viewer", reason="입사")
    assert "They have a role already" in at.error[0].value
    press(reviewed(at, address="New@Example.com"), "appoint_")
    assert role(engine, "new") == "viewer"
    press(reviewed(opened("manager"), "manager", role="", reason="퇴사"), "appoint_manager@example.com")
    assert role(engine, "manager") is None
    seed_roster(engine, roster._roster_of(current_settings()), time.time())
    assert role(engine, "manager") is None
    assert "manager@example.com, taken away by admin@example.com" in texts(run_page("people", role=Role.ADMIN))


def test_a_role_of_ones_own_opens_what_it_holds_and_nothing_else(engine: Engine) -> None:
    at = run_page("people", role=Role.ADMIN)
    at.text_input(key="made_role__.name").set_value("환불 담당")
    at.text_input(key="made_role__.reason").set_value("새 팀")
    next(one for one in at.get("button_group") if one.key == "made_role__.may").set_value(["refund", "see_buyers"])
    at = press(at, "made_role__.save")
    assert not at.error
    press(reviewed(opened("viewer"), "viewer", role="환불 담당", reason="새 팀"), "appoint_viewer@example.com")
    assert role(engine, "viewer") == "환불 담당"
    person = user_of(signed_in("viewer@example.com", "환불 담당")["session"])
    assert person
    assert {one for one in Permission if person.may(one)} == {
        Permission.SEE_PAYMENTS, Permission.SEE_BUYERS, Permission.REFUND,
    }  # fmt: skip
    forged = {"x": [one.value for one in Permission]}
    assert permissions_of("x", forged) == frozenset(Permission) - {Permission.MANAGE_PEOPLE, Permission.CARD_ENTRY}
    assert permissions_of("nobody's", forged) == frozenset()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_permission_that_can_be_given_has_words(language: str) -> None:
    set_language(language)
    told = {one: permission(one.value) for one in Permission if one not in NOT_GIVEN}
    assert [one for one, words in told.items() if words == one.value and "_" in words] == []
    assert len(set(told.values())) == len(told)


def test_a_limit_of_a_role_stands_at_its_people(engine: Engine) -> None:
    at = run_page("people", role=Role.ADMIN)
    for name, value in (("limit", "50,000"), ("reason", "신규 직원")):
        next(one for one in at.text_input if str(one.key) == f"limit_[].{name}").set_value(value)
    next(one for one in at.selectbox if str(one.key) == "limit_[].role").set_value("support")
    at = press(at, "set_limit")
    assert not at.error
    shown = at.dataframe[0].value.set_index("address")["limit"]
    assert (shown["support@example.com"], shown["finance@example.com"]) == ("₩50,000", "never")
    assert "50,000" in texts(run_page("records", role=Role.ADMIN))


def test_there_is_no_form_for_oneself(engine: Engine) -> None:
    assert "Nobody changes their own role" in texts(opened("admin"))


def test_a_change_acts_on_the_next_run_of_what_is_open(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people_desk, "actor_of", lambda user: Actor(user.email, "screen"))
    at = run_page("payments", role=Role.FINANCE)
    assert at.title[0].value == "Payments"
    assert people_desk.appoint(Appointment("finance@example.com", None, "퇴사"), ADMIN) is None
    assert at.run().title[0].value == "No access yet"


def test_a_token_is_shown_once_and_revoked_by_its_person(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    at = run_page("sessions", role=Role.SUPPORT)
    at = press(at, "make_token")
    assert "Say what it is for" in at.error[0].value
    field(at, "name").set_value("nightly export")
    at = press(at, "make_token")
    token = at.code[0].value
    with reading(engine) as conn:
        assert owner_of(conn, token, time.time()).email == "support@example.com"
    at = press(at, "token_kept")
    assert token not in texts(at)
    assert "nightly export" in texts(at)
    with reading(engine) as conn:
        mine = list_tokens(conn, time.time())
    monkeypatch.setattr(sessions_desk, "actor_of", lambda user: Actor(user.email, "screen"))
    assert isinstance(sessions_desk.revoke(mine, User("viewer@example.com", Role.VIEWER)), NotAllowed)
    assert sessions_desk.revoke(mine, User("support@example.com", Role.SUPPORT)) is None
    with reading(engine) as conn:
        assert list_tokens(conn, time.time()) == []


def test_sessions_of_others_end_by_an_administrator_alone(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions_desk, "actor_of", lambda user: Actor(user.email, "screen"))
    own, other = (signed_in(f"{one}@example.com", one)["session"] for one in (Role.SUPPORT, Role.FINANCE))
    with reading(engine) as conn:
        live = list_live(conn, time.time())
    assert isinstance(sessions_desk.end(live, User("support@example.com", Role.SUPPORT)), NotAllowed)
    mine = [one for one in live if one.email == "support@example.com"]
    assert sessions_desk.end(mine, User("support@example.com", Role.SUPPORT)) is None
    assert (user_of(own), user_of(other)) == (None, User("finance@example.com", Role.FINANCE))
    assert sessions_desk.end(live, ADMIN) is None
    assert user_of(other) is None
    with reading(engine) as conn:
        told = conn.exec_driver_sql("SELECT person, kind, what FROM access_entry ORDER BY id").fetchall()
    assert [tuple(one) for one in told] == [
        ("support@example.com", "signed_out", "ended"),
        ("finance@example.com", "signed_out", "administrator"),
    ]
