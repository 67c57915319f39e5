"""Holding the loops: one process of several runs them, and another one takes over where it dies, hangs or ends."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event, Thread

import structlog
from sqlalchemy import Engine

from services.claimants import claimant_name
from services.store.engine import reading
from services.store.fence import fenced
from services.store.lease import RENEWED_EVERY, TERM, give_back, lease_of, renew, take

log = structlog.get_logger("jangbu.loops")
Loop = Callable[[Event, Engine], None]
"""Works on a store, by which nothing is written any more once another process holds the loops, until told to stop."""
_LOOK = 2.0
"""Seconds between two looks of those that wait."""
_AGAIN = 5.0
"""Seconds after which a loop that broke off begins anew."""
_LAST = 5.0
"""Seconds that the loops have to come to an end; whoever still runs then may neither write nor send."""


@dataclass
class Holder:
    """This process among those that may hold the loops."""

    engine: Engine
    loops: Sequence[Loop]
    wake: Callable[[], None] = lambda: None
    """Ends the loops' waits, so that they see that they are to stop."""
    name: str = field(default_factory=claimant_name, kw_only=True)
    number: int | None = field(default=None, init=False)
    """Under which it holds them; None while it does not."""

    @property
    def leads(self) -> bool:
        """Whether the loops run here, as far as this process knows."""
        return self.number is not None

    def run(self, stop: Event) -> None:
        """Until told to stop: waits for the loops, and runs them as long as they are this process's."""
        while not stop.is_set():
            wait = _LOOK
            try:
                self.number = take(self.engine, self.name)
                if self.number is None:
                    with reading(self.engine) as conn:
                        # A little later than its term: the database's clock says whether it is over.
                        wait = min(lease_of(conn).left + 0.1, _LOOK)
            except Exception as error:  # it waits for a database that is away or busy
                log.warning("the loops cannot be asked for", error=type(error).__name__)
            if self.number is None:
                stop.wait(wait)
            else:
                self._lead(stop, self.number)

    def _lead(self, stop: Event, number: int) -> None:
        log.info("the loops run here", number=number)
        over, own = Event(), fenced(self.engine, number)
        threads = [Thread(target=_run, args=(loop, over, own), name=loop.__name__, daemon=True) for loop in self.loops]
        for thread in threads:
            thread.start()
        renewed = time.monotonic()
        try:
            while not stop.wait(RENEWED_EVERY):
                try:
                    if not renew(self.engine, number):
                        break
                    renewed = time.monotonic()
                except Exception as error:  # once more, as long as nobody else can have taken over
                    log.warning("the loops' term cannot be renewed", error=type(error).__name__)
                    # SQLite is always there: one long write keeps renewals waiting, and whoever would take over too.
                    if self.engine.dialect.name != "sqlite" and time.monotonic() - renewed > TERM:
                        break
        finally:
            over.set()
            self.number = None
            self._end(threads, number)

    def _end(self, threads: Sequence[Thread], number: int) -> None:
        self.wake()
        until = time.monotonic() + _LAST
        for thread in threads:
            thread.join(max(until - time.monotonic(), 0))
        try:
            give_back(self.engine, number)
        except Exception as error:  # the next one waits until the term is over
            log.warning("the loops cannot be given back", error=type(error).__name__)
        log.info("the loops do not run here any more", number=number)


def _run(loop: Loop, over: Event, own: Engine) -> None:
    """The others go on where one breaks off: it begins anew, or nobody would do its work while the term is renewed."""
    while not over.is_set():
        try:
            loop(over, own)
        except Exception as error:
            log.error("a loop broke off, and begins anew", loop=loop.__name__, error=type(error).__name__)
            over.wait(_AGAIN)
        else:
            return
