"""Sub-stores read one after another, each as the main store: with windows, a first pass and a time of its own."""

import time

from services.errors import JangbuError, Refused, says
from services.gateway import Gateway
from services.mirror.keys import sync_billing_keys
from services.mirror.payments import sync_payments
from services.mirror.run import Run
from services.mirror.schedules import sync_schedules
from services.store.engine import reading, writing
from services.store.lists.system import marks
from services.store.writes.sync import set_mark
from services.tables.marks import MirrorMark, of_store

_REFUSED = says("The gateway does not show the sub-store {tier}: {message}")


def sync_sub_stores(run: Run, *, days: int, full: bool) -> int:
    """Reads every sub-store; how many payments of the span they hold. One that is refused keeps no other one waiting.

    Raises GatewayError where no answer comes.
    """
    return sum(_sync(run, store, days, full) for store in run.gateway.stores[1:])


def _sync(whole: Run, store: Gateway, days: int, full: bool) -> int:
    run = Run(store, whole.engine, whole.progress, unreadable=whole.unreadable, noted=whole.noted)
    asked = int(time.time())
    with reading(run.engine) as conn:
        backfilled = int(marks(conn).get(of_store(MirrorMark.BACKFILLED, run.tier), 0))
    first = full or backfilled < days
    try:
        payments = sync_payments(run, days=days, full=full)
        sync_schedules(run, back_days=days if first else None)
        sync_billing_keys(run, all_of_them=full)
    except Refused as refused:
        whole.refused = JangbuError(_REFUSED, tier=run.tier, message=refused.refusal.message or refused.refusal.status)
        return 0
    finally:
        whole.changed += run.changed
        whole.drift += run.drift
        whole.unsettled += run.unsettled
        whole.oddities.update(run.oddities)
    with writing(run.engine) as conn:
        set_mark(conn, of_store(MirrorMark.AS_OF, run.tier), str(asked), asked)
        if first and not run.unsettled:
            set_mark(conn, of_store(MirrorMark.BACKFILLED, run.tier), str(max(days, backfilled)), asked)
    return payments
