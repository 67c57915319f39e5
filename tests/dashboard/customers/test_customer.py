"""One customer's page: opened by a payment or a key, with nothing of a buyer in its address, masked by role."""

import time

import pytest
from sqlalchemy import Engine

from dashboard.access import PERMISSIONS, Permission
from dashboard.locale import LANGUAGES
from dashboard.settings import Role
from services.operations.journal.audit import Actor
from services.operations.journal.notes import write_note
from tests.worlds.screens.money_forms import NAVER, NAVER_KEY, VBANK
from tests.worlds.screens.screens import run_page, story, texts

BUYER = ("홍길동", "010-1234-5678", "hong@example.com")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("query", [{"imp_uid": NAVER}, {"customer_uid": NAVER_KEY}])
def test_a_customer_is_opened_by_a_payment_or_a_key(engine: Engine, language: str, query: dict[str, str]) -> None:
    at = run_page("customer", language=language, query=query)
    assert len(at.metric) == 4
    assert at.dataframe


def test_figures_are_those_of_the_payments_below(engine: Engine) -> None:
    at = run_page("customer", query={"imp_uid": NAVER})
    rows = at.dataframe[-1].value
    paid = rows[rows["status"].map(lambda cell: any(word in str(cell) for word in ("Paid", "efunded")))]
    assert at.metric[0].label == "Amount paid"
    assert at.metric[0].delta == f"{len(paid)} payments"
    told = " ".join(caption.value for caption in at.caption).replace("\\", "")
    assert f"Joined by: Phone ({len(rows)} payments)" in told
    assert any("Phone" in str(cell) for cell in rows["hits"])


def test_a_column_with_nothing_in_it_is_left_out(engine: Engine) -> None:
    # Who sees no buyers sees this payment alone, and it did not fail.
    rows = run_page("customer", role=Role.VIEWER, query={"imp_uid": VBANK}).dataframe[-1].value
    assert len(rows) == 1
    assert "fail_reason" not in rows


@pytest.mark.parametrize("role", Role)
def test_a_buyer_is_whole_and_joined_by_phone_only_for_who_may_see_buyers(engine: Engine, role: Role) -> None:
    shown = texts(run_page("customer", role=role, query={"imp_uid": NAVER})).replace("\\", "").replace("\u2060", "")
    sees = Permission.SEE_BUYERS in PERMISSIONS[role]
    assert all((text in shown) == sees for text in BUYER)
    assert ("only the billing key joins" in shown) != sees


def test_notes_of_all_payments_of_a_customer_stand_on_its_page(engine: Engine) -> None:
    write_note(engine, NAVER, "통화함", Actor("kim@example.com", "screen"), time.time())
    at = run_page("customer", query={"imp_uid": NAVER})
    assert [line.partition("**")[2] for line in story(at, "Notes")] == ["Note** · 통화함 · kim@example.com"]


@pytest.mark.parametrize("page", ["customer", "payment"])
def test_a_browsers_history_keeps_no_buyer(engine: Engine, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    tabs: list[str] = []
    monkeypatch.setattr("streamlit.set_page_config", lambda **config: tabs.append(config["page_title"]))
    at = run_page(page, query={"imp_uid": NAVER})
    assert BUYER[0] in at.title[0].value
    assert tabs[-1].startswith(page.title())
    assert not [tab for tab in tabs if BUYER[0] in tab]


def test_an_address_that_leads_to_nobody_says_where_to_go(engine: Engine) -> None:
    assert run_page("customer", query={"imp_uid": "imp_9"}).info
    assert run_page("customer").info


@pytest.mark.parametrize(
    ("page", "query"), [("payment", {"imp_uid": NAVER}), ("billing_key", {"customer_uid": NAVER_KEY})]
)
def test_a_payment_and_a_key_lead_to_their_customer_by_an_id_alone(
    engine: Engine, page: str, query: dict[str, str]
) -> None:
    links = [link.proto for link in run_page(page, query=query).get("page_link") if link.proto.page == "customer"]
    ((name, value),) = query.items()
    assert [link.query_string for link in links] == [f"{name}={value}"]
