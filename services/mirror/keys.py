"""Billing keys: no call lists them, so those that payments and schedules name are looked up."""

import time

from services.errors import GatewayError, NotFound
from services.mirror.convert import plain_row
from services.mirror.run import Progress, Run
from services.store.engine import reading, writing
from services.store.key_writes import keys_to_look_up, mark_billing_keys_deleted, upsert_billing_keys

_BATCH = 100
_STALE_SECONDS = 86_400


def sync_billing_keys(run: Run, *, all_of_them: bool) -> int:
    """Looks up new keys, and those not looked at for a day. Returns how many the gateway answered for."""
    now = int(time.time())
    older_than = now + _STALE_SECONDS if all_of_them else now - _STALE_SECONDS
    done, after = 0, ""
    while True:
        with reading(run.engine) as conn:
            uids = keys_to_look_up(conn, older_than=older_than, after=after, limit=_BATCH)
        if not uids:
            return done
        after = uids[-1]
        done += _look_up(run, uids)
        run.progress(Progress("billing keys", done, None))


def _look_up(run: Run, uids: list[str]) -> int:
    """One batch. What it lacks is asked for by itself: only a 404 of its own says that a key is gone."""
    now = int(time.time())
    batch = run.gateway.billing_keys(uids)
    rows, gone = [plain_row(key) for key in batch.found], []
    for uid in batch.missing:
        try:
            rows.append(plain_row(run.gateway.billing_key(uid)))
        except NotFound:
            gone.append(uid)
        except GatewayError:
            continue
    with writing(run.engine) as conn:
        upsert_billing_keys(conn, rows, checked_at=now)
        mark_billing_keys_deleted(conn, gone, at=now)
    for key in batch.found:
        run.oddities.update(key.oddities)
    return len(rows) + len(gone)
