"""Many schedules at once on the screen: a dry run, who may send it, how far it is, a result."""

import csv
import io
import time

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.access import PERMISSIONS, Permission
from dashboard.locale import LANGUAGES
from dashboard.screens.asking.many import ManyDraft
from dashboard.screens.refunds.batch_files import result_file
from dashboard.settings import Role
from services.operations.actions.schedule_changes import Change
from services.operations.files import batches, bulk
from services.operations.journal import journal
from services.store.engine import reading
from services.tables.journal import OperationKind
from services.tables.journal import OperationState as State
from tests.worlds.screens.money_forms import OTHER, field, moved, operations, press
from tests.worlds.screens.schedule_forms import (
    BOOKED,
    FAILED,
    MARKUP,
    PAID,
    REVOKED,
    SOON,
    list_page,
    noon,
    wall,
)
from tests.worlds.screens.screens import run_page, texts


def bulk_page(*orders: str, kind: str = "move", role: Role | None = Role.SUPPORT, language: str = "en") -> AppTest:
    """The page with rows that were chosen in the list."""
    at = run_page("bulk_schedules", role=role, language=language)
    if orders:
        at.session_state["bulk.draft"] = ManyDraft(orders, kind)
        at.run()
    return at


def looked_at(*orders: str, kind: str = "move", role: Role | None = Role.SUPPORT) -> AppTest:
    at = bulk_page(*orders, kind=kind, role=role)
    if kind in ("move", "rebook"):
        field(at, "schedule_at").set_value(wall(noon(9)))
    if kind == "revoke":
        field(at, "reason").set_value("해지")
    return press(at, "look_at_rows")


def would(at: AppTest) -> list[str]:
    return list(at.dataframe[0].value["What it would do"])


def submitted_by_other(engine: Engine, kind: OperationKind, *orders: str) -> int:
    with reading(engine) as conn:
        run = bulk.dry_run(conn, "t", "a list", Change(kind, "해지"), bulk.selected(orders, noon(9)), now=time.time())
    return batches.submit(engine, run, OTHER, time.time())


@pytest.mark.parametrize("role", Role)
def test_only_some_roles_change_many(engine: Engine, role: Role) -> None:
    may = Permission.SCHEDULE in PERMISSIONS[role]
    at = list_page(role)
    assert bool(at.toggle) == may
    if may:
        assert not bulk_page(role=role).exception
    else:
        with pytest.raises(ValueError, match="page"):
            bulk_page(role=role)


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_rows_it_says_where_to_begin(engine: Engine, language: str) -> None:
    at = bulk_page(language=language)
    at = press(at, "look_at_rows")
    assert at.error
    assert at.get("file_uploader")


@pytest.mark.parametrize(
    ("kind", "orders"),
    [("move", (BOOKED, MARKUP)), ("revoke", (BOOKED, MARKUP)), ("rebook", (FAILED, REVOKED))],
)
def test_chosen_rows_are_looked_at_and_go_at_once(engine: Engine, kind: str, orders: tuple[str, ...]) -> None:
    at = looked_at(*orders, kind=kind)
    assert [words[0] for words in would(at)] == ["✓", "✓"]
    assert not operations(engine)
    press(at, "submit_rows")
    rows = operations(engine)
    assert {(one.kind, one.merchant_uid) for one in rows} == {(kind, order) for order in orders}
    assert "2 rows" in texts(at.run())


def test_a_row_that_cannot_be_sent_says_why_and_may_be_left_out(engine: Engine) -> None:
    at = looked_at(BOOKED, SOON, PAID, "nobody")
    assert [words.partition(" ")[2] for words in would(at)][1:] == [
        "It is due within a minute: it is left alone.",
        "Only a payment that is still booked can be changed.",
        "No payment is booked under this order number.",
    ]
    assert at.button(key="submit_rows").disabled
    field(at, "fitting").check().run()
    press(at, "submit_rows")
    assert [one.merchant_uid for one in operations(engine)] == [BOOKED]


def test_a_file_may_name_a_time_for_each(engine: Engine) -> None:
    at = bulk_page()
    lines = f"merchant_uid,schedule_at\n{BOOKED},2031-03-02 10:30\n{MARKUP},\n"
    at.file_uploader[0].set_value(("june.csv", lines.encode(), "text/csv")).run()
    field(at, "schedule_at").set_value(wall(noon(9)))
    at = press(at, "look_at_rows")
    assert would(at)[0] == "✓ would be moved to 2031-03-02 10:30:00"
    press(at, "submit_rows")
    assert {journal.asked(one)["schedule_at"] for one in operations(engine)} == {noon(9), 1_930_181_400}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"a,b\n", "lacks"), (b"\xff\xfe", "UTF-8"), (b"merchant_uid\n", "Choose rows")],
)
def test_a_file_that_is_none_of_ours_is_a_sentence(engine: Engine, content: bytes, sentence: str) -> None:
    at = bulk_page()
    at.file_uploader[0].set_value(("x.csv", content, "text/csv")).run()
    assert sentence in press(at, "look_at_rows").error[0].value


def test_a_time_that_is_missing_is_said_for_each_row(engine: Engine) -> None:
    assert would(press(bulk_page(BOOKED), "look_at_rows")) == ["✕ Say for which time."]


def test_a_cancellation_without_a_reason_is_held_back(engine: Engine) -> None:
    at = press(bulk_page(BOOKED, kind="revoke"), "look_at_rows")
    assert would(at) == ["✕ Say why."]
    assert at.button(key="submit_rows").disabled


def test_charging_a_whole_list_waits_for_a_second_person(engine: Engine) -> None:
    press(looked_at(FAILED, REVOKED, kind="retry"), "submit_rows")
    assert {one.state for one in operations(engine)} == {State.AWAITING_APPROVAL}
    at = run_page("needs_person", role=Role.FINANCE)
    assert [link for link in at.get("page_link") if "wait for approval" in link.proto.label]


def test_somebody_else_approves_exactly_this_list(engine: Engine) -> None:
    number = submitted_by_other(engine, OperationKind.RETRY, FAILED)
    assert not [one for one in bulk_page(role=Role.SUPPORT).button if "approve_file" in str(one.key)]
    press(bulk_page(role=Role.FINANCE), f"approve_file_{number}")
    with reading(engine) as conn:
        assert batches.get_batch(conn, number).approved_by == "finance@example.com"


def test_without_sign_in_nobody_charges_a_whole_list(engine: Engine) -> None:
    at = looked_at(FAILED, kind="retry", role=None)
    assert at.button(key="submit_rows").disabled
    assert at.warning


def test_what_has_not_gone_yet_can_be_stopped_with_a_reason(engine: Engine) -> None:
    number = submitted_by_other(engine, OperationKind.MOVE, BOOKED, MARKUP)
    at = press(bulk_page(), f"stop_file_{number}")
    assert "Give a reason" in at.error[0].value
    at.text_input(key=f"stop_note_{number}").set_value("점검이 취소됨")
    press(at, f"stop_file_{number}")
    assert {(one.state, one.note) for one in operations(engine)} == {(State.REFUSED, "점검이 취소됨")}


def test_the_same_list_sent_twice_is_one(engine: Engine) -> None:
    at = looked_at(BOOKED)
    kept = at.session_state["bulk.draft"]
    press(at, "submit_rows")
    at.session_state["bulk.draft"] = kept
    assert press(at.run(), "submit_rows").error
    assert len(operations(engine)) == 1


def test_the_result_says_what_became_of_each(engine: Engine) -> None:
    number = submitted_by_other(engine, OperationKind.MOVE, BOOKED, MARKUP)
    with reading(engine) as conn:
        first = batches.batch_operations(conn, number)[0]
    moved(engine, first, State.INTENT, State.SENT, State.REFUSED, message="=1+1")
    with reading(engine) as conn:
        rows = result_file(batches.batch_operations(conn, number)).text.removeprefix("\ufeff")
    found = list(csv.DictReader(io.StringIO(rows)))
    assert [row["merchant_uid"] for row in found] == [BOOKED, MARKUP]
    assert found[0]["message"] == "'=1+1"


def test_refunds_and_schedules_have_lists_of_their_own(engine: Engine) -> None:
    submitted_by_other(engine, OperationKind.MOVE, BOOKED)
    assert "a list" not in texts(run_page("bulk_refunds", role=Role.SUPPORT))
