"""Billing keys: no call lists them, so those that payments and schedules name are looked up."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from services.clock import DAY
from services.errors import GatewayError, NotFound
from services.gateway.payloads import Payload, UnreadableRow
from services.mirror.ahead import one_ahead
from services.mirror.convert import plain_row
from services.mirror.run import Run
from services.mirror.unreadable import could_be_read, note
from services.store.engine import reading, writing_one_of_many
from services.store.lists.one import get_billing_key
from services.store.writes.keys import keys_to_look_up, mark_billing_keys_deleted, upsert_billing_keys
from services.tables.unreadable import RowKind

_BATCH = 100
_THREADS = 8


class _Found(NamedTuple):
    """What the gateway says of a batch: keys, ids of those that are gone, and rows that could not be read."""

    asked: int
    keys: list[Payload]
    gone: list[str]
    unreadable: tuple[UnreadableRow, ...]


def sync_billing_keys(run: Run, *, all_of_them: bool) -> None:
    """Looks up keys that are new, and those not looked at for a day, or all."""
    now = int(run.gateway.now())
    done = 0
    for found in one_ahead(_look_up(run, now + DAY if all_of_them else now - DAY)):
        _store(run, found, now)
        done += found.asked
        run.tell("billing keys", done, None)


def _look_up(run: Run, older_than: int) -> Iterator[_Found]:
    """Batch by batch. What one lacks is asked for by itself: only a 404 of its own says that a key is gone."""
    after = ""
    while True:
        with reading(run.engine) as conn:
            uids = keys_to_look_up(conn, older_than=older_than, after=after, limit=_BATCH, tier=run.tier)
        if not uids:
            return
        after = uids[-1]
        batch = run.gateway.billing_keys(uids)
        found, gone = list(batch.found), _known_as_gone(run, batch.missing)
        alone = [uid for uid in batch.missing if uid not in gone]
        with ThreadPoolExecutor(_THREADS, thread_name_prefix="keys") as pool:
            for uid, key in zip(alone, pool.map(lambda one: _by_itself(run, one), alone), strict=True):
                if isinstance(key, Payload):
                    found.append(key)
                elif key is NotFound:
                    gone.append(uid)
        yield _Found(len(uids), found, gone, batch.unreadable)


def _by_itself(run: Run, uid: str) -> Payload | type[GatewayError]:
    try:
        return run.gateway.billing_key(uid)
    except GatewayError as error:
        return type(error)


def _known_as_gone(run: Run, uids: tuple[str, ...]) -> list[str]:
    with reading(run.engine) as conn:
        return [uid for uid in uids if (key := get_billing_key(conn, uid)) and key.deleted_at]


def _store(run: Run, found: _Found, now: int) -> None:
    with writing_one_of_many(run.engine) as conn:
        upsert_billing_keys(conn, [plain_row(key) for key in found.keys], checked_at=now)
        mark_billing_keys_deleted(conn, found.gone, at=now)
        note(run, conn, found.unreadable)
        could_be_read(
            run, conn, RowKind.BILLING_KEY, [*found.gone, *(key.fields["customer_uid"] for key in found.keys)]
        )
    for key in found.keys:
        run.oddities.update(key.oddities)
