"""A maintenance window on the screen: what is booked inside is moved out in one go, and back."""

import time
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.access import PERMISSIONS, Permission
from dashboard.locale import LANGUAGES
from dashboard.settings import Role
from services.clock import DAY, SEOUL, day_of, day_start
from services.operations.journal.journal import asked
from services.store.engine import writing
from services.store.writes.schedules import upsert_schedules
from services.tables.journal import OperationKind
from services.tables.journal import OperationState as State
from tests.worlds.screens.money_forms import field, money_store, moved, operations, press
from tests.worlds.screens.screens import run_page, schedule, texts

BEGINS = day_start(day_of(time.time()) + 3) + 2 * 3600
ENDS = BEGINS + 2 * 3600
INSIDE = {"first": BEGINS, "last": ENDS - 60}
OUTSIDE = {"before": BEGINS - 60, "after": ENDS}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine, now = money_store(tmp_path), int(time.time())
    with writing(engine) as conn:
        rows = [
            schedule(now, merchant_uid=order, schedule_at=at, customer_uid=f"key_{order}", pg_provider="nice_v2")
            for order, at in (INSIDE | OUTSIDE).items()
        ]
        upsert_schedules(conn, rows, as_of=now * 1000)
    return engine


def wall(at: int) -> datetime:
    """What a clock on a wall in Seoul shows."""
    return datetime.fromtimestamp(at, SEOUL).replace(tzinfo=None)


def looked(
    role: Role | None = Role.SUPPORT, *, ends: int = ENDS, to: int | None = None, pg: str | None = None
) -> AppTest:
    """The page with a window entered and looked at."""
    at = run_page("outage", role=role)
    field(at, "from_at").set_value(wall(BEGINS))
    field(at, "to_at").set_value(wall(ends))
    if to:
        field(at, "to").set_value(wall(to))
    if pg:
        field(at, "pg").set_value(pg)
    return press(at, "look_inside")


def goes_to(engine: Engine) -> dict[str, int]:
    return {one.merchant_uid or "": asked(one)["schedule_at"] for one in operations(engine)}


def moved_out(engine: Engine) -> None:
    """The two inside were moved, as the gateway says by now."""
    press(looked(), "submit_rows")
    now = int(time.time())
    for one in operations(engine):
        moved(engine, one, State.INTENT, State.SENT, State.SUCCEEDED)
    with writing(engine) as conn:
        rows = [schedule(now, merchant_uid=order, schedule_at=ENDS, customer_uid=f"key_{order}") for order in INSIDE]
        upsert_schedules(conn, rows, as_of=now * 1000 + 60_000)


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_window_it_says_what_to_enter(engine: Engine, language: str) -> None:
    at = run_page("outage", language=language)
    assert not at.dataframe
    assert "Choose a day and a time." in press(run_page("outage"), "look_inside").error[0].value


@pytest.mark.parametrize("role", Role)
def test_only_who_may_book_has_the_page(engine: Engine, role: Role) -> None:
    if Permission.SCHEDULE in PERMISSIONS[role]:
        assert not run_page("outage", role=role).exception
    else:
        with pytest.raises(ValueError, match="page"):
            run_page("outage", role=role)


def test_what_is_booked_inside_is_counted_with_its_won(engine: Engine) -> None:
    at = looked()
    assert list(at.dataframe[0].value["Order number"]) == list(INSIDE)
    assert "2 of 2 rows can be sent** · ₩120,000" in texts(at).replace("\\", "")
    assert not operations(engine)


def test_all_of_it_is_moved_to_the_first_minute_after_in_one_go(engine: Engine) -> None:
    at = press(looked(), "submit_rows")
    assert goes_to(engine) == dict.fromkeys(INSIDE, ENDS)
    assert {one.batch_id for one in operations(engine)} == {1}
    assert {one.kind for one in operations(engine)} == {OperationKind.MOVE}
    assert "Window from" in texts(at)


def test_it_may_go_to_a_time_of_its_own(engine: Engine) -> None:
    press(looked(to=ENDS + DAY), "submit_rows")
    assert set(goes_to(engine).values()) == {ENDS + DAY}


@pytest.mark.parametrize(("ends", "to"), [(BEGINS - 60, None), (ENDS, BEGINS + 600)])
def test_a_window_that_makes_no_sense_is_a_sentence_and_moves_nothing(
    engine: Engine, ends: int, to: int | None
) -> None:
    at = looked(ends=ends, to=to)
    assert at.error
    assert not [button for button in at.button if button.key == "submit_rows"]


def test_only_one_pg_s_bookings_are_moved_where_only_it_is_down(engine: Engine) -> None:
    assert looked(pg="nice_v2").dataframe
    with writing(engine) as conn:
        conn.exec_driver_sql("UPDATE schedule SET pg_provider = 'danal' WHERE merchant_uid = 'first'")
    assert list(looked(pg="nice_v2").dataframe[0].value["Order number"]) == ["last"]


def test_an_empty_window_says_so(engine: Engine) -> None:
    with writing(engine) as conn:
        conn.exec_driver_sql(f"UPDATE schedule SET schedule_at = {ENDS + DAY}")
    assert "Nothing is booked inside" in looked().info[0].value


def test_a_second_click_moves_nothing_twice(engine: Engine) -> None:
    at = looked()
    other = looked()
    press(at, "submit_rows")
    press(other, "submit_rows")
    assert len(operations(engine)) == 2
    assert other.error


def test_called_off_everything_goes_back_to_where_it_stood(engine: Engine) -> None:
    moved_out(engine)
    at = press(run_page("outage", role=Role.SUPPORT), "back_1")
    assert list(at.dataframe[0].value["Order number"]) == list(INSIDE)
    press(at, "submit_rows")
    back = [one for one in operations(engine) if one.batch_id == 2]
    assert {one.merchant_uid: asked(one)["schedule_at"] for one in back} == INSIDE


def test_what_was_not_moved_cannot_be_moved_back(engine: Engine) -> None:
    at = press(looked(), "submit_rows")
    assert not [button for button in at.button if button.key == "back_1"]
