"""Money of a period from the kept daily totals: gross by the day paid, refunds by the day of each."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection

from services.payment_states import PaymentKind
from services.revenue.periods import Period
from services.store.lists.totals import COUNTED, BasisRow, DayTotal, by_basis, daily_series
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


def figures(conn: Connection, period: Period, *, currency: str = "KRW") -> Figures:
    """The sums of a period."""
    return figures_of(by_basis(conn, period.from_day, period.to_day, currency))


def figures_of(rows: Iterable[BasisRow]) -> Figures:
    """Sums of the rows of by_basis."""
    sums: Counter[str] = Counter()
    for basis, _day, facet, n, amount in rows:
        count, total = COUNTED[basis]
        if basis != Basis.FAILED:
            kind = "recurring" if facet.kind == PaymentKind.RECURRING else "one_off"
            count, total = f"{kind}_{count}", f"{kind}_{total}"
        sums[count] += n
        sums[total] += amount
    return Figures(**sums)


def daily(conn: Connection, period: Period, *, currency: str = "KRW") -> list[DayTotal]:
    """Every day of a period, empty ones too."""
    return daily_series(conn, period.from_day, period.to_day, currency=currency)
