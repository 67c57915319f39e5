"""One fault, or one death, at each request of what somebody asked for: it ends as it stands at the gateway."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.tables.journal import Operation
from tests.worlds.operations.desk import Desk
from tests.worlds.operations.gate import FAULTS, LATE
from tests.worlds.operations.store import Journals
from tests.worlds.seeds import seeds

Ask = Callable[[Desk], int]
Begin = Callable[[Desk], object]


def _as_it_is(_desk: Desk) -> None:
    """The small merchant has all that is needed."""


@dataclass(frozen=True)
class Ended:
    """An operation about twenty minutes after what went wrong; `told` is what that was."""

    desk: Desk
    ask: Ask
    operation: Operation
    told: tuple[object, ...]

    def stands(self) -> None:
        """The gateway was never asked for what nobody wanted, and the journal says what it did."""
        assert not self.desk.gate.wrong, self.told
        assert (self.operation.state == "succeeded") == bool(self.desk.made(self.operation.id)), self.told


def after_faults(
    folder: Path, asks: Sequence[Ask], *, requests: int, least: int, begin: Begin = _as_it_is
) -> Iterator[Ended]:
    """Every fault at each of the first `requests` of `asks`, or a share of them that is not below `least`."""
    journals = Journals(folder)
    every = list(itertools.product(asks, (*FAULTS, LATE), range(requests)))
    for ask, fault, index in every[:: max(1, len(every) // seeds(2_000, least=least))]:
        desk = Desk(journals.empty())
        begin(desk)
        number = ask(desk)
        desk.faults = {desk.requests + index: fault}
        for seconds, step in ((20, 5), (1_080, 180)):
            desk.run(seconds, every=step)
        operation = desk.get(number)
        yield Ended(desk, ask, operation, (ask.__name__, fault, index, operation.state))


def after_deaths(
    folder: Path, asks: Sequence[Ask], *, requests: int, least: int, begin: Begin = _as_it_is
) -> Iterator[Ended]:
    """The process dies before or after each of the first `requests` is answered, and another one goes on."""
    journals = Journals(folder)
    every = list(itertools.product(asks, (False, True), range(requests)))
    for ask, after, index in every[:: max(1, len(every) // seeds(2_000, least=least))]:
        desk = Desk(journals.empty())
        begin(desk)
        number = ask(desk)
        desk.die_at(index, after=after)
        operation = desk.taken_over(number)
        yield Ended(desk, ask, operation, (ask.__name__, after, index, operation.state))
