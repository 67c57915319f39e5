"""The executor: carries intents out, one call at a time each, and ends what nobody may send any more."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event

import structlog

from services.errors import Moved, Restored, Superseded
from services.operations import held
from services.operations.files.batches import expire_files, feed
from services.operations.journal import attempts, journal
from services.operations.journal.chains import follow
from services.operations.journal.expiry import expire_old
from services.operations.record import EXECUTOR
from services.operations.resolve import Resolver
from services.operations.send import Sender
from services.store.engine import reading
from services.store.lists.operations import anything_open, next_look
from services.tables.journal import Operation
from services.tables.journal import OperationState as State

log = structlog.get_logger("jangbu.operations")
_EVERY = 0.5
_LONGEST = 15.0
"""Seconds between two looks while nothing is due: whatever is written down wakes the loop."""
_THREADS = 4


@dataclass
class Executor(Sender, Resolver):
    """Works on the journal of one database for one gateway; several may run at once, in any number of processes.

    Whoever holds the loops has a fenced store: see services/store/fence.py.
    """

    def run(self, stop: Event, wake: Event) -> None:
        """Works until told to stop; `wake` ends the wait for what is due next."""
        flying: dict[int, Future[None]] = {}
        told: str | None = None
        with ThreadPoolExecutor(_THREADS, thread_name_prefix="operations") as pool:
            while not stop.is_set():
                wait = _EVERY
                try:
                    for operation_id, work in self.due():
                        if operation_id not in flying or flying[operation_id].done():
                            flying[operation_id] = pool.submit(self._guarded, work, operation_id)
                    wait, told = self._rest(), None
                except Exception as error:  # the loop outlives whatever happens in one turn
                    if told != (told := type(error).__name__):
                        log.error("journal cannot be worked on", error=told)
                flying = {key: future for key, future in flying.items() if not future.done()}
                wake.wait(_EVERY if flying else wait)
                wake.clear()

    def run_held(self, stop: Event, wake: Event, leads: Callable[[], bool]) -> None:
        """While another process holds the loops: sends what only this one can, as a person typed it here."""
        while not stop.is_set():
            tokens = held.held_tokens()
            if tokens and not leads():
                try:
                    with reading(self.engine) as conn:
                        mine = [one.id for one in journal.in_state(conn, State.INTENT, due=self.clock())
                                if one.token in tokens]  # fmt: skip
                    for operation_id in mine:
                        self._guarded(self.carry_out, operation_id)
                except Exception as error:  # the loop outlives whatever happens in one turn
                    log.error("journal cannot be worked on", error=type(error).__name__)
            wake.wait(_EVERY if tokens else _LONGEST)
            wake.clear()

    def _rest(self) -> float:
        """Seconds until something is due, of what is written down now."""
        with reading(self.engine) as conn:
            due_at = next_look(conn)
        return _LONGEST if due_at is None else min(max(due_at - self.clock(), _EVERY), _LONGEST)

    def turn(self) -> int:
        """Everything that is due now, one after another. Returns how many operations it worked on."""
        due = self.due()
        for operation_id, work in due:
            self._guarded(work, operation_id)
        return len(due)

    def due(self) -> list[tuple[int, Callable[[int], Operation]]]:
        """Ends what is too old, releases what a dead process held, and lists what is to be done now."""
        now = self.clock()
        held.forget_old()
        with reading(self.engine) as conn:
            if not anything_open(conn):
                return []
        try:
            self.release()
            feed(self.engine, EXECUTOR, now)
            follow(self.engine, EXECUTOR, now)
        except (Restored, Superseded):
            return []
        with reading(self.engine) as conn:
            intents = [one for one in journal.in_state(conn, State.INTENT, due=now) if not held.is_elsewhere(one)]
            unknown = journal.in_state(conn, State.UNKNOWN, due=now)
        return [*((one.id, self.carry_out) for one in intents), *((one.id, self.look) for one in unknown)]

    def release(self) -> None:
        """Ends what is too old; what a dead process had sent becomes unknown."""
        now = self.clock()
        expire_old(self.engine, EXECUTOR, now)
        expire_files(self.engine, EXECUTOR, now)
        attempts.release_dead(self.engine, self.name, EXECUTOR, now)

    def follow(self, operation_id: int) -> None:
        """Moves an operation on that waited for another one, if that has ended."""
        follow(self.engine, EXECUTOR, self.clock(), only=operation_id)

    def _guarded(self, work: Callable[[int], Operation], operation_id: int) -> None:
        try:
            work(operation_id)
        except (Moved, Restored, Superseded):
            return
        except Exception as error:  # what it holds stays as it is written: the next turn sees to it
            log.error("operation was not worked on", operation=operation_id, error=type(error).__name__)
