"""Who signs in is the database's to say, not the environment's of whoever runs a command."""

import os
import pwd
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
import streamlit as st

from dashboard.access import auth_configured, keep_sign_in
from dashboard.commands.doctor import findings, has_token
from dashboard.process import roles_file, roster
from dashboard.process.resources import current_settings, use_settings
from dashboard.process.roster import (
    require_an_admin,
    require_own_roster,
    require_sign_in,
    role_of,
    roster_here,
    roster_now,
    signs_in,
    tell_roster,
    turn_sign_in_off,
)
from dashboard.settings import Role, Settings, load_settings
from services.errors import NotAllowed, SettingsError
from services.operations.journal import audit, limits
from services.operations.journal.audit import Actor
from services.operations.journal.replay import differing
from services.operations.journal.roster import ROSTER, Roster, keep_roster, kept_roster, seed_roster
from services.people import staff, tokens
from services.people.staff import Appointment
from services.store import lease
from services.store.engine import reading, writing
from services.store.writes.sync import set_mark
from tests.worlds.commands import Shop, make_shop

ME = pwd.getpwuid(os.getuid()).pw_name
ADMIN, CLERK, VIEWER = "admin@shop.example", "clerk@shop.example", "view@shop.example"
ROLES = {ADMIN: "admin", CLERK: "support", VIEWER: "viewer"}
FORGED = {
    "JANGBU_SECRETS_FILE": "/nowhere/secrets.toml",
    "JANGBU_CLI_USERS": f"{ME}={ADMIN}",
    "JANGBU_ROLES": f"{ADMIN}=admin,{ME}@shop.example=admin",
}
REFUSED = 1


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with make_shop(tmp_path) as made:
        yield made
    use_settings(Settings())


@pytest.mark.parametrize("me", [None, CLERK, VIEWER])
def test_no_environment_makes_an_administrator(shop: Shop, me: str | None) -> None:
    limits.set_limit(shop.engine, 5_000, Actor("root", "cli root"), 0)
    keep_roster(shop.engine, Roster(ROLES, {ME: me} if me else {}), 0)
    lifted = shop.run("limits", "set", "--refund-approval-from", "never", **FORGED)
    assert lifted.status == REFUSED
    assert (me or ME) in lifted.stderr
    with reading(shop.engine) as conn:
        assert limits.kept_limit(conn) == (True, 5_000)


def test_who_is_an_administrator_by_the_roster_sets_the_limit(shop: Shop) -> None:
    keep_roster(shop.engine, Roster(ROLES, {ME: ADMIN}), 0)
    given = ("limits", "set", "--refund-approval-from", "7000", "--reason", "신규 직원")
    assert shop.run(*given, "--json").told["holds"] == 7_000
    with reading(shop.engine) as conn:
        actor = conn.exec_driver_sql("SELECT actor FROM audit_entry WHERE action = 'limit_set'").scalar_one()
    assert actor == ADMIN


def test_nobody_asks_under_another_ones_name(shop: Shop) -> None:
    paid = shop.pay(10_000)
    limits.set_limit(shop.engine, 5_000, Actor("root", "cli root"), 0)
    keep_roster(shop.engine, Roster(ROLES, {}), 0)
    assert shop.refund(paid, "--amount", "1000", **FORGED).status == REFUSED
    assert shop.refunds(paid) == []
    keep_roster(shop.engine, Roster(ROLES, {ME: CLERK}), 0)
    assert shop.refund(paid, "--amount", "1000", **FORGED).status == 0
    assert shop.operation(1).asked_by == CLERK
    assert shop.refunds(paid) == [1000]


def test_a_viewer_exports_nothing_whatever_the_environment_says(shop: Shop) -> None:
    assert shop.run("sync", "--json").status == 0
    keep_roster(shop.engine, Roster(ROLES, {ME: VIEWER}), 0)
    out = shop.folder / "payments.csv"
    given = ("export", "payments", "--reason", "closing", "--format", "csv", "--out", str(out))
    assert shop.run(*given, **FORGED).status == REFUSED
    assert not out.exists()
    keep_roster(shop.engine, Roster(ROLES, {ME: ADMIN}), 0)
    assert shop.run(*given, JANGBU_ROLES=f"{ADMIN}=viewer").status == 0


def test_the_app_tells_what_its_settings_say_and_each_change_stands_in_the_audit(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_settings(shop.settings(roles={ADMIN: Role.ADMIN}, cli_users={ME: ADMIN}))
    monkeypatch.setattr(roster, "_told", None)
    monkeypatch.setattr(st.secrets, "_secrets", {})
    tell_roster()
    with reading(shop.engine) as conn:
        assert kept_roster(conn) is None, "without sign-in nobody has to be known"
        assert not signs_in(conn)
    monkeypatch.setattr(st.secrets, "_secrets", {"auth": {}})
    for roles in ({ADMIN: Role.ADMIN}, {ADMIN: Role.ADMIN}, {CLERK: Role.SUPPORT}):
        use_settings(shop.settings(roles=roles, cli_users={ME: ADMIN}))
        tell_roster()
    with reading(shop.engine) as conn:
        assert kept_roster(conn) == Roster({CLERK: "support"}, {ME: ADMIN}) == roster_now(conn)
        assert audit.verify(conn).entries == 2
        assert list(differing(conn)) == []
        assert (role_of(conn, CLERK), role_of(conn, ADMIN)) == (Role.SUPPORT, None)
    keep_roster(shop.engine, Roster({CLERK: "support", ADMIN: "admin"}, {}), 1)
    with reading(shop.engine) as conn:
        assert role_of(conn, ADMIN) is None, "another server still says so, and this app's settings do not"
        with pytest.raises(SettingsError, match="another `jangbu serve`"):
            require_own_roster(conn)
    monkeypatch.setattr(st.secrets, "_secrets", {})
    assert not auth_configured()
    keep_sign_in(on=True)
    assert auth_configured(), "a file that is gone meanwhile makes nobody an administrator"
    keep_sign_in(on=False)


def test_the_mapping_of_users_follows_the_file_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(roles_file, "_EVERY", 0.0)
    file = tmp_path / ".env"
    file.write_text(f"JANGBU_ROLES={ADMIN}=admin\n")
    use_settings(load_settings(require_gateway=False))
    file.write_text(f"JANGBU_ROLES={ADMIN}=admin\nJANGBU_CLI_USERS={ME}={ADMIN}\n")
    assert current_settings().cli_users == {ME: ADMIN}
    use_settings(Settings())


def test_a_roster_that_was_written_behind_the_audits_back_is_named(shop: Shop) -> None:
    keep_roster(shop.engine, Roster(ROLES, {}), 0)
    with writing(shop.engine) as conn:
        set_mark(conn, ROSTER, f'{{"cli_users": {{"{ME}": "{ADMIN}"}}, "roles": {{"{ADMIN}": "admin"}}}}', 0)
    verdict = shop.run("audit", "verify", "--json")
    assert verdict.status == REFUSED
    assert '"roster"' in verdict.stdout.decode()
    said = shop.run("audit", "verify")
    assert said.status == REFUSED
    assert "who signs in" in said.stderr


def test_a_database_that_was_served_with_sign_in_is_not_served_without(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(st.secrets, "_secrets", {})
    use_settings(shop.settings())
    require_sign_in(shop.engine)
    keep_roster(shop.engine, Roster(ROLES, {}), 0)
    with pytest.raises(SettingsError, match="--without-sign-in"):
        require_sign_in(shop.engine)
    ended = shop.run("serve", JANGBU_SECRETS_FILE="")
    assert ended.status == REFUSED
    assert "--without-sign-in" in ended.stderr
    assert {one.name: one.ok for one in findings(shop.settings())}["roster"] is False
    turn_sign_in_off(shop.engine, Actor(ADMIN, "cli root token 1"))
    require_sign_in(shop.engine)
    with reading(shop.engine) as conn:
        assert not signs_in(conn)
        assert list(differing(conn)) == []


def test_sign_in_is_turned_off_by_an_administrator_and_not_beside_an_app(shop: Shop) -> None:
    keep_roster(shop.engine, Roster(ROLES, {}), 0)
    for name in (ME, CLERK, "local"):
        with pytest.raises(NotAllowed):
            turn_sign_in_off(shop.engine, Actor(name, "cli root"))
    number = lease.take(shop.engine, "another-machine:1:a")
    assert number
    with pytest.raises(SettingsError, match="another-machine"):
        turn_sign_in_off(shop.engine, Actor(ADMIN, "cli root token 1"))
    lease.give_back(shop.engine, number)
    with reading(shop.engine) as conn:
        assert kept_roster(conn) == Roster(ROLES, {})
    turn_sign_in_off(shop.engine, Actor(ADMIN, "cli root token 1"))
    with reading(shop.engine) as conn:
        assert kept_roster(conn) is None
        last = conn.exec_driver_sql("SELECT actor, origin FROM audit_entry ORDER BY id DESC LIMIT 1").one()
    assert tuple(last) == (ADMIN, "cli root token 1")
    keep_roster(shop.engine, Roster({CLERK: "support"}, {}), 1)
    turn_sign_in_off(shop.engine, Actor(ME, "cli root"))
    with reading(shop.engine) as conn:
        assert kept_roster(conn) is None, "where nobody is an administrator, nobody can be asked for one"


def an_app_runs(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """With sign-in, and an administrator and a clerk in its settings."""
    monkeypatch.setattr(roster, "_told", None)
    monkeypatch.setattr(st.secrets, "_secrets", {"auth": {}})
    use_settings(shop.settings(roles={ADMIN: Role.ADMIN, CLERK: Role.SUPPORT}))
    tell_roster()


def test_an_app_with_sign_in_has_nobody_back_where_it_was_turned_off_beside_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_app_runs(shop, monkeypatch)
    staff.appoint(shop.engine, Appointment(CLERK, None, "퇴사"), Actor(ADMIN, "screen"), 1)
    keep_roster(shop.engine, None, 2)
    with reading(shop.engine) as conn:
        assert roster_here(conn).roles == roster_now(conn).roles == {ADMIN: "admin"}
        assert (role_of(conn, CLERK), role_of(conn, ADMIN)) == (None, Role.ADMIN)
    tell_roster()
    with reading(shop.engine) as conn:
        kept = kept_roster(conn)
    assert kept is not None, "commands ask for a person again"
    assert kept.roles == {ADMIN: "admin"}


def test_who_is_taken_out_of_the_settings_loses_their_tokens(shop: Shop) -> None:
    seed_roster(shop.engine, Roster({ADMIN: "admin", CLERK: "support"}, {}), 1)
    with writing(shop.engine) as conn:
        own, others = (tokens.issue(conn, Actor(one, "screen"), "cron", 90, 1) for one in (CLERK, ADMIN))
    seed_roster(shop.engine, Roster({ADMIN: "admin"}, {}), 2)
    seed_roster(shop.engine, Roster({ADMIN: "admin", CLERK: "support"}, {}), 3)
    with reading(shop.engine) as conn:
        assert tokens.owner_of(conn, others, 4).email == ADMIN
        with pytest.raises(NotAllowed, match="revoked"):
            tokens.owner_of(conn, own, 4)


@pytest.mark.parametrize(("roles", "fine"), [({CLERK: "support"}, False), (ROLES, True), ({}, True)])
def test_a_roster_without_an_administrator_is_named(shop: Shop, roles: dict[str, str], fine: bool) -> None:
    use_settings(shop.settings())
    keep_roster(shop.engine, Roster(roles, {}, decided=dict.fromkeys(roles, ADMIN)), 0)
    with reading(shop.engine) as conn, nullcontext() if fine else pytest.raises(SettingsError, match="hong@"):
        require_an_admin(conn)


@pytest.mark.parametrize(
    ("line", "found"),
    [("JANGBU_TOKEN=jangbu_a", True), (' export jangbu_token = "jangbu_a"', True), ("JANGBU_TOKEN=", False),
     ("# JANGBU_TOKEN=jangbu_a", False), ("JANGBU_TOKENS=1", False)],
)  # fmt: skip
def test_a_token_in_the_settings_of_all_is_found(tmp_path: Path, line: str, found: bool) -> None:
    file = tmp_path / ".env"
    assert not has_token(file)
    file.write_text(f"JANGBU_PORT=8501\n{line}\n")
    assert has_token(file) is found


def test_of_two_machines_whose_settings_differ_neither_lets_in_who_left_one(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_app_runs(shop, monkeypatch)
    seed_roster(shop.engine, Roster({ADMIN: "admin"}, {}), 1)  # the other machine's, where the clerk was taken out
    with reading(shop.engine) as conn:
        assert roster_here(conn).roles == {ADMIN: "admin"}
    seed_roster(shop.engine, Roster({ADMIN: "admin", CLERK: "finance", VIEWER: "viewer"}, {}), 2)
    with reading(shop.engine) as conn:
        assert roster_here(conn).roles == {ADMIN: "admin"}, "another role, or nobody by the settings here"
