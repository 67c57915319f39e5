"""Where people sign in, a command is somebody's: named by their token, with their role and limits."""

import os
import pwd
import re
import sys
import time
from collections.abc import Iterator
from inspect import getsource, isfunction
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
import typer

from dashboard.access import PERMISSIONS, Permission
from dashboard.cli import app
from dashboard.process.executor import require_right
from dashboard.process.resources import use_settings
from dashboard.settings import Role, Settings
from services.errors import NotAllowed
from services.operations.journal import limits
from services.operations.journal.audit import Actor
from services.operations.journal.persons import by_token, machine_user, token_of
from services.operations.journal.roster import Roster, keep_roster
from services.people import identities, sessions, staff, tokens
from services.people.staff import Appointment
from services.store.engine import reading, writing
from services.tables.people import PersonSession
from tests.worlds.commands import Shop, make_shop
from tests.worlds.screens.screens import AUTH

ME = pwd.getpwuid(os.getuid()).pw_name
ADMIN = Actor("admin@shop.example", "screen")
UPKEEP = {
    "demo", "serve", "sync", "sandbox", "backup", "restore", "migrate", "doctor", "audit verify", "access verify",
    "limits show", "limits set", "sessions list", "sessions end", "sessions rebind", "alarms", "alarms test",
}  # fmt: skip
"""Commands that show no buyer and move no money, or that ask for an administrator themselves."""
NEEDED = {
    "refund": Permission.REFUND,
    "charge": Permission.CHARGE,
    "export": Permission.SEE_PAYMENTS,
    "inspection": Permission.SEE_PAYMENTS,
    "revenue": Permission.SEE_PAYMENTS,
    **dict.fromkeys([f"schedule {one}" for one in ("add", "move", "cancel", "retry", "rebook")], Permission.SCHEDULE),
    **dict.fromkeys(["key delete", "key end"], Permission.DELETE_KEY),
    **dict.fromkeys(["link create", "link list", "link withdraw"], Permission.CHARGE),
    **dict.fromkeys(["receipt issue", "receipt cancel"], Permission.RECEIPT),
    **dict.fromkeys(["receipt show", "escrow show", "naver cash-amount"], Permission.READ_AGAIN),
    **dict.fromkeys(["receipt list", "escrow list", "vbank list", "operations list"], Permission.SEE_PAYMENTS),
    "naver confirm": Permission.NAVER_CONFIRM,
    "naver points": Permission.NAVER_POINTS,
    **dict.fromkeys(["escrow enter", "escrow change", "payco status", "paymentwall delivery"], Permission.DELIVERY),
    **dict.fromkeys(["vbank issue", "vbank change", "vbank revoke", "cvs issue", "cvs revoke"], Permission.VBANK),
    **dict.fromkeys(["identity show", "identity delete", "kcpquick delete"], Permission.IDENTITY),
    "operations resolve": Permission.RESOLVE,
    "access list": Permission.SEE_ACCESS,
    **dict.fromkeys(["buyer find", "buyer data", "buyer erase"], Permission.BUYER_REQUESTS),
}
"""Export and the inspection's pack ask for the right to export besides, and say so themselves."""
FAILED, WAITS = 1, 4


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with make_shop(tmp_path) as made:
        keep_roster(made.engine, Roster({f"{role}@shop.example": role.value for role in Role}, {}), 0)
        yield made
    use_settings(Settings())


def token_for(shop: Shop, role: Role, days: int = 90) -> str:
    with writing(shop.engine) as conn:
        return tokens.issue(conn, Actor(f"{role}@shop.example", "screen"), f"test {days}", days, time.time())


def test_without_a_token_nothing_of_buyers_is_read_and_no_money_moves(shop: Shop) -> None:
    paid = shop.pay(10_000)
    refused = shop.refund(paid, "--amount", "1000")
    assert (refused.status, shop.refunds(paid)) == (FAILED, [])
    assert "JANGBU_TOKEN" in refused.told["error"]
    assert shop.run("operations", "list").status == FAILED
    assert shop.run("audit", "verify").status == 0, "upkeep goes on"


def test_a_token_names_its_person_with_their_role_limit_and_end(shop: Shop) -> None:
    paid, token = shop.pay(10_000), token_for(shop, Role.SUPPORT)
    assert shop.refund(paid, "--amount", "1000", JANGBU_TOKEN=token).status == 0
    done = shop.operation(1)
    assert (done.asked_by, machine_user(done.asked_from), token_of(done.asked_from)) == ("support@shop.example", ME, 1)
    limits.set_limit(shop.engine, 5_000, ADMIN, 0)
    assert shop.refund(paid, "--amount", "6000", JANGBU_TOKEN=token).status == WAITS
    staff.appoint(shop.engine, Appointment("support@shop.example", "viewer", "사유"), ADMIN, time.time())
    other = shop.pay(10_000)
    assert "role does not allow" in shop.refund(other, "--amount", "1000", JANGBU_TOKEN=token).told["error"]
    staff.appoint(shop.engine, Appointment("support@shop.example", None, "퇴사"), ADMIN, time.time())
    assert "revoked" in shop.refund(other, "--amount", "1000", JANGBU_TOKEN=token).told["error"]
    assert (shop.refunds(paid), shop.refunds(other)) == ([1000], [])
    with reading(shop.engine) as conn:
        used = conn.exec_driver_sql("SELECT used_at FROM person_token").scalar_one()
    assert time.time() - used < 600


def test_who_is_turned_away_at_the_command_line_is_in_the_access_log(shop: Shop) -> None:
    paid, token = shop.pay(10_000), token_for(shop, Role.VIEWER)
    assert shop.refund(paid, "--amount", "1000", JANGBU_TOKEN=token).status == FAILED
    with writing(shop.engine) as conn:
        tokens.revoke(conn, 1, Actor("viewer@shop.example", "screen"), time.time())
    for given in (token, "jangbu_strange"):
        assert shop.run("operations", "list", JANGBU_TOKEN=given).status == FAILED
    assert shop.run("access", "list").status == FAILED
    with reading(shop.engine) as conn:
        sql = "SELECT person, origin, what FROM access_entry WHERE kind = 'refused' ORDER BY id"
        found = [tuple(row) for row in conn.exec_driver_sql(sql)]
    assert found == [
        ("viewer@shop.example", f"cli {ME} token 1", "refund"),
        (ME, f"cli {ME} token 1", "see_payments"),
        (ME, f"cli {ME}", "see_payments"),
        (ME, f"cli {ME}", "see_access"),
    ]
    assert shop.refunds(paid) == []


def test_a_role_with_a_limit_of_its_own_waits_for_a_second_person_from_there_on(shop: Shop) -> None:
    support, finance = token_for(shop, Role.SUPPORT), token_for(shop, Role.FINANCE)
    staff.set_limit(shop.engine, "support", 5_000, "사유", ADMIN, time.time())
    first, second = shop.pay(10_000), shop.pay(10_000)
    assert shop.refund(first, "--amount", "4999", JANGBU_TOKEN=support).status == 0
    assert shop.refund(second, "--amount", "5000", JANGBU_TOKEN=support).status == WAITS
    assert shop.refund(shop.pay(10_000), "--amount", "5000", JANGBU_TOKEN=finance).status == 0
    limits.set_limit(shop.engine, 3_000, ADMIN, 0)
    assert shop.refund(shop.pay(10_000), "--amount", "3000", JANGBU_TOKEN=support).status == WAITS, "the lower one"
    assert (shop.refunds(first), shop.refunds(second)) == ([4999], [])


def test_who_may_not_see_buyers_finds_nobody_by_what_only_a_buyer_has(shop: Shop) -> None:
    paid = shop.pay(10_000, buyer_tel="01073415678", buyer_name="홍길동")
    assert shop.run("sync", "--json").status == 0
    assert shop.refund(paid, "--amount", "1000", JANGBU_TOKEN=token_for(shop, Role.SUPPORT)).status == 0
    found = dict[tuple[str, str, Role], int]()
    for role, token in {one: token_for(shop, one) for one in (Role.MANAGER, Role.FINANCE)}.items():
        for kind, text in (("payments", "01073415678"), ("operations", "홍길동"), ("payments", paid)):
            out = shop.folder / "a.csv"
            words = ("export", kind, "--text", text, "--reason", "closing", "--out", str(out))
            assert shop.run(*words, JANGBU_TOKEN=token).status == 0
            found[kind, text, role] = out.read_text("utf-8-sig").count(paid)
    assert all(count > 0 for (_kind, text, role), count in found.items() if role == Role.FINANCE or text == paid)
    assert all(count == 0 for (_kind, text, role), count in found.items() if role == Role.MANAGER and text != paid)


def test_sessions_are_ended_by_an_administrator_with_tokens_and_an_entry_all_or_nothing(shop: Shop) -> None:
    kim, now = "support@shop.example", int(time.time())
    with writing(shop.engine) as conn:
        identities.bind(conn, kim, "https://id.example", "1", now)
        sessions.begin(conn, PersonSession(id="a", email=kim, role="support", begun_at=now, seen_at=now))
    own = token_for(shop, Role.SUPPORT)
    for token in ("", token_for(shop, Role.FINANCE)):
        for what in ("end", "rebind"):
            assert shop.run("sessions", what, kim, "--json", JANGBU_TOKEN=token).status == FAILED
    admin = token_for(shop, Role.ADMIN)
    assert shop.run("sessions", "rebind", kim, "--json", JANGBU_TOKEN=admin).told == {
        "address": kim, "ended": 1, "tokens": 1,
    }  # fmt: skip
    with reading(shop.engine) as conn:
        assert (identities.find(conn, kim), sessions.list_live(conn, now)) == (None, [])
        with pytest.raises(NotAllowed, match="revoked"):
            tokens.owner_of(conn, own, now)
        told = conn.exec_driver_sql("SELECT actor, detail FROM audit_entry WHERE action = 'address_given'").one()
    assert (told.actor, kim in told.detail) == ("admin@shop.example", True)
    keep_roster(shop.engine, Roster({kim: "support"}, {}), 1)
    with writing(shop.engine) as conn:
        identities.bind(conn, kim, "https://id.example", "2", now)
    assert shop.run("sessions", "rebind", kim).status == 0, "where nobody is an administrator any more"


def test_a_limit_is_changed_with_a_reason_where_people_sign_in(shop: Shop) -> None:
    token = token_for(shop, Role.ADMIN)
    assert shop.run("limits", "set", "--refund-approval-from", "never", JANGBU_TOKEN=token).status == FAILED
    given = ("limits", "set", "--refund-approval-from", "never", "--reason", "세일 기간")
    assert shop.run(*given, JANGBU_TOKEN=token).status == 0
    with reading(shop.engine) as conn:
        detail = conn.exec_driver_sql("SELECT detail FROM audit_entry WHERE action = 'limit_set'").scalar_one()
    assert "세일 기간" in detail


def test_a_backup_elsewhere_than_in_its_folder_is_an_export(shop: Shop) -> None:
    for elsewhere in (("mine.backup",), ("mine.backup", "--reason", "authority")):
        for token in ("", token_for(shop, Role.SUPPORT), token_for(shop, Role.MANAGER)):
            assert shop.run("backup", *elsewhere, JANGBU_TOKEN=token).status == FAILED
            revoke_tokens(shop)
    assert not (shop.folder / "mine.backup").exists()
    finance = token_for(shop, Role.FINANCE)
    assert shop.run("backup", "mine.backup", JANGBU_TOKEN=finance).status == FAILED, "without a reason"
    assert shop.run("backup", "mine.backup", "--reason", "authority", JANGBU_TOKEN=finance).status == 0
    with reading(shop.engine) as conn:
        entry = conn.exec_driver_sql("SELECT person, reason FROM access_entry WHERE what = 'backup'").one()
    assert tuple(entry) == ("finance@shop.example", "authority")


def test_a_backup_into_its_folder_wants_nobody_and_one_into_another_does(shop: Shop) -> None:
    assert shop.run("backup").status == 0
    assert shop.run("backup", JANGBU_BACKUP_FOLDER=str(shop.folder / "mine")).status == FAILED
    assert shop.run("migrate", "--adopt").status == FAILED
    assert not (shop.folder / "mine").exists()


def revoke_tokens(shop: Shop) -> None:
    """So that another of the same name can be made."""
    with writing(shop.engine) as conn:
        for role in Role:
            tokens.revoke_all(conn, f"{role}@shop.example", ADMIN, time.time())


def test_the_origin_of_a_command_tells_its_token_and_its_user() -> None:
    for user in ("root", "uid 1000", "a token b"):
        origin = by_token(user, 17)
        assert (machine_user(origin), token_of(origin)) == (user, 17)
        assert (machine_user(f"cli {user}"), token_of(f"cli {user}")) == (user, None)
    assert token_of("screen 203.0.113.7 token 3") is None


def rights() -> dict[str, Permission | None]:
    """What each command says that its person has to be allowed, read from its own text."""
    found: dict[str, Permission | None] = {}

    def walk(command: Any, path: tuple[str, ...]) -> None:
        runs = not hasattr(command, "commands") or command.invoke_without_command
        if path and runs:
            told = re.search(r"ready\(\s*as_json, (?:Permission\.)?(\w+)", text_of(command.callback))
            found[" ".join(path)] = Permission[told[1]] if told and told[1] != "None" else None
        for word, one in getattr(command, "commands", {}).items():
            walk(one, (*path, word))

    walk(typer.main.get_command(app), ())
    return found


def text_of(callback: Any) -> str:
    """A command's text, with that of the functions of its file that it calls."""
    own, text = sys.modules[callback.__module__], getsource(callback)
    called = [getattr(own, name) for name in re.findall(r"\b(_\w+)\(", text) if hasattr(own, name)]
    return text + "".join(getsource(one) for one in called if isfunction(one))


def test_every_command_says_what_its_person_has_to_be_allowed_but_for_upkeep() -> None:
    found = rights()
    assert {name for name, permission in found.items() if permission is None} == UPKEEP
    assert {name: one for name, one in found.items() if one} == NEEDED


@pytest.mark.parametrize("role", Role)
def test_the_table_of_roles_holds_at_the_command_line(shop: Shop, role: Role, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st.secrets, "_secrets", {"auth": AUTH})
    use_settings(shop.settings(token=token_for(shop, role)))
    for permission in Permission:
        try:
            require_right(permission)
        except NotAllowed:
            allowed = False
        else:
            allowed = True
        assert allowed == (permission in PERMISSIONS[role]), permission
