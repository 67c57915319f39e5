"""A maintenance window: what is booked inside it is moved out and back, to the second at both ends."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import Engine

from services.clock import SEOUL, seoul
from services.operations.files import batches
from services.operations.files.bulk import BulkRow
from services.operations.files.outage import Window, booked_inside, moved_back, moved_out
from services.operations.files.run import Run
from services.store.engine import reading
from tests.worlds.operations.desk import SUPPORT, Desk
from tests.worlds.operations.refusals import refused_at
from tests.worlds.sandboxes import UNTIL

BEGINS = int(datetime(2026, 11, 26, 2, 0, tzinfo=SEOUL).timestamp())
WINDOW = Window(BEGINS, BEGINS + 7_200)
INSIDE = {"first": 0, "middle": 3_600, "last": 7_199}
OUTSIDE = {"before": -1, "after": 7_200}


@pytest.fixture
def desk(sqlite_store: Engine) -> Desk:
    desk = Desk(sqlite_store)
    assert desk.times.at == UNTIL < BEGINS
    for order, offset in (INSIDE | OUTSIDE).items():
        desk.booked(order, after=BEGINS + offset - desk.times.at)
    desk.booked("revoked", after=BEGINS + 60 - desk.times.at, schedule_status="revoked")
    desk.mirrored(*INSIDE, *OUTSIDE, "revoked")
    return desk


def out(desk: Desk, window: Window = WINDOW, *, token: str = "out", to: int | None = None) -> Run[BulkRow]:
    with reading(desk.engine) as conn:
        return moved_out(conn, token, "PG 점검", window, to=to, now=desk.times.at)


def back(desk: Desk, batch_id: int, token: str = "back") -> Run[BulkRow]:
    with reading(desk.engine) as conn:
        return moved_back(conn, token, "점검 취소", batch_id, now=desk.times.at)


def carried_out(desk: Desk, run: Run[BulkRow]) -> int:
    batch = batches.submit(desk.engine, run, SUPPORT, desk.times.at)
    desk.run(30)
    return batch


def times(desk: Desk) -> dict[str, int]:
    """How far each stands from the beginning of the window."""
    return {order: row["schedule_at"] - BEGINS for order, row in desk.sandbox.world.schedules.items()}


@pytest.mark.parametrize("ends", [0, -60])
def test_a_window_that_ends_before_it_begins_is_refused(desk: Desk, ends: int) -> None:
    with refused_at("to_at"):
        out(desk, Window(BEGINS, BEGINS + ends))


def test_to_a_time_inside_of_it_nothing_is_moved(desk: Desk) -> None:
    for to in (BEGINS, BEGINS + 7_199):
        with refused_at("to"):
            out(desk, to=to)


def test_inside_is_what_is_booked_from_its_beginning_and_before_its_end(desk: Desk) -> None:
    with reading(desk.engine) as conn:
        assert [one.merchant_uid for one in booked_inside(conn, WINDOW)] == list(INSIDE)
        assert booked_inside(conn, replace(WINDOW, pg_provider="naverpay")) == []
        assert len(booked_inside(conn, replace(WINDOW, pg_provider="html5_inicis"))) == 3


@pytest.mark.parametrize(("ends", "minute"), [("04:00:00", "04:00"), ("04:00:01", "04:01"), ("04:00:59", "04:01")])
def test_they_go_to_the_first_minute_after_it(ends: str, minute: str) -> None:
    hour, minutes, seconds = (int(part) for part in ends.split(":"))
    to = int(datetime(2026, 11, 26, hour, minutes, seconds, tzinfo=SEOUL).timestamp())
    assert f"{seoul(Window(BEGINS, to).after):%H:%M}" == minute


def test_what_is_inside_is_moved_out_and_nothing_else(desk: Desk) -> None:
    run = out(desk)
    carried_out(desk, run)
    assert [row.merchant_uid for row in run.rows] == list(INSIDE)
    assert times(desk) == dict.fromkeys(INSIDE, 7_200) | OUTSIDE | {"revoked": 60}


def test_a_time_of_ones_own_before_it_serves_as_well(desk: Desk) -> None:
    carried_out(desk, out(desk, to=BEGINS - 3_600))
    assert times(desk) == dict.fromkeys(INSIDE, -3_600) | OUTSIDE | {"revoked": 60}


def test_when_it_is_called_off_each_goes_back_to_where_it_stood(desk: Desk) -> None:
    before = times(desk)
    carried_out(desk, back(desk, carried_out(desk, out(desk))))
    assert times(desk) == before


def test_what_was_moved_or_ran_since_is_not_taken_back(desk: Desk) -> None:
    batch = carried_out(desk, out(desk))
    desk.booked("middle", after=BEGINS + 9_000 - desk.times.at)
    desk.mirrored("middle")
    assert [row.merchant_uid for row in back(desk, batch).rows] == ["first", "last"]


def test_once_it_has_begun_what_stood_before_now_cannot_go_back(desk: Desk) -> None:
    batch = carried_out(desk, out(desk))
    desk.times.at = BEGINS + 3_000
    run = back(desk, batch)
    assert [row.merchant_uid for row in run.fitting().rows] == ["middle", "last"]
    carried_out(desk, run.fitting())
    assert times(desk) == INSIDE | {"first": 7_200} | OUTSIDE | {"revoked": 60}


def test_out_back_and_out_again_are_three_changes(desk: Desk) -> None:
    carried_out(desk, back(desk, carried_out(desk, out(desk))))
    carried_out(desk, out(desk, token="again"))
    assert [times(desk)[order] for order in INSIDE] == [7_200] * 3
