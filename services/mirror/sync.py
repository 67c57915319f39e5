"""One run of the mirror: payments, schedules, billing keys, channels, and a record of how it went."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine

from services.clock import day_of
from services.errors import GatewayError
from services.gateway import Gateway
from services.mirror.convert import plain_row
from services.mirror.keys import sync_billing_keys
from services.mirror.payments import sync_window
from services.mirror.run import Progress, Run
from services.mirror.schedules import sync_schedules
from services.mirror.windows import payment_windows
from services.store.engine import reading, writing
from services.store.key_writes import replace_channels
from services.store.sync_writes import begin_run, count_between, end_run, note_oddities, set_mark
from services.store.system import AS_OF, BACKFILLED, marks


@dataclass(frozen=True, slots=True)
class SyncResult:
    """`payments`: in the mirror within the span; `changed`: new or changed payments; the rest as read in this run."""

    payments: int
    changed: int
    billing_keys: int
    schedules: int
    requests: int
    seconds: float


def sync(
    gateway: Gateway,
    engine: Engine,
    *,
    days: int = 400,
    full: bool = False,
    progress: Callable[[Progress], None] = lambda _progress: None,
) -> SyncResult:
    """Brings the mirror up to date; `full` reads the whole span again. Raises GatewayError, which the run records."""
    begun, requests = time.monotonic(), gateway.requests
    run = Run(gateway, engine, progress)
    with writing(engine) as conn:
        run_id = begin_run(conn, "full" if full else "sync", int(time.time()))
    counts: dict[str, int] = {}
    error: str | None = "stopped"
    try:
        counts = _carry_out(run, days, full)
        error = None
    except GatewayError as caught:
        error = str(caught)
        raise
    except Exception as caught:
        error = type(caught).__name__
        raise
    finally:
        with writing(engine) as conn:
            note_oddities(conn, run.oddities, at=int(time.time()))
            sums = {"changed": run.changed, "drift": run.drift, "requests": gateway.requests - requests}
            end_run(conn, run_id, int(time.time()), counts | sums, error)
    return SyncResult(
        changed=run.changed, requests=gateway.requests - requests, seconds=time.monotonic() - begun, **counts
    )


def _carry_out(run: Run, days: int, full: bool) -> dict[str, int]:
    asked = int(time.time())
    now = run.gateway.now()
    windows = payment_windows(now, days)
    for window in windows:
        sync_window(run, window, whole=full)
    with reading(run.engine) as conn:
        known = marks(conn)
    # A span that was never read to its start is read whole once.
    first = full or int(known.get(BACKFILLED, 0)) < days
    schedules = sync_schedules(run, back_days=days if first else None)
    keys = sync_billing_keys(run, all_of_them=full)
    with writing(run.engine) as conn:
        replace_channels(conn, [plain_row(one) for one in run.gateway.channels()])
        set_mark(conn, AS_OF, str(asked), asked)
        set_mark(conn, "gateway", run.gateway.base_url, asked)
        set_mark(conn, "clock_difference", f"{run.gateway.clock_difference or 0:.3f}", asked)
        if first:
            set_mark(conn, BACKFILLED, str(max(days, int(known.get(BACKFILLED, 0)))), asked)
        if full or first:
            set_mark(conn, "deep_at", str(asked), asked)
        payments = count_between(conn, day_of(windows[-1].from_at), day_of(now))
    return {"payments": payments, "schedules": schedules, "billing_keys": keys}
