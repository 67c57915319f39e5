"""Sub-stores read one after another, each as the main store: with windows, a first pass and a time of its own."""

import time

from services.errors import GatewayError, JangbuError, Refused, says
from services.gateway import Gateway
from services.mirror.keys import sync_billing_keys
from services.mirror.payments import sync_payments
from services.mirror.run import Run
from services.mirror.schedules import sync_schedules
from services.store.engine import reading, writing
from services.store.lists.system import marks
from services.store.tiers import stores_here
from services.store.writes.sync import set_mark
from services.tables.marks import MirrorMark, of_store

_REFUSED = says("The gateway does not show the sub-store {tier}: {message}")
_UNNAMED = says("Nothing is sent: there are rows of the sub-store {tier} here, which JANGBU_TIERS does not name.")


def sync_sub_stores(run: Run, *, days: int, full: bool, all_due: bool) -> int:
    """Reads every sub-store; how many payments of the span they hold. One that cannot be read keeps no other waiting.

    `all_due`: nothing is sent before all that was ever read is read once more, of stores that nobody names, too.
    """
    found = sum(_sync(run, store, days, full, all_due) for store in run.gateway.stores[1:])
    if all_due:
        with reading(run.engine) as conn:
            unnamed = sorted(stores_here(conn) - set(run.gateway.tiers))
        if unnamed:
            run.refused = JangbuError(_UNNAMED, tier=", ".join(unnamed))
    return found


def _sync(whole: Run, store: Gateway, days: int, full: bool, all_due: bool) -> int:
    run = Run(store, whole.engine, whole.progress, unreadable=whole.unreadable, noted=whole.noted)
    asked = int(time.time())
    with reading(run.engine) as conn:
        backfilled = int(marks(conn).get(of_store(MirrorMark.BACKFILLED, run.tier), 0))
    days = max(days, backfilled) if all_due else days
    first = full or backfilled < days
    try:
        payments = sync_payments(run, days=days, full=full)
        sync_schedules(run, back_days=days if first else None)
        sync_billing_keys(run, all_of_them=full)
    except GatewayError as error:
        told = (error.refusal.message or error.refusal.status) if isinstance(error, Refused) else error
        whole.refused = whole.refused or JangbuError(_REFUSED, tier=run.tier, message=str(told))
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
