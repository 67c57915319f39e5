"""What a list of payments can be narrowed by."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

from services.errors import InvalidFilter, InvalidRequest
from services.tables.v1 import Basis
from services.typed_text import is_storable, require_no_number


def require_text(field: str, text: str) -> None:
    """Raises InvalidFilter for a text that no database binds and no keyboard types."""
    if not is_storable(text):
        raise InvalidFilter("This page's address is not one of ours.", field=field)


def require_sought(text: str) -> None:
    """Raises InvalidFilter for a card or resident number; asked once no id is exactly this text."""
    try:
        require_no_number(text, "text")
    except InvalidRequest as refused:
        raise InvalidFilter(refused.template, **refused.values) from None


def require_days(from_day: int | None, to_day: int | None) -> None:
    """Raises InvalidFilter where a range ends before it begins."""
    if from_day is not None and to_day is not None and to_day < from_day:
        raise InvalidFilter("The last day is before the first.", field="to_day")


class Live(StrEnum):
    """Which channels' rows."""

    LIVE = "live"
    TEST = "test"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class AmountOrder:
    """A list by a column of its rows, an amount in each currency the largest or the smallest first; as `-amount`."""

    column: str
    largest_first: bool = True

    def __str__(self) -> str:
        return f"-{self.column}" if self.largest_first else self.column

    @classmethod
    def read(cls, text: str | None, columns: Collection[str]) -> "AmountOrder | None":
        """What such a text says of these columns; None where it says nothing."""
        column = (text or "").removeprefix("-")
        return cls(column, (text or "").startswith("-")) if column in columns else None


@dataclass(frozen=True, slots=True)
class PaymentFilter:
    """A filter of the payments list. Days are Seoul days (clock.day_of), inclusive; amounts in the smallest unit.

    An empty set restricts nothing; `states` may hold statuses that only the gateway knows.
    """

    text: str = ""
    basis: Basis = Basis.PAID
    """PAID: by the time of payment, what was not paid by that of its status; STATUS or STARTED: by those."""
    from_day: int | None = None
    to_day: int | None = None
    states: frozenset[str] = frozenset()
    pg_providers: frozenset[str] = frozenset()
    pay_methods: frozenset[str] = frozenset()
    card_names: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    tiers: frozenset[str] = frozenset()
    """Codes of sub-stores; the main one is tiers.MAIN."""
    live: Live = Live.LIVE
    currency: str | None = None
    amount_from: int | None = None
    amount_to: int | None = None
    customer_uid: str | None = None
    order: AmountOrder | None = None
    """None: the newest first. Counts, sums and exports do without it."""
    whole: bool | None = None
    """Of refunds: those that gave the whole payment back at once, or (False) a part of it."""
    search_buyers: bool = True
    """False for roles that may not see buyers: what they may not read they cannot find by either."""

    def require_sense(self) -> None:
        """Raises InvalidFilter, naming the field, where a range ends before it begins or a text is none."""
        require_text("text", self.text)
        require_text("customer_uid", self.customer_uid or "")
        require_days(self.from_day, self.to_day)
        if self.amount_from is not None and self.amount_to is not None and self.amount_to < self.amount_from:
            raise InvalidFilter("The highest amount is below the lowest.", field="amount_to")

    @property
    def counted_by_facets(self) -> bool:
        """Whether the kept totals can answer for this filter: facets and days, nothing of a row's own."""
        return self == self.of_facets()

    def of_facets(self) -> "PaymentFilter":
        """This filter without what is a row's own."""
        return replace(self, text="", customer_uid=None, amount_from=None, amount_to=None)
