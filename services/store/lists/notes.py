"""Notes by staff, as screens read them."""

from collections.abc import Iterable

from sqlalchemy import Connection

from services.store.sql import column_names, fetch, one_of
from services.tables.notes import Note

_NAMES = column_names(Note)
_MOST = 200


def notes_on(conn: Connection, imp_uids: Iterable[str]) -> list[Note]:
    """Notes on these payments, the latest 200, newest first."""
    condition, bound = one_of(conn, "imp_uid", imp_uids)
    sql = f"SELECT {', '.join(_NAMES)} FROM note WHERE {condition} ORDER BY id DESC LIMIT {_MOST}"
    return [Note(**dict(zip(_NAMES, row, strict=True))) for row in fetch(conn, sql, (bound,))]
