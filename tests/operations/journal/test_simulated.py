"""F1 to F5, F7, F15, F24: whatever happens between click and record, money moves once and the journal says so."""

from pathlib import Path
from typing import Any

import pytest

from services.gateway.requests import CancelRequest
from services.operations import record
from services.operations.actions import charges, refunds
from services.operations.outcomes import Outcome
from services.sandbox.faults import Fault
from services.tables.journal import Operation
from tests.worlds.operations.gate import REFUSAL
from tests.worlds.operations.run import histories
from tests.worlds.operations.simulator import Simulator
from tests.worlds.operations.store import Journals
from tests.worlds.seeds import seeds

MOST = 150
"""Histories within which a missing guard must have shown."""


def first_red(
    folder: Path, saying: str, *, first: int = 0, without: tuple[str, ...] = (), tune: Any = lambda _simulator: None
) -> str | None:
    """What was wrong in the first history that went wrong in this way; `first` only saves time."""
    for found in histories(Journals(folder, without), range(first, first + MOST), tune):
        for text in found.wrong:
            if saying in text:
                return f"seed {found.seed}: {text}"
    return None


def busy_console(simulator: Simulator) -> None:
    """Somebody refunds in the console all the time, also between the last look and the call."""
    simulator.weights[3] = 30


def refused_or_lost(simulator: Simulator) -> None:
    """An executor sleeps with a refusal in hand while the answer to another's call is lost."""
    simulator.faults, simulator.trouble, simulator.stalls = [REFUSAL, Fault.LOST_AFTER], 0.3, 0.8


def test_money_moves_once_whatever_happens(tmp_path: Path) -> None:
    # By hand, and with what was seen: `python -m tests.worlds.operations.run 0 10000`.
    seen, count = 0, seeds(10_000, least=12)
    for found in histories(Journals(tmp_path), range(count)):
        assert not found.wrong, f"seed {found.seed}: {found.wrong}"
        seen += found.seen["calls that change something"]
    assert seen >= count


def test_a_history_is_repeated_by_its_seed(tmp_path: Path) -> None:
    first, second = histories(Journals(tmp_path), [7, 7])
    assert first == second
    assert first.seen["fault lost_after"] + first.seen["crashes"] > 0


def test_f24_without_the_checksum_the_simulator_turns_red(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = CancelRequest.body

    def without_checksum(self: CancelRequest) -> dict[str, Any]:
        return {name: value for name, value in whole(self).items() if name != "checksum"}

    monkeypatch.setattr(CancelRequest, "body", without_checksum)
    assert first_red(tmp_path, "its person saw", first=16, tune=busy_console)


def test_f24_without_the_unique_index_the_simulator_turns_red(tmp_path: Path) -> None:
    assert first_red(tmp_path, "two open operations", without=("DROP INDEX operation_open",))


def test_f24_without_the_reading_before_the_simulator_turns_red(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An older refund of the same amount for the same reason is taken for the one that was asked for.
    monkeypatch.setattr(refunds, "prepare", lambda _gateway, _operation: "[]")
    assert first_red(tmp_path, "at the gateway stands", first=49)


def test_f24_without_fencing_the_simulator_turns_red(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fenced = record.next_step

    def whoever(row: Operation, outcome: Outcome | None, source: record.Source, **known: Any) -> record.Step:
        return fenced(row, outcome, source, **known | {"fence": row.fence})

    monkeypatch.setattr(record, "next_step", whoever)
    assert first_red(tmp_path, "at the gateway stands", first=94, tune=refused_or_lost)


def test_without_the_last_look_at_the_claim_the_simulator_turns_red(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An executor that was stopped between claim and call wakes after a person has dealt with it.
    for module in (refunds, charges):
        send = module.send
        monkeypatch.setattr(module, "send", lambda gateway, operation, _still, send=send: send(gateway, operation, yes))
    assert first_red(tmp_path, "after its claim", first=341)


def yes() -> bool:
    return True
