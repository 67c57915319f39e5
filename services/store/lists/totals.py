"""Counts and sums, all from the kept totals: none of them looks at a payment, but a capped count of a text."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sqlalchemy import Connection

from services.payment_states import MONEY_STATES, PaymentKind, PaymentState
from services.store.lists.conditions import Conditions, exact_id, row_conditions, with_facets
from services.store.lists.facets import CHOICES, FacetRow, all_facets, matching
from services.store.lists.filters import Live, PaymentFilter
from services.store.sql import fetch, in_dialect, one_of
from services.store.tiers import shown_codes
from services.tables.v1 import Basis, ScheduleStatus

CAP = 1_000


BasisRow = tuple[str, int, FacetRow, int, int]
"""Basis, Seoul day, facet, how many, amount."""
_COUNTED = {
    Basis.PAID.value: ("payments", "gross"),
    Basis.REFUNDED.value: ("refund_count", "refunds"),
    Basis.FAILED.value: ("failures", "failed_amount"),
}
"""What is counted and added up by each basis."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many; `capped` when counting stopped there."""

    n: int
    capped: bool = False


@dataclass(frozen=True, slots=True)
class RowSum:
    """Rows of a filter in one currency, and what they come to in the smallest unit."""

    currency: str
    rows: int
    amount: int


@dataclass(frozen=True, slots=True)
class MoneyTotal:
    """Sums of a list in one currency, smallest unit."""

    currency: str
    payments: int
    gross: int
    refunds: int
    net: int


@dataclass(frozen=True, slots=True)
class Sought:
    """Of the rows that a text or amounts let through: how many, by state whatever states are chosen, and the sums.

    Refunds are all of those rows', whenever they were made.
    """

    count: Count
    states: dict[str, int]
    totals: list[MoneyTotal]


@dataclass(frozen=True, slots=True)
class FacetValues:
    """What exists, for the choices of a filter; most frequent first."""

    states: tuple[str, ...] = ()
    pg_providers: tuple[str, ...] = ()
    pay_methods: tuple[str, ...] = ()
    card_names: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    """Stores, where there are others than the main one."""


@dataclass(frozen=True, slots=True)
class Sums:
    """Of some days in one currency, smallest unit: gross by the time of payment, refunds by the time of each."""

    payments: int = 0
    gross: int = 0
    recurring_payments: int = 0
    """Of the payments, those by billing keys; `recurring_gross` of gross."""
    recurring_gross: int = 0
    refund_count: int = 0
    refunds: int = 0
    failures: int = 0
    failed_amount: int = 0

    @property
    def net(self) -> int:
        """Gross less refunds."""
        return self.gross - self.refunds


@dataclass(frozen=True, slots=True)
class DayTotal(Sums):
    """The sums of one Seoul day."""

    day: int = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Share:
    """What one PG, method, product or card brought in; `value` None: all those that a list leaves out."""

    value: str | None
    payments: int
    gross: int
    refunds: int
    net: int


@dataclass(frozen=True, slots=True)
class ScheduleDay:
    """Booked payments of one Seoul day that have not been executed yet."""

    day: int
    currency: str
    schedules: int
    amount: int


def count_payments(conn: Connection, chosen: PaymentFilter) -> Count:
    """How many payments a filter lets through; exact from kept totals, capped where it goes by text or amount."""
    chosen.require_sense()
    wanted = matching(conn, chosen)
    if chosen.counted_by_facets:
        return Count(sum(row[1] for row in _kept(conn, chosen, wanted)))
    found = exact_id(conn, chosen.text) or with_facets(
        conn, row_conditions(conn, chosen), [facet.id for facet in wanted]
    )
    return capped_count(conn, found)


def capped_count(conn: Connection, found: Conditions) -> Count:
    """How many rows meet conditions, counted one by one up to the cap."""
    sql = f"SELECT count(*) FROM (SELECT 1 FROM {found.source} WHERE {found.where} LIMIT {CAP + 1}) AS n"
    n = int(conn.exec_driver_sql(in_dialect(conn, sql), found.values).scalar_one())
    return Count(min(n, CAP), n > CAP)


def tiles(conn: Connection, chosen: PaymentFilter) -> dict[str, int]:
    """Payments per state under the filter's facets and days, whatever states, text and amounts it names."""
    wanted = {facet.id: facet for facet in matching(conn, replace(chosen, states=frozenset()))}
    counts: defaultdict[str, int] = defaultdict(int)
    for facet_id, payments in _kept(conn, chosen, wanted.values()):
        counts[wanted[facet_id].state] += payments
    return dict(counts)


def filter_totals(conn: Connection, chosen: PaymentFilter) -> list[MoneyTotal] | None:
    """Sums of the whole filter, a line a currency: what was paid in its days, and what was given back in them.

    None where text or amounts choose the rows, for which nothing is kept, and where days are no days of payment.
    """
    if not chosen.counted_by_facets or chosen.basis != Basis.PAID:
        return None
    facets = {facet.id: facet for facet in _money(matching(conn, chosen))}
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for facet_id, payments, amount in _sums(conn, chosen, Basis.PAID, facets):
        line = sums[facets[facet_id].currency]
        line[0] += payments
        line[1] += amount
    for facet_id, _refunds, amount in _sums(conn, chosen, Basis.REFUNDED, facets):
        sums[facets[facet_id].currency][2] += amount
    return [
        MoneyTotal(currency, line[0], line[1], line[2], line[1] - line[2])
        for currency, line in sorted(sums.items())
        if any(line)
    ]


def sought_totals(conn: Connection, chosen: PaymentFilter) -> Sought | None:
    """Counts and sums of what a text or amounts let through, row by row; None where they are more than the cap."""
    chosen.require_sense()
    facets = {facet.id: facet for facet in matching(conn, replace(chosen, states=frozenset()))}
    found = with_facets(conn, row_conditions(conn, chosen), list(facets))
    sql = (
        "SELECT facet_id, count(*), sum(amount), sum(cancel_amount) FROM (SELECT p.facet_id, p.amount, p.cancel_amount "
        f"FROM {found.source} WHERE {found.where} LIMIT {CAP + 1}) AS n GROUP BY facet_id"
    )
    rows = [(facets[row[0]], int(row[1]), int(row[2]), int(row[3])) for row in fetch(conn, sql, found.values)]
    if sum(n for _facet, n, _amount, _back in rows) > CAP:
        return None
    states: Counter[str] = Counter()
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    shown = 0
    for facet, n, amount, back in rows:
        states[facet.state] += n
        if chosen.states and facet.state not in chosen.states:
            continue
        shown += n
        if facet.state in MONEY_STATES:
            line = sums[facet.currency]
            line[:] = [line[0] + n, line[1] + amount, line[2] + back]
    totals = [MoneyTotal(one, n, gross, back, gross - back) for one, (n, gross, back) in sorted(sums.items())]
    return Sought(Count(shown), dict(states), totals)


def facet_values(conn: Connection) -> FacetValues:
    """States, PGs, methods and currencies that occur."""
    facets = [(facet, facet.payments) for facet in all_facets(conn) if facet.payments]
    found = values_of(facets, {**CHOICES, "currencies": "currency"})
    return replace(found, tiers=shown_codes(facet.tier for facet, _payments in facets))


def values_of(facets: Sequence[tuple[Any, int]], columns: Mapping[str, str]) -> FacetValues:
    """The values that occur in facets, each of which comes with how many rows it has; `columns` by FacetValues'."""
    return FacetValues(
        **{name: by_frequency((getattr(one, column), n) for one, n in facets) for name, column in columns.items()}
    )


def daily_series(
    conn: Connection, from_day: int, to_day: int, *, currency: str = "KRW", live: Live = Live.LIVE
) -> list[DayTotal]:
    """Every day of the span, empty ones too, without key registrations."""
    return days_of(by_basis(conn, from_day, to_day, currency, live), from_day, to_day)


def add_up(sums: Counter[str], row: BasisRow) -> None:
    """Adds a row of by_basis to sums by their names."""
    basis, _day, facet, n, amount = row
    count, total = _COUNTED[basis]
    sums[count] += n
    sums[total] += amount
    if basis == Basis.PAID and facet.kind == PaymentKind.RECURRING:
        sums["recurring_payments"] += n
        sums["recurring_gross"] += amount


def days_of(rows: Iterable[BasisRow], from_day: int, to_day: int) -> list[DayTotal]:
    """Every day of a span, of the rows of by_basis."""
    days: dict[int, Counter[str]] = {day: Counter() for day in range(from_day, to_day + 1)}
    for row in rows:
        add_up(days[row[1]], row)
    return [DayTotal(day=day, **sums) for day, sums in days.items()]


def shares_of(rows: Iterable[BasisRow], field: Literal["pg_provider", "pay_method"]) -> list[Share]:
    """Gross and refunds by PG or method, largest first, of the rows of by_basis."""
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for basis, _day, facet, payments, amount in rows:
        line = sums[getattr(facet, field)]
        if basis == Basis.PAID:
            line[0] += payments
            line[1] += amount
        elif basis == Basis.REFUNDED:
            line[2] += amount
    shares = [Share(value, line[0], line[1], line[2], line[1] - line[2]) for value, line in sums.items() if any(line)]
    return sorted(shares, key=lambda share: -share.gross)


def upcoming_schedules(conn: Connection, from_day: int, to_day: int) -> list[ScheduleDay]:
    """Booked payments that wait, by day and currency; test rows apart."""
    sql = (
        "SELECT t.day, f.currency, sum(t.schedules), sum(t.amount) FROM schedule_total t "
        "JOIN schedule_facet f ON f.id = t.facet_id WHERE f.schedule_status = ? AND NOT f.sandbox "
        "AND t.day BETWEEN ? AND ? GROUP BY t.day, f.currency ORDER BY t.day, f.currency"
    )
    rows = conn.exec_driver_sql(in_dialect(conn, sql), (ScheduleStatus.SCHEDULED.value, from_day, to_day))
    return [ScheduleDay(row[0], row[1], int(row[2]), int(row[3])) for row in rows if row[2]]


def by_basis(conn: Connection, from_day: int, to_day: int, currency: str, live: Live = Live.LIVE) -> list[BasisRow]:
    """(basis, day, facet, how many, amount) of a span by paid, refunded and failed, without key registrations."""
    chosen = PaymentFilter(currency=currency, live=live)
    facets = {facet.id: facet for facet in _money(matching(conn, chosen))}
    bases, bound = one_of(conn, "basis", _COUNTED)
    sql = f"SELECT basis, day, facet_id, payments, amount FROM daily_total WHERE {bases} AND day BETWEEN ? AND ?"
    rows = conn.exec_driver_sql(in_dialect(conn, sql), (bound, from_day, to_day))
    return [(row[0], row[1], facets[row[2]], row[3], row[4]) for row in rows if row[2] in facets]


def _kept(conn: Connection, chosen: PaymentFilter, facets: Iterable[FacetRow]) -> list[tuple[int, int]]:
    """(facet id, payments) of the filter's days."""
    if chosen.basis != Basis.PAID:
        return [row[:2] for row in _sums(conn, chosen, chosen.basis, [facet.id for facet in facets])]
    # Of all states only the refund of what was paid has a later time than the payment.
    paid: list[int] = []
    others: list[int] = []
    for facet in facets:
        refunded = facet.status == PaymentState.CANCELLED and facet.state != PaymentState.REVOKED
        (paid if refunded else others).append(facet.id)
    rows = [*_sums(conn, chosen, Basis.PAID, paid), *_sums(conn, chosen, Basis.STATUS, others)]
    return [row[:2] for row in rows]


def _sums(
    conn: Connection, chosen: PaymentFilter, basis: Basis, facet_ids: Iterable[int]
) -> list[tuple[int, int, int]]:
    """(facet id, how many, amount) of the filter's days by one basis."""
    wanted, bound = one_of(conn, "facet_id", facet_ids)
    parts, values = ["basis = ?", wanted], [basis.value, bound]
    if chosen.from_day is not None:
        parts.append("day >= ?")
        values.append(chosen.from_day)
    if chosen.to_day is not None:
        parts.append("day <= ?")
        values.append(chosen.to_day)
    sql = f"SELECT facet_id, sum(payments), sum(amount) FROM daily_total WHERE {' AND '.join(parts)} GROUP BY facet_id"
    return [(row[0], int(row[1]), int(row[2])) for row in fetch(conn, sql, tuple(values))]


def _money(facets: Iterable[FacetRow]) -> list[FacetRow]:
    """Without registrations of a key, whose amount was not charged."""
    return [facet for facet in facets if facet.kind != PaymentKind.REGISTRATION]


def by_frequency(values: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """The values that occur, each with how often, the most frequent first."""
    counts: defaultdict[str, int] = defaultdict(int)
    for value, n in values:
        counts[value] += n
    return tuple(sorted(filter(None, counts), key=lambda value: (-counts[value], value)))
