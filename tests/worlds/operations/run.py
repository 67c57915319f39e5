"""Many histories by hand: `python -m tests.worlds.operations.run FIRST COUNT [KIND]`.

Prints what was seen and what was wrong.
"""

import gc
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import stamina
import structlog

from tests.worlds.operations.booked_charges import Booking
from tests.worlds.operations.card_entries import CardEntering
from tests.worlds.operations.naver_orders import Confirming
from tests.worlds.operations.parcels import Delivering
from tests.worlds.operations.personal_data import Erasing
from tests.worlds.operations.receipts import Receipting
from tests.worlds.operations.simulator import Found, Simulator
from tests.worlds.operations.store import Journals
from tests.worlds.operations.waiting_people import Waiting


def _as_it_comes(_simulator: Simulator) -> None:
    """Every fault as the seed has it."""


def histories(
    journals: Journals,
    seeds: Iterable[int],
    tune: Callable[[Simulator], None] = _as_it_comes,
    kind: type[Simulator] = Simulator,
) -> Iterator[Found]:
    """One history after another; `tune` makes some of what goes wrong more frequent."""
    with stamina.set_testing(True, attempts=2):
        for seed in seeds:
            simulator = kind(journals.empty(), journals.commits, seed)
            tune(simulator)
            yield simulator.run()


def _main(first: int, count: int, kind: type[Simulator]) -> None:
    seen: Counter[str] = Counter()
    red = 0
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    gc.freeze()  # what was imported stays: looking through it again and again took a seventh of the time
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        for found in histories(Journals(Path(folder)), range(first, first + count), kind=kind):
            seen += found.seen
            red += bool(found.wrong)
            for text in found.wrong[:3]:
                _say(f"seed {found.seed}: {text}")
    _say(f"{count} seeds from {first}: {red} red")
    for name, times in sorted(seen.items()):
        _say(f"  {times:>8,} {name}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    kinds = {
        "schedules": Booking,
        "naver": Confirming,
        "receipts": Receipting,
        "parcels": Delivering,
        "waiting": Waiting,
        "people": Erasing,
        "cards": CardEntering,
    }
    _main(int(sys.argv[1]), int(sys.argv[2]), kinds[sys.argv[3]] if len(sys.argv) > 3 else Simulator)
