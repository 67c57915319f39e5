"""Money of a period from the kept daily totals: gross by the day paid, refunds by the day of each."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection

from services.models import Basis
from services.revenue.periods import Period
from services.store.filters import PaymentKind
from services.store.totals import by_basis, daily_series


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
    sums: Counter[str] = Counter()
    for basis, _day, facet, n, amount in by_basis(conn, period.from_day, period.to_day, currency):
        if basis == Basis.FAILED:
            names = ("failures", "failed_amount")
        else:
            kind = "recurring" if facet.kind == PaymentKind.RECURRING else "one_off"
            names = (f"{kind}_{_NAMES[basis][0]}", f"{kind}_{_NAMES[basis][1]}")
        for name, value in zip(names, (n, amount), strict=True):
            sums[name] += value
    return Figures(**sums)


def daily(conn: Connection, period: Period, *, currency: str = "KRW") -> list[DayFigures]:
    """Every day of a period, empty ones too."""
    recurring: Counter[int] = Counter()
    for basis, day, facet, _n, amount in by_basis(conn, period.from_day, period.to_day, currency):
        if basis == Basis.PAID and facet.kind == PaymentKind.RECURRING:
            recurring[day] += amount
    return [
        DayFigures(one.day, one.payments, one.gross, one.refund_count, one.refunds, recurring[one.day])
        for one in daily_series(conn, period.from_day, period.to_day, currency=currency)
    ]
