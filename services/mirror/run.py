"""What every part of a run shares: gateway, store, counts, progress."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Engine

from services.gateway import Gateway


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
    oddities: Counter[tuple[str, str]] = field(default_factory=Counter)


def asked_now() -> int:
    """The time at which an answer is asked for, in milliseconds."""
    return int(time.time() * 1000)
