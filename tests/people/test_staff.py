"""Roles: given and taken by administrators, for good whatever the settings say; never by oneself."""

import pytest
from sqlalchemy import Engine

from services.errors import InvalidRequest, NotAllowed
from services.operations.journal import audit
from services.operations.journal.audit import Actor
from services.operations.journal.replay import differing
from services.operations.journal.roster import Roster, keep_roster, kept_roster, seed_roster
from services.people import identities, sessions, staff, tokens
from services.people.staff import Appointment, MadeRole
from services.store.engine import reading, writing
from services.tables.people import PersonSession

NOW = 1_800_000_000
ADMIN, OTHER = Actor("admin@shop.example", "screen"), Actor("boss@shop.example", "screen")
KIM = "kim@shop.example"
SETTING = Roster({ADMIN.name: "admin", OTHER.name: "admin", KIM: "support"}, {}, {f"{KIM}/ABC": "viewer"})


@pytest.fixture(autouse=True)
def _people(store: Engine) -> None:
    seed_roster(store, SETTING, NOW)


def roles(store: Engine) -> dict[str, str]:
    with reading(store) as conn:
        kept = kept_roster(conn)
    assert kept
    return dict(kept.roles)


def give(store: Engine, address: str, role: str | None, by: Actor = ADMIN, **stores: str) -> None:
    staff.appoint(store, Appointment(address, role, "인사 발령", stores), by, NOW + 1)


def test_who_was_changed_or_removed_on_the_screen_stays_so_whatever_the_setting_says(store: Engine) -> None:
    give(store, KIM, "finance")
    give(store, OTHER.name, None)
    give(store, "Lee@Shop.example", "viewer")
    held = {ADMIN.name: "admin", KIM: "finance", "lee@shop.example": "viewer"}
    assert roles(store) == held
    seed_roster(store, SETTING, NOW + 2)
    assert roles(store) == held
    later = Roster({ADMIN.name: "admin", KIM: "viewer", "park@shop.example": "manager"}, {})
    seed_roster(store, later, NOW + 3)
    assert roles(store) == held | {"park@shop.example": "manager"}, "of whom nobody decided, the setting says it"
    keep_roster(store, None, NOW + 4)
    seed_roster(store, SETTING, NOW + 5)
    assert roles(store) == held, "sign-in turned off and on again brings nobody back"


def test_each_change_stands_in_the_audit_with_who_and_why(store: Engine) -> None:
    give(store, KIM, "finance", ABC="support")
    with reading(store) as conn:
        entry = conn.exec_driver_sql("SELECT actor, action, detail FROM audit_entry ORDER BY id DESC").first()
        assert entry
        assert (entry.actor, entry.action) == (ADMIN.name, "roster_set")
        assert "인사 발령" in entry.detail
        assert f'"{KIM}/ABC": "support"' in entry.detail
        assert audit.verify(conn).broken_at is None
        assert list(differing(conn)) == []


@pytest.mark.parametrize(
    ("address", "role", "by"),
    [
        (ADMIN.name, "viewer", ADMIN),
        (ADMIN.name, None, ADMIN),
        ("second@shop.example", "admin", ADMIN),
        (KIM, "admin", Actor(KIM, "screen")),
        ("lee@shop.example", "admin", Actor("stranger@shop.example", "screen")),
        ("lee@shop.example", "admin", Actor("local", "screen")),
    ],
)
def test_nobody_changes_their_own_role_and_only_administrators_those_of_others(
    store: Engine, address: str, role: str | None, by: Actor
) -> None:
    with writing(store) as conn:
        for mine in (ADMIN.name, "second@shop.example"):
            identities.bind(conn, mine, "https://id.example", "1", NOW)
    with pytest.raises(NotAllowed):
        give(store, address, role, by)
    assert roles(store) == dict(SETTING.roles)


def test_of_two_administrators_who_remove_each_other_one_stays(store: Engine) -> None:
    give(store, OTHER.name, None, ADMIN)
    with pytest.raises(NotAllowed):
        give(store, ADMIN.name, None, OTHER)
    assert [name for name, role in roles(store).items() if role == "admin"] == [ADMIN.name]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Appointment("kim", "viewer", "사유"), "address"),
        (Appointment("kim@shop.example/ABC", "viewer", "사유"), "address"),
        (Appointment("\uff4bim@shop.example", "viewer", "사유"), "address"),
        (Appointment("a=b@shop.example", "viewer", "사유"), "address"),
        (Appointment(KIM, "finance", " "), "reason"),
        (Appointment(KIM, "finance", "x" * 201), "reason"),
        (Appointment(KIM, "support", "사유", {"ABC": "viewer"}), "role"),
    ],
)
def test_what_cannot_be_meant_is_refused_beside_its_field(store: Engine, wanted: Appointment, field: str) -> None:
    with pytest.raises(InvalidRequest) as error:
        staff.appoint(store, wanted, ADMIN, NOW)
    assert error.value.values["field"] == field


def test_who_is_removed_is_out_at_once_with_sessions_and_tokens(store: Engine) -> None:
    with writing(store) as conn:
        sessions.begin(conn, PersonSession(id="a", email=KIM, role="support", begun_at=NOW, seen_at=NOW))
        token = tokens.issue(conn, Actor(KIM, "screen"), "cron", 90, NOW)
    give(store, KIM, None)
    with reading(store) as conn:
        assert sessions.list_live(conn, NOW + 2) == []
        with pytest.raises(NotAllowed, match="revoked"):
            tokens.owner_of(conn, token, NOW + 2)


def test_a_demotion_ends_sessions_from_where_it_was_done_and_a_role_in_a_store_ends_none(store: Engine) -> None:
    with writing(store) as conn:
        sessions.begin(conn, PersonSession(id="a", email=KIM, role="support", begun_at=NOW, seen_at=NOW))
    give(store, KIM, "support", XYZ="viewer")
    with reading(store) as conn:
        assert len(sessions.list_live(conn, NOW + 1)) == 1
    give(store, KIM, "viewer", Actor(ADMIN.name, "screen 10.0.0.9"))
    with reading(store) as conn:
        assert sessions.list_live(conn, NOW + 2) == []
        (entry,) = conn.exec_driver_sql("SELECT person, kind, what, origin FROM access_entry").fetchall()
    assert tuple(entry) == (KIM, "signed_out", "role", "screen 10.0.0.9")


def test_a_role_is_put_together_given_changed_and_taken_away_once_nobody_has_it(store: Engine) -> None:
    def make(name: str, *may: str, gone: bool = False, by: Actor = ADMIN) -> None:
        staff.make_role(store, MadeRole(name, None if gone else may, "사유"), {"admin", "관리자"}, by, NOW + 1)

    make("환불 담당", "see_payments", "refund")
    give(store, KIM, "환불 담당")
    make("환불 담당", "see_payments", "refund", "approve")
    seed_roster(store, SETTING, NOW + 2)
    with reading(store) as conn:
        kept = kept_roster(conn)
        assert kept
        assert kept.made == {"환불 담당": ["approve", "refund", "see_payments"]}
        assert list(differing(conn)) == []
    for name, gone in (("admin", False), ("관리자", False), ("a" * 31, False), ("x=y", False), ("환불 담당", True)):
        with pytest.raises(InvalidRequest):
            make(name, "refund", gone=gone)
    with pytest.raises(NotAllowed):
        make("새 역할", "refund", by=Actor(KIM, "screen"))
    give(store, KIM, "viewer")
    make("환불 담당", gone=True)
    with reading(store) as conn:
        kept = kept_roster(conn)
    assert kept
    assert kept.made == {}


def test_who_has_a_role_by_another_address_sets_no_limit_for_it(store: Engine) -> None:
    with writing(store) as conn:
        for mine in (ADMIN.name, KIM):
            identities.bind(conn, mine, "https://id.example", "1", NOW)
    with pytest.raises(NotAllowed):
        staff.set_limit(store, "support", 50_000, "사유", ADMIN, NOW)


def test_a_limit_of_a_role_is_set_by_an_administrator_for_others(store: Engine) -> None:
    staff.set_limit(store, "support", 50_000, "신규 직원", ADMIN, NOW)
    seed_roster(store, SETTING, NOW + 1)
    with reading(store) as conn:
        kept = kept_roster(conn)
        assert kept
        assert kept.limits == {"support": 50_000}
        assert list(differing(conn)) == []
    for role, by in (("admin", ADMIN), ("support", Actor(KIM, "screen"))):
        with pytest.raises(NotAllowed):
            staff.set_limit(store, role, None, "사유", by, NOW + 2)
    staff.set_limit(store, "support", None, "수습 끝", ADMIN, NOW + 3)
    with pytest.raises(InvalidRequest):
        staff.set_limit(store, "support", None, "수습 끝", ADMIN, NOW + 4)
