"""Whether a row is stored as the gateway tells it now: by the digest of its bytes, without reading either."""

from collections.abc import Mapping

from sqlalchemy import Connection

from services.store.sql import fetch, one_of
from services.tables.v1 import Payment, Schedule

_KEYS = {Payment: ("payment", "imp_uid"), Schedule: ("schedule", "merchant_uid")}


def unlike_stored(
    conn: Connection, model: type[Payment | Schedule], digests: Mapping[str, bytes | None], *, as_of: int | None = None
) -> set[str]:
    """Of rows by their ids, those whose digest is not stored; with `as_of` (ms) only what an answer of then may change.

    Without it: what came too late to be stored is read all the same, for whether it can be read is told.
    """
    table, key = _KEYS[model]
    condition, bound = one_of(conn, key, digests)
    found = set(digests)
    for uid, digest, read_at in fetch(conn, f"SELECT {key}, digest, read_at FROM {table} WHERE {condition}", (bound,)):
        if (as_of is not None and read_at > as_of) or (digest is not None and digest == digests[uid]):
            found.discard(uid)
    return found
