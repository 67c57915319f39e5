"""Kept totals: what a payment adds to which day, and the difference that a change makes."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from services.clock import day_of
from services.payment_states import money_moved, only_registered
from services.store.sql import in_dialect, upsert
from services.store.writes.revenue import Refund
from services.tables.v1 import Basis

Key = tuple[str, int, int]
"""basis, Seoul day, facet id"""

_COLUMNS = ("basis", "day", "facet_id", "payments", "amount", "cancel_amount")
_KEPT = ("payments", "amount", "cancel_amount")


class TotalsDelta:
    """Differences of a batch, added up in memory and written once."""

    def __init__(self) -> None:
        self._sums: defaultdict[Key, list[int]] = defaultdict(lambda: [0, 0, 0])

    def add(self, values: Mapping[str, Any], refunds: Sequence[Refund], facet_id: int, sign: int) -> None:
        """Counts a payment in (sign 1) or out (sign -1)."""
        for basis, at, amount, cancelled in _contributions(values, refunds):
            sums = self._sums[basis, day_of(at), facet_id]
            sums[0] += sign
            sums[1] += sign * amount
            sums[2] += sign * cancelled

    def write(self, conn: Connection) -> None:
        """Adds the differences to the kept rows."""
        rows = [(*key, *sums) for key, sums in self._sums.items() if any(sums)]
        sizes = [(sums[0], facet) for (basis, _day, facet), sums in self._sums.items() if basis == Basis.STATUS]
        if sizes:
            sql = "UPDATE facet SET payments = payments + ? WHERE id = ?"
            conn.exec_driver_sql(in_dialect(conn, sql), sizes)
        if rows:
            changes = [f"{name} = daily_total.{name} + excluded.{name}" for name in _KEPT]
            conn.exec_driver_sql(in_dialect(conn, upsert("daily_total", _COLUMNS, _COLUMNS[:3], changes)), rows)


def _contributions(values: Mapping[str, Any], refunds: Sequence[Refund]) -> Iterator[tuple[str, int, int, int]]:
    amount = 0 if only_registered(values) else values["amount"]
    cancelled = values["cancel_amount"] if money_moved(values) else 0
    yield Basis.STATUS.value, values["status_at"], amount, cancelled
    yield Basis.STARTED.value, values["started_at"], amount, cancelled
    if values["paid_at"]:
        yield Basis.PAID.value, values["paid_at"], amount, cancelled
    if values["failed_at"] and not values["paid_at"]:
        yield Basis.FAILED.value, values["failed_at"], amount, 0
    for refund in refunds:
        yield Basis.REFUNDED.value, refund.at, refund.amount, 0
        if refund.amount < amount:
            yield Basis.REFUNDED_PART.value, refund.at, refund.amount, 0
