"""What the access log keeps of a file: which list, how many rows, which columns, and what for."""

from collections.abc import Sequence

from sqlalchemy import Engine

from services.exports.export import count_export
from services.exports.query import ListFilter, columns_of
from services.people.access_log import Access, checked_reason
from services.store.engine import reading
from services.store.tiers import has_sub_stores
from services.tables.staff.access import AccessKind


def file_taken(
    engine: Engine, kind: str, chosen: ListFilter, *, with_buyers: bool, names: Sequence[str], reason: str
) -> Access:
    """The entry of a file that is about to be made. Raises InvalidRequest where nobody says what it is for."""
    why = checked_reason(reason)
    with reading(engine) as conn:
        tiers = has_sub_stores(conn)
    columns = [column.name for column in columns_of(kind, with_buyers=with_buyers, names=names, tiers=tiers)]
    rows = count_export(engine, kind, chosen)
    return Access(AccessKind.EXPORTED, kind, row_count=rows, column_names=columns, reason=why)
