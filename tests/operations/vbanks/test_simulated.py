"""Accounts in whole histories: people, crashes, clocks, faults at every step, and buyers who pay meanwhile."""

from pathlib import Path

from tests.worlds.operations.run import histories
from tests.worlds.operations.store import Journals
from tests.worlds.operations.waiting_people import Waiting
from tests.worlds.seeds import seeds


def test_whatever_happens_the_journal_says_what_stands_at_the_gateway(tmp_path: Path) -> None:
    # By hand, and with what was seen: `python -m tests.worlds.operations.run 0 2000 waiting`.
    for found in histories(Journals(tmp_path), range(seeds(2_000, least=2)), kind=Waiting):
        assert not found.wrong, f"seed {found.seed}: {found.wrong}"
