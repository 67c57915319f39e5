"""Who did what: the list of operations, one operation, and what was done besides."""

import csv
import io
import time
from dataclasses import replace

import openpyxl
import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from dashboard.access import LOCAL_USER
from dashboard.app import app
from dashboard.locale import set_language
from dashboard.process.tickets import issue_ticket
from dashboard.settings import Role
from dashboard.words import formats
from dashboard.words.export_conditions import book_words
from dashboard.words.export_labels import labels_of
from services.exports.export import count_export
from services.operations.journal import journal, limits
from services.operations.journal.audit import Actor
from services.operations.journal.journal import Wanted
from services.operations.journal.notes import write_note
from services.operations.journal.roster import Roster, keep_roster
from services.store.lists.operations import OperationFilter
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from tests.worlds.screens.money_forms import CARD, NAVER, NAVER_KEY, OTHER, asked_by_other, moved
from tests.worlds.screens.screens import run_page, story, texts

FINANCE = Actor("finance@example.com", "screen")
REFUSAL = "[1234] 이미 취소된 거래입니다."


@pytest.fixture
def refused(engine: Engine) -> Operation:
    """A refund that finance approved and the gateway refused."""
    asked = asked_by_other(engine, waits=True)
    approved = journal.approve(engine, asked.id, FINANCE, time.time())
    return moved(engine, approved, State.SENT, State.REFUSED, message=REFUSAL)


@pytest.fixture
def declined(engine: Engine, refused: Operation) -> Operation:
    """Another one, asked for afterwards, that finance declined."""
    asked = asked_by_other(engine, CARD, waits=True)
    return journal.decline(engine, asked.id, FINANCE, "영수증이 없음", time.time())


def shown(at: AppTest) -> list[str]:
    return list(at.dataframe[0].value["id"]) if at.dataframe else []


def test_a_row_says_when_what_who_and_how_it_ended(declined: Operation, refused: Operation) -> None:
    at = run_page("activity")
    assert shown(at) == [str(declined.id), str(refused.id)]
    _later, row = at.dataframe[0].value.to_dict("records")
    assert (row["kind"], row["asked_by"], row["approved_by"]) == ("Refund", OTHER.name, FINANCE.name)
    assert row["buyer_name"] == "홍길동"
    masked = run_page("activity", role=Role.MANAGER).dataframe[0].value["buyer_name"]
    assert list(masked) == [formats.mask_name("홍길동")] * 2
    assert (row["of"], row["imp_uid"], row["said"]) == ("ORD-000001", NAVER, REFUSAL)
    assert list(row["state"]) == ["✕ Not done"]
    assert row["asked_at"] == formats.short_time(refused.asked_at)


@pytest.mark.parametrize(
    ("query", "both"),
    [
        ({"approved_by": FINANCE.name}, False),
        ({"asked_by": OTHER.name}, True),
        ({"kind": "charge"}, None),
        ({"kind": "none", "state": "none"}, None),
        ({"from": "2020-01-01", "to": "2020-01-02", "q": NAVER}, False),
    ],
)
def test_an_address_narrows_the_list(
    declined: Operation, refused: Operation, query: dict[str, str], both: bool | None
) -> None:
    wanted = {True: [declined.id, refused.id], False: [refused.id], None: []}[both]
    at = run_page("activity", query=query)
    assert not at.exception
    assert shown(at) == [str(one) for one in wanted]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_nothing_found_offers_a_longer_look(engine: Engine, language: str) -> None:
    at = run_page("activity", language=language)
    assert at.info
    assert at.button(key="look_90").label


@pytest.mark.parametrize("role", Role)
def test_every_role_reads_the_list_and_an_operation(refused: Operation, role: Role) -> None:
    assert shown(run_page("activity", role=role)) == [str(refused.id)]
    assert REFUSAL in texts(run_page("operation", role=role, query={"number": str(refused.id)}))


@pytest.mark.parametrize("role", Role)
def test_only_some_roles_may_export(refused: Operation, role: Role) -> None:
    offered = [one for one in run_page("activity", role=role).get("popover") if one.proto.popover.label == "Export"]
    assert bool(offered) == (role not in (Role.VIEWER, Role.SUPPORT))


def test_the_export_holds_what_the_filter_lets_through(engine: Engine, declined: Operation, refused: Operation) -> None:
    chosen = OperationFilter(approved_by=FINANCE.name)
    client = TestClient(app, base_url="http://127.0.0.1")
    answer = client.get(issue_ticket(chosen, "csv", LOCAL_USER, "en", kind="operations", reason="closing"))
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert count_export(engine, "operations", chosen) == 1
    assert REFUSAL in row.values()
    told = book_words(
        "operations", replace(chosen, state="refused", kind="refund"), by="", at=0, as_of=None, exact=False,
        buyers=True, tiers={},
    ).lines  # fmt: skip
    assert {("Kind", "Refund"), ("State", "Not done"), ("Approved by", FINANCE.name)} <= set(told)


def test_what_its_asker_withdrew_is_refused_by_nobody_on_screens_and_in_workbooks(engine: Engine) -> None:
    asked = asked_by_other(engine, waits=True, who=FINANCE)
    journal.decline(engine, asked.id, FINANCE, "잘못 요청", time.time())
    shown = list(run_page("activity", language="ko").dataframe[0].value.iloc[0]["state"])
    assert shown == ["⊘ 철회됨"]
    page = run_page("operation", language="ko", query={"number": str(asked.id)})
    assert ":gray-badge[⊘ 철회됨]" in texts(page)
    told = "\n".join(story(run_page("payment", query={"imp_uid": NAVER})))
    assert "Refund ₩3,000: ⊘ Withdrawn" in told
    assert "✕" not in told
    assert workbook()[0]["상태"] == "철회됨"
    assert csv_file()[0]["state"] == "refused"


def test_a_workbook_of_operations_says_whose_each_is_and_no_sum_where_there_is_none(engine: Engine) -> None:
    now = time.time()
    asked_by_other(engine, who=Actor("local", "screen"))
    wanted = Wanted("t", OperationKind.DELETE_KEY, f"key:{NAVER_KEY}", 0, "KRW", customer_uid=NAVER_KEY, reason="해지")
    journal.record(engine, wanted, Actor("local", "screen"), now + 1)
    deletion, refund = workbook()
    assert (deletion["금액 (통화)"], deletion["통화"], refund["금액 (통화)"]) == (None, None, 3_000)
    assert (deletion["구매자"], refund["구매자"]) == ("홍길동", "홍길동")
    assert (deletion["사유"], refund["처리자"]) == ("해지", "로그인하지 않은 직원")
    assert {one["asked_by"] for one in csv_file()} == {"local"}


def workbook() -> list[dict[str, object]]:
    """The rows of a Korean workbook of all operations, by their headings."""
    sheet = openpyxl.load_workbook(io.BytesIO(exported("xlsx"))).worksheets[0]
    headings, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, headings), row, strict=True)) for row in rows]


def csv_file() -> list[dict[str, str]]:
    """The rows of the file for scripts."""
    rows = list(csv.reader(io.StringIO(exported("csv").decode("utf-8-sig"))))
    names = {label: name for name, label in labels_of("operations").items()}
    return [dict(zip([names.get(one, one) for one in rows[0]], row, strict=True)) for row in rows[1:]]


def exported(fmt: str) -> bytes:
    set_language("ko")
    client = TestClient(app, base_url="http://127.0.0.1")
    content: bytes = client.get(
        issue_ticket(OperationFilter(), fmt, LOCAL_USER, "ko", kind="operations", reason="closing")
    ).content
    return content


def test_an_operation_is_told_step_by_step(refused: Operation) -> None:
    told = texts(run_page("operation", query={"number": str(refused.id)})).replace("\\", "").replace("\u2060", "")
    steps = ["Refund: asked for", "Refund: approved", "Refund: sent", "Refund: not done"]
    assert all(one in told for one in (*steps, FINANCE.name, "이미 취소된 거래입니다"))


def test_only_who_may_ask_for_it_is_led_to_its_form(refused: Operation) -> None:
    for role, led in ((Role.SUPPORT, True), (Role.MANAGER, False)):
        links = run_page("operation", role=role, query={"number": str(refused.id)}).get("page_link")
        assert ("Open its form" in {one.proto.label for one in links}) == led


@pytest.mark.parametrize("number", ["", "0", "99", "x", "9" * 30, "٣"])
def test_a_number_of_no_operation_says_so(refused: Operation, number: str) -> None:
    assert run_page("operation", query={"number": number}).info


def test_limits_and_roles_stand_with_who_changed_them(engine: Engine) -> None:
    limits.set_limit(engine, 100_000, FINANCE, time.time() - 5)
    keep_roster(engine, Roster({"finance@example.com": "finance"}, {}), time.time())
    told = texts(run_page("records", role=Role.MANAGER)).replace("\\", "").replace("\u2060", "")
    roles, limit = "**Roles set** finance@example.com: – → Finance", "**Approval limit set** never → ₩100,000"
    assert told.index(roles) < told.index(limit)
    assert "KST · Jangbu by itself · settings" in told
    assert f"KST · {FINANCE.name} · screen" in told


@pytest.mark.parametrize("role", [Role.VIEWER, Role.SUPPORT])
def test_who_may_not_see_the_system_has_no_such_records(refused: Operation, role: Role) -> None:
    links = run_page("activity", role=role).get("page_link")
    assert not {"Settings, bulk files and closings", "System"} & {one.proto.label for one in links}
    with pytest.raises(ValueError, match="page"):
        run_page("records", role=role)


def test_who_has_work_finds_it_beside_that_and_who_only_looks_finds_what_there_is_to_see(engine: Engine) -> None:
    seen, done = {"Activity", "Escrow deliveries"}, {"Needs a person", "Bulk refunds"}
    for role, tabs in ((Role.FINANCE, seen | done), (Role.VIEWER, seen)):
        links = {one.proto.label for one in run_page("activity", role=role).get("page_link")}
        assert links & (seen | done) == tabs


def test_a_note_is_told_among_the_records_without_its_words(engine: Engine) -> None:
    write_note(engine, NAVER, "통화함", FINANCE, time.time())
    told = texts(run_page("records")).replace("\\", "")
    assert f"**Note on a payment** {NAVER}" in told
    assert "통화함" not in told, "the audit cannot forget a buyer's name, and a note may hold one"
