"""What is the matter, by the figures: each rule with the value at its edge, and no look that walks through a table."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from bench.journal import fill_journal
from services.alarms.figures import Disk, Figures, disks_of, read_figures
from services.alarms.findings import Watched, findings
from services.alarms.matters import lasting
from services.alarms.receivers import Receiver, Way
from services.alarms.tellings import is_due, state_of
from services.backup.kept import note_taken
from services.errors import NotSent
from services.recovery.jumps import FailureRate
from services.store.engine import reading, writing
from services.store.lists.operations import MOST
from services.store.writes.sync import begin_run, end_run
from services.tables.alarms import MatterKind
from tests.worlds.plans import plans_of

NOW, GIB = 2_000_000_000, 1 << 30
CALM = Figures(
    waiting={}, as_of=NOW - 900, failed_runs=2, failed_at=NOW, drift=0, rates=[], backup_at=NOW - 30 * 3600,
    first_run_at=NOW - 90 * 86_400, disks=[Disk("database", 11 * GIB, 10 * GIB)],
)  # fmt: skip
LONG = Watched(NOW - 86_400, daily_backup=True)
JUMPED = FailureRate("kcp", 20, 15, 900, 20, 1e-9, True, ())


def kinds(seen: Figures, watched: Watched = LONG, lasting: tuple[tuple[str, str], ...] = ()) -> list[tuple[str, str]]:
    return sorted(findings(seen, watched, lasting, NOW).rows)


def test_nothing_is_the_matter_at_the_edge_of_each_rule() -> None:
    assert kinds(CALM) == []


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"as_of": NOW - 901}, ("mirror", "")),
        ({"failed_runs": 3}, ("gateway", "")),
        ({"drift": 1}, ("drift", "")),
        ({"rates": [JUMPED]}, ("failures", "kcp")),
        ({"disks": [Disk("database", 11 * GIB - 1, 10 * GIB)]}, ("disk", "database")),
        ({"disks": [Disk("backups", GIB - 1, 0)]}, ("disk", "backups")),
        ({"backup_at": NOW - 30 * 3600 - 1}, ("backup", "")),
        ({"backup_at": None}, ("backup", "")),
        ({"waiting": {MatterKind.UNKNOWN: {"operation 1": {"state_at": NOW - 301}}}}, ("unknown", "operation 1")),
    ],
)
def test_one_step_further_it_is_a_matter(changed: dict[str, Any], found: tuple[str, str]) -> None:
    assert kinds(replace(CALM, **changed)) == [found]


def test_what_passes_by_itself_is_no_matter() -> None:
    steady = replace(JUMPED, jumped=False)
    just_now = {MatterKind.UNKNOWN: {"operation 1": {"state_at": NOW - 300}}}
    assert kinds(replace(CALM, rates=[steady], waiting=just_now)) == []


def test_an_app_that_was_just_started_neither_alarms_over_its_own_absence_nor_takes_an_alarm_back() -> None:
    old, started = replace(CALM, as_of=NOW - 90_000, failed_runs=9, failed_at=NOW - 90_000), Watched(NOW - 60, True)
    assert kinds(old, started) == []
    assert kinds(old, started, (("mirror", ""), ("gateway", ""))) == [("gateway", ""), ("mirror", "")]


def test_a_new_house_has_time_for_its_first_backup_and_one_without_them_none_to_miss() -> None:
    new = replace(CALM, backup_at=None, first_run_at=NOW - 3600)
    assert kinds(new) == []
    assert kinds(replace(CALM, backup_at=None), Watched(0, daily_backup=False)) == []


def test_of_what_is_more_than_was_looked_at_nothing_counts_as_over() -> None:
    many = {f"operation {n}": {"state_at": 0} for n in range(MOST)}
    assert findings(replace(CALM, waiting={MatterKind.APPROVAL: many}), LONG, (), NOW).cut == ["approval"]
    assert findings(CALM, LONG, (), NOW).cut == []


def test_runs_tell_of_the_gateway_and_of_drift(store: Engine) -> None:
    down = NotSent("The gateway cannot be reached.").kept()
    for error, drift in ((down, 0), (None, 3), (down, 0), (down, 2)):
        with writing(store) as conn:
            end_run(conn, begin_run(conn, "sync", NOW), NOW + 5, {"drift": drift}, error)
    note_taken(store, Path("x.backup"), NOW - 7)
    with reading(store) as conn:
        begin = read_figures(conn, NOW, [])
    assert (begin.failed_runs, begin.failed_at, begin.drift, begin.first_run_at) == (2, NOW + 5, 5, NOW)
    assert (begin.as_of, begin.backup_at) == (None, NOW - 7)


def test_a_run_that_was_stopped_says_nothing_of_the_gateway(store: Engine) -> None:
    for error in (NotSent("The gateway cannot be reached.").kept(), "stopped"):
        with writing(store) as conn:
            end_run(conn, begin_run(conn, "sync", NOW), NOW, {}, error)
    with reading(store) as conn:
        assert read_figures(conn, NOW, []).failed_runs == 0


def test_no_look_walks_through_a_table_that_grows(sqlite_store: Engine) -> None:
    fill_journal(sqlite_store, 3_000)
    receiver = Receiver(Way.MAIL, "hong@shop.example", tuple(MatterKind))

    def look(conn: Connection) -> None:
        read_figures(conn, NOW, [])
        lasting(conn)
        is_due(conn, receiver, NOW)
        state_of(conn, receiver.name)

    steps = plans_of(sqlite_store, look)
    assert {step for step in steps if step.startswith("SCAN")} == {
        "SCAN sync_run",  # its last 20
        "SCAN mark",  # a few names
        "SCAN l USING INDEX late_payment_waiting",
        "SCAN operation USING INDEX operation_left",
        "SCAN refund_batch USING INDEX refund_batch_waiting",
        "SCAN a USING INDEX link_alarm_waiting",
        "SCAN alarm_matter USING INDEX alarm_matter_open",
    }


def test_folders_on_one_disk_are_told_of_once(tmp_path: Path) -> None:
    found = disks_of({"database": tmp_path, "backups": tmp_path / "not" / "made"}, 7)
    assert [(one.name, one.needed) for one in found] == [("database", 7)]
    assert found[0].free > 0
