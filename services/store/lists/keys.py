"""The directory of billing keys: pages of it, what it comes to, and one key with what belongs to it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from services.store.lists.amount_order import WON, Amount, few_enough, way_of
from services.store.lists.conditions import position_column
from services.store.lists.cursors import numbers, word
from services.store.lists.filters import AmountOrder, Live, PaymentFilter, require_sought
from services.store.lists.key_filters import (
    KeyFilter,
    key_conditions,
    key_facets,
    key_ranges,
    key_rows,
)
from services.store.lists.keyset import Listing, Order, Page, Ranges, walk
from services.store.lists.payments import PaymentRow, search_payments
from services.store.lists.schedule_filters import ScheduleFilter
from services.store.lists.schedules import ScheduleRow, search_schedules
from services.store.lists.totals import Count, FacetValues, capped_count, values_of
from services.store.search.hits import Hits, hits_of
from services.store.search.ranked import ranked_page
from services.store.sql import fetch, one_of, read_one, table
from services.tables.keys import KeySummary

_SUMMARY = table(KeySummary)
_MOST = 100


class KeyRow(NamedTuple):
    """A billing key in a list; fields as in key_models.KeySummary. `hits` are the fields that held the text."""

    customer_uid: str
    position: int
    state: str
    pg_provider: str
    sandbox: bool
    duplicated: bool
    is_super: bool
    buyer_name: str | None
    buyer_tel: str | None
    buyer_email: str | None
    card_name: str | None
    card_number: str | None
    registered_at: int
    payments: int
    failures: int
    paid_at: int
    paid_amount: int
    paid_currency: str | None
    failed_at: int
    fail_reason: str | None
    booked: int
    booked_won: int
    next_at: int | None
    next_amount: int | None
    next_currency: str | None
    next_merchant_uid: str | None
    hits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeySums:
    """What the keys of a filter come to: how many, those with something booked, the payments booked and their won."""

    keys: int
    booked_keys: int
    booked: int
    booked_won: int


_LISTING = Listing("key_summary", KeyRow, "position")
_COLUMNS = _LISTING.columns
AMOUNTS = {"booked_won": Amount("p.booked_won", "booked_won", WON)}
"""What the list can be put in order by."""


def search_billing_keys(
    conn: Connection, chosen: KeyFilter, *, limit: int = 50, before: str | None = None, after: str | None = None
) -> Page[KeyRow]:
    """One page in the filter's order: rows after the cursor `before`, or before the cursor `after`.

    A text that is a customer_uid shows that key whatever the filters say; the likeliest rows of another come first,
    unless they are put in order by an amount. Raises InvalidFilter.
    """
    chosen.require_sense()
    if chosen.text and (row := _by_uid(conn, chosen.text)):
        return Page((row._replace(hits=("customer_uid",)),), exact=True)
    require_sought(chosen.text)
    found, ranges, sought = key_conditions(conn, chosen), key_ranges(conn, chosen), bool(chosen.text)
    wanted = chosen.order if isinstance(chosen.order, AmountOrder) else None
    if chosen.text and wanted is None and (page := _ranked(conn, chosen, ranges, before or after, limit)):
        return page

    def fits() -> bool:
        kept = sum(one.keys for one in key_facets(conn, chosen))
        return few_enough(conn, kept, ranges.narrow(found) if sought else None)

    way = way_of(wanted, AMOUNTS, partial(_order, conn, chosen), before=before, after=after, fits=fits)
    found = way.beyond(found, partial(_keys, chosen))
    read = way.read(conn, _LISTING, found, ranges, limit + 1, sought=sought)
    rows = [KeyRow(*row) for row in read]
    if chosen.text:
        rows = [_with_hits(row, chosen)[1] for row in rows]
    return way.page(rows, limit, lambda row: _cursor(row, chosen))


def count_billing_keys(conn: Connection, chosen: KeyFilter) -> Count:
    """How many keys a filter lists; exact from kept totals, capped where it goes by text or days."""
    chosen.require_sense()
    if chosen.counted_by_facets:
        facets = key_facets(conn, chosen)
        return Count(sum(one.booked_keys if chosen.by_next_charge else one.keys for one in facets))
    return capped_count(conn, key_rows(conn, chosen))


def key_tiles(conn: Connection, chosen: KeyFilter) -> dict[str, int]:
    """Keys per state under the filter's PGs, duplicates and test rows, whatever states and text it names."""
    counts: defaultdict[str, int] = defaultdict(int)
    for one in key_facets(conn, replace(chosen, states=frozenset())):
        counts[one.state] += one.keys
    return dict(counts)


def key_sums(conn: Connection, chosen: KeyFilter) -> KeySums | None:
    """Sums of what is booked on the keys of a filter; None where it goes by text or days: nothing is kept for those."""
    if not chosen.counted_by_facets:
        return None
    facets = key_facets(conn, chosen)
    return KeySums(*(sum(column) for column in zip(*(one[4:] for one in facets), strict=True))) if facets else _NONE


_NONE = KeySums(0, 0, 0, 0)


def count_duplicates(conn: Connection, chosen: KeyFilter) -> int:
    """How many of the filter's keys are another's duplicates, whatever its text."""
    return sum(one.keys for one in key_facets(conn, replace(chosen, only_duplicates=True)))


def key_values(conn: Connection) -> FacetValues:
    """The states and PGs that keys have."""
    facets = key_facets(conn, KeyFilter(live=Live.ALL))
    return values_of([(one, one.keys) for one in facets], {"states": "state", "pg_providers": "pg_provider"})


def get_key_summary(conn: Connection, customer_uid: str) -> KeySummary | None:
    """The kept summary of one billing key; V1's own fields are one.get_billing_key's."""
    return read_one(conn, KeySummary, select(_SUMMARY).where(_SUMMARY.c.customer_uid == customer_uid))


def duplicates_of_key(conn: Connection, key: KeySummary) -> list[KeyRow]:
    """Other keys of the same buyer that are not deleted, newest first, 100 at most."""
    if not key.duplicated:
        return []
    newest = f"ORDER BY position DESC LIMIT {_MOST}"
    branches, values = [], []
    for column, value in (("same_tel", key.same_tel), ("same_card", key.same_card)):
        if value is not None:
            # A shop's own number may stand on each of its keys.
            some = f"SELECT {_COLUMNS} FROM key_summary p WHERE p.{column} = ? AND p.state <> 'deleted' AND p.id <> ?"
            branches.append(f"SELECT * FROM ({some} {newest}) AS s")
            values += [value, key.id]
    rows = fetch(conn, f"{' UNION '.join(branches)} {newest}", values)
    return [KeyRow(*row) for row in rows]


def keys_of_uids(conn: Connection, uids: Sequence[str]) -> list[KeyRow]:
    """These billing keys, as a list has them."""
    condition, bound = one_of(conn, "p.customer_uid", uids)
    return [KeyRow(*row) for row in fetch(conn, f"SELECT {_COLUMNS} FROM key_summary p WHERE {condition}", (bound,))]


def keys_of_phone(conn: Connection, tel: str) -> list[KeyRow]:
    """Billing keys of a buyer with this phone (key_facts.same_tel), newest first, 100 at most."""
    sql = f"SELECT {_COLUMNS} FROM key_summary p WHERE p.same_tel = ? ORDER BY position DESC LIMIT {_MOST}"
    return [KeyRow(*row) for row in fetch(conn, sql, (tel,))]


def schedules_of_key(
    conn: Connection, customer_uid: str, *, limit: int = 50, before: str | None = None, after: str | None = None
) -> Page[ScheduleRow]:
    """A page of a key's schedules, the latest first. Raises InvalidFilter."""
    chosen = ScheduleFilter(customer_uid=customer_uid, live=Live.ALL)
    return search_schedules(conn, chosen, limit=limit, before=before, after=after)


def payments_of_key(
    conn: Connection, customer_uid: str, *, limit: int = 50, before: str | None = None, after: str | None = None
) -> Page[PaymentRow]:
    """A page of a key's payments, registrations among them, the newest first. Raises InvalidFilter."""
    chosen = PaymentFilter(customer_uid=customer_uid, live=Live.ALL)
    return search_payments(conn, chosen, limit=limit, before=before, after=after)


def _by_uid(conn: Connection, uid: str) -> KeyRow | None:
    rows = fetch(conn, f"SELECT {_COLUMNS} FROM key_summary p WHERE p.customer_uid = ?", (uid,))
    return KeyRow(*rows[0]) if rows else None


def _order(conn: Connection, chosen: KeyFilter, back: bool) -> Order:
    if chosen.by_next_charge:
        return Order(("p.next_at", "p.customer_uid"), descending=back)
    return Order((position_column(conn, chosen.text),), descending=not back)


def _keys(chosen: KeyFilter, cursor: str) -> tuple[Any, ...]:
    at, _, uid = cursor.partition("~")
    (first,) = numbers("cursor", at)
    return (first, word("cursor", uid)) if chosen.by_next_charge else (first,)


def _cursor(row: KeyRow, chosen: KeyFilter) -> str:
    return f"{row.next_at}~{row.customer_uid}" if chosen.by_next_charge else str(row.position)


def _ranked(conn: Connection, chosen: KeyFilter, ranges: Ranges, cursor: str | None, limit: int) -> Page[KeyRow] | None:
    def read(ends: bool, most: int) -> list[Any]:
        found = ranges.narrow(key_conditions(conn, chosen, ends=ends))
        return walk(conn, _COLUMNS, found, f"{position_column(conn, chosen.text)} DESC", most)

    return ranked_page(chosen.text, cursor, limit, read, lambda row: _with_hits(KeyRow(*row), chosen))


def _with_hits(row: KeyRow, chosen: KeyFilter) -> tuple[Hits, KeyRow]:
    buyers, card = chosen.search_buyers, row.card_number
    hits = hits_of(row, ("customer_uid", "card_name"), chosen.text, buyers=buyers, card=card)
    return hits, row._replace(hits=hits.fields)
