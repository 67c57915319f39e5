"""The page of schedules: list and calendar, what each role sees, its sums, its address, its export."""

import csv
import io
import json
from pathlib import Path

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from dashboard.access import LOCAL_USER, PERMISSIONS, Permission
from dashboard.app import app
from dashboard.locale import LANGUAGES, set_language
from dashboard.process.tickets import issue_ticket
from dashboard.screens.schedules.schedule_calendar import sign_lines
from dashboard.screens.schedules.schedule_filters import schedule_form
from dashboard.settings import Role
from dashboard.words import periods
from dashboard.words.formats import short_won
from services.clock import date_to_day, day_of, day_to_date
from services.exports.export import count_export
from services.store.lists.schedule_filters import ScheduleFilter
from tests.worlds.screens.schedule_forms import (
    BOOKED,
    DOLLARS,
    FAILED,
    MARKUP,
    PAID,
    REASON,
    REVOKED,
    SOON,
    list_page,
    month_of,
    noon,
)
from tests.worlds.screens.screens import COMES_BY_ITSELF, empty_store, texts

EVERY = {BOOKED, SOON, PAID, FAILED, REVOKED, DOLLARS, MARKUP}


def shown(at: AppTest) -> set[str]:
    return set(at.dataframe[0].value["merchant_uid"]) if at.dataframe else set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", ["list", "calendar"])
def test_an_empty_store_says_what_to_do(tmp_path: Path, view: str, language: str) -> None:
    empty_store(tmp_path)
    at = list_page(language=language, view=view)
    assert COMES_BY_ITSELF[language] in texts(at)


def test_no_match_offers_other_months(engine: Engine) -> None:
    at = list_page(**{"from": "2020-01-01", "to": "2020-01-31"})
    assert at.info
    at.button(key="look_this_month").click().run()
    assert PAID in shown(at)


def test_the_list_begins_with_what_is_due_in_seven_days_the_soonest_first(engine: Engine) -> None:
    at = list_page()
    assert shown(at) == EVERY
    due = list(at.dataframe[0].value["schedule_at"])
    assert due == sorted(due)


@pytest.mark.parametrize("role", Role)
def test_every_role_sees_schedules_and_only_some_whose(engine: Engine, role: Role) -> None:
    sees = Permission.SEE_BUYERS in PERMISSIONS[role]
    for view in ("list", "calendar"):
        shown_text = texts(list_page(role, view=view))
        assert ("홍길동" in shown_text) == (sees and view == "list")
    assert ("홍*동" in texts(list_page(role))) == (not sees)


@pytest.mark.parametrize("role", Role)
def test_buyers_are_found_only_by_those_who_see_them(engine: Engine, role: Role) -> None:
    found = shown(list_page(role, q="홍길동"))
    assert bool(found) == (Permission.SEE_BUYERS in PERMISSIONS[role])


@pytest.mark.parametrize("role", Role)
def test_only_some_roles_may_export(engine: Engine, role: Role) -> None:
    offered = [one for one in list_page(role).get("popover") if one.proto.popover.label == "Export"]
    assert bool(offered) == (Permission.EXPORT in PERMISSIONS[role])


def test_tiles_count_each_state_and_a_click_narrows_the_list(engine: Engine) -> None:
    at = list_page()
    labels = {button.key: button.label for button in at.button if str(button.key).startswith("tile_")}
    assert {key: label.split("**")[1] for key, label in labels.items()} == {
        "tile_scheduled": "4", "tile_paid": "1", "tile_failed": "1", "tile_cancelled": "0", "tile_revoked": "1",
    }  # fmt: skip
    at.button(key="tile_failed").click().run()
    assert shown(at) == {FAILED}
    assert list(at.dataframe[0].value["fail_reason"]) == [REASON]


def test_sums_are_of_the_whole_filter_by_currency(engine: Engine) -> None:
    at = list_page()
    sums = [one.value for one in at.markdown if "schedule" in one.value and "**" in one.value]
    assert sums == ["6 schedules · **₩197,400**", "1 schedule · **USD 10\\.50**"]


def test_amounts_of_two_currencies_name_theirs(engine: Engine) -> None:
    amounts = dict(zip(*(list_page().dataframe[0].value[name] for name in ("merchant_uid", "amount")), strict=True))
    assert (amounts[DOLLARS], amounts[PAID]) == ("USD 10.50", "₩9,900")


def test_an_order_number_is_shown_whatever_the_days_say(engine: Engine) -> None:
    at = list_page(q=PAID, **{"from": "2020-01-01", "to": "2020-01-02"})
    assert shown(at) == {PAID}
    assert "An exact id" in texts(at)


def test_the_schedules_of_one_key_are_told_apart_and_let_go_again(engine: Engine) -> None:
    at = list_page(customer_uid="key_2")
    assert shown(at) == {SOON}
    at.button(key="chip_customer_uid").click().run()
    assert shown(at) == EVERY


def test_an_address_with_nonsense_still_shows_a_page(engine: Engine) -> None:
    for view in ("list", "calendar"):
        at = list_page(view=view, before="'; DROP TABLE schedule", live="x", month="2026-99", **{"from": "y"})
        assert not at.exception


def test_personal_data_never_goes_into_the_address(engine: Engine) -> None:
    at = list_page()
    at.text_input(key="schedules.text").set_value("홍길동").run()
    assert shown(at)
    assert "q" not in at.query_params


def test_a_view_comes_back_from_its_address() -> None:
    form = schedule_form(date_to_day(day_to_date(20_000)))
    for params in (
        {},
        {"view": "calendar", "month": "2024-02", "state": "failed", "pg": "kcp"},
        {"from": "2024-10-01", "to": "2024-10-31", "state": "failed,paid", "live": "all", "customer_uid": "key_1"},
        {"q": "sub_1", "from": "2024-10-03", "to": "2024-10-03", "before": "12"},
    ):
        assert form.to_params(form.from_params(params), with_text=True) == params


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("today", "2027-01-31", "2027-01-31"),
        ("tomorrow", "2027-02-01", "2027-02-01"),
        ("next_7d", "2027-01-31", "2027-02-06"),
        ("this_month", "2027-01-01", "2027-01-31"),
        ("next_month", "2027-02-01", "2027-02-28"),
        ("last_month", "2026-12-01", "2026-12-31"),
    ],
)
def test_a_period_of_due_times_is_right_to_the_day(period: str, first: str, last: str) -> None:
    today = date_to_day(day_to_date(day_of(1_801_378_800)))  # 2027-01-31 in Seoul
    days = periods.due_days(period, today)
    assert [day_to_date(day).isoformat() for day in days] == [first, last]
    assert periods.DUE.name_of(days, today) == period


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_calendar_draws_the_month_and_tells_the_same_as_a_table(engine: Engine, language: str) -> None:
    at = list_page(language=language, view="calendar", month=month_of(noon()))
    assert len(at.get("echarts_chart")) == 1
    days = day_to_date(day_of(noon()))
    assert str(days.year) in at.header[0].value


def test_the_calendar_turns_its_months_and_stays_in_the_address(engine: Engine) -> None:
    at = list_page(view="calendar", month="2026-12")
    later = next(button for button in at.button if button.label == "Later")
    later.click().run()
    assert at.query_params["month"] == "2027-01"
    at.segmented_control(key="schedules.shape").set_value("list").run()
    assert "view" not in at.query_params


def test_a_month_with_nothing_booked_says_so(engine: Engine) -> None:
    at = list_page(view="calendar", month="2030-02")
    assert "0 schedules" in texts(at)


@pytest.mark.parametrize("fmt", ["csv"])
def test_the_export_holds_what_its_button_counts_and_no_buyer_for_those_who_see_none(engine: Engine, fmt: str) -> None:
    chosen = ScheduleFilter(states=frozenset({"failed", "paid"}))
    client = TestClient(app, base_url="http://127.0.0.1")
    answer = client.get(issue_ticket(chosen, fmt, LOCAL_USER, "ko", kind="schedules", reason="closing"))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) - 1 == count_export(engine, "schedules", chosen) == 2
    assert "jangbu-schedules-" in answer.headers["content-disposition"]


@pytest.mark.parametrize(
    ("language", "amount", "short"),
    [
        ("ko", 1_240_000, "124만"),
        ("ko", 44_000, "4.4만"),
        ("ko", 312_000_000, "3.1억"),
        ("ko", 999, "999"),
        ("en", 1_240_000, "1.2M"),
        ("en", 44_000, "44K"),
        ("en", 0, "0"),
    ],
)
def test_won_is_short_where_there_is_little_room(language: str, amount: int, short: str) -> None:
    set_language(language)
    assert short_won(amount) == short


def test_each_state_has_its_own_colour_and_room_for_its_word(engine: Engine) -> None:
    state = json.loads(list_page().dataframe[0].proto.columns)["state"]
    options = {option["value"]: option["color"] for option in state["type_config"]["options"]}
    assert options == {"◷ Booked": "blue", "✓ Paid": "green", "✕ Failed": "red", "⊘ Revoked": "gray"}
    assert state["width"] > 80


@pytest.mark.parametrize(
    ("counts", "lines"),
    [
        ({"scheduled": 5}, ["◷ 5"]),
        ({"paid": 12, "failed": 1}, ["✓ 12 ✕ 1"]),
        ({"paid": 412, "failed": 23}, ["✓ 412", "✕ 23"]),
        ({"paid": 412, "failed": 123, "cancelled": 100, "revoked": 100}, ["✓ 412", "✕ 123", "↩ 100 …"]),
        ({"paid": 1, "something new": 2}, ["✓ 1 ? 2"]),
    ],
)
def test_a_day_on_a_telephone_has_three_lines_of_counts(counts: dict[str, int], lines: list[str]) -> None:
    assert sign_lines(counts) == lines
