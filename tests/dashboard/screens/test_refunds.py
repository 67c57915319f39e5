"""The list of refunds: what it shows, its sums, its address, its export."""

import csv
import io
from pathlib import Path

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from dashboard.access import LOCAL_USER
from dashboard.app import app
from dashboard.process.tickets import issue_ticket
from dashboard.settings import Role
from services.exports.export import count_export
from services.store.lists.filters import Live, PaymentFilter
from tests.worlds.screens.screens import empty_store, run_page, texts


def shown(at: AppTest) -> list[str]:
    return list(at.dataframe[0].value["imp_uid"])


@pytest.mark.parametrize("language", ["en", "ko"])
def test_no_refund_offers_a_longer_look(tmp_path: Path, language: str) -> None:
    empty_store(tmp_path)
    at = run_page("refunds", language=language)
    assert at.info
    assert at.button(key="look_90").label


@pytest.mark.parametrize("role", Role)
def test_every_role_sees_refunds_and_only_some_whose(engine: Engine, role: Role) -> None:
    at = run_page("refunds", role=role)
    assert len(shown(at)) == 2
    assert ("홍길동" in texts(at)) == (role in (Role.SUPPORT, Role.FINANCE, Role.ADMIN))


def test_refunds_are_negative_with_their_reason_and_made_elsewhere(engine: Engine) -> None:
    frame = run_page("refunds").dataframe[0].value
    assert list(frame["Amount"]) == [20_000, 3_000]
    assert list(frame["Refund reason"]) == ["단순 변심"] * 2
    assert list(frame["Entered by"]) == ["elsewhere"] * 2


def test_the_sum_is_of_the_whole_filter(engine: Engine) -> None:
    assert "2 refunds · :red[**₩23,000**]" in texts(run_page("refunds"))


def test_an_address_narrows_the_list(engine: Engine) -> None:
    assert run_page("refunds", query={"pg": "kcp"}).info
    assert len(shown(run_page("refunds", query={"pg": "naverpay", "method": "card"}))) == 2


def test_an_exact_id_ignores_the_days(engine: Engine) -> None:
    query = {"q": "imp_100000000002", "from": "2020-01-01", "to": "2020-01-02"}
    assert shown(run_page("refunds", query=query)) == ["imp_100000000002"]


def test_a_refunds_own_number_finds_it(engine: Engine) -> None:
    assert shown(run_page("refunds", query={"q": "c2"})) == ["imp_100000000003"]


def test_an_address_with_nonsense_still_shows_a_page(engine: Engine) -> None:
    assert not run_page("refunds", query={"before": "'; DROP TABLE payment", "live": "x", "from": "y"}).exception


def test_the_export_holds_what_its_button_counts(engine: Engine) -> None:
    chosen = PaymentFilter(live=Live.LIVE)
    client = TestClient(app, base_url="http://127.0.0.1")
    answer = client.get(issue_ticket(chosen, "csv", LOCAL_USER, "ko", kind="refunds", reason="closing"))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) - 1 == count_export(engine, "refunds", chosen) == 2
    assert "jangbu-refunds-" in answer.headers["content-disposition"]
    assert {"요청자", "처리자"} <= set(rows[0])


@pytest.mark.parametrize("role", Role)
def test_only_some_roles_may_export(engine: Engine, role: Role) -> None:
    offered = [one for one in run_page("refunds", role=role).get("popover") if one.proto.popover.label == "Export"]
    assert bool(offered) == (role != Role.VIEWER and role != Role.SUPPORT)


def test_refunds_that_hold_a_text_are_exported_too(engine: Engine) -> None:
    at = run_page("refunds")
    at.text_input(key="refunds.text").set_value("변심").run()
    assert "Export" in [one.proto.popover.label for one in at.get("popover")]
