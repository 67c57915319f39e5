"""F16: whatever people edit while the gateway's clock charges what is due, nobody is charged at both times."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from services.gateway import Gateway
from services.operations.actions import key_deletions, moves, revocations
from services.operations.journal import journal
from services.operations.journal.audit import Actor
from services.operations.journal.journal import Wanted
from services.operations.outcomes import Outcome
from services.tables.journal import Operation
from services.tables.journal import OperationState as State
from tests.worlds.operations.booked_charges import Booking
from tests.worlds.operations.run import histories
from tests.worlds.operations.store import Journals
from tests.worlds.seeds import seeds

MOST = 150
"""Histories within which a missing guard must have shown."""


def first_red(folder: Path, first: int) -> str | None:
    """What was wrong in the first history that went wrong; `first` only saves time."""
    for found in histories(Journals(folder), range(first, first + MOST), kind=Booking):
        if found.wrong:
            return f"seed {found.seed}: {found.wrong[0]}"
    return None


def test_f16_nobody_is_charged_at_both_times_and_the_journal_says_what_stands(tmp_path: Path) -> None:
    # By hand, and with what was seen: `python -m tests.worlds.operations.run 0 5000 schedules`.
    seen: Counter[str] = Counter()
    count = seeds(5_000, least=8)
    for found in histories(Journals(tmp_path), range(count), kind=Booking):
        assert not found.wrong, f"seed {found.seed}: {found.wrong}"
        seen += found.seen
    assert seen["schedules executed"] >= count
    assert seen["moves asked"] >= count


def test_f16_without_reading_again_after_a_move_the_simulator_turns_red(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken_for_booked(gateway: Gateway, operation: Operation) -> Outcome | None:
        return Outcome(State.SUCCEEDED, schedules=(gateway.schedule(operation.merchant_uid or ""),))

    monkeypatch.setattr(moves, "look", taken_for_booked)
    assert first_red(tmp_path, 17)


def test_f16_where_the_reading_after_a_call_may_say_that_nothing_was_sent_the_simulator_turns_red(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def as_it_comes(look: Any, gateway: Gateway, operation: Operation) -> Outcome:
        found: Outcome | None = look(gateway, operation)
        return found or Outcome(State.UNKNOWN)

    for module in (moves, revocations):
        monkeypatch.setattr(module, "seen_after", as_it_comes)
    assert first_red(tmp_path, 0)


def test_f16_where_one_schedule_and_all_of_its_keys_are_edited_at_once_the_simulator_turns_red(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_in = journal.record_in

    def alone(conn: Connection, wanted: Wanted, actor: Actor, now: int) -> Operation:
        return record_in(conn, replace(wanted, beside=()), actor, now)

    for module in (journal, key_deletions):
        monkeypatch.setattr(module, "record_in", alone)
    assert first_red(tmp_path, 30)
