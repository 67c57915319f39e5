"""Lists by one of their amounts: currency by currency, then the amount, then as the list goes by itself."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection

from services.store.lists.conditions import Conditions
from services.store.lists.cursors import whole
from services.store.lists.filters import AmountOrder
from services.store.lists.keyset import Listing, Order, Page, Ranges, Row, page_of, read_rows, walk
from services.store.search.ranked import is_place
from services.store.sql import fetch

MOST = 100_000
"""Rows that are put in order at once: no index has them so. A filter that lets more through stays newest first."""
WON = "CAST('KRW' AS text)"
"""The currency of an amount that is in won whatever the row."""
_IN_ORDER = re.compile("~[^~]*~")
"""How the cursor of a list begins that is in order by a column, whichever it is."""
_CURSOR = re.compile("~([A-Za-z]{3})~(-?[0-9]+)~(.*)", re.DOTALL)
"""Currency, amount, and the cursor of the list's own order, none of which looks so."""


class Amount(NamedTuple):
    """An amount that a list shows: as SQL, and the field that its rows have it in."""

    sql: str
    field: str
    currency: str = "p.currency"


@dataclass(frozen=True, slots=True)
class Way:
    """The order of a page and where it begins: `own` is the list's order, `by` an amount that comes before it."""

    own: Order
    by: Amount | None = None
    largest_first: bool = False
    cursor: str | None = None
    back: bool = False
    """It is read towards the list's start, and `own` with it."""
    too_many: bool = False
    """An amount was asked for, and the rows are too many."""

    @property
    def sql(self) -> str:
        if self.by is None:
            return self.own.sql
        ways = ((self.by.currency, self.back), (self.by.sql, self._descending))
        first = ", ".join(f"{key} {'DESC' if descending else 'ASC'}" for key, descending in ways)
        return f"{first}, {self.own.sql}"

    @property
    def _descending(self) -> bool:
        return self.largest_first != self.back

    def beyond(self, found: Conditions, own_keys: Callable[[str], Sequence[Any]]) -> Conditions:
        """Rows after the cursor; `own_keys` reads the list's own. Raises InvalidFilter."""
        if self.cursor is None:
            return found
        told = _CURSOR.fullmatch(self.cursor)
        if self.by is None or told is None:
            return self.own.beyond(found, own_keys(self.cursor))
        currency, amount, keys = told[1], whole("cursor", told[2]), own_keys(told[3])
        others = f"{self.by.currency} {'<' if self.back else '>'} ?"
        further = f"{self.by.sql} {'<' if self._descending else '>'} ?"
        same = f"{self.by.sql} = ? AND {self.own.after(len(keys))}"
        part = f"({others} OR ({self.by.currency} = ? AND ({further} OR ({same}))))"
        return found.and_(part, currency, currency, amount, amount, *keys)

    def read(
        self, conn: Connection, listing: Listing, found: Conditions, ranges: Ranges, limit: int, *, sought: bool
    ) -> list[Any]:
        """The next rows of a list; see paging.read_rows."""
        if self.by is None:
            return read_rows(conn, listing, found, ranges, self.own, limit, sought=sought)
        if sought or self.own.indexed:
            return walk(conn, listing.columns, ranges.narrow(found), self.sql, limit)
        # Only facet by facet there is an index of these times.
        return walk(conn, listing.columns, found.and_(ranges.condition, *ranges.bound), self.sql, limit)

    def page(self, read: Sequence[Row], limit: int, own: Callable[[Row], str], *, exact: bool = False) -> Page[Row]:
        """A page out of up to `limit` + 1 rows; `own` makes the cursor of the list's own order."""

        def cursor(row: Any) -> str:
            if self.by is None:
                return own(row)
            currency = "KRW" if self.by.currency == WON else row.currency
            return f"~{currency}~{getattr(row, self.by.field)}~{own(row)}"

        begun = self.cursor is not None
        found = page_of(read, limit, cursor, begun=begun, back=self.back, exact=exact)
        return replace(found, in_order=self.by is not None, too_many=self.too_many)


def way_of(
    wanted: AmountOrder | None,
    amounts: Mapping[str, Amount],
    own: Callable[[bool], Order],
    *,
    before: str | None,
    after: str | None,
    fits: Callable[[], bool],
) -> Way:
    """The way of a page: `own` gives the list's order, or that backwards; `fits` says whether its rows are few enough.

    A cursor of another order, or of the likeliest rows, begins at the first row.
    """
    by = amounts.get(wanted.column) if wanted else None
    if too_many := by is not None and not fits():
        by = None
    cursor, back = before if after is None else after, after is not None
    ours = bool(_CURSOR.match(cursor or "")) if by else not _IN_ORDER.match(cursor or "")
    if not ours or is_place(cursor):
        cursor, back = None, False
    largest_first = wanted is not None and wanted.largest_first
    return Way(own(back), by, largest_first, cursor, back, too_many)


def way_down(
    conn: Connection,
    found: Conditions,
    wanted: AmountOrder | None,
    amounts: Mapping[str, Amount],
    own: Order,
    cursor: str | None,
) -> Way:
    """The way of a page that is read onwards only, of rows of which no total is kept: whether they fit is counted."""
    fits = partial(few_enough, conn, MOST + 1, found)
    return way_of(wanted, amounts, lambda _back: own, before=cursor, after=None, fits=fits)


def few_enough(conn: Connection, kept: int, sought: Conditions | None = None) -> bool:
    """Whether a filter's rows can be put in order: kept totals know of so many, MOST + 1 where nothing is kept.

    Where those are too many, rows of an index of their own (`sought`: of a text, of a billing key) are counted.
    """
    if kept <= MOST or sought is None:
        return kept <= MOST
    sql = f"SELECT count(*) FROM (SELECT 1 FROM {sought.source} WHERE {sought.where} LIMIT {MOST + 1}) AS n"
    return int(fetch(conn, sql, sought.values)[0][0]) <= MOST
