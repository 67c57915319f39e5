"""Rows of answers that could not be read: noted once a run, and dropped when they can be."""

import time
from collections.abc import Iterable

from sqlalchemy import Connection

from services.gateway.payloads import UnreadableRow
from services.mirror.convert import row_of
from services.mirror.run import Run
from services.store.engine import reading
from services.store.lists.unreadable import drop_unreadable, key_of, note_unreadable, unreadable_ids
from services.tables.unreadable import RowKind


def remember(run: Run) -> None:
    """Learns which rows could not be read before, so that a page full of others costs no statement."""
    with reading(run.engine) as conn:
        run.unreadable = {kind.value: unreadable_ids(conn, kind) for kind in RowKind}


def note(run: Run, conn: Connection, rows: Iterable[UnreadableRow]) -> None:
    """Notes rows in the transaction of those that came with them; the same one counts once a run."""
    news = {key_of(row): row for row in map(row_of, rows)}
    fresh = {key: row for key, row in news.items() if key not in run.noted}
    note_unreadable(conn, fresh.values(), at=int(time.time()))
    run.noted.update(fresh)
    for kind, uid, _digest in fresh:
        if uid:
            run.unreadable.setdefault(kind, set()).add(uid)


def could_be_read(run: Run, conn: Connection, kind: RowKind, uids: Iterable[str]) -> None:
    """Drops what is told of rows that came readable this time."""
    known = run.unreadable.get(kind)
    if known and (now := known.intersection(uids)):
        drop_unreadable(conn, kind, now)
        known -= now
        run.noted -= {(kind.value, uid, "") for uid in now}
