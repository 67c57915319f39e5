"""Saved views: whose they are, who may change them, what is refused, and what stays known of a shared one."""

import pytest
from sqlalchemy import Engine, text

from services.errors import InvalidRequest, Moved, NotAllowed
from services.people import views
from services.people.views import LONGEST, MOST, By, Shown
from services.store.engine import reading, writing
from services.tables.staff.views import SavedView

KIM, LEE = By("kim@example.com"), By("lee@example.com")
MANAGER = By("manager@example.com", over_others=True)
SHOWN = Shown("state=paid&period=last_month", ("amount", "made_at"))
NOW = 1_800_000_000.7


def saved(store: Engine, name: str, by: By = KIM, *, shared: bool = False, on: str = "payments") -> SavedView:
    with writing(store) as conn:
        return views.save(conn, on, name, SHOWN, by, NOW, shared=shared)


def seen_by(store: Engine, person: By, on: str = "payments") -> list[str]:
    with reading(store) as conn:
        return [view.name for view in views.find(conn, on, person.person)]


def test_a_private_view_is_its_owners_and_a_shared_one_is_seen_by_all_on_its_list(store: Engine) -> None:
    saved(store, "부분 환불", shared=True)
    saved(store, "가나다")
    view = saved(store, "  어제 ", LEE)
    assert (view.name, view.address, view.columns, view.owner) == ("어제", SHOWN.address, "amount,made_at", LEE.person)
    assert seen_by(store, KIM) == ["가나다", "부분 환불"]
    assert seen_by(store, LEE) == ["어제", "부분 환불"]
    assert seen_by(store, LEE, "refunds") == []
    with reading(store) as conn:
        assert views.get(conn, "payments", view.id, KIM.person) is None


def test_a_name_is_taken_once_for_a_person_and_a_list(store: Engine) -> None:
    first = saved(store, "어제")
    saved(store, "어제", LEE)
    saved(store, "어제", on="refunds")
    other = saved(store, "그제")
    for name in ("어제", "", " \u200b ", "가" * (LONGEST + 1), "4111-1111-1111-1111"):
        with pytest.raises(InvalidRequest) as refused:
            saved(store, name)
        assert refused.value.values["field"] == "name"
    with writing(store) as conn:
        with pytest.raises(InvalidRequest):
            views.change(conn, other, KIM, NOW, name="어제")
        assert views.change(conn, first, KIM, NOW, name="어제", shared=True).shared
        views.remove(conn, other, KIM, NOW)
    assert saved(store, "그제").name == "그제"


def test_only_its_owner_and_who_may_see_system_change_a_shared_view_and_who_did_stays_known(store: Engine) -> None:
    view = saved(store, "부분 환불", shared=True)
    with writing(store) as conn:
        with pytest.raises(NotAllowed, match=KIM.person):
            views.change(conn, view, LEE, NOW, name="내 것")
        with pytest.raises(NotAllowed):
            views.remove(conn, view, LEE, NOW)
        changed = views.change(conn, view, MANAGER, NOW + 60, shown=Shown("state=failed"))
        assert (changed.address, changed.columns, changed.changed_by) == ("state=failed", "", MANAGER.person)
        views.remove(conn, view, MANAGER, NOW + 120)
        with pytest.raises(Moved):
            views.change(conn, view, KIM, NOW, name="다시")
    assert seen_by(store, KIM) == []
    with reading(store) as conn:
        told = conn.execute(text("SELECT owner, changed_by, changed_at, deleted_by, deleted_at FROM saved_view"))
        assert tuple(told.one()) == (KIM.person, MANAGER.person, int(NOW) + 60, MANAGER.person, int(NOW) + 120)


def test_a_private_view_is_nobody_elses_and_leaves_nothing_behind(store: Engine) -> None:
    view = saved(store, "어제")
    with writing(store) as conn:
        with pytest.raises(Moved):
            views.remove(conn, view, MANAGER, NOW)
        views.remove(conn, view, KIM, NOW)
    with reading(store) as conn:
        assert conn.execute(text("SELECT count(*) FROM saved_view")).scalar() == 0


def test_a_person_has_so_many_views_in_all_lists_and_no_endless_one(store: Engine) -> None:
    for number in range(MOST):
        saved(store, f"보기 {number}", on="payments" if number % 2 else "refunds")
    with pytest.raises(InvalidRequest, match=str(MOST)):
        saved(store, "하나 더")
    saved(store, "하나 더", LEE)
    with writing(store) as conn, pytest.raises(InvalidRequest):
        views.save(conn, "payments", "긴 것", Shown("pg=" + "a" * 4_000), MANAGER, NOW, shared=False)


def test_columns_are_kept_for_a_person_and_a_list_and_are_no_view(store: Engine) -> None:
    with writing(store) as conn:
        views.keep_columns(conn, "payments", ("amount", "made_at"), KIM.person, NOW)
        views.keep_columns(conn, "payments", ("name", "amount"), KIM.person, NOW)
        views.keep_columns(conn, "refunds", ("amount",), KIM.person, NOW)
        views.keep_columns(conn, "refunds", (), KIM.person, NOW)
    with reading(store) as conn:
        found = [views.columns_of(conn, name, by.person) for name in ("payments", "refunds") for by in (KIM, LEE)]
    assert found == [("name", "amount"), (), (), ()]
    assert seen_by(store, KIM) == []
