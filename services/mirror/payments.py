"""Payments of the whole span: fresh windows looked at, the others read whole, and the gateway's totals compared."""

from collections.abc import Iterator, Sequence

from services.clock import day_of
from services.mirror.fresh import follow, freshen, marker
from services.mirror.run import Run
from services.mirror.whole import read_whole
from services.mirror.windows import Window, payment_windows
from services.store.engine import reading, writing
from services.store.lists.unreadable import stored_though_unreadable
from services.store.writes.sync import Checkpoint, count_between, get_checkpoint, save_checkpoint


def fill(run: Run, *, days: int) -> Iterator[None]:
    """Reads the windows that were never read whole, newest first; yields after each step, when those are kept.

    Each step is twice as long as the one before: the newest is there at once, and few of them wait for each other.
    """
    windows = payment_windows(run.gateway.now(), days)
    known = _complete(run, windows)
    waiting = [window for window in reversed(windows) if window not in known]
    run.begin_filling(days, done=sum(window.days for window in known))
    step = 1
    while waiting:
        now, waiting = waiting[:step], waiting[step:]
        totals: dict[Window, int | None] = {}
        _read(run, now, totals)
        for window in now:
            _settle(run, window, totals[window], again=True)
        yield
        step *= 2


def sync_payments(run: Run, *, days: int, full: bool) -> int:
    """Brings the last `days` days up to date. Returns how many payments of them the mirror holds."""
    windows = payment_windows(run.gateway.now(), days)
    drifts = {} if full else _complete(run, windows)
    totals = {window: freshen(run, window, drift) for window, drift in drifts.items() if window.key not in run.empty}
    totals |= {window: 0 for window in drifts if window.key in run.empty}
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
        return count_between(conn, day_of(windows[0].from_at), day_of(run.gateway.now()), run.tier)


def _complete(run: Run, windows: Sequence[Window]) -> dict[Window, int]:
    """Windows that were read whole, with the drift that was left then."""
    with reading(run.engine) as conn:
        found = {window: get_checkpoint(conn, window.key, run.tier) for window in windows}
    return {window: known.drift for window, known in found.items() if known and known.complete}


def _read(run: Run, windows: Sequence[Window], totals: dict[Window, int | None]) -> None:
    """Reads windows whole, and then what changed in each of them meanwhile. One that is empty costs one look."""
    before = {window: marker(run, window) for window in windows}
    empty = {window for window in windows if not before[window].total}
    for window in empty:
        totals[window] = 0
        run.read_empty(window)
    filled = [window for window in windows if window not in empty]
    totals.update(read_whole(run, filled))
    for window in filled:
        # Where the window did not hold still, what moved is on top all the same.
        total = follow(run, window, before[window])
        totals[window] = None if totals[window] is None else total


def _settle(run: Run, window: Window, total: int | None, *, again: bool = False) -> None:
    """Notes that a window was read whole; `again`: this run looks at it once more."""
    if total is None:
        run.unsettled += not again
        return
    drift = _stored(run, window) - total
    if not again:
        run.drift += abs(drift + _accounted_for(run, window))
    with writing(run.engine) as conn:
        save_checkpoint(conn, Checkpoint(window.key, window.end_at, True, drift, run.tier))


def _accounted_for(run: Run, window: Window) -> int:
    """Rows of a window that could not be read or came twice, but for those of which an earlier version is counted."""
    with reading(run.engine) as conn:
        earlier = stored_though_unreadable(conn, window.from_at, window.end_at, run.tier)
    return run.not_stored[window.key] - earlier


def _stored(run: Run, window: Window) -> int:
    with reading(run.engine) as conn:
        until = day_of(window.until(run.gateway.now_between()[1]))
        return count_between(conn, day_of(window.from_at), until, run.tier)
