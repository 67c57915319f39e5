"""The access log from screens: three people go through them, and it holds what a list written by hand expects."""

import csv
import io
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from dashboard.access import User
from dashboard.process.sessions import end_all
from dashboard.process.tickets import issue_ticket
from dashboard.routes.export import download
from dashboard.screens.access_log import access_desk
from dashboard.screens.access_log import access_list as log_screen
from dashboard.settings import Role
from services.operations.journal.audit import Actor
from services.people import access_list, access_log
from services.people.access_list import AccessFilter
from services.people.access_log import Access
from services.people.sought import Sought, kind_of
from services.store.engine import reading, writing
from services.store.lists.filters import PaymentFilter
from services.tables.people import Ending
from services.tables.staff.access import AccessKind
from tests.worlds.screens.screens import filled_store, run_page, texts

ONE, KEYED = "imp_100000000001", "imp_100000000009"
FINANCE, SUPPORT, VIEWER = (f"{role}@example.com" for role in (Role.FINANCE, Role.SUPPORT, Role.VIEWER))


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return filled_store(tmp_path)


def entries(engine: Engine) -> list[tuple[Any, ...]]:
    """Person, what was done, where, whose, what kind of word or columns, and the reason; oldest first."""
    sql = "SELECT person, kind, what, whose, column_names, reason FROM access_entry ORDER BY id"
    with reading(engine) as conn:
        assert access_log.verify(conn).broken_at is None
        return [tuple(row) for row in conn.exec_driver_sql(sql)]


def not_theirs(page: str, role: Role) -> None:
    """A page by its address, for somebody whose role does not open it."""
    with pytest.raises(ValueError, match="navigation page"):
        run_page(page, role=role)


def look_for(at: AppTest, text: str) -> AppTest:
    return at.text_input(key="payments.text").set_value(text).run()


def test_three_people_leave_exactly_the_entries_that_the_rule_expects(engine: Engine) -> None:
    # Finance opens the list, looks for a name and a phone, and comes back to one of them by a run of its own.
    at = run_page("payments", role=Role.FINANCE)
    at = look_for(look_for(at, "홍길동"), "010-1234-5678").run()
    # Support opens a payment, draws it twice more, then another one, then its billing key.
    run_page("payment", role=Role.SUPPORT, query={"imp_uid": ONE}).run().run()
    run_page("payment", role=Role.SUPPORT, query={"imp_uid": KEYED})
    run_page("billing_key", role=Role.SUPPORT, query={"customer_uid": "key_1"})
    # Home and revenue show nobody; neither does a page that is not theirs.
    run_page("overview", role=Role.SUPPORT)
    run_page("revenue", role=Role.SUPPORT)
    not_theirs("access_log", Role.SUPPORT)
    # A viewer sees masked names only, and looks for an order.
    at = run_page("payments", role=Role.VIEWER)
    look_for(at, "ORD-000001")
    run_page("payment", role=Role.VIEWER, query={"imp_uid": ONE})
    end_all(FINANCE, Ending.SIGNED_OUT, "screen 10.0.0.7")
    assert entries(engine) == [
        (FINANCE, "seen", "payments", "", "", ""),
        (FINANCE, "searched", "payments", "", "words", ""),
        (FINANCE, "searched", "payments", "", "phone", ""),
        (SUPPORT, "seen", "payment", ONE, "", ""),
        (SUPPORT, "seen", "payment", KEYED, "", ""),
        (SUPPORT, "seen", "billing_key", "key_1", "", ""),
        (SUPPORT, "refused", "access_log", "", "", ""),
        (VIEWER, "searched", "payments", "", "id", ""),
        (FINANCE, "signed_out", "signed_out", "", "", ""),
    ]


def test_no_name_and_no_word_that_was_looked_for_is_in_the_log(engine: Engine) -> None:
    look_for(look_for(run_page("payments"), "홍길동"), "hong@example.com")
    run_page("payment", query={"imp_uid": ONE})
    with reading(engine) as conn:
        kept = str(conn.exec_driver_sql("SELECT * FROM access_entry").fetchall())
    assert "홍길동" not in kept
    assert "hong@" not in kept
    assert {row[0] for row in entries(engine)} == {"local"}


def test_what_cannot_be_written_down_is_not_shown(engine: Engine) -> None:
    with writing(engine) as conn:
        conn.exec_driver_sql("DROP TABLE access_entry")
    for page, query in (("payments", {}), ("payment", {"imp_uid": ONE})):
        at = run_page(page, role=Role.SUPPORT, query=query)
        assert at.error[0].value.startswith("The access log cannot be written")
        assert "홍길동" not in texts(at)
        assert not at.dataframe
    # Whoever sees them masked goes on working.
    assert run_page("payments", role=Role.VIEWER).dataframe


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("홍길동", Sought.WORDS),
        ("사과 5kg", Sought.WORDS),
        ("010-1234-5678", Sought.PHONE),
        ("+82 10 1234 5678", Sought.PHONE),
        ("02.123.4567", Sought.PHONE),
        ("5678", Sought.NUMBER),
        ("10,000원", Sought.NUMBER),
        ("hong@example.com", Sought.MAIL),
        ("imp_100000000001", Sought.ID),
        ("ORD-000001", Sought.ID),
    ],
)
def test_of_a_word_its_kind_is_kept(text: str, kind: Sought) -> None:
    assert kind_of(text) == kind


def test_a_file_is_offered_once_it_is_said_what_for(engine: Engine) -> None:
    def links(at: AppTest) -> list[tuple[bool, str]]:
        return [(one.proto.disabled, one.proto.url) for one in at.get("link_button")]

    at = run_page("payments", role=Role.FINANCE)
    at.session_state["export"] = True
    at.run()
    assert links(at) == [(True, "/"), (True, "/")]
    at.button_group(key="export_payments.reason").set_value("other").run()
    assert links(at) == [(True, "/"), (True, "/")]
    at.text_input(key="export_payments.words").set_value("부가세 신고").run()
    found = links(at)
    assert [disabled for disabled, _url in found] == [False, False]
    assert all(url.startswith("/export/") for _disabled, url in found)


def test_the_log_is_for_whoever_answers_for_personal_data(engine: Engine) -> None:
    for role in (Role.VIEWER, Role.SUPPORT, Role.MANAGER, Role.FINANCE):
        not_theirs("access_log", role)
    assert run_page("access_log", role=Role.ADMIN).title[0].value == "Access log"


def test_the_log_is_filtered_and_says_what_for(engine: Engine) -> None:
    run_page("payment", role=Role.SUPPORT, query={"imp_uid": ONE})
    run_page("payment", role=Role.FINANCE, query={"imp_uid": KEYED})
    path = issue_ticket(PaymentFilter(), "csv", User(FINANCE, Role.FINANCE), "ko", reason="inquiry")
    app = Starlette(routes=[Route("/export/{token}", download)])
    assert TestClient(app, base_url="http://localhost").get(path).status_code == 200
    shown = run_page("access_log", role=Role.ADMIN).dataframe[0].value
    assert list(shown["kind"]) == ["Exported", "Looked at", "Looked at"]
    assert shown["reason"][0] == "A buyer's inquiry"
    found = run_page("access_log", role=Role.ADMIN, query={"person": SUPPORT}).dataframe[0].value
    assert list(found["whose"]) == [ONE]
    found = run_page("access_log", role=Role.ADMIN, query={"q": KEYED}).dataframe[0].value
    assert list(found["person"]) == [FINANCE]


def test_a_review_is_noted_for_the_month_that_has_ended(engine: Engine) -> None:
    with writing(engine) as conn:
        access_log.append(conn, Actor("kim@example.com", "screen"), Access(AccessKind.SEEN, "payments"), 1_700_000_000)
    at = run_page("access_log", role=Role.ADMIN)
    at.session_state["access_review"] = True
    at.run()
    at.text_input(key="access_review_note").set_value("이상 없음")
    next(one for one in at.button if one.label == "Reviewed").click().run()
    assert not at.exception
    assert [one.value for one in at.caption if "이상 없음" in one.value and "admin" in one.value]
    assert entries(engine)[-1][:3] == ("admin@example.com", "reviewed", access_list.month_to_review(time.time()))


def test_a_log_that_began_this_month_is_not_late_with_its_review(engine: Engine) -> None:
    at = run_page("access_log", role=Role.ADMIN)
    assert not at.get("popover") or "Note a review" not in str(at.get("popover"))
    assert any("first one is due" in one.value for one in at.caption)


def test_the_file_of_the_log_has_a_line_for_each_entry(engine: Engine) -> None:
    run_page("payment", role=Role.SUPPORT, query={"imp_uid": ONE})
    found = log_screen._as_csv(lambda: access_desk.read_file(AccessFilter()))
    rows = list(csv.reader(io.StringIO(found.text)))
    assert [row[2:6] for row in rows[1:]] == [[SUPPORT, "Looked at", "Payment", ONE]]
    assert (found.rows, len(rows[0])) == (1, len(access_list.Accessed._fields))
