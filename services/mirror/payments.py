"""Payments of the whole span: fresh windows looked at, the others read whole, and the gateway's totals compared."""

from collections.abc import Sequence

from services.clock import day_of
from services.mirror.fresh import follow, freshen, marker
from services.mirror.run import Run
from services.mirror.whole import read_whole
from services.mirror.windows import Window, payment_windows
from services.store.engine import reading, writing
from services.store.sync_writes import Checkpoint, count_between, get_checkpoint, save_checkpoint
from services.store.unreadable import stored_though_unreadable


def sync_payments(run: Run, *, days: int, full: bool) -> int:
    """Brings the last `days` days up to date. Returns how many payments of them the mirror holds."""
    windows = payment_windows(run.gateway.now(), days)
    drifts = {} if full else _complete(run, windows)
    totals = {window: freshen(run, window, drift) for window, drift in drifts.items()}
    read = [window for window in windows if totals.get(window) is None]
    _read(run, read, totals)
    differing = [
        window
        for window in windows
        if window not in read and _stored(run, window) - (totals[window] or 0) != drifts[window]
    ]
    _read(run, differing, totals)
    for window in (*read, *differing):
        _settle(run, window, totals[window])
    with reading(run.engine) as conn:
        return count_between(conn, day_of(windows[0].from_at), day_of(run.gateway.now()))


def _complete(run: Run, windows: Sequence[Window]) -> dict[Window, int]:
    """Windows that were read whole, with the drift that was left then."""
    with reading(run.engine) as conn:
        found = {window: get_checkpoint(conn, window.key) for window in windows}
    return {window: known.drift for window, known in found.items() if known and known.complete}


def _read(run: Run, windows: Sequence[Window], totals: dict[Window, int | None]) -> None:
    """Reads windows whole, and then what changed in each of them meanwhile."""
    before = {window: marker(run, window) for window in windows}
    totals.update(read_whole(run, windows))
    for window in windows:
        # Where the window did not hold still, what moved is on top all the same.
        total = follow(run, window, before[window])
        totals[window] = None if totals[window] is None else total


def _settle(run: Run, window: Window, total: int | None) -> None:
    if total is None:
        run.unsettled += 1
        return
    drift = _stored(run, window) - total
    run.drift += abs(drift + _accounted_for(run, window))
    with writing(run.engine) as conn:
        save_checkpoint(conn, Checkpoint(window.key, window.end_at, True, drift))


def _accounted_for(run: Run, window: Window) -> int:
    """Rows of a window that could not be read or came twice, but for those of which an earlier version is counted."""
    with reading(run.engine) as conn:
        earlier = stored_though_unreadable(conn, window.from_at, window.end_at)
    return run.not_stored[window.key] - earlier


def _stored(run: Run, window: Window) -> int:
    with reading(run.engine) as conn:
        return count_between(conn, day_of(window.from_at), day_of(window.until(run.gateway.now_between()[1])))
