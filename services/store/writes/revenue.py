"""Kept revenue: what a payment adds to splits and to both time bases, and late news of days that are over."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from services.clock import day_of
from services.months import month_of_day
from services.payment_states import money_moved, only_registered
from services.store.lists.system import marks
from services.store.sql import in_dialect, upsert
from services.store.writes.sync import set_mark
from services.tables.revenue import Split, What

REVENUE_FROM = "revenue_from"
"""Mark: the first Seoul day from which on late news are written down."""
KNOWN_SINCE = "revenue_known_since"
"""Mark: the UNIX time at which the mirror was whole for the first time."""
_SPLIT = ("field", "currency", "day", "value", "payments", "gross", "refunds")
_BRIDGE = ("what", "currency", "month", "status_month", "rows", "amount")
_CHANGE = ("learnt_at", "imp_uid", "what", "day", "currency", "rows", "amount")
_LONGEST = 200
_MORE_ITEMS = re.compile(r" 외 \d+\s?[건개]$")


class Refund(NamedTuple):
    """A refund of a payment; `at` in UNIX seconds, the amount in the smallest unit."""

    at: int
    amount: int
    reason: str | None


class _Entry(NamedTuple):
    what: What
    day: int
    amount: int


def product_of(name: str | None) -> str:
    """An order's name without how many items more it has: `사과 외 2건` counts as `사과 외`."""
    return _MORE_ITEMS.sub(" 외", name or "")[:_LONGEST]


def refunds_of(values: Mapping[str, Any], cancellations: Sequence[Mapping[str, Any]]) -> list[Refund]:
    """Each refund of money; a gateway that lists none is believed for the sum it names."""
    if not money_moved(values):
        return []
    if cancellations:
        return [Refund(one["cancelled_at"], one["amount"], one.get("reason")) for one in cancellations]
    if values["cancel_amount"]:
        at = values["cancelled_at"] or values["paid_at"]
        return [Refund(at, values["cancel_amount"], values["cancel_reason"])]
    return []


def know_revenue_from(conn: Connection, day: int, now: int) -> None:
    """The mirror is whole from a Seoul day on: what comes later of days that are over is late news."""
    known = marks(conn)
    if day < int(known.get(REVENUE_FROM, day + 1)):
        set_mark(conn, REVENUE_FROM, str(day), now)
    if KNOWN_SINCE not in known:
        set_mark(conn, KNOWN_SINCE, str(now), now)


class RevenueDelta:
    """Differences of a batch; test rows and registrations that took no money are in none."""

    def __init__(self, conn: Connection, learnt_at: int) -> None:
        since = marks(conn).get(REVENUE_FROM)
        self._learnt_at, self._today = learnt_at, day_of(learnt_at)
        self._since = self._today if since is None else int(since)
        self._splits: defaultdict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
        self._bridge: defaultdict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
        self._late: defaultdict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])

    def add(self, values: Mapping[str, Any], refunds: Sequence[Refund], sign: int) -> None:
        """Counts a payment in (sign 1) or out (sign -1)."""
        if values["sandbox"] or only_registered(values):
            return
        currency = values["currency"]
        product, card = product_of(values["name"]), (values["card_name"] or "")[:_LONGEST]
        status_month = month_of_day(day_of(values["status_at"]))
        for what, day, amount in _entries(values, refunds):
            gross = what == What.GROSS
            for field, value in ((Split.PRODUCT, product), (Split.CARD, card)):
                sums = self._splits[field.value, currency, day, value]
                sums[0] += sign * gross
                sums[1 if gross else 2] += sign * amount
            _count(self._bridge[what.value, currency, month_of_day(day), status_month], sign, amount)
            if self._since <= day < self._today:
                _count(self._late[values["imp_uid"], what.value, day, currency], sign, amount)
        for split, day, value, amount in _reasons(values, refunds):
            _count(self._splits[split.value, currency, day, (value or "")[:_LONGEST]], sign, amount)

    def write(self, conn: Connection) -> None:
        """Adds the differences to the kept rows, and writes late news down."""
        _add_to(conn, "split_total", _SPLIT, 4, self._splits)
        _add_to(conn, "bridge_total", _BRIDGE, 4, self._bridge)
        late = [(self._learnt_at, *key, *sums) for key, sums in self._late.items() if any(sums)]
        if late:
            marks_ = ", ".join("?" for _ in _CHANGE)
            sql = f"INSERT INTO revenue_change ({', '.join(_CHANGE)}) VALUES ({marks_})"
            conn.exec_driver_sql(in_dialect(conn, sql), late)


def _entries(values: Mapping[str, Any], refunds: Sequence[Refund]) -> Iterator[_Entry]:
    if values["paid_at"]:
        yield _Entry(What.GROSS, day_of(values["paid_at"]), values["amount"])
    for refund in refunds:
        yield _Entry(What.REFUNDS, day_of(refund.at), refund.amount)


def _reasons(values: Mapping[str, Any], refunds: Sequence[Refund]) -> Iterator[tuple[Split, int, str | None, int]]:
    if values["failed_at"] and not values["paid_at"]:
        yield Split.FAIL_REASON, day_of(values["failed_at"]), values["fail_reason"], values["amount"]
    for refund in refunds:
        yield Split.REFUND_REASON, day_of(refund.at), refund.reason, refund.amount


def _count(sums: list[int], sign: int, amount: int) -> None:
    sums[0] += sign
    sums[1] += sign * amount


def _add_to(
    conn: Connection, table: str, columns: Sequence[str], keys: int, sums: Mapping[tuple[Any, ...], Sequence[int]]
) -> None:
    rows = [(*key, *values) for key, values in sums.items() if any(values)]
    if rows:
        changes = [f"{name} = {table}.{name} + excluded.{name}" for name in columns[keys:]]
        conn.exec_driver_sql(in_dialect(conn, upsert(table, columns, columns[:keys], changes)), rows)
