"""What the list of billing keys can be narrowed by, and which facets and rows that means."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Connection

from services.store.lists.conditions import Conditions, facet_parts, in_days, of_text, part_of, position_column
from services.store.lists.facets import kept_rows
from services.store.lists.filters import AmountOrder, Live, require_days, require_text
from services.store.lists.keyset import Ranges
from services.store.sql import fetch
from services.store.writes.key_facts import PLACE_BITS

_FACET = "state, pg_provider, sandbox, duplicated"


class KeyOrder(StrEnum):
    """Which way the list goes."""

    NEWEST = "newest"
    """By registration, the newest first."""
    NEXT_CHARGE = "next_charge"
    """Keys on which something is booked, the earliest first."""


@dataclass(frozen=True, slots=True)
class KeyFilter:
    """A filter of billing keys. Days are Seoul days of the registration, inclusive; an empty set restricts nothing.

    A text lists newest first, whatever the order.
    """

    text: str = ""
    from_day: int | None = None
    to_day: int | None = None
    states: frozenset[str] = frozenset()
    pg_providers: frozenset[str] = frozenset()
    only_duplicates: bool = False
    live: Live = Live.LIVE
    order: KeyOrder | AmountOrder = KeyOrder.NEWEST
    search_buyers: bool = True
    """False for roles that may not see buyers: what they may not read they cannot find by either."""

    def require_sense(self) -> None:
        """Raises InvalidFilter where a range ends before it begins or a text is none."""
        require_text("text", self.text)
        require_days(self.from_day, self.to_day)

    @property
    def counted_by_facets(self) -> bool:
        """Whether the kept totals can answer for this filter."""
        return not self.text and self.from_day is None and self.to_day is None

    @property
    def by_next_charge(self) -> bool:
        return self.order == KeyOrder.NEXT_CHARGE and not self.text


class KeyFacet(NamedTuple):
    """A kept row of `key_total`: keys of one sort, and what is booked on them."""

    state: str
    pg_provider: str
    sandbox: bool
    duplicated: bool
    keys: int
    booked_keys: int
    booked: int
    booked_won: int


def key_facets(conn: Connection, chosen: KeyFilter) -> list[KeyFacet]:
    """The kept rows that a filter lets through, whatever its text."""
    select = f"SELECT {', '.join(KeyFacet._fields)} FROM key_total WHERE keys > 0 AND"
    return kept_rows(conn, KeyFacet, select, _facets(conn, chosen))


def key_ranges(conn: Connection, chosen: KeyFilter) -> Ranges:
    """The filter's facets as ranges of the lists' indexes of `key_summary`."""
    wanted = key_facets(conn, chosen)
    share, whole = part_of(conn, "key_total", "keys", [one.keys for one in wanted])
    condition, bound = _facets(conn, chosen, "p.")
    return Ranges(
        on=" AND ".join(f"p.{name} = ?" for name in _FACET.split(", ")),
        each=[(one.state, one.pg_provider, bool(one.sandbox), bool(one.duplicated)) for one in wanted],
        share=share,
        whole=whole,
        condition=condition,
        bound=bound,
    )


def key_conditions(conn: Connection, chosen: KeyFilter, *, ends: bool = False) -> Conditions:
    """Everything but the facets; `ends`: of a number only where something ends in it.

    Raises InvalidFilter for a filter without sense.
    """
    chosen.require_sense()
    if chosen.by_next_charge:
        found = Conditions("key_summary p", ("p.next_at IS NOT NULL",), ())
        return in_days(found, "p.registered_at", 0, chosen.from_day, chosen.to_day)
    buyers = chosen.search_buyers
    found = of_text(conn, "key_summary", "key_gram", chosen.text, buyers=buyers, card=True, ends=ends)
    return in_days(found, position_column(conn, chosen.text), PLACE_BITS, chosen.from_day, chosen.to_day)


def key_rows(conn: Connection, chosen: KeyFilter) -> Conditions:
    """All rows of a filter; a text that is a customer_uid is that key alone. Raises InvalidFilter."""
    chosen.require_sense()
    return exact_key(conn, chosen) or key_ranges(conn, chosen).narrow(key_conditions(conn, chosen))


def exact_key(conn: Connection, chosen: KeyFilter) -> Conditions | None:
    """The key whose customer_uid is the filter's text; None where none is called so."""
    if chosen.text and fetch(conn, "SELECT 1 FROM key_summary WHERE customer_uid = ?", (chosen.text,)):
        return Conditions("key_summary p", ("p.customer_uid = ?",), (chosen.text,))
    return None


def _facets(conn: Connection, chosen: KeyFilter, prefix: str = "") -> tuple[str, tuple[Any, ...]]:
    codes = {"state": chosen.states, "pg_provider": chosen.pg_providers}
    parts, values = facet_parts(conn, codes, chosen.live, prefix=prefix)
    if chosen.only_duplicates:
        parts.append(f"{prefix}duplicated")
    return " AND ".join(parts), tuple(values)
