"""One person is one person, one database one account, and the limit the database's."""

import os
import pwd
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from dashboard.access import User
from dashboard.commands.doctor import findings
from dashboard.commands.wishes.money import RefundOrder, ask_refund
from dashboard.process import executor, roster
from dashboard.process.resources import use_settings
from dashboard.screens.needs_person import settle_desk
from dashboard.screens.needs_person.cards import Act, Choice
from dashboard.settings import Role, Settings, load_settings
from services.errors import NotAllowed, OtherAccount, SettingsError
from services.gateway import Gateway
from services.mirror.sync import sync
from services.operations.journal import audit, journal, limits
from services.operations.journal.account import adopt
from services.operations.journal.audit import Actor
from services.operations.journal.persons import CLI, LOCAL
from services.people import identities
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.faults import Fault
from services.store.account import bound_to
from services.store.engine import reading, writing
from services.tables.journal import OperationState as State
from tests.worlds.commands import Shop, make_shop
from tests.worlds.operations.desk import FINANCE, SUPPORT, Desk

ME = pwd.getpwuid(os.getuid()).pw_name
KIM, LEE = Actor("kim@shop.example", CLI), Actor("lee@shop.example", "screen 203.0.113.7")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with make_shop(tmp_path) as made:
        yield made
    use_settings(Settings())


@pytest.fixture
def desk(sqlite_store: Engine) -> Desk:
    return Desk(sqlite_store)


def settings(shop: Shop, **more: object) -> Settings:
    given = {name.removeprefix("JANGBU_").lower(): value for name, value in shop.environment.items()}
    return Settings.model_validate({**given, **more})


@pytest.mark.parametrize(
    ("asker", "approver"),
    [
        (Actor(LOCAL, "screen 127.0.0.1"), Actor(LOCAL, "screen 127.0.0.1")),
        (Actor("root", CLI), Actor(LOCAL, "screen 127.0.0.1")),
        (SUPPORT, Actor(LOCAL, "screen 127.0.0.1")),
        (SUPPORT, Actor("root", CLI)),
        (SUPPORT, Actor("finance@shop.example", CLI)),
        (SUPPORT, SUPPORT),
        (Actor("root", CLI), LEE),
        (Actor(LOCAL, "screen 127.0.0.1"), LEE),
        (KIM, Actor(KIM.name, "screen 203.0.113.7")),
    ],
)
def test_who_may_be_the_same_person_is_no_second_one(desk: Desk, asker: Actor, approver: Actor) -> None:
    number = desk.refund(4_000, approval_from=1, who=asker)
    with pytest.raises(NotAllowed):
        journal.approve(desk.engine, number, approver, desk.times.ours())
    assert desk.get(number).state == State.AWAITING_APPROVAL


def test_two_addresses_of_one_identity_are_one_person(desk: Desk) -> None:
    with writing(desk.engine) as conn:
        for address, subject in ((SUPPORT.name, "1"), (LEE.name, "1"), (FINANCE.name, "2")):
            assert identities.bind(conn, address, "https://id.example", subject, 0)
    number = desk.refund(4_000, approval_from=1, who=SUPPORT)
    with pytest.raises(NotAllowed):
        journal.approve(desk.engine, number, LEE, desk.times.ours())
    assert journal.approve(desk.engine, number, FINANCE, desk.times.ours()).approved_by == FINANCE.name


def test_who_names_somebody_else_for_a_command_cannot_approve_it_as_themselves(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits.set_limit(shop.engine, 1_000, Actor("root", CLI), 0)
    asked = shop.refund(shop.pay(10_000), "--full", JANGBU_CLI_USERS=f"{ME}=lee@shop.example")
    assert asked.status == 4
    monkeypatch.setattr(settle_desk, "actor_of", lambda user: Actor(user.email, "screen"))
    choice, me = Choice(asked.told["operation"], Act.APPROVE, ""), User("kim@shop.example", Role.FINANCE)
    for mine in ({ME: me.email}, {}):
        use_settings(settings(shop, cli_users=mine))
        assert isinstance(settle_desk.settle(choice, me), NotAllowed)
    assert shop.operation(1).state == State.AWAITING_APPROVAL
    use_settings(settings(shop, cli_users={ME: "lee@shop.example"}))
    assert settle_desk.settle(choice, me) is None
    assert (shop.operation(1).state, shop.operation(1).approved_by) == (State.INTENT, me.email)


@pytest.mark.parametrize("asker", [SUPPORT, KIM])
def test_somebody_else_who_signed_in_is(desk: Desk, asker: Actor) -> None:
    number = desk.refund(4_000, approval_from=1, who=asker)
    assert journal.approve(desk.engine, number, FINANCE, desk.times.ours()).approved_by == FINANCE.name


def test_the_command_line_acts_as_the_user_of_the_machine_whatever_it_says_in_the_environment(shop: Shop) -> None:
    paid = shop.pay(10_000)
    names = {name: "finance@example.com" for name in ("LOGNAME", "USER", "LNAME", "USERNAME")}
    assert shop.refund(paid, "--amount", "1000", **names).status == 0
    assert (shop.operation(1).asked_by, shop.operation(1).asked_from) == (ME, f"{CLI} {ME}")
    assert shop.refund(paid, "--amount", "2000", JANGBU_CLI_USERS=f"{ME}=kim@shop.example").status == 0
    assert shop.operation(2).asked_by == "kim@shop.example"


def test_the_environment_of_whoever_asks_raises_no_limit(shop: Shop) -> None:
    paid = shop.pay(10_000)
    assert shop.run("limits", "set", "--refund-approval-from", "5000", "--json").told["holds"] == 5_000
    for limit in ("", "999999"):
        assert shop.refund(paid, "--full", JANGBU_REFUND_APPROVAL_FROM=limit).status == 4
    assert shop.refund(paid, "--amount", "100", JANGBU_REFUND_APPROVAL_FROM="50").status == 1, "one is open already"
    other = shop.pay(10_000)
    assert shop.refund(other, "--amount", "2000", JANGBU_CLI_USERS=f"{ME}=kim@shop.example").status == 0
    assert shop.refund(other, "--amount", "3000", JANGBU_CLI_USERS=f"{ME}=lee@shop.example").status == 4
    assert shop.refunds(paid) == []
    assert shop.refunds(other) == [2000]
    assert shop.run("limits", "show", "--json", JANGBU_REFUND_APPROVAL_FROM="100").told == {
        "database": 5_000, "setting": 100, "holds": 100,
    }  # fmt: skip
    assert shop.run("limits", "set", "--refund-approval-from", "5,000").status == 1


def test_an_intent_written_under_another_limit_is_not_sent(shop: Shop) -> None:
    use_settings(settings(shop))
    order = RefundOrder(shop.pay(10_000), "4000", full=False, reason="변심", requester="customer")
    number = ask_refund(order).operation.id
    limits.set_limit(shop.engine, 1_000, Actor("root", CLI), 0)
    executor.make_executor().turn()
    assert (shop.operation(number).state, shop.operation(number).why) == (State.REFUSED, "not_allowed")


def test_the_first_start_takes_the_setting_and_later_ones_do_not(sqlite_store: Engine) -> None:
    starts = (
        (None, (False, None), None),
        (50_000, (True, 50_000), 50_000),
        (None, (True, 50_000), 50_000),
        (9, (True, 50_000), 9),
        (60_000, (True, 50_000), 50_000),
    )
    for setting, kept, holds in starts:
        limits.take_first(sqlite_store, setting, 0)
        with reading(sqlite_store) as conn:
            assert limits.kept_limit(conn) == kept
            assert limits.stricter(conn, setting) == holds
    limits.set_limit(sqlite_store, None, KIM, 0)
    with reading(sqlite_store) as conn:
        assert limits.kept_limit(conn) == (True, None)
        assert audit.verify(conn).entries == 2


def test_with_sign_in_a_user_of_the_machine_who_is_nobody_may_not_ask(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster, "auth_configured", lambda: True)
    roles = {"kim@shop.example": Role.SUPPORT, "view@shop.example": Role.VIEWER}
    order = RefundOrder(shop.pay(10_000), "4000", full=False, reason="변심", requester="customer")
    use_settings(settings(shop, roles=roles))
    with pytest.raises(NotAllowed, match="JANGBU_TOKEN"):
        ask_refund(order)
    use_settings(settings(shop, roles=roles, cli_users={ME: "view@shop.example"}))
    number = ask_refund(order).operation.id
    executor.make_executor().turn()
    assert shop.operation(number).why == "not_allowed"
    use_settings(settings(shop, roles=roles, cli_users={ME: "kim@shop.example"}))
    number = ask_refund(order).operation.id
    executor.make_executor().turn()
    assert (shop.operation(number).state, shop.operation(number).asked_by) == (State.SUCCEEDED, "kim@shop.example")


def test_users_of_the_machine_that_name_no_address_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JANGBU_CLI_USERS", "root=kim")
    with pytest.raises(SettingsError, match="JANGBU_CLI_USERS"):
        load_settings(require_gateway=False)


def test_doctor_names_a_limit_that_differs(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster, "auth_configured", lambda: True)
    limits.set_limit(shop.engine, 5_000, Actor("root", CLI), 0)
    for setting, good in ((None, True), (5_000, True), (6_000, False)):
        found = {one.name: one for one in findings(settings(shop, refund_approval_from=setting))}
        assert found["limits"].ok is good
    assert "5000" in found["limits"].detail


def test_a_database_belongs_to_the_account_of_its_first_sync(shop: Shop) -> None:
    assert shop.run("sync", "--json").status == 0
    rows = shop.run("sync", "--json").told["payments"]
    others = ({"JANGBU_IMP_KEY": "another"}, {"JANGBU_IMP_API_URL": "http://localhost:9"})
    for other in others:
        for words in (
            ("sync",), ("refund", "imp_1", "--full", "--reason", "a", "--requester", "admin"),
            ("charge", "key", "--amount", "100", "--name", "a"),
            ("operations", "resolve", "1", "--send-again", "--note", "a"),
        ):  # fmt: skip
            ended = shop.run(*words, "--json", **other)
            assert (ended.status, "jangbu migrate --adopt" in ended.stderr) == (1, True), (words, ended.stderr)
        assert not shop.run("doctor", "--json", **other).told["account"]["ok"]
    with reading(shop.engine) as conn:
        assert IMP_KEY not in (bound_to(conn) or "")
    ended = shop.run("migrate", "--adopt", **others[0])
    assert (ended.status, "stays, in every list and sum" in ended.stderr) == (0, True)
    assert shop.run("sync", "--json").status == 1
    assert shop.run("migrate", "--adopt").status == 0
    assert shop.run("sync", "--json").told["payments"] == rows
    assert shop.run("audit", "verify").status == 0


def test_what_became_of_a_call_is_not_looked_for_at_another_account(desk: Desk) -> None:
    """A key that is unknown there would count as deleted, and a refund as not made."""
    desk.call_faults = [Fault.LOST_AFTER]
    number = desk.refund()
    desk.run()
    assert desk.get(number).state == State.UNKNOWN
    gateway, desk.executor.gateway = desk.executor.gateway, Gateway("http://other", IMP_KEY, IMP_SECRET)
    with pytest.raises(OtherAccount):
        desk.executor.look(number)
    assert desk.get(number).state == State.UNKNOWN
    desk.executor.gateway = gateway
    desk.run(100)
    assert desk.get(number).state == State.SUCCEEDED


def test_an_executor_of_another_account_sends_nothing(desk: Desk) -> None:
    sync(desk.executor.gateway, desk.engine)
    number = desk.refund()
    desk.executor.gateway = Gateway("http://other", IMP_KEY, IMP_SECRET)
    desk.run()
    assert (desk.get(number).state, desk.bodies) == (State.INTENT, [])
    with pytest.raises(OtherAccount):
        sync(desk.executor.gateway, desk.engine)
    assert adopt(desk.engine, desk.executor.gateway.account, KIM, 0) != desk.executor.gateway.account
    with reading(desk.engine) as conn:
        assert bound_to(conn) == desk.executor.gateway.account
