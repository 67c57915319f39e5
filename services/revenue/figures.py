"""Money of a period from the kept daily totals: gross by the day paid, refunds by the day of each."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection

from services.payment_states import PaymentKind
from services.revenue.periods import Period
from services.store.lists.totals import BasisRow, by_basis
from services.tables.v1 import Basis


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums of a period in one currency, smallest unit; test rows and key registrations are outside."""

    recurring_payments: int = 0
    recurring_gross: int = 0
    recurring_refund_count: int = 0
    recurring_refunds: int = 0
    one_off_payments: int = 0
    one_off_gross: int = 0
    one_off_refund_count: int = 0
    one_off_refunds: int = 0
    failures: int = 0
    failed_amount: int = 0

    @property
    def payments(self) -> int:
        """How many were paid."""
        return self.recurring_payments + self.one_off_payments

    @property
    def gross(self) -> int:
        """What they came to."""
        return self.recurring_gross + self.one_off_gross

    @property
    def refund_count(self) -> int:
        """How many refunds were made."""
        return self.recurring_refund_count + self.one_off_refund_count

    @property
    def refunds(self) -> int:
        """What they came to."""
        return self.recurring_refunds + self.one_off_refunds

    @property
    def net(self) -> int:
        """Gross less refunds."""
        return self.gross - self.refunds

    @property
    def average_order(self) -> int | None:
        """Gross a payment, half up; None without any."""
        return (2 * self.gross + self.payments) // (2 * self.payments) if self.payments else None

    @property
    def refund_rate(self) -> Decimal | None:
        """Refunds over gross; None without any gross."""
        return Decimal(self.refunds) / self.gross if self.gross else None


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One Seoul day."""

    day: int
    payments: int
    gross: int
    refund_count: int
    refunds: int
    recurring_gross: int

    @property
    def net(self) -> int:
        """Gross less refunds."""
        return self.gross - self.refunds


_NAMES = {Basis.PAID.value: ("payments", "gross"), Basis.REFUNDED.value: ("refund_count", "refunds")}


def figures(conn: Connection, period: Period, *, currency: str = "KRW") -> Figures:
    """The sums of a period."""
    return figures_of(by_basis(conn, period.from_day, period.to_day, currency))


def figures_of(rows: Iterable[BasisRow]) -> Figures:
    """The same of rows that were read already."""
    sums: Counter[str] = Counter()
    for basis, _day, facet, n, amount in rows:
        if basis == Basis.FAILED:
            count, total = "failures", "failed_amount"
        else:
            kind = "recurring" if facet.kind == PaymentKind.RECURRING else "one_off"
            count, total = (f"{kind}_{name}" for name in _NAMES[basis])
        sums[count] += n
        sums[total] += amount
    return Figures(**sums)


def daily(conn: Connection, period: Period, *, currency: str = "KRW") -> list[DayFigures]:
    """Every day of a period, empty ones too."""
    return days_of(by_basis(conn, period.from_day, period.to_day, currency), period)


def days_of(rows: Iterable[BasisRow], period: Period) -> list[DayFigures]:
    """The same of rows that were read already."""
    days: dict[int, Counter[str]] = {day: Counter() for day in range(period.from_day, period.to_day + 1)}
    for basis, day, facet, n, amount in rows:
        if basis == Basis.FAILED:
            continue
        for name, value in zip(_NAMES[basis], (n, amount), strict=True):
            days[day][name] += value
        if basis == Basis.PAID and facet.kind == PaymentKind.RECURRING:
            days[day]["recurring_gross"] += amount
    names = ("payments", "gross", "refund_count", "refunds", "recurring_gross")
    return [DayFigures(day, *(sums[name] for name in names)) for day, sums in days.items()]
