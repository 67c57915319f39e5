"""Payments: windows read whole, and windows read from what changed last until nothing is new."""

from array import array
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection

from services.clock import day_of
from services.errors import BadRequest
from services.gateway.payloads import PagePayload, PaymentPayload
from services.mirror.convert import payment_write
from services.mirror.run import Progress, Run, asked_now
from services.mirror.windows import Window
from services.store.engine import reading, writing
from services.store.key_writes import discover_billing_keys
from services.store.payment_writes import PaymentWrite, Upserted, upsert_payments
from services.store.sync_writes import Checkpoint, count_between, get_checkpoint, save_checkpoint

PAGE = 1000
_FIRST_LOOK = 100
_THREADS = 8
_IN_FLIGHT = 10
_TRIES = 3
_OLDEST_FIRST = "started"
_CHANGED_LAST = "-updated"


@dataclass(frozen=True, slots=True)
class _Fetched:
    page: PagePayload[PaymentPayload]
    writes: list[PaymentWrite]
    as_of: int


class _Moved(Exception):
    """Rows moved while the window was paged."""


def sync_window(run: Run, window: Window, *, whole: bool) -> None:
    """Brings one window up to date; reads it whole where it must, or where the gateway's total disagrees."""
    with reading(run.engine) as conn:
        checkpoint = get_checkpoint(conn, window.from_at)
    if whole or checkpoint is None or not checkpoint.complete:
        _read_whole(run, window)
        return
    total = _freshen(run, window, checkpoint)
    if _stored(run, window) - total != checkpoint.drift:
        _read_whole(run, window)


def _freshen(run: Run, window: Window, checkpoint: Checkpoint) -> int:
    """What changed last, newest first, until a page brings nothing new. Returns the gateway's total."""
    first = _fetch(run, window, 1, _FIRST_LOOK, _CHANGED_LAST)
    total = first.page.total
    if not _store(run, window, first, complete=len(first.page.items) == total):
        return total
    page = 1
    while True:
        try:
            fetched = _fetch(run, window, page, PAGE, _CHANGED_LAST)
        except BadRequest:
            break
        # The first page's rows were new a moment ago: it can not say that nothing is.
        news = _store(run, window, fetched, complete=False)
        if (page > 1 and not news) or not fetched.page.next:
            break
        if page == 1 and not news and first.page.next == 0:
            break
        page += 1
    with writing(run.engine) as conn:
        save_checkpoint(conn, Checkpoint(window.from_at, window.to_at, True, checkpoint.drift))
    return total


def _read_whole(run: Run, window: Window) -> None:
    """Every page of the window, and again where rows moved between pages; what then still differs is drift."""
    for _try in range(_TRIES):
        try:
            total = _read_pages(run, window)
            break
        except _Moved:
            continue
    else:
        return
    drift = _stored(run, window) - total
    run.drift += abs(drift)
    with writing(run.engine) as conn:
        save_checkpoint(conn, Checkpoint(window.from_at, window.to_at, True, drift))


def _read_pages(run: Run, window: Window) -> int:
    first = _fetch(run, window, 1, PAGE, _OLDEST_FIRST)
    total, seen = first.page.total, array("q")
    for fetched in _pages(run, window, first):
        seen.extend(hash(write.values["imp_uid"]) for write in fetched.writes)
        unreadable = fetched.page.unreadable
        seen.extend(-number - len(seen) for number in range(unreadable))
        if fetched.page.total != total:
            raise _Moved
        _store(run, window, fetched, complete=False)
        run.progress(Progress("payments", len(seen), total))
    if len(np.unique(np.frombuffer(seen, dtype=np.int64))) != total if seen else total:
        raise _Moved
    return total


def _pages(run: Run, window: Window, first: _Fetched) -> Iterator[_Fetched]:
    """All pages of a window, several on their way at a time, few of them in memory."""
    yield first
    last = -(-first.page.total // PAGE)
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="mirror") as pool:
        waiting: deque[Future[_Fetched]] = deque()
        try:
            for page in range(2, last + 1):
                waiting.append(pool.submit(_fetch, run, window, page, PAGE, _OLDEST_FIRST))
                if len(waiting) >= _IN_FLIGHT:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BadRequest:
            raise _Moved from None
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _fetch(run: Run, window: Window, page: int, limit: int, sorting: str) -> _Fetched:
    as_of = asked_now()
    found = run.gateway.payments_by_status(
        "all", from_at=window.from_at, to_at=window.to_at, page=page, limit=limit, sorting=sorting
    )
    return _Fetched(found, [payment_write(one, from_list=True) for one in found.items], as_of)


def _store(run: Run, window: Window, fetched: _Fetched, *, complete: bool) -> int:
    """Rows and checkpoint in one transaction: a killed run leaves the window to be read whole. Returns what was new."""
    with writing(run.engine) as conn:
        done = upsert_payments(conn, fetched.writes, as_of=fetched.as_of)
        news = done.changed + done.confirmed
        if news:
            _discover(conn, fetched)
            if not complete:
                save_checkpoint(conn, Checkpoint(window.from_at, window.to_at, False))
    _note(run, fetched, done)
    return news


def _discover(conn: Connection, fetched: _Fetched) -> None:
    discover_billing_keys(conn, (uid for write in fetched.writes if (uid := write.values["customer_uid"])))


def _note(run: Run, fetched: _Fetched, done: Upserted) -> None:
    run.changed += done.changed
    if done.changed:
        for item in fetched.page.items:
            run.oddities.update(item.oddities)
    if fetched.page.unreadable:
        run.oddities["unreadable_row", "payment"] += fetched.page.unreadable


def _stored(run: Run, window: Window) -> int:
    with reading(run.engine) as conn:
        return count_between(conn, day_of(window.from_at), day_of(window.to_at))
