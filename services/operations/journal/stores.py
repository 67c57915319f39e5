"""Which sub-store an operation goes to: that of the payment, the schedule or the billing key that it is about.

An order number alone says nothing: another store may have booked a payment under the same one.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from sqlalchemy import Connection

from services.store.tiers import tiers_of
from services.tables.v1 import BillingKey, Payment, Schedule

OF_SCHEDULE = "schedule:"
"""What subjects of operations on one booked payment begin with."""


class Aimed(Protocol):
    """What an intent says of what it is about."""

    @property
    def subject(self) -> str: ...
    @property
    def imp_uid(self) -> str | None: ...
    @property
    def merchant_uid(self) -> str | None: ...
    @property
    def customer_uid(self) -> str | None: ...
    @property
    def tier(self) -> str | None: ...


def tiers_for(conn: Connection, wanted: Sequence[Aimed]) -> list[str]:
    """The store of each: as it says itself, else that of its row, else the main one."""
    open_ones = [one for one in wanted if one.tier is None]
    payments = tiers_of(conn, Payment, _named(one.imp_uid for one in open_ones))
    schedules = tiers_of(conn, Schedule, _named(map(_schedule_of, open_ones)))
    keys = tiers_of(conn, BillingKey, _named(one.customer_uid for one in open_ones))

    def of(one: Aimed) -> str:
        places = ((payments, one.imp_uid), (schedules, _schedule_of(one)), (keys, one.customer_uid))
        return next((tiers[uid] for tiers, uid in places if uid in tiers), "")

    return [of(one) if one.tier is None else one.tier for one in wanted]


def _schedule_of(one: Aimed) -> str | None:
    return one.merchant_uid if one.subject.startswith(OF_SCHEDULE) else None


def _named(uids: Iterable[str | None]) -> list[str]:
    return sorted({uid for uid in uids if uid})
