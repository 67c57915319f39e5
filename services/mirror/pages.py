"""Pages of payments: fetched several at a time, stored one after another, each with its window's checkpoint."""

from collections import Counter, deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from sqlalchemy import Connection

from services.errors import BadRequest
from services.gateway.payloads import PaymentPayload, UnreadableRow
from services.mirror.convert import payment_write
from services.mirror.run import Oddity, Run
from services.mirror.unreadable import could_be_read, note
from services.mirror.windows import Window
from services.store.engine import writing_one_of_many
from services.store.writes.keys import discover_billing_keys
from services.store.writes.payments import Upserted, upsert_payments
from services.store.writes.sync import Checkpoint, save_checkpoint
from services.tables.unreadable import RowKind
from services.tables.v1 import Payment

PAGE = 1000
_THREADS = 6
_IN_FLIGHT = 8
OLDEST_FIRST = "started"
CHANGED_LAST = "-updated"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page, ready to be stored: its readable rows' digests by imp_uid, and `payments` that are not stored like it.

    `sent` counts all its rows, `unreadable` are those left out, `as_of` is when it was asked for (ms).
    """

    total: int
    next: int
    sent: int
    digests: Mapping[str, bytes]
    payments: tuple[PaymentPayload, ...]
    oddities: Counter[Oddity]
    unreadable: tuple[UnreadableRow, ...]
    as_of: int


def fetch(run: Run, window: Window, to_at: int, number: int, *, limit: int, sorting: str) -> Fetched:
    """One page of a window up to `to_at`. Raises BadRequest past the end."""
    as_of = run.gateway.asked_at()
    unlike = run.unlike(Payment)
    found = run.gateway.payments_by_status(
        "all", from_at=window.from_at, to_at=to_at, page=number, limit=limit, sorting=sorting, unlike=unlike
    )
    digests = {**found.known, **{one.imp_uid: one.digest for one in found.items}}
    oddities = Counter(oddity for one in found.items for oddity in one.oddities)
    return Fetched(found.total, found.next, found.sent, digests, found.items, oddities, found.unreadable, as_of)


def all_pages(run: Run, windows: Sequence[Window]) -> Generator[tuple[Window, Fetched | None]]:
    """Every page of these windows in their order; None where the window had shrunk. Few are in memory at a time."""
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="mirror") as pool:
        flying: deque[tuple[Window, Future[Fetched]]] = deque()
        try:
            for asked in _asked(run, windows, pool):
                flying.append(asked)
                if len(flying) >= _IN_FLIGHT:
                    yield _landed(*flying.popleft())
            while flying:
                yield _landed(*flying.popleft())
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _asked(run: Run, windows: Sequence[Window], pool: ThreadPoolExecutor) -> Iterator[tuple[Window, Future[Fetched]]]:
    """Asks for each page in turn; a window's first page is asked for while the window before it is read."""
    ahead: deque[Future[Fetched]] = deque()

    def ask(window: Window, number: int, to_at: int) -> Future[Fetched]:
        return pool.submit(fetch, run, window, to_at, number, limit=PAGE, sorting=OLDEST_FIRST)

    earliest, _latest = run.gateway.now_between()
    ends = [window.settled(earliest) for window in windows]
    for index, (window, to_at) in enumerate(zip(windows, ends, strict=True)):
        first = ahead.popleft() if ahead else ask(window, 1, to_at)
        if index + 1 < len(windows):
            ahead.append(ask(windows[index + 1], 1, ends[index + 1]))
        yield window, first
        under_way: deque[Future[Fetched]] = deque()
        for number in range(2, -(-first.result().total // PAGE) + 1):
            if under_way and under_way[0].done() and _nothing(under_way.popleft()):
                break  # a total that is not true has no end
            under_way.append(ask(window, number, to_at))
            yield window, under_way[-1]


def _nothing(answer: Future[Fetched]) -> bool:
    """Whether a page lies past the end."""
    failed = answer.exception()
    return isinstance(failed, BadRequest) if failed else not answer.result().sent


def _landed(window: Window, answer: Future[Fetched]) -> tuple[Window, Fetched | None]:
    try:
        return window, answer.result()
    except BadRequest:
        return window, None


def store(run: Run, window: Window, pages: Sequence[Fetched], *, complete: bool = False) -> int:
    """Stores pages in one transaction. Returns how many rows no list had brought before.

    Unless the window is `complete` with it, the same transaction notes that it is to be read whole: a
    killed run leaves nothing half done unseen.
    """
    if all(_is_stored(run, fetched) for fetched in pages):
        return 0
    with writing_one_of_many(run.engine) as conn:
        done = [_upsert(run, conn, fetched) for fetched in pages]
        news = sum(one.changed + one.confirmed for one in done)
        if news and not complete:
            save_checkpoint(conn, Checkpoint(window.key, window.end_at, False, tier=run.tier))
    for fetched, one in zip(pages, done, strict=True):
        run.changed += one.changed
        if one.changed:
            run.oddities.update(fetched.oddities)
    return news


def _is_stored(run: Run, fetched: Fetched) -> bool:
    """Whether a page brings nothing: most are so, and wait for nobody's writing."""
    told = run.unreadable.get(RowKind.PAYMENT, set())
    return not (fetched.payments or fetched.unreadable or told & fetched.digests.keys())


def _upsert(run: Run, conn: Connection, fetched: Fetched) -> Upserted:
    writes = [payment_write(one, from_list=True) for one in fetched.payments]
    done = upsert_payments(conn, writes, as_of=fetched.as_of)
    if done.changed:
        uids = (write.values["customer_uid"] for write in writes)
        discover_billing_keys(conn, (uid for uid in uids if uid), run.tier)
    could_be_read(run, conn, RowKind.PAYMENT, fetched.digests)
    note(run, conn, fetched.unreadable)
    return done
