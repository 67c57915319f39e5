"""Open connections of people: each is told when its session ends, and says when its person did something."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from services.people import sessions
from services.store.engine import writing

from dashboard.process.resources import open_session, open_store
from dashboard.process.roster import roster_here, tell_roster
from dashboard.process.sessions import live_user

EVERY = 1.0
_WRITTEN_EVERY = 60
Tell = Callable[[], None]
log = structlog.get_logger("jangbu")


class Doors:
    """The open connections of this process, by session."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[str, set[Tell]] = defaultdict(set)
        self._seen: dict[str, float] = {}

    @contextmanager
    def open(self, session_id: str, tell: Tell) -> Iterator[None]:
        """A connection for the length of a block; `tell` is called, from another thread, once its session is over."""
        with self._lock:
            self._open[session_id].add(tell)
        try:
            yield
        finally:
            with self._lock:
                self._open[session_id].discard(tell)
                if not self._open[session_id]:
                    del self._open[session_id]

    def saw(self, session_id: str) -> None:
        """The person behind a session did something."""
        with self._lock:
            self._seen[session_id] = time.time()

    def look(self) -> None:
        """One look at the rows of what is open."""
        with self._lock:
            wanted, seen = {*self._open, *self._seen}, dict(self._seen)
        if not wanted:
            return
        with open_session() as conn:
            found, roster = sessions.find(conn, wanted), roster_here(conn)
        late = {one: at for one, at in seen.items() if one in found and at > found[one].seen_at + _WRITTEN_EVERY}
        if late:
            with writing(open_store(checked=False)) as conn:
                sessions.note_seen(conn, late)
        now = time.time()
        for one, session in found.items():
            session.seen_at = max(session.seen_at, int(seen.get(one, 0)))
        over = [one for one in wanted if one not in found or live_user(found[one], roster, now) is None]
        self._forget(over)

    def _forget(self, over: list[str]) -> None:
        with self._lock:
            told = [tell for one in over for tell in self._open.get(one, ())]
            for one in [*over, *(self._seen.keys() - self._open.keys())]:
                self._seen.pop(one, None)
        for tell in told:
            tell()


doors = Doors()


def watch_doors(stop: threading.Event) -> None:
    """Looks once a second until told to stop, at roles too; a store that cannot be read is looked at again."""
    while not stop.wait(EVERY):
        try:
            doors.look()
            tell_roster()
        except Exception as error:  # the loop outlives whatever happens in one turn
            log.warning("sessions could not be looked at", error=type(error).__name__)
