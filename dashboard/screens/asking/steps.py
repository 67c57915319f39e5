"""The steps of a form that moves money: filled in, looked at for the last time, written down."""

from dataclasses import dataclass, replace

from services.errors import InvalidRequest, JangbuError, Moved
from services.operations.journal.journal import Wanted


@dataclass(frozen=True, slots=True)
class Filling:
    """The fields stand open; above or beside them what the person has to know."""

    moved: bool = False
    """What is at stake changed while the form stood open."""
    overtaken: Moved | None = None
    """What somebody else had done on the subject meanwhile."""
    problem: InvalidRequest | None = None
    """What has to be mended before it can be looked at."""


@dataclass(frozen=True, slots=True)
class Looking:
    """The last look: exactly `wanted` is written down by the click; `error`: why the last click was not saved."""

    wanted: Wanted
    error: JangbuError | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Written down as one operation of the journal: from here on its row says how it goes."""

    operation_id: int


Step = Filling | Looking | Asked


def stake_moved(step: Step) -> Step:
    """What is at stake changed: back to the fields, with what they say already; what is written down stays so."""
    match step:
        case Filling():
            return replace(step, moved=True)
        case Looking():
            return Filling(moved=True)
    return step


def filled(made: Wanted | InvalidRequest) -> Step:
    """What was typed was read: on to the last look, or back with what has to be mended."""
    return Filling(problem=made) if isinstance(made, InvalidRequest) else Looking(made)


def clicked(looking: Looking, came: int | JangbuError) -> Step:
    """The click wrote an operation down, came too late, or could not be saved."""
    match came:
        case int():
            return Asked(came)
        case Moved():
            return Filling(overtaken=came)
    return replace(looking, error=came)
