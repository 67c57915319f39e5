"""Settings in force on the System page: what holds, where it is set, and no secret."""

import time
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.process.resources import current_settings, use_settings
from dashboard.screens.system import settings_table
from dashboard.settings import Role, Settings
from services.operations.journal.audit import Actor
from services.operations.journal.limits import set_limit
from services.operations.journal.roster import Roster, keep_roster
from services.store.migrations import head_revision
from tests.worlds.screens.money_forms import money_store
from tests.worlds.screens.screens import run_page, texts


def told(at: AppTest) -> dict[str, tuple[str, str]]:
    """Of each setting what is in force, and what it is set by."""
    rows = next(one.value for one in at.table if "Set by" in one.value)
    clean = [[cell.replace("\\", "") for cell in row] for row in rows.to_numpy()]
    return {name: (value, by) for name, value, by in clean}


def test_each_setting_stands_with_its_value_and_where_it_is_set(tmp_path: Path) -> None:
    money_store(tmp_path, naverpay_minimum=500, recovery_automatic=True)
    found = told(run_page("system", role=Role.MANAGER))
    assert found["A second person approves refunds from"] == ("never", "JANGBU_REFUND_APPROVAL_FROM (default)")
    assert found["Least amount of a charge by Naver Pay"] == ("₩500", "JANGBU_NAVERPAY_MINIMUM")
    assert found["Failed schedules are booked again by themselves"] == ("yes", "JANGBU_RECOVERY_AUTOMATIC")
    assert found["A failed schedule is tried again at most"] == ("3 times", "JANGBU_RECOVERY_TRIES (default)")
    assert found["The mirror goes back"] == ("1125 d", "JANGBU_MIRROR_DAYS (default)")
    assert found["Waits for approval at most"] == ("7 d", "fixed in this version")


def test_the_stricter_limit_holds_and_is_said_to_be_set_where_it_is(tmp_path: Path) -> None:
    engine = money_store(tmp_path, refund_approval_from=100_000)
    name, admin = "A second person approves refunds from", Actor("admin@example.com", "cli")
    for kept, held in (
        (50_000, ("₩50,000", "the database, by jangbu limits set")),
        (200_000, ("₩100,000", "JANGBU_REFUND_APPROVAL_FROM")),
    ):
        set_limit(engine, kept, admin, time.time())
        assert told(run_page("system", role=Role.FINANCE))[name] == held


def test_roles_stand_by_person(engine: Engine) -> None:
    keep_roster(engine, Roster({"kim@example.com": "support"}, {"deploy": "kim@example.com"}), time.time())
    rows = next(one.value for one in run_page("system", role=Role.ADMIN).table if "Role" in one.value).to_numpy()
    assert [cell.replace("\\", "").replace("\u2060", "") for cell in rows[0]] == [
        "kim@example.com",
        "Support",
        "deploy",
    ]


def test_without_sign_in_that_is_said(engine: Engine) -> None:
    assert "Nobody has to sign in" in texts(run_page("system"))


def test_no_secret_is_shown(tmp_path: Path) -> None:
    money_store(tmp_path, trusted_issuers=("https://sso.example.com",))
    given = {"imp_key": "canary4711", "imp_secret": SecretStr("canary4712")}
    use_settings(current_settings().model_copy(update=given))
    at = run_page("system", role=Role.ADMIN)
    shown = texts(at) + str([one.value.to_string() for one in (*at.table, *at.dataframe)])
    assert "sso" in shown
    assert "canary" not in shown
    assert told(at)["REST API secret"][0] == "set"


def test_every_setting_stands_there_but_those_of_people_which_have_a_table_of_their_own(tmp_path: Path) -> None:
    money_store(tmp_path)
    found = told(run_page("system", role=Role.ADMIN))
    shown = {by.removesuffix(" (default)") for _value, by in found.values()}
    people = {"roles", "store_roles", "cli_users", "token"}
    assert {f"JANGBU_{name.upper()}" for name in Settings.model_fields if name not in people} <= shown
    assert found["Revision of the database"][0] == head_revision()


def test_the_password_of_a_database_is_in_no_part_of_its_address() -> None:
    for address in ("postgresql://j:canary4711@db:5432/x", "postgresql://j@db:5432/x?password=canary4711"):
        assert settings_table.without_password(address) == "postgresql://j@db:5432/x"


def test_no_setting_but_those_of_people_is_left_out(tmp_path: Path) -> None:
    money_store(tmp_path)
    shown = {by.partition(" ")[0] for _value, by in told(run_page("system", role=Role.MANAGER)).values()}
    people = {"roles", "store_roles", "cli_users", "token"}
    assert {f"JANGBU_{name.upper()}" for name in Settings.model_fields if name not in people} <= shown
