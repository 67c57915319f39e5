"""Pages of a list by a keyset, whatever the filter: their cost depends on the page, not on the table.

Four plans (read_rows); `■` a row of the page, `·` a row that is looked at and left, `|` the cursor:

    walk    one facet, or all of them    |■■■■■■■■         one index range, until the page is full
    sift    a text, or > 400 facets      |·■··■·■■···■     one index in the list's order, each row asked for its facet
    near    facets of > 20% of the rows  |■·■■·■■·■        the same within the next ten pages of all rows;
                                                           where that does not fill the page: merge
    merge   rarer facets        facet 1  |■------■--       the first rows of one range a facet;
                                facet 2  |---■-■---■       the first of all those are the page
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from services.store.lists.conditions import Conditions
from services.store.sql import fetch, one_of

Row = TypeVar("Row")
_MOST_BRANCHES = 400
_RARE = 0.2
"""A filter that lets through less than this share of the rows is read range by range."""
_NEAR = 10
"""… and so is one whose page is not among the next ten pages of all rows: its rows are of another time."""


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows in the list's order (newest first), and the cursors of the pages beside it; None at an end."""

    rows: tuple[Row, ...]
    newer: str | None = None
    older: str | None = None
    exact: bool = False
    """The text was an id: filters and dates were left aside."""
    in_order: bool = False
    """They are in order by a column, as was asked for."""
    too_many: bool = False
    """They were asked for by a column, and are more than can be put in order at once: newest first instead."""
    ranked: bool = False
    """They hold a text, and the likeliest come first."""
    only_ends: bool = False
    """Of too many rows that hold a number somewhere those of which something ends in it."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A table read as `p`: the rows of its list, and the column by which rows that were picked are read."""

    table: str
    row: type[Any]
    """A NamedTuple, whose fields are the columns; `hits` is none of them."""
    uid: str

    @property
    def columns(self) -> str:
        return ", ".join(f"p.{name}" for name in self.row._fields if name != "hits")


@dataclass(frozen=True, slots=True)
class Order:
    """The keyset: columns, and which way; `indexed` where an index of the whole table has it."""

    keys: tuple[str, ...]
    descending: bool
    indexed: bool = True

    @property
    def sql(self) -> str:
        return ", ".join(f"{key} {'DESC' if self.descending else 'ASC'}" for key in self.keys)

    def beyond(self, found: Conditions, values: Sequence[Any]) -> Conditions:
        """Rows after the one that has these values."""
        return found.and_(self.after(len(values)), *values)

    def after(self, values: int) -> str:
        """The condition of that, with a `?` for each of the values."""
        return f"({', '.join(self.keys)}) {'<' if self.descending else '>'} ({', '.join('?' * values)})"


@dataclass(frozen=True, slots=True)
class Ranges:
    """The facets that a filter lets through as index ranges: `on` holds of one, with the values of each."""

    on: str
    each: Sequence[tuple[Any, ...]]
    share: float
    """How much of the table's rows is in them."""
    whole: bool
    """Every facet there is: no row need be looked at for its facet."""
    condition: str
    """The same said of a row, and its values."""
    bound: tuple[Any, ...]

    def narrow(self, found: Conditions) -> Conditions:
        """Rows of these facets only, each looked at."""
        return found if self.whole else found.and_(self.condition, *self.bound)


def facet_ranges(conn: Connection, ids: Sequence[int], share: float, whole: bool) -> Ranges:
    """Ranges by the ids of facets, of a table whose rows have theirs."""
    condition, bound = one_of(conn, "p.facet_id", ids)
    return Ranges("p.facet_id = ?", [(one,) for one in ids], share, whole, condition, (bound,))


def read_rows(
    conn: Connection, listing: Listing, found: Conditions, ranges: Ranges, order: Order, limit: int, *, sought: bool
) -> list[Any]:
    """The next rows of a list, by one of the four plans.

    `sought`: its rows come out of an index of their own, as those of a text do.
    """
    if len(ranges.each) == 1 and not sought:
        return walk(conn, listing.columns, found.and_(ranges.on, *ranges.each[0]), order.sql, limit)
    if sought or len(ranges.each) > _MOST_BRANCHES:
        return walk(conn, listing.columns, ranges.narrow(found), order.sql, limit)
    if order.indexed and ranges.whole:
        return walk(conn, listing.columns, found, order.sql, limit)
    if order.indexed and len(order.keys) == 1 and ranges.share > _RARE:
        rows = _near(conn, listing, found, ranges, order, limit)
        if rows is not None:
            return rows
    return _merged(conn, listing, found, ranges, order, limit)


def walk(conn: Connection, columns: str, found: Conditions, order: str, limit: int) -> list[Any]:
    """The next rows of these conditions, in an order as SQL."""
    sql = f"SELECT {columns} FROM {found.source} WHERE {found.where} ORDER BY {order} LIMIT ?"
    return fetch(conn, sql, (*found.values, limit))


def _near(
    conn: Connection, listing: Listing, found: Conditions, ranges: Ranges, order: Order, limit: int
) -> list[Any] | None:
    """The page out of the next rows of any facet; None where those do not fill it and there are more."""
    (key,) = order.keys
    sql = f"SELECT {key} FROM {found.source} WHERE {found.where} ORDER BY {order.sql} LIMIT 1 OFFSET ?"
    end = fetch(conn, sql, (*found.values, limit * _NEAR))
    if end:
        found = found.and_(f"{key} {'>' if order.descending else '<'} ?", end[0][0])
    rows = walk(conn, listing.columns, ranges.narrow(found), order.sql, limit)
    return rows if len(rows) == limit or not end else None


def _merged(
    conn: Connection, listing: Listing, found: Conditions, ranges: Ranges, order: Order, limit: int
) -> list[Any]:
    """One short index range a facet, merged."""
    if not ranges.each:
        return []
    names = ", ".join(dict.fromkeys((f"p.{listing.uid}", *order.keys)))
    branch = (
        f"SELECT * FROM (SELECT {names} FROM {found.source} WHERE {ranges.on} AND {found.where} "
        f"ORDER BY {order.sql} LIMIT ?) AS b"
    )
    values: list[Any] = []
    for one in ranges.each:
        values += [*one, *found.values, limit]
    inner = " UNION ALL ".join([branch] * len(ranges.each))
    picked = order.sql.replace("p.", "k.")
    sql = (
        f"SELECT {listing.columns} FROM {listing.table} p WHERE p.{listing.uid} IN "
        f"(SELECT k.{listing.uid} FROM ({inner}) AS k ORDER BY {picked} LIMIT ?) ORDER BY {order.sql}"
    )
    return fetch(conn, sql, (*values, limit))


def page_of(
    read: Sequence[Row], limit: int, cursor: Callable[[Row], str], *, begun: bool, back: bool, exact: bool = False
) -> Page[Row]:
    """A page out of up to `limit` + 1 rows. `begun`: they follow a cursor; `back`: they were read towards the start."""
    more, rows = len(read) > limit, list(read[:limit])
    if back:
        rows.reverse()
    if not rows:
        return Page((), exact=exact)
    newer = more if back else begun
    older = back or more
    return Page(
        tuple(rows),
        newer=cursor(rows[0]) if newer else None,
        older=cursor(rows[-1]) if older else None,
        exact=exact,
    )
