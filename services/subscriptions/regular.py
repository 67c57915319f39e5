"""Which charges of a billing key belong to its subscription: those with a place on its grid, one paid a cycle."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from services.clock import day_of
from services.store.writes.chains import KeyPayment
from services.subscriptions.cadence import LATE_SHARE, LONGEST_LATE, Cadence


class Attempt(NamedTuple):
    """A charge that was paid or failed. Times in UNIX seconds, the amount in the smallest unit."""

    at: int
    cycle: int
    amount: int
    name: str
    paid: bool
    order: str


def regular_attempts(payments: Sequence[KeyPayment], cadence: Cadence, currency: str) -> list[Attempt]:
    """The subscription's own attempts by time: all failures, and of each cycle the one that paid it."""
    placed = [(row, *_placed(row, cadence)) for row in payments if row.currency == currency and _at(row)]
    longest = min(LONGEST_LATE, int(cadence.grid.period * LATE_SHARE))
    own = [row for row, _cycle, late in placed if abs(late) <= 1]
    like = {key for row in own for key in (row.amount, row.name)} - {None}
    failed, paid = [], defaultdict(list)
    for row, cycle, late in placed:
        is_like = bool({row.amount, row.name} & like)
        if late > longest or (abs(late) > 1 and not is_like):
            continue  # bought besides, on a day that has nothing to do with it
        attempt = Attempt(_at(row), cycle, row.amount, row.name or "", bool(row.paid_at), row.merchant_uid)
        if attempt.paid:
            paid[cycle].append((abs(late) > 1, row.customer_uid_usage != _BOOKED, attempt.at, attempt))
        else:
            failed.append(attempt)
    return sorted([*failed, *(min(every)[-1] for every in paid.values())])


_BOOKED = "payment.scheduled"


def _placed(row: KeyPayment, cadence: Cadence) -> tuple[int, int]:
    place = cadence.grid.place(day_of(_at(row)))
    return place.cycle, place.late


def _at(row: KeyPayment) -> int:
    """When it was paid, or asked for where it failed; 0 where it is neither."""
    return row.paid_at or (row.started_at if row.failed_at else 0)
