"""Naver Pay orders at once on the screen: those that wait, the last word before they go, and what Home says of them."""

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.screens.asking.many import ManyDraft
from dashboard.settings import Role
from services.tables.journal import OperationKind
from tests.dashboard.naver.test_orders import said
from tests.worlds.screens.money_forms import CARD, NAVER, field, money_store, operations, press
from tests.worlds.screens.screens import run_page

pytestmark = pytest.mark.usefixtures("gateway_is_read")


def chosen(*imp_uids: str) -> AppTest:
    """The page as the list of payments leads to it."""
    at = run_page("bulk_naver", query={"kind": "naver_confirm"})
    at.session_state["naver.draft"] = ManyDraft(imp_uids, "naver_confirm")
    return at.run()


def test_rows_that_were_chosen_are_looked_at_and_sent_in_one_list(engine: Engine) -> None:
    at = press(chosen(NAVER, CARD), "look_at_rows")
    assert [one.value for one in at.error] == ["Choose who asked for it: the customer or the shop."]
    field(at, "requester").set_value("customer")
    at = press(at, "look_at_rows")
    assert "1 of 2 rows can be sent" in said(at)
    assert "This was not paid by Naver Pay's payment type." in said(at)
    assert at.button(key="submit_rows").disabled
    field(at, "fitting").set_value(True)
    at = at.run()
    assert at.button(key="submit_rows").label == "Confirm 1 order"
    at = press(at, "submit_rows")
    assert [(one.kind, one.imp_uid, one.requester) for one in operations(engine)] == [
        (OperationKind.NAVER_CONFIRM, NAVER, "customer")
    ]
    assert "Brought by" in said(at)


def test_home_counts_what_waits_for_finance_alone(engine: Engine) -> None:
    words = "Naver Pay orders are to be confirmed."
    assert words in said(run_page("overview", role=Role.FINANCE))
    assert words not in said(run_page("overview", role=Role.SUPPORT))


def test_without_the_contract_nothing_is_offered(tmp_path_factory: pytest.TempPathFactory) -> None:
    money_store(tmp_path_factory.mktemp("none"))
    assert "are to be confirmed" not in said(run_page("overview"))
    assert "neither escrow nor points" in said(run_page("bulk_naver"))


def test_the_list_of_payments_lets_several_be_chosen(engine: Engine) -> None:
    assert [one for one in run_page("payments", role=Role.FINANCE).toggle if one.key == "payments.several"]
    assert not [one for one in run_page("payments", role=Role.VIEWER).toggle if one.key == "payments.several"]
