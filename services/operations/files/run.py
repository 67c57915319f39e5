"""Many changes as they were looked at, row by row, before any is sent: what all such lists have in common."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from services.errors import JangbuError
from services.operations.journal.journal import Wanted
from services.store.lists.one import Refundable
from services.tables.journal import OperationKind


class Looked(Protocol):
    """One row: what it would do, or what stands in its way."""

    @property
    def number(self) -> int: ...
    @property
    def wanted(self) -> Wanted | None: ...
    @property
    def problem(self) -> JangbuError | None: ...


RowT = TypeVar("RowT", bound=Looked)


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """What one row would do on a payment, or what stands in its way."""

    number: int
    imp_uid: str
    payment: Refundable | None
    wanted: Wanted | None
    problem: JangbuError | None


@dataclass(frozen=True, slots=True)
class Run(Generic[RowT]):
    """A list that batches.submit() writes down; `for_two` has a second person say yes first."""

    digest: str
    name: str
    kind: OperationKind
    rows: tuple[RowT, ...]
    for_two: bool = False

    @property
    def ready(self) -> bool:
        """Whether every row can be sent."""
        return bool(self.rows) and all(row.problem is None for row in self.rows)

    @property
    def totals(self) -> Mapping[str, int]:
        """What the rows that can be sent come to, by currency."""
        found: Counter[str] = Counter()
        for row in self.rows:
            if row.wanted:
                found[row.wanted.currency] += row.wanted.amount
        return found

    @property
    def amount(self) -> int:
        """What the rows that can be sent come to, in won alone."""
        return self.totals.get("KRW", 0)

    def fitting(self) -> "Run[RowT]":
        """The run without the rows that cannot be sent."""
        return replace(self, rows=tuple(row for row in self.rows if row.problem is None))
