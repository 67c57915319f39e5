"""Whether a row is stored as the gateway tells it now: by the digest of its bytes, without reading either."""

from collections.abc import Mapping

from sqlalchemy import Connection

from services.models import Payment, Schedule
from services.store.sql import fetch, one_of

_KEYS = {Payment: ("payment", "imp_uid"), Schedule: ("schedule", "merchant_uid")}


def unlike_stored(
    conn: Connection, model: type[Payment | Schedule], digests: Mapping[str, bytes | None], *, as_of: int
) -> set[str]:
    """Of rows by their ids, those that an answer asked for at `as_of` (ms) may change: their digest is not stored."""
    table, key = _KEYS[model]
    condition, bound = one_of(conn, key, digests)
    found = set(digests)
    for uid, digest, read_at in fetch(conn, f"SELECT {key}, digest, read_at FROM {table} WHERE {condition}", (bound,)):
        if read_at > as_of or (digest is not None and digest == digests[uid]):
            found.discard(uid)
    return found
