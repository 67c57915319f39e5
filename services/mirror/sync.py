"""One run of the mirror: payments, schedules, billing keys, channels, and a record of how it went."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from services.clock import day_of
from services.errors import JangbuError, Refused, UnreadableAnswer
from services.gateway import Gateway
from services.gateway.payloads import Batch, Payload
from services.mirror.account import claim
from services.mirror.convert import plain_row
from services.mirror.keys import sync_billing_keys
from services.mirror.payments import fill, sync_payments
from services.mirror.run import Progress, Run
from services.mirror.schedules import sync_schedules
from services.mirror.stores.passes import sync_sub_stores
from services.mirror.unread_again import ask_again
from services.mirror.unreadable import could_be_read, note, remember
from services.store.account import require_account
from services.store.engine import reading, writing
from services.store.lists.system import (
    marks,
    row_counts,
    whole_is_due,
)
from services.store.lists.unreadable import count_unreadable, drop_unseen
from services.store.writes.keys import replace_channels
from services.store.writes.revenue import know_revenue_from
from services.store.writes.sync import begin_run, end_run, note_oddities, set_mark
from services.tables.marks import MirrorMark
from services.tables.unreadable import RowKind

_UNSETTLED = "Payments kept moving while they were read; the next run reads them again."


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What the mirror holds now (`payments`: of the span), how many payments changed, and what it took."""

    payments: int
    changed: int
    billing_keys: int
    schedules: int
    requests: int
    seconds: float
    unreadable: int
    """Rows sent so far that could not be read, and cannot yet."""


def sync(
    gateway: Gateway,
    engine: Engine,
    *,
    days: int = 400,
    full: bool = False,
    progress: Callable[[Progress], None] = lambda _progress: None,
) -> SyncResult:
    """Brings the mirror up to date; `full` reads the whole span again. Its first answer binds the database.

    Raises GatewayError, which the run records, and OtherAccount where it mirrors another one.
    """
    begun, requests = time.monotonic(), gateway.requests
    run = Run(gateway, engine, progress)
    remember(run)
    with writing(engine) as conn:
        require_account(conn, gateway.account)
        run_id = begin_run(conn, "full" if full else "sync", int(time.time()))
    counts: dict[str, int] = {}
    error: str | None = "stopped"
    try:
        counts = _carry_out(run, days, full)
        error = _UNSETTLED if run.unsettled else run.refused.kept() if run.refused else None
    except JangbuError as caught:
        error = caught.kept()
        raise
    except Exception as caught:
        error = type(caught).__name__
        raise
    finally:
        with writing(engine) as conn:
            note_oddities(conn, run.oddities, at=int(time.time()))
            sums = {"changed": run.changed, "drift": run.drift, "requests": gateway.requests - requests}
            end_run(conn, run_id, int(time.time()), counts | sums, error)
    with reading(engine) as conn:
        unreadable = count_unreadable(conn)
    return SyncResult(
        changed=run.changed,
        requests=gateway.requests - requests,
        seconds=time.monotonic() - begun,
        unreadable=unreadable,
        **counts,
    )


def _carry_out(run: Run, days: int, full: bool) -> dict[str, int]:
    asked = int(time.time())
    channels = _channels(run)
    claim(run.gateway, run.engine)
    with reading(run.engine) as conn:
        kept = marks(conn)
    backfilled, all_due = int(kept.get(MirrorMark.BACKFILLED, 0)), whole_is_due(kept)
    # Nothing is sent before all of it was read: not the few days alone that somebody asks for meanwhile.
    full, days = full or all_due, max(days, backfilled) if all_due else days
    # A span that was never read to its start is read whole once.
    first = full or backfilled < days
    if first and not full:
        _fill(run, days, channels)
    payments = sync_payments(run, days=days, full=full)
    sync_schedules(run, back_days=days if first else None)
    sync_billing_keys(run, all_of_them=full)
    with writing(run.engine) as conn:
        _note_as_of(conn, run, channels, asked)
    payments += sync_sub_stores(run, days=days, full=full, all_due=all_due)
    if full:
        ask_again(run)
    with writing(run.engine) as conn:
        if first and not run.unsettled:
            set_mark(conn, MirrorMark.BACKFILLED, str(max(days, backfilled)), asked)
            set_mark(conn, MirrorMark.FILLING, f"{days}/{days}", asked)
            know_revenue_from(conn, day_of(asked) - max(days, backfilled) + 1, asked)
            if not (run.refused and all_due):
                # What is read-only until all was read once more stays so while a store does not show what it has.
                set_mark(conn, MirrorMark.DEEP_AT, str(asked), asked)
            drop_unseen(conn, (digest for _kind, uid, digest in run.noted if not uid))
        rows = row_counts(conn)
    return {"payments": payments, "schedules": rows["schedules"], "billing_keys": rows["billing_keys"]}


def _fill(run: Run, days: int, channels: Batch[Payload] | None) -> None:
    """The newest months first, with what is booked and its keys: everything works on them while older ones follow."""
    asked = int(time.time())
    for _step in fill(run, days=days):
        sync_schedules(run, back_days=None)
        sync_billing_keys(run, all_of_them=False)
        with writing(run.engine) as conn:
            _note_as_of(conn, run, channels, asked)
    run.end_filling()


def _note_as_of(conn: Connection, run: Run, channels: Batch[Payload] | None, asked: int) -> None:
    if channels is not None:
        _store_channels(run, conn, channels)
    set_mark(conn, MirrorMark.AS_OF, str(asked), asked)
    set_mark(conn, MirrorMark.GATEWAY, run.gateway.base_url, asked)
    set_mark(conn, MirrorMark.CLOCK_DIFFERENCE, f"{run.gateway.clock_difference or 0:.3f}", asked)


def _channels(run: Run) -> Batch[Payload] | None:
    """The merchant's channels; None where the gateway does not tell them, which stops nothing else."""
    try:
        return run.gateway.list_channels()
    except (Refused, UnreadableAnswer):
        return None


def _store_channels(run: Run, conn: Connection, channels: Batch[Payload]) -> None:
    replace_channels(conn, [plain_row(one) for one in channels.found])
    could_be_read(run, conn, RowKind.CHANNEL, [one.fields["pg_provider"] for one in channels.found])
    note(run, conn, channels.unreadable)
