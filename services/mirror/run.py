"""What every part of a run shares: gateway, store, counts, progress."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Engine

from services.gateway import Gateway

Oddity = tuple[str, str]
"""(kind, name) as in models.Oddity."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: what it reads, how many rows, of how many where that is known."""

    what: str
    done: int
    total: int | None


@dataclass
class Run:
    """One run of the mirror."""

    gateway: Gateway
    engine: Engine
    progress: Callable[[Progress], None] = lambda _progress: None
    changed: int = 0
    drift: int = 0
    unsettled: int = 0
    """Windows that kept moving while they were read: the next run reads them again."""
    oddities: Counter[Oddity] = field(default_factory=Counter)
    unreadable: dict[str, set[str]] = field(default_factory=dict)
    """Ids of rows that could not be read, by kind."""
    noted: set[tuple[str, str, str]] = field(default_factory=set)
    """What of them this run has noted, by their keys."""
    not_stored: Counter[int] = field(default_factory=Counter)
    """By window key: rows sent that no row here stands for, because they could not be read or came twice."""
