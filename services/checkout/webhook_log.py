"""The log of webhooks, the latest first, and whether they come at all."""

from dataclasses import dataclass

from sqlalchemy import Connection

from services.clock import DAY
from services.errors import InvalidFilter
from services.store.lists.conditions import Conditions
from services.store.lists.cursors import numbers
from services.store.lists.keyset import Order, Page, page_of, walk
from services.store.positions import position_of
from services.store.sql import column_names, fetch
from services.tables.webhooks import Webhook, WebhookOutcome

WAITS = "waits"
"""Of the filter: those that were not read yet."""
OUTCOMES = (WAITS, *WebhookOutcome)
MOST = 100
"""Payments that are counted at most."""
_LATEST = 1_000
"""Calls among which one of V1 is looked for."""
_NAMES = column_names(Webhook)
_COLUMNS = ", ".join(f"p.{name}" for name in _NAMES)


@dataclass(frozen=True, slots=True)
class WebhookFilter:
    """One of OUTCOMES; None for all."""

    outcome: str | None = None

    @property
    def narrows(self) -> bool:
        """Whether it leaves any out."""
        return self.outcome is not None


@dataclass(frozen=True, slots=True)
class Arrival:
    """When the last one came (UNIX seconds, None for never), and payments of the last day where none did."""

    last_at: int | None
    missed: int = 0


def list_webhooks(
    conn: Connection, chosen: WebhookFilter, *, limit: int = 50, before: str | None = None, after: str | None = None
) -> Page[Webhook]:
    """One page: after the cursor `before`, or before `after`. Raises InvalidFilter."""
    if chosen.outcome not in (None, *OUTCOMES):
        raise InvalidFilter("This page's address is not one of ours.", field="outcome")
    found = Conditions("webhook p", (), ())
    if chosen.outcome == WAITS:
        found = found.and_("p.outcome IS NULL")
    elif chosen.outcome:
        found = found.and_("p.outcome = ?", chosen.outcome)
    order, cursor = Order(("p.id",), descending=after is None), before if after is None else after
    if cursor is not None:
        found = order.beyond(found, numbers("before", cursor))
    rows = [Webhook(**dict(zip(_NAMES, row, strict=True))) for row in walk(conn, _COLUMNS, found, order.sql, limit + 1)]
    return page_of(rows, limit, lambda one: str(one.id), begun=cursor is not None, back=after is not None)


def arrival(conn: Connection, now: float) -> Arrival:
    """When the last webhook of V1 came; where none did for a day, how many payments were made meanwhile, up to MOST."""
    since = int(now) - DAY
    latest = "SELECT received_at, imp_uid FROM webhook ORDER BY id DESC LIMIT ?"
    last = fetch(conn, f"SELECT max(received_at) FROM ({latest}) w WHERE imp_uid <> ''", (_LATEST,))[0][0]
    if last is not None and last > since:
        return Arrival(last)
    made = "SELECT 1 FROM payment WHERE position >= ? AND paid_at > 0 AND NOT sandbox LIMIT ?"
    return Arrival(last, int(fetch(conn, f"SELECT count(*) FROM ({made}) m", (position_of(since), MOST))[0][0]))
