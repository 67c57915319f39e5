"""Windows read from what changed last, until a page brings nothing new: the only way to see a partial refund."""

from collections.abc import Mapping
from itertools import count
from typing import NamedTuple

from services.errors import BadRequest
from services.mirror import pages
from services.mirror.pages import CHANGED_LAST, fetch, store
from services.mirror.run import Run
from services.mirror.windows import Window
from services.store.engine import writing
from services.store.writes.sync import Checkpoint, save_checkpoint

_LOOK = 100
_TRIES = 8


class Marker(NamedTuple):
    """A window at one moment: the gateway's total, and what had changed last, digests by imp_uid."""

    total: int
    digests: Mapping[str, bytes]


def freshen(run: Run, window: Window, drift: int) -> int | None:
    """Brings a window that was read whole before up to date. Returns the gateway's total.

    None where rows moved while several pages were read: the window is then noted as incomplete.
    """
    to_at = window.until(run.gateway.now_between()[1])
    look = fetch(run, window, to_at, 1, limit=_LOOK, sorting=CHANGED_LAST)
    total, ended = look.total, not look.next
    if store(run, window, [look], complete=ended) and not ended:
        if not _catch_up(run, window, to_at, total):
            return None
        with writing(run.engine) as conn:
            save_checkpoint(conn, Checkpoint(window.key, window.end_at, True, drift, run.tier))
    return total


def _catch_up(run: Run, window: Window, to_at: int, total: int) -> bool:
    """Whole pages, the first one again, until one brings nothing new. False where rows moved meanwhile."""
    for number in count(1):
        try:
            fetched = fetch(run, window, to_at, number, limit=pages.PAGE, sorting=CHANGED_LAST)
        except BadRequest:
            return False
        if fetched.total != total:
            return False
        if not store(run, window, [fetched]) or not fetched.next:
            break
    return True


def marker(run: Run, window: Window) -> Marker:
    """To be taken before a window is read whole: what changes from now on comes to stand above it."""
    to_at = window.until(run.gateway.now_between()[1])
    look = fetch(run, window, to_at, 1, limit=_LOOK, sorting=CHANGED_LAST)
    return Marker(look.total, look.digests)


def follow(run: Run, window: Window, before: Marker) -> int | None:
    """Stores what changed since a marker was taken. Returns the gateway's total; None where it kept moving.

    Known rows prove nothing here: a whole reading has met some of what changed meanwhile, and missed some.
    """
    for _try in range(_TRIES):
        if (total := _down_to(run, window, before)) is not None:
            return total
    return None


def _down_to(run: Run, window: Window, before: Marker) -> int | None:
    """Down to a row that has not changed since the marker, also where rows move: what is met is stored."""
    to_at = window.until(run.gateway.now_between()[1])
    total, steady = None, True
    for number in count():
        limit = pages.PAGE if number else _LOOK  # mostly the look is enough
        try:
            fetched = fetch(run, window, to_at, max(number, 1), limit=limit, sorting=CHANGED_LAST)
        except BadRequest:
            return None
        total = fetched.total if total is None else total
        steady = steady and fetched.total == total
        store(run, window, [fetched])
        if not fetched.next or before.digests.items() & fetched.digests.items():
            break
    return total if steady else None
