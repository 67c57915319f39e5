"""How far back every payment is here."""

from sqlalchemy import Connection

from services.clock import day_of
from services.mirror.windows import WINDOW_DAYS
from services.store.lists.system import freshness, marks
from services.store.writes.revenue import REVENUE_FROM


def here_from(conn: Connection) -> int | None:
    """The Seoul day from which on no payment is missing; None before the first months are read."""
    known = marks(conn).get(REVENUE_FROM)
    whole = int(known) if known else None
    fresh = freshness(conn)
    if fresh.filling is None or not fresh.filling.done or fresh.as_of is None:
        return whole
    # Days are counted by whole windows, of which the newest one ends in the future.
    ends = day_of(fresh.as_of) // WINDOW_DAYS * WINDOW_DAYS + WINDOW_DAYS
    filled = ends - fresh.filling.done
    return filled if whole is None else min(whole, filled)
