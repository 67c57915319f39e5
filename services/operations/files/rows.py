"""The rows of a file in the journal: thousands are written, or ended, in a few statements of one transaction."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select

from services.operations.journal import audit
from services.operations.journal.audit import Actor, Entry
from services.operations.journal.journal import (
    Wanted,
    as_json,
    details_of,
    masked,
    require_free,
    values_of,
    with_stores,
)
from services.operations.journal.once import require_first
from services.store.sql import table
from services.tables.journal import Operation
from services.tables.journal import OperationState as State
from services.typed_text import require_typed

_TABLE = table(Operation)
_WAITS = _TABLE.c.state == State.AWAITING_APPROVAL.value


def record_rows(conn: Connection, rows: Sequence[Wanted], actor: Actor, now: int) -> None:
    """Writes a new file's rows down, all of one kind.

    Raises IntegrityError or Busy where another operation on a subject is open, Moved where it was done before.
    """
    rows = with_stores(conn, rows)
    require_free(conn, rows)
    require_first(conn, rows[0].kind, [row.subject for row in rows])
    conn.execute(_TABLE.insert(), [values_of(row, actor, now) for row in rows])
    of_file = select(_TABLE.c.token, _TABLE.c.id).where(_TABLE.c.batch_id == rows[0].batch_id)
    ids: dict[str, int] = {token: number for token, number in conn.execute(of_file)}
    audit.append_all(conn, actor, now, [Entry("asked", ids[row.token], details_of(row)) for row in rows])


def end_rows(conn: Connection, batch_id: int, to: State, actor: Actor, now: int, **changes: Any) -> int:
    """Ends the rows of a file that wait for approval; `changes` name the reason as `why`. Returns how many."""
    require_typed(changes.get("note") or "", "note")
    waiting = (_TABLE.c.batch_id == batch_id) & _WAITS
    rows = conn.execute(select(_TABLE.c.id, _TABLE.c.request).where(waiting).order_by(_TABLE.c.batch_row)).all()
    _mask(conn, {row.id: row.request for row in rows})
    conn.execute(_TABLE.update().where(waiting).values(state=to.value, state_at=now, **changes))
    told = {"state": to.value, **{name: changes[name] for name in ("why", "note") if changes.get(name)}}
    audit.append_all(conn, actor, now, [Entry(changes["why"], row.id, told) for row in rows])
    return len(rows)


def _mask(conn: Connection, requests: dict[int, str]) -> None:
    """What an ended row may not hold any more: written before it ends, because after that it never changes."""
    after = {number: as_json(masked(json.loads(text))) for number, text in requests.items()}
    changed = [{"number": one, "without": text} for one, text in after.items() if text != requests[one]]
    if changed:
        by_id = _TABLE.update().where(_TABLE.c.id == bindparam("number"))
        conn.execute(by_id.values(request=bindparam("without")), changed)
