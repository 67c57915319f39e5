"""Files of refunds on the screen: a dry run, exactly that file approved by somebody else, a result."""

import csv
import io
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from dashboard.routes.export import download
from dashboard.screens.refunds.batch_files import RESULT, result_file
from dashboard.settings import Role
from services.operations.files import batches
from services.operations.files.batches import batch_operations, dry_run, get_batch
from services.store.engine import reading
from services.tables.journal import OperationState as State
from tests.worlds.screens.money_forms import CARD, NAVER, OTHER, money_store, moved, operations, press
from tests.worlds.screens.screens import empty_store, run_page, texts

HEAD = "imp_uid,amount,reason,requester\n"
GOOD = f'{HEAD}{NAVER},3000,단순 변심,customer\n{CARD},"5,000",배송 지연,admin\n'


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return money_store(tmp_path)


@pytest.fixture
def brought(engine: Engine) -> int:
    with reading(engine) as conn:
        run = dry_run(conn, "refunds.csv", GOOD.encode())
    return batches.submit(engine, run, OTHER, time.time())


@pytest.mark.parametrize("language", ["en", "ko"])
def test_without_sign_in_there_is_no_second_person(tmp_path: Path, language: str) -> None:
    empty_store(tmp_path)
    at = run_page("bulk_refunds", language=language)
    assert at.warning
    # What Streamlit says of files is English in every language.
    style = " ".join(one.proto.body for one in at.get("html"))
    for words in {"en": ("Choose a file", "CSV, at most 5 MB"), "ko": ("파일 선택", "CSV, 최대 5MB")}[language]:
        assert f'content: "{words}"' in style


def test_without_sign_in_a_file_can_be_ended_and_not_approved(brought: int) -> None:
    at = run_page("bulk_refunds")
    keys = {str(one.key) for one in at.button}
    assert f"decline_file_{brought}" in keys
    assert f"approve_file_{brought}" not in keys
    assert "approving needs sign-in." in texts(at).replace("\\", "")


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MANAGER])
def test_a_role_that_may_not_refund_has_no_such_page(engine: Engine, role: Role) -> None:
    with pytest.raises(ValueError, match="page"):
        run_page("bulk_refunds", role=role)


def test_a_file_is_looked_at_row_by_row_and_submitted(engine: Engine) -> None:
    at = run_page("bulk_refunds", role=Role.SUPPORT)
    at = at.file_uploader[0].set_value(("refunds.csv", GOOD.encode(), "text/csv")).run()
    assert "2 of 2 rows can be sent" in texts(at).replace("\\", "")
    assert not operations(engine)
    press(at, "submit_file")
    assert [one.state for one in operations(engine)] == [State.AWAITING_APPROVAL] * 2


def test_a_row_that_cannot_be_sent_says_why_and_holds_back_the_file(engine: Engine) -> None:
    at = run_page("bulk_refunds", role=Role.SUPPORT)
    bad = GOOD + "imp_9,1,a,customer\n"
    at = at.file_uploader[0].set_value(("refunds.csv", bad.encode(), "text/csv")).run()
    assert "No such payment in the mirror." in texts(at)
    assert at.button(key="submit_file").disabled


def test_a_row_with_faults_shows_what_was_typed_and_tells_them_all(engine: Engine) -> None:
    at = run_page("bulk_refunds", role=Role.SUPPORT)
    bad = GOOD + "imp_9,12.000,,boss\nimp_8,700,4111-1111-1111-1111,admin\n"
    at = at.file_uploader[0].set_value(("refunds.csv", bad.encode(), "text/csv")).run()
    assert not at.exception
    *_good, third, fourth = at.dataframe[0].value.to_dict("records")
    assert (third["imp_uid"], third["Amount"], third["Who wanted it"]) == ("imp_9", "12.000", "boss")
    for words in ("No such payment in the mirror.", "12,000", "Say why:", "Choose who asked for it"):
        assert words in third["What it would do"].replace("\\", "")
    assert (fourth["Amount"], fourth["Who wanted it"]) == ("₩700", "admin")
    assert "must not be kept" in fourth["What it would do"]
    assert "1111-1111" not in str(fourth)


def test_a_file_that_is_none_of_ours_is_a_sentence(engine: Engine) -> None:
    at = run_page("bulk_refunds", role=Role.SUPPORT)
    at = at.file_uploader[0].set_value(("x.csv", b"a,b\n", "text/csv")).run()
    assert "lacks" in at.error[0].value


def test_who_says_yes_to_a_file_can_see_its_rows_first(engine: Engine, brought: int) -> None:
    at = run_page("bulk_refunds", role=Role.FINANCE)
    assert not at.dataframe
    at.session_state[f"rows_{brought}"] = True
    rows = at.run().dataframe[0].value
    assert set(rows["imp_uid"]) == {one.imp_uid for one in operations(engine)}
    assert at.button(key=f"approve_file_{brought}").label


def test_somebody_else_approves_exactly_this_file(engine: Engine, brought: int) -> None:
    at = run_page("bulk_refunds", role=Role.FINANCE)
    with reading(engine) as conn:
        assert get_batch(conn, brought).digest in texts(at)
    press(at, f"approve_file_{brought}")
    with reading(engine) as conn:
        assert get_batch(conn, brought).approved_by == "finance@example.com"


def test_support_does_not_approve(brought: int) -> None:
    at = run_page("bulk_refunds", role=Role.SUPPORT)
    assert not [button for button in at.button if "approve_file" in str(button.key)]


def test_declining_wants_a_reason(engine: Engine, brought: int) -> None:
    at = press(run_page("bulk_refunds", role=Role.FINANCE), f"decline_file_{brought}")
    assert "Give a reason" in at.error[0].value
    at.text_input(key=f"file_note_{brought}").set_value("중복 파일")
    press(at, f"decline_file_{brought}")
    assert {one.note for one in operations(engine)} == {"중복 파일"}


def test_the_result_is_a_file_that_no_spreadsheet_reads_as_a_formula(engine: Engine, brought: int) -> None:
    with reading(engine) as conn:
        first = batch_operations(conn, brought)[0]
    moved(engine, first, State.INTENT, State.SENT, State.REFUSED, message="=1+1")
    with reading(engine) as conn:
        found = result_file(batch_operations(conn, brought))
    rows = list(csv.DictReader(io.StringIO(found.text.removeprefix("\ufeff"))))
    assert [row["state"] for row in rows] == ["refused", "awaiting_approval"]
    assert rows[0]["message"] == "'=1+1"


def test_the_rows_of_a_file_are_taken_along_for_a_reason_that_is_in_the_access_log(
    engine: Engine, brought: int
) -> None:
    def links(at: AppTest) -> list[str]:
        return [one.proto.url for one in at.get("link_button") if one.proto.label == "CSV"]

    at = run_page("bulk_refunds", role=Role.FINANCE)
    assert [one.proto.label for one in at.get("download_button")] == ["Template (CSV)"]
    at.session_state[f"result_{brought}_open"] = True
    assert links(at.run()) == ["/"]
    at.button_group(key=f"result_{brought}.reason").set_value("reconciliation").run()
    app = Starlette(routes=[Route("/export/{token}", download)])
    answer = TestClient(app, base_url="http://localhost").get(links(at)[0])
    assert (answer.status_code, answer.text.count("단순 변심")) == (200, 1)
    with reading(engine) as conn:
        sql = "SELECT what, row_count, column_names, reason FROM access_entry WHERE kind = 'exported'"
        assert [tuple(one) for one in conn.exec_driver_sql(sql)] == [
            ("operations", 2, ",".join(RESULT), "reconciliation"),
        ]  # fmt: skip


def test_who_neither_exports_nor_brought_a_file_takes_no_rows_of_it_along(engine: Engine, brought: int) -> None:
    def offered(role: Role) -> int:
        at = run_page("bulk_refunds", role=role)
        return len([one for one in at.get("popover") if one.proto.popover.label == "Rows (CSV)"])

    assert {role.value: offered(role) for role in (Role.SUPPORT, Role.FINANCE)} == {"support": 0, "finance": 1}


def test_files_that_wait_are_told_among_what_needs_a_person(brought: int) -> None:
    at = run_page("needs_person", role=Role.FINANCE)
    assert [link for link in at.get("page_link") if "Files of refunds" in link.proto.label]
