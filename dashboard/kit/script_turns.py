"""Scripts run one at a time: Python lets one thread compute, and fifty that would spend most of it on asking for it.

Who waits for the database computes nothing: meanwhile the next one begins.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock, local

_GLANCE = 0.03
"""Seconds between two looks at whether a run computes."""
_LEAST = 0.001
"""Seconds of a processor that one which does takes meanwhile, however many are at it."""
_LONGEST = 0.25
"""Seconds that a run has to itself at most."""


class _Run:
    """One that has begun, in the thread that makes this."""

    def __init__(self) -> None:
        self.is_over = Event()
        self._until = time.monotonic() + _LONGEST
        # Systems that do not tell what a thread computes: there each run has its time, whatever it waits for.
        tells = hasattr(time, "pthread_getcpuclockid")
        self._clock = time.pthread_getcpuclockid(threading.get_ident()) if tells else time.CLOCK_MONOTONIC

    def give_way(self) -> None:
        """Returns once it is over, waits for something, or had its time."""
        with suppress(OSError):  # its thread is gone, and it is over
            before = time.clock_gettime(self._clock)
            while not self.is_over.wait(_GLANCE):
                now = time.clock_gettime(self._clock)
                if now - before < _LEAST or time.monotonic() > self._until:
                    return
                before = now


_next = Lock()
_last: _Run | None = None
_own = local()


@contextmanager
def script_turn() -> Iterator[None]:
    """The length of a run, or of a fragment's by itself; within a turn of this thread's it is nothing."""
    if getattr(_own, "runs", False):
        yield
        return
    run = _begun()
    _own.runs = True
    try:
        yield
    finally:
        _own.runs = False
        run.is_over.set()


def _begun() -> _Run:
    global _last
    with _next:
        if _last is not None:
            _last.give_way()
        _last = _Run()
        return _last
