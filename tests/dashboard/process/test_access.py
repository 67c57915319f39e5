"""Who may do what, and who is let in at all."""

import pytest

from dashboard.access import PERMISSIONS, Permission, User, is_loopback
from dashboard.navigation import ENTRIES
from dashboard.process.auth_checks import require_safe_host
from dashboard.settings import Role
from dashboard.words import kinds, operation_labels
from services.errors import SettingsError
from services.operations.actions.schedule_changes import CHANGES
from services.operations.journal.once import ONCE
from services.operations.journal.states import Why
from services.tables.journal import Operation, OperationKind


def test_every_role_has_its_line_in_the_table() -> None:
    assert set(PERMISSIONS) == set(Role)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MANAGER])
def test_roles_that_do_not_need_buyers_do_not_see_them(role: Role) -> None:
    assert not User("x", role).may(Permission.SEE_BUYERS)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.SUPPORT])
def test_viewer_and_support_take_no_lists_away(role: Role) -> None:
    assert not User("x", role).may(Permission.EXPORT)


def test_an_administrator_may_do_everything() -> None:
    assert all(User("x", Role.ADMIN).may(permission) for permission in Permission)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.8.8"])
def test_without_sign_in_this_machine_may_listen_to_itself(host: str) -> None:
    require_safe_host(host, with_auth=False)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.5"])
def test_without_sign_in_no_other_address_is_listened_on(host: str) -> None:
    with pytest.raises(SettingsError, match="JANGBU_HOST") as caught:
        require_safe_host(host, with_auth=False)
    assert "[auth]" in str(caught.value)


@pytest.mark.parametrize("host", ["300.1.1.1", "no-such-host.invalid", "a" * 70 + ".kr"])
@pytest.mark.parametrize("with_auth", [True, False])
def test_what_is_no_address_is_not_told_as_one_that_is_open(host: str, with_auth: bool) -> None:
    with pytest.raises(SettingsError, match=r"JANGBU_HOST: .* is no address") as caught:
        require_safe_host(host, with_auth=with_auth)
    assert "sign in" not in str(caught.value)


def test_with_sign_in_any_address_may_be_listened_on() -> None:
    require_safe_host("0.0.0.0", with_auth=True)


def test_an_empty_host_means_every_address() -> None:
    assert not is_loopback("")


@pytest.mark.parametrize("kind", OperationKind)
def test_every_kind_of_operation_has_its_permission_and_its_words(kind: OperationKind) -> None:
    needed = kinds.of(kind).permission
    allowed = {role for role in Role if needed in PERMISSIONS[role]}
    if kind in (OperationKind.CARD_CHARGE, OperationKind.REGISTER_CARD):
        assert allowed == {Role.ADMIN}
        return
    of_money = {Role.FINANCE, Role.ADMIN} | ({Role.SUPPORT} if kind not in ONCE else set())
    assert allowed == ({Role.ADMIN} if needed == Permission.IDENTITY else of_money)
    assert kinds.of(kind).noun != kind


@pytest.mark.parametrize("kind", OperationKind)
def test_every_kind_of_operation_has_a_page_and_a_button(kind: OperationKind) -> None:
    found = kinds.of(kind)
    assert found.page in {entry.name for entry in ENTRIES}
    assert found.about in Operation.model_fields
    assert found.send or kind == OperationKind.DELETE_KEY


@pytest.mark.parametrize("kind", CHANGES)
def test_every_change_of_a_schedule_has_its_sentences(kind: OperationKind) -> None:
    found = kinds.of(kind)
    assert found.choice
    assert found.sentence
    assert found.would
    assert found.page == "schedule"


@pytest.mark.parametrize("why", Why)
def test_every_reason_of_ours_has_its_words(why: Why) -> None:
    assert operation_labels.why(why) != why
