"""A role in one sub-store: what is asked for there goes by it, and what is seen by the person's own role."""

import json
import time
from pathlib import Path

import pytest
import streamlit as st
from sqlalchemy import Engine

from dashboard.access import Permission, User
from dashboard.process import roster
from dashboard.process.executor import permits, require_may_ask
from dashboard.process.resources import current_settings
from dashboard.screens.links import link_desk
from dashboard.screens.needs_person import settle_desk
from dashboard.screens.needs_person.cards import Act, Choice
from dashboard.screens.refunds.batch_files import FileAct, FileChoice
from dashboard.settings import Role, load_settings
from services.errors import NotAllowed, SettingsError
from services.operations.actions.refunds import RefundForm, wanted_refund
from services.operations.files import batches
from services.operations.journal import audit
from services.operations.journal.audit import Actor
from services.operations.journal.journal import Wanted, record, saving
from services.operations.journal.replay import differing
from services.operations.journal.roster import ROSTER, Roster, kept_roster
from services.store.engine import reading, writing
from services.store.lists.one import get_payment
from services.store.writes.payments import upsert_payments
from services.store.writes.sync import set_mark
from services.tables.journal import Operation
from tests.worlds.screens.links import planted
from tests.worlds.screens.screens import AUTH, empty_store, payment, run_page

TIERS = {"ABC": "강남점"}
FINANCE = "finance@example.com"
ONE = Actor(FINANCE, "screen 203.0.113.7")


def shop(folder: Path, **store_roles: Role) -> Engine:
    """A payment in the main store and one in ABC, where people have these roles."""
    there = {f"{name}@example.com/ABC": role for name, role in store_roles.items()}
    engine, at = empty_store(folder, tiers=TIERS, store_roles=there), int(time.time()) - 3_000
    rows = [payment(f"imp_{tier or 'MAIN'}", at, "paid", 10_000, tier=tier) for tier in ("", "ABC")]
    with writing(engine) as conn:
        upsert_payments(conn, rows, as_of=1)
    return engine


def wanted(engine: Engine, imp_uid: str) -> Wanted:
    with reading(engine) as conn:
        found = get_payment(conn, imp_uid)
    assert found
    form = RefundForm(amount=1_000, balance=10_000, reason="변심", requester="customer")
    return wanted_refund(f"token-{imp_uid}", found, form, approval_from=None, alone=0)


def asked(engine: Engine, imp_uid: str) -> Operation:
    return record(engine, wanted(engine, imp_uid), ONE, int(time.time()))


def refunds_at(role: Role) -> set[str]:
    """The payments on whose page somebody of this role is offered a refund."""
    pages = {uid: run_page("payment", role=role, query={"imp_uid": uid}) for uid in ("imp_MAIN", "imp_ABC")}
    return {uid for uid, at in pages.items() if [one for one in at.button if one.label == "Refund"]}


def test_less_in_one_store_takes_the_button_away_there_only(tmp_path: Path) -> None:
    shop(tmp_path, finance=Role.VIEWER)
    assert refunds_at(Role.FINANCE) == {"imp_MAIN"}


def test_a_role_in_a_store_gives_nothing_that_their_own_does_not(tmp_path: Path) -> None:
    shop(tmp_path, viewer=Role.ADMIN)
    assert refunds_at(Role.VIEWER) == set()
    there = User("viewer@example.com", Role.VIEWER, {"ABC": Role.ADMIN}).in_store("ABC")
    assert not any(there.may(one) for one in Permission if one != Permission.SEE_PAYMENTS)


def test_what_is_seen_goes_by_their_own_role_in_every_store() -> None:
    there = User(FINANCE, Role.FINANCE, {"ABC": Role.VIEWER}).in_store("ABC")
    assert there.may(Permission.SEE_BUYERS)
    assert there.may(Permission.EXPORT)
    assert not there.may(Permission.APPROVE)


def test_what_a_role_there_lets_nobody_ask_is_not_written_down(tmp_path: Path) -> None:
    engine = shop(tmp_path)
    me = User(FINANCE, Role.FINANCE, {"ABC": Role.MANAGER})
    require_may_ask(me, [wanted(engine, "imp_MAIN")])
    with pytest.raises(NotAllowed, match="ABC"):
        require_may_ask(me, [wanted(engine, "imp_MAIN"), wanted(engine, "imp_ABC")])


def test_the_executor_sends_by_the_role_of_the_store_at_that_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(st.secrets, "_secrets", {"auth": AUTH})
    engine = shop(tmp_path, finance=Role.VIEWER)
    main, there = asked(engine, "imp_MAIN"), asked(engine, "imp_ABC")
    assert (permits(main), permits(there)) == (True, False)
    shop(tmp_path)
    assert (permits(main), permits(there)) == (True, True)


def test_who_approves_declines_or_settles_has_to_be_one_who_may_in_that_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settle_desk, "actor_of", lambda user: Actor(user.email, "screen"))
    engine = shop(tmp_path)
    there = asked(engine, "imp_ABC")
    kim = User("kim@example.com", Role.ADMIN, {"ABC": Role.VIEWER})
    support = User("lee@example.com", Role.ADMIN, {"ABC": Role.SUPPORT})
    for who, act in ((kim, Act.APPROVE), (kim, Act.DECLINE), (kim, Act.PUT_ASIDE), (support, Act.DECLINE)):
        problem = settle_desk.settle(Choice(there.id, act, "이유"), who)
        assert isinstance(problem, NotAllowed)
        assert "ABC" in str(problem)


def test_a_file_is_settled_by_who_may_in_each_of_its_rows_stores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settle_desk, "actor_of", lambda user: Actor(user.email, "screen"))
    engine = shop(tmp_path)
    rows = [f"imp_{one},1000,변심,customer" for one in ("MAIN", "ABC")]
    lines = "\n".join(["imp_uid,amount,reason,requester", *rows])
    with reading(engine) as conn:
        run = batches.dry_run(conn, "file.csv", lines.encode())
    number = batches.submit(engine, run, ONE, time.time())
    for act in FileAct:
        found = settle_desk.settle_file(
            FileChoice(number, act, run.digest, "이유"), User("kim@example.com", Role.ADMIN, {"ABC": Role.VIEWER})
        )
        assert isinstance(found, NotAllowed), act


def test_links_are_made_and_taken_back_by_who_may_in_their_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_desk, "actor_of", lambda user: Actor(user.email, "screen"))
    engine = shop(tmp_path)
    with writing(engine) as conn:
        link = planted(conn, time.time(), tier="ABC")
    problem = link_desk.withdraw(link.id, User("kim@example.com", Role.ADMIN, {"ABC": Role.VIEWER}))
    assert isinstance(problem, NotAllowed)
    assert link_desk.withdraw(link.id, User("kim@example.com", Role.ADMIN)) is None


def test_a_roster_of_before_stores_is_no_tampering(tmp_path: Path) -> None:
    engine = shop(tmp_path)
    told = {"roles": {FINANCE: "finance"}, "cli_users": {}}  # as a version before wrote both
    with saving(engine) as conn:
        set_mark(conn, ROSTER, json.dumps(told, sort_keys=True), 0)
        audit.append(conn, Actor("jangbu", "settings"), "roster_set", 0, before=None, after=told)
    with reading(engine) as conn:
        assert kept_roster(conn) == Roster({FINANCE: "finance"}, {})
        assert [one for one in differing(conn) if one.what == "roster"] == []


def test_commands_go_by_what_the_app_wrote_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st.secrets, "_secrets", {"auth": AUTH})
    engine = shop(tmp_path, finance=Role.VIEWER)
    roster.tell_roster()
    with reading(engine) as conn:
        roles = [roster.roles_in(conn, FINANCE, tier) for tier in ("", "ABC")]
    assert roles == [[Role.FINANCE], [Role.FINANCE, Role.VIEWER]]
    otherwise = current_settings().model_copy(update={"store_roles": {}})
    monkeypatch.setattr(roster, "current_settings", lambda: otherwise)
    with reading(engine) as conn:
        assert roster.roles_in(conn, FINANCE, "ABC") == [], "the app's own settings, edited since, do not say so"
    monkeypatch.setattr(roster, "_told", None)
    with reading(engine) as conn:
        there = roster.roles_in(conn, FINANCE, "ABC")
    assert there == [Role.FINANCE, Role.VIEWER], "a command goes by the app's, whatever its own settings say"


@pytest.mark.parametrize(
    "wrong",
    ["kim@shop.kr=finance", "kim@shop.kr/=finance", "/ABC=finance", "kim/ABC=finance", "kim@shop.kr/ABC=king",
     "kim@shop.kr/ABC=viewer,KIM@shop.kr/ABC=admin", "\u212aim@shop.kr/ABC=admin"],
)  # fmt: skip
def test_a_role_without_address_or_store_is_refused(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JANGBU_STORE_ROLES", wrong)
    with pytest.raises(SettingsError, match="JANGBU_STORE_ROLES"):
        load_settings(require_gateway=False)


def test_an_address_of_a_provider_with_a_slash_is_no_role_in_a_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JANGBU_ROLES", "kim@shop.kr=viewer")
    monkeypatch.setenv("JANGBU_STORE_ROLES", "kim@shop.kr/ABC=admin")
    monkeypatch.setenv("JANGBU_TIERS", "ABC")
    settings = load_settings(require_gateway=False)
    assert settings.roles.get("kim@shop.kr/abc") is None
    assert settings.store_roles == {"kim@shop.kr/ABC": Role.ADMIN}


@pytest.mark.parametrize("stray", ["lee@shop.kr/ABC", "kim@shop.kr/DEF"])
def test_a_role_of_nobody_or_in_no_store_is_refused(stray: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JANGBU_ROLES", "kim@shop.kr=finance")
    monkeypatch.setenv("JANGBU_TIERS", "ABC")
    monkeypatch.setenv("JANGBU_STORE_ROLES", f"{stray}=viewer")
    with pytest.raises(SettingsError, match="JANGBU_STORE_ROLES has " + stray):
        load_settings(require_gateway=False)
