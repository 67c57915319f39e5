"""Money of a period from the kept daily totals: gross by the day paid, refunds by the day of each."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection

from services.revenue.periods import Period
from services.store.lists.totals import BasisRow, DayTotal, Sums, add_up, by_basis, daily_series


@dataclass(frozen=True, slots=True)
class Figures(Sums):
    """The sums of a period, and what follows from them; test rows and key registrations are outside."""

    @property
    def one_off_payments(self) -> int:
        """Payments that are none of a billing key."""
        return self.payments - self.recurring_payments

    @property
    def one_off_gross(self) -> int:
        """What those came to."""
        return self.gross - self.recurring_gross

    @property
    def average_order(self) -> int | None:
        """Gross a payment, half up; None without any."""
        return (2 * self.gross + self.payments) // (2 * self.payments) if self.payments else None

    @property
    def refund_rate(self) -> Decimal | None:
        """Refunds over gross; None without any gross."""
        return Decimal(self.refunds) / self.gross if self.gross else None


def figures(conn: Connection, period: Period, *, currency: str = "KRW") -> Figures:
    """The sums of a period."""
    return figures_of(by_basis(conn, period.from_day, period.to_day, currency))


def figures_of(rows: Iterable[BasisRow]) -> Figures:
    """Sums of the rows of by_basis."""
    sums: Counter[str] = Counter()
    for row in rows:
        add_up(sums, row)
    return Figures(**sums)


def daily(conn: Connection, period: Period, *, currency: str = "KRW") -> list[DayTotal]:
    """Every day of a period, empty ones too."""
    return daily_series(conn, period.from_day, period.to_day, currency=currency)
