"""No file of buyers without a reason and an entry: every way to one is known, asks, and writes before it gives."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.access import LOCAL_USER
from dashboard.process.tickets import issue_page_ticket, issue_ticket
from dashboard.routes.export import download
from dashboard.settings import Role
from services.errors import InvalidRequest
from services.exports.csv_text import list_file
from services.store.engine import reading, writing
from services.store.lists.filters import PaymentFilter
from tests.worlds.screens.screens import filled_store, run_page

ROOT = Path(__file__).parents[3]
NO_BUYERS = {
    "dashboard/kit/numbers.py": "the table behind a chart",
    "dashboard/screens/schedules/bulk_schedules.py": "a template",
    "dashboard/screens/deliveries/bulk_parcels.py": "a template",
    "dashboard/screens/naver/bulk_orders.py": "a template",
    "dashboard/screens/links/link_files.py": "a template",
    "dashboard/screens/refunds/batch_files.py": "a template",
    "dashboard/screens/privacy/buyer_form.py": "a buyer's copy, which is noted when it is made",
    "dashboard/screens/window_code/pack_form.py": "the pack for Naver Pay's inspection, which is noted when it is made",
}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return filled_store(tmp_path)


@pytest.fixture
def client(engine: Engine) -> TestClient:
    return TestClient(Starlette(routes=[Route("/export/{token}", download)]), base_url="http://localhost")


def taken(engine: Engine) -> list[tuple[Any, ...]]:
    sql = "SELECT person, kind, what, row_count, column_names, reason FROM access_entry ORDER BY id"
    with reading(engine) as conn:
        return [tuple(row) for row in conn.exec_driver_sql(sql)]


def page_ticket(reason: str, language: str = "en") -> str:
    made = lambda: list_file(["이름", "전화"], [("홍길동", "010-1234-5678"), ("김철수", "")])  # noqa: E731
    columns = ("buyer_name", "buyer_tel")
    return issue_page_ticket(made, "jangbu-x.csv", LOCAL_USER, language, what="links", columns=columns, reason=reason)


def test_a_button_that_downloads_without_a_ticket_holds_no_buyers() -> None:
    found = {
        str(path.relative_to(ROOT))
        for folder in ("dashboard", "pages")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"download_button\(", path.read_text(encoding="utf-8"))
    }
    assert found == set(NO_BUYERS)


@pytest.mark.parametrize("reason", ["", " \t", "가" * 201, "010-1234-5678 고객이 요청", "4111 1111 1111 1111"])
def test_there_is_no_file_of_a_page_without_a_reason(reason: str) -> None:
    with pytest.raises(InvalidRequest):
        page_ticket(reason)


def test_a_file_of_a_page_is_written_down_with_v1s_names_however_often_it_is_asked_for(
    client: TestClient, engine: Engine
) -> None:
    path = page_ticket("delivery")
    assert taken(engine) == []
    answers = [client.get(path) for _time in range(2)]
    assert {(one.status_code, one.text.count("홍길동")) for one in answers} == {(200, 1)}
    assert answers[0].headers["content-disposition"] == 'attachment; filename="jangbu-x.csv"'
    assert answers[0].headers["cache-control"] == "no-store"
    assert taken(engine) == [("local", "exported", "links", 2, "buyer_name,buyer_tel", "delivery")]


def test_where_it_cannot_be_written_down_the_answer_says_so_and_holds_nothing(
    client: TestClient, engine: Engine
) -> None:
    path = page_ticket("delivery")
    with writing(engine) as conn:
        conn.exec_driver_sql("DROP TABLE access_entry")
    answer = client.get(path)
    assert answer.status_code == 503
    assert answer.text.startswith("The access log cannot be written")


def test_an_export_that_a_browser_asks_for_twice_at_once_is_one_entry(client: TestClient, engine: Engine) -> None:
    path = issue_ticket(PaymentFilter(), "csv", LOCAL_USER, "en", reason="closing", columns=("imp_uid",))
    together = threading.Barrier(2, timeout=60)

    def ask() -> int:
        together.wait()
        return int(client.get(path).status_code)

    with ThreadPoolExecutor(2) as threads:
        assert [one.result(timeout=60) for one in [threads.submit(ask) for _time in range(2)]] == [200, 200]
    assert taken(engine) == [("local", "exported", "payments", 8, "imp_uid", "closing")]


def test_the_file_of_the_log_itself_asks_as_well(engine: Engine) -> None:
    at = run_page("access_log", role=Role.ADMIN)
    at.session_state["access_csv_open"] = True
    at.run()
    (link,) = at.get("link_button")
    assert (link.proto.disabled, link.proto.url) == (True, "/")
    at.button_group(key="access_csv.reason").set_value("authority").run()
    (link,) = at.get("link_button")
    assert (link.proto.disabled, link.proto.url.startswith("/export/")) == (False, True)
