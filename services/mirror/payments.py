"""Payments of the whole span: fresh windows looked at, the others read whole, and the gateway's totals compared."""

from collections.abc import Sequence

from services.clock import day_of
from services.mirror.fresh import freshen
from services.mirror.run import Run
from services.mirror.whole import read_whole
from services.mirror.windows import Window, payment_windows
from services.store.engine import reading, writing
from services.store.sync_writes import Checkpoint, count_between, get_checkpoint, save_checkpoint

_LOOKS = 4


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
    """Reads windows whole. The newest is then looked at once more, for what happened meanwhile.

    A look that was given up half-way says nothing of what lies below it: the window is then read whole again.
    """
    if not windows:
        return
    totals.update(read_whole(run, windows))
    newest = windows[-1]
    if newest.end_at < run.gateway.now():
        return
    for _look in range(_LOOKS):
        if totals[newest] is not None:
            totals[newest] = freshen(run, newest, 0)
        if totals[newest] is not None:
            return
        totals.update(read_whole(run, [newest]))
    totals[newest] = None


def _settle(run: Run, window: Window, total: int | None) -> None:
    if total is None:
        run.unsettled += 1
        return
    drift = _stored(run, window) - total
    run.drift += abs(drift)
    with writing(run.engine) as conn:
        save_checkpoint(conn, Checkpoint(window.key, window.end_at, True, drift))


def _stored(run: Run, window: Window) -> int:
    with reading(run.engine) as conn:
        return count_between(conn, day_of(window.from_at), day_of(window.until(run.gateway.now_between()[1])))
