"""Booked payments: those of the last week and the coming year each time, the whole span in a full run."""

from collections.abc import Iterable, Iterator

from services.clock import day_of
from services.errors import BadRequest, NotFound
from services.gateway import Gateway
from services.gateway.payloads import PagePayload, Payload
from services.mirror.ahead import one_ahead
from services.mirror.convert import schedule_row
from services.mirror.run import Run
from services.mirror.unreadable import could_be_read, note
from services.mirror.windows import schedule_windows
from services.store.engine import writing_one_of_many
from services.store.writes.keys import discover_billing_keys
from services.store.writes.schedules import upsert_schedules
from services.tables.unreadable import RowKind
from services.tables.v1 import Schedule

PAGE = 1000
_WEEK = 7
_YEAR = 366


def sync_schedules(run: Run, *, back_days: int | None) -> None:
    """Reads schedules due from `back_days` (a week where None) ago to a year ahead."""
    today = day_of(run.gateway.now())
    windows = schedule_windows(today - (back_days or _WEEK), today + _YEAR)
    read = 0
    for as_of, found in one_ahead(page for window in windows for page in _pages(run, *window)):
        _store(run, found, as_of)
        read += found.sent
        run.tell("schedules", read, None)


def schedules_of_key(
    gateway: Gateway, customer_uid: str, windows: Iterable[tuple[int, int]]
) -> Iterator[PagePayload[Payload]]:
    """Pages of what is or was booked on one billing key, due within windows of three months at most."""
    for from_at, to_at in windows:
        page = 1
        while page:
            try:
                found = gateway.customer_schedules(customer_uid, from_at, to_at, page=page)
            except NotFound:
                break
            yield found
            page = found.next


def _pages(run: Run, from_at: int, to_at: int) -> Iterator[tuple[int, PagePayload[Payload]]]:
    """The pages of a window, each with the time it was asked for, until one is past the end or the one before."""
    before: set[str] = set()
    page = 1
    while page:
        as_of = run.gateway.asked_at()
        try:
            found = run.gateway.schedules(from_at, to_at, page=page, limit=PAGE, unlike=run.unlike(Schedule))
        except BadRequest:
            if page == 1:
                raise
            return  # past the end
        orders = _orders(found)
        if orders and orders == before:
            return  # a gateway that answers with a plain array may know no pages
        before = orders
        yield as_of, found
        page = found.next


def _orders(found: PagePayload[Payload]) -> set[str]:
    return {*found.known, *(one.fields["merchant_uid"] for one in found.items)}


def _store(run: Run, found: PagePayload[Payload], as_of: int) -> None:
    if not (found.items or found.unreadable or run.unreadable.get(RowKind.SCHEDULE, set()) & _orders(found)):
        return
    with writing_one_of_many(run.engine) as conn:
        changed = upsert_schedules(conn, [schedule_row(one) for one in found.items], as_of=as_of)
        if changed:
            uids = (one.fields["customer_uid"] for one in found.items)
            discover_billing_keys(conn, (uid for uid in uids if uid), run.tier)
        could_be_read(run, conn, RowKind.SCHEDULE, _orders(found))
        note(run, conn, found.unreadable)
    for one in found.items if changed else ():
        run.oddities.update(one.oddities)
