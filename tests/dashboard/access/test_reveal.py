"""A masked buyer is shown by one click for a reason, on that payment and that visit alone, and the log says so."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.settings import Role
from services.store.engine import reading, writing
from tests.worlds.screens.screens import filled_store, run_page, texts

ONE, OTHER = "imp_100000000001", "imp_100000000002"
BUYER = ("홍길동", "010-1234-5678", "hong@example.com", "서울시 중구 을지로 1")


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return filled_store(tmp_path)


def entries(engine: Engine) -> list[tuple[Any, ...]]:
    with reading(engine) as conn:
        sql = "SELECT person, kind, what, whose, reason FROM access_entry ORDER BY id"
        return [tuple(row) for row in conn.exec_driver_sql(sql)]


def seen(at: AppTest) -> list[str]:
    shown = texts(at).replace("\\", "").replace("\u2060", "")
    return [one for one in BUYER if one in shown]


def opened(at: AppTest, imp_uid: str) -> AppTest:
    at.query_params["imp_uid"] = imp_uid
    return at.run()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MANAGER])
def test_one_click_shows_the_buyer_of_this_payment_for_this_visit(engine: Engine, role: Role) -> None:
    at = run_page("payment", role=role, query={"imp_uid": ONE})
    assert (seen(at), entries(engine)) == ([], [])
    at.button(key="reveal_inquiry").click().run()
    assert seen(at) == list(BUYER)
    assert seen(at.run()) == list(BUYER)
    assert entries(engine) == [(f"{role}@example.com", "revealed", "payment", ONE, "inquiry")]
    assert seen(opened(at, OTHER)) == []
    assert seen(opened(at, ONE)) == list(BUYER)
    at.switch_page("../pages/payments.py").run()
    assert seen(at) == []
    at.switch_page("../pages/payment.py")
    assert seen(opened(at, ONE)) == []
    assert len(entries(engine)) == 1


def test_who_sees_buyers_has_nothing_to_click(engine: Engine) -> None:
    at = run_page("payment", role=Role.SUPPORT, query={"imp_uid": ONE})
    assert not [one for one in at.button if (one.key or "").startswith("reveal")]


def test_where_it_cannot_be_written_down_the_buyer_stays_masked(engine: Engine) -> None:
    at = run_page("payment", role=Role.VIEWER, query={"imp_uid": ONE})
    with writing(engine) as conn:
        conn.exec_driver_sql("DROP TABLE access_entry")
    at.button(key="reveal_inquiry").click().run()
    assert at.error[0].value.startswith("The access log cannot be written")
    assert seen(at) == []
    assert seen(at.run()) == []
