"""What every part of a run shares: gateway, store, counts, progress."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock

from sqlalchemy import Engine

from services.errors import JangbuError
from services.gateway import Gateway
from services.gateway.decoder import Unlike
from services.mirror.windows import Window
from services.store.engine import reading, writing
from services.store.lists.system import Filling
from services.store.writes.digests import unlike_stored
from services.store.writes.sync import set_mark
from services.tables.marks import MirrorMark
from services.tables.v1 import Payment, Schedule

Oddity = tuple[str, str]
"""(kind, name) as in models.Oddity."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: what it reads, how many rows, of how many where that is known."""

    what: str
    done: int
    total: int | None
    filled: Filling | None = None
    """How far back a first pass has come; None in any other."""


@dataclass
class Run:
    """One run of the mirror over one store."""

    gateway: Gateway
    engine: Engine
    progress: Callable[[Progress], None] = lambda _progress: None
    changed: int = 0
    drift: int = 0
    unsettled: int = 0
    """Windows that kept moving while they were read: the next run reads them again."""
    refused: JangbuError | None = None
    """Why a sub-store could not be read, if one could not."""
    oddities: Counter[Oddity] = field(default_factory=Counter)
    unreadable: dict[str, set[str]] = field(default_factory=dict)
    """Ids of rows that could not be read, by kind."""
    noted: set[tuple[str, str, str]] = field(default_factory=set)
    """What of them this run has noted, by their keys."""
    not_stored: Counter[int] = field(default_factory=Counter)
    """By window key: rows sent that no row here stands for, because they could not be read or came twice."""
    empty: set[int] = field(default_factory=set)
    """Windows (by key) at which the gateway has nothing, as this run has seen."""
    filling: Filling | None = None
    comparing: Lock = field(default_factory=Lock)
    """Held by the thread that compares a page with the store: each connection has a cache of its own."""

    @property
    def tier(self) -> str:
        """The store that it reads; empty: the main one."""
        return self.gateway.tier

    def tell(self, what: str, done: int, total: int | None) -> None:
        """Reports how far the run is."""
        self.progress(Progress(what, done, total, self.filling))

    def unlike(self, model: type[Payment | Schedule]) -> Unlike:
        """What of a page is to be read: the rows that are not stored as it tells them."""

        def compare(digests: Mapping[str, bytes]) -> set[str]:
            with self.comparing, reading(self.engine) as conn:
                return unlike_stored(conn, model, digests)

        return compare

    def begin_filling(self, days: int, *, done: int) -> None:
        """A pass over a span that was not read to its start yet; `done` of its days are here already."""
        self._fill(Filling(min(done, days), days))

    def read_whole(self, window: Window) -> None:
        """One more window is here."""
        if self.filling is not None:
            self._fill(Filling(min(self.filling.done + window.days, self.filling.days), self.filling.days))

    def read_empty(self, window: Window) -> None:
        """One more window is here, and there is nothing in it to read."""
        self.empty.add(window.key)
        self.read_whole(window)

    def end_filling(self) -> None:
        """What follows looks at the whole span once more."""
        self.filling = None

    def _fill(self, filling: Filling) -> None:
        self.filling = filling
        with writing(self.engine) as conn:
            set_mark(conn, MirrorMark.FILLING, f"{filling.done}/{filling.days}", int(time.time()))
