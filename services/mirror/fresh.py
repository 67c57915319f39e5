"""Windows read from what changed last, until a page brings nothing new: the only way to see a partial refund."""

from itertools import count

from services.errors import BadRequest
from services.mirror import pages
from services.mirror.pages import CHANGED_LAST, fetch, store
from services.mirror.run import Run
from services.mirror.windows import Window
from services.store.engine import writing
from services.store.sync_writes import Checkpoint, save_checkpoint

_LOOK = 100


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
            save_checkpoint(conn, Checkpoint(window.key, window.end_at, True, drift))
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
