"""Turns of one process's writers, first come first served: only one of them asks PostgreSQL for its lock at a time.

Of a process that is stopped, that one alone is in the way of others, and no second one has its turn after it.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock

from sqlalchemy.exc import TimeoutError as TookTooLong


class Turns:
    """Whose turn it is, and who waits."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._taken = False
        self._waiting: deque[Event] = deque()

    @contextmanager
    def one(self, seconds: float) -> Iterator[None]:
        """A turn for the length of a block. Raises sqlalchemy.exc.TimeoutError where it does not come in time."""
        if not self._take(seconds):
            raise TookTooLong("Other writers of this process took too long.")
        try:
            yield
        finally:
            self._give()

    def _take(self, seconds: float) -> bool:
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            mine = Event()
            self._waiting.append(mine)
        if mine.wait(seconds):
            return True
        with self._lock:
            if mine.is_set():
                return True
            self._waiting.remove(mine)
            return False

    def _give(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False
