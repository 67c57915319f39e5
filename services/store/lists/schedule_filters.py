"""What the list of schedules can be narrowed by, and which facets and rows that means."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection

from services.store.lists.conditions import Conditions, facet_parts, in_days, of_text, part_of, position_column
from services.store.lists.facets import kept_rows
from services.store.lists.filters import AmountOrder, Live, require_days, require_text
from services.store.lists.keyset import Ranges, facet_ranges
from services.store.positions import POSITION_BITS
from services.store.sql import fetch, one_of
from services.tables.v1 import ScheduleStatus

_STATE = (
    f"CASE WHEN schedule_status = '{ScheduleStatus.EXECUTED}' AND payment_status <> '' "
    "THEN payment_status ELSE schedule_status END"
)


@dataclass(frozen=True, slots=True)
class ScheduleFilter:
    """A filter of schedules. Days are Seoul days of the due time, inclusive; an empty set restricts nothing.

    `states` are schedule_models.ScheduleState, or what only the gateway knows.
    """

    text: str = ""
    from_day: int | None = None
    to_day: int | None = None
    states: frozenset[str] = frozenset()
    pg_providers: frozenset[str] = frozenset()
    live: Live = Live.LIVE
    currency: str | None = None
    customer_uid: str | None = None
    soonest_first: bool = False
    order: AmountOrder | None = None
    """Goes before the due time."""
    search_buyers: bool = True
    """False for roles that may not see buyers: what they may not read they cannot find by either."""

    def require_sense(self) -> None:
        """Raises InvalidFilter where a range ends before it begins or a text is none."""
        require_text("text", self.text)
        require_text("customer_uid", self.customer_uid or "")
        require_days(self.from_day, self.to_day)

    @property
    def counted_by_facets(self) -> bool:
        """Whether the kept totals can answer for this filter."""
        return not self.text and self.customer_uid is None


class ScheduleFacetRow(NamedTuple):
    """A facet as people see it, how many rows are in it and what they come to."""

    id: int
    state: str
    pg_provider: str
    currency: str
    schedules: int
    amount: int


_ROW = f"id, {_STATE}, pg_provider, currency, schedules, amount"


def schedule_facets(conn: Connection, chosen: ScheduleFilter) -> list[ScheduleFacetRow]:
    """The facets that a filter lets through."""
    select = f"SELECT {_ROW} FROM schedule_facet WHERE schedules > 0 AND"
    return kept_rows(conn, ScheduleFacetRow, select, _facets(conn, chosen))


def schedule_ranges(conn: Connection, chosen: ScheduleFilter) -> Ranges:
    """The filter's facets as ranges of the list's index of `schedule`."""
    held = {one.id: one.schedules for one in schedule_facets(conn, chosen)}
    return facet_ranges(conn, list(held), *part_of(conn, "schedule_facet", "schedules", held.values()))


def schedule_conditions(conn: Connection, chosen: ScheduleFilter, *, ends: bool = False) -> Conditions:
    """Everything but the facets; `ends`: of a number only where something ends in it.

    Raises InvalidFilter for a filter without sense.
    """
    chosen.require_sense()
    buyers = chosen.search_buyers
    found = of_text(conn, "schedule", "schedule_gram", chosen.text, buyers=buyers, amount=True, ends=ends)
    found = in_days(found, position_column(conn, chosen.text), POSITION_BITS, chosen.from_day, chosen.to_day)
    if chosen.customer_uid is not None:
        found = found.and_("p.customer_uid = ?", chosen.customer_uid)
    return found


def schedule_rows(conn: Connection, chosen: ScheduleFilter) -> Conditions:
    """All rows of a filter; a text that is an order number is that schedule alone. Raises InvalidFilter."""
    chosen.require_sense()
    return exact_schedule(conn, chosen) or schedule_ranges(conn, chosen).narrow(schedule_conditions(conn, chosen))


def exact_schedule(conn: Connection, chosen: ScheduleFilter) -> Conditions | None:
    """The schedule whose order number is the filter's text; None where none is called so."""
    if chosen.text and fetch(conn, "SELECT 1 FROM schedule WHERE merchant_uid = ?", (chosen.text,)):
        return Conditions("schedule p", ("p.merchant_uid = ?",), (chosen.text,))
    return None


def _facets(conn: Connection, chosen: ScheduleFilter) -> tuple[str, tuple[Any, ...]]:
    parts, values = facet_parts(conn, {"pg_provider": chosen.pg_providers}, chosen.live, chosen.currency)
    if chosen.states:
        # "Executed" is what ran whatever became of it; the other states tell that apart.
        (by_state, bound), (by_status, same) = (
            one_of(conn, column, sorted(chosen.states)) for column in (f"({_STATE})", "schedule_status")
        )
        parts.append(f"({by_state} OR {by_status})")
        values += [bound, same]
    return " AND ".join(parts), tuple(values)
