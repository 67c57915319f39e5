"""The rows of an export as one SQL statement, for either database."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from services.errors import InvalidRequest
from services.exports.columns import BY_KIND, WORDS, Column, Shape
from services.receipts.receipt_list import ReceiptFilter, is_exact_receipt, receipt_rows
from services.store.lists.conditions import (
    TIMES,
    Conditions,
    contains,
    exact_id,
    in_days,
    row_conditions,
    with_facets,
)
from services.store.lists.facets import choose_facets
from services.store.lists.filters import PaymentFilter
from services.store.lists.key_filters import KeyFilter, exact_key, key_rows
from services.store.lists.operations import OperationFilter, operation_rows
from services.store.lists.refunds import exact_refunds, refund_rows
from services.store.lists.schedule_filters import ScheduleFilter, exact_schedule, schedule_rows
from services.store.lists.subscriptions import SubscriptionFilter, subscription_rows
from services.store.sql import one_of
from services.vbanks.waiting_list import WaitingFilter, is_exact_waiting, waiting_rows

_ORDERS = {
    "payments": "p.position DESC",
    "refunds": "c.cancelled_at DESC, c.imp_uid DESC, c.seq DESC",
    "schedules": "p.position DESC",
    "billing-keys": "p.position DESC",
    "operations": "p.asked_at DESC, p.id DESC",
    "receipts": "p.applied_at DESC, p.id DESC",
    "waiting": "p.vbank_date, p.id",
}
_OWN_FIELDS = "LEFT JOIN billing_key k ON k.customer_uid = p.customer_uid"


ListFilter = (
    PaymentFilter | ScheduleFilter | KeyFilter | SubscriptionFilter | OperationFilter | ReceiptFilter | WaitingFilter
)
"""A kind's own: payments and refunds go by the first, and operations for the command line."""


def columns_of(kind: str, *, with_buyers: bool, names: Sequence[str] = (), tiers: bool = False) -> tuple[Column, ...]:
    """The columns that a person may have: those of these names in their order, or all for none.

    All without `tiers`: but the store, which is the same in every row.

    Who may not see buyers sees no phone or mail of one in the others either. Raises InvalidRequest for an unknown name.
    """
    found = {column.name: column for column in BY_KIND[kind] if with_buyers or not column.buyer}
    if strange := [name for name in names if name not in found]:
        raise InvalidRequest("{kind} have no column “{value}”, but: {known}.", field="columns", kind=kind,
                             value=strange[0], known=", ".join(found))  # fmt: skip
    every = [name for name, column in found.items() if tiers or not column.of_stores]
    wanted = [found[name] for name in dict.fromkeys(names or every)]
    return tuple(wanted if with_buyers else (replace(column, hidden=column.name in WORDS) for column in wanted))


def is_exact(conn: Connection, kind: str, chosen: ListFilter) -> bool:
    """Whether the text is an id of the list, so that nothing else of the filter narrows it."""
    if isinstance(chosen, ScheduleFilter):
        return exact_schedule(conn, chosen) is not None
    if isinstance(chosen, KeyFilter):
        return exact_key(conn, chosen) is not None
    if isinstance(chosen, OperationFilter):
        return bool(chosen.text)
    if isinstance(chosen, ReceiptFilter):
        return is_exact_receipt(conn, chosen)
    if isinstance(chosen, WaitingFilter):
        return is_exact_waiting(conn, chosen)
    ids = {"payments": exact_id, "refunds": exact_refunds}
    return isinstance(chosen, PaymentFilter) and kind in ids and ids[kind](conn, chosen.text) is not None


def source_of(conn: Connection, kind: str, chosen: ListFilter) -> Conditions:
    """The rows of a filter, as its list has them.

    Operations have days of their own; the command refuses parts of the filter that they have no column for.
    """
    if isinstance(chosen, ScheduleFilter):
        return schedule_rows(conn, chosen)
    if isinstance(chosen, SubscriptionFilter):
        return subscription_rows(conn, chosen)
    if isinstance(chosen, OperationFilter):
        return operation_rows(chosen)
    if isinstance(chosen, ReceiptFilter):
        return receipt_rows(conn, chosen)
    if isinstance(chosen, WaitingFilter):
        return waiting_rows(conn, chosen)
    if isinstance(chosen, KeyFilter):
        found = key_rows(conn, chosen)
        return replace(found, source=f"{found.source} {_OWN_FIELDS}")
    if kind == "refunds":
        return refund_rows(conn, chosen)
    chosen.require_sense()
    if kind == "payments":
        return exact_id(conn, chosen.text) or _payments(conn, chosen)
    return in_days(_operations(conn, chosen), "p.asked_at", 0, chosen.from_day, chosen.to_day)


def statement(conn: Connection, kind: str, chosen: ListFilter, cells: Sequence[str]) -> tuple[str, tuple[Any, ...]]:
    """The rows in the list's order, each of these cells (see cells.py), with `?` for the bound values."""
    found = source_of(conn, kind, chosen)
    sql = f"SELECT {', '.join(cells)} FROM {found.source} WHERE {found.where} ORDER BY {_order(kind, chosen)}"
    return sql, found.values


def _order(kind: str, chosen: ListFilter) -> str:
    if isinstance(chosen, ScheduleFilter):
        return "p.position" if chosen.soonest_first else _ORDERS[kind]
    if isinstance(chosen, KeyFilter):
        return "p.next_at, p.customer_uid" if chosen.by_next_charge else _ORDERS[kind]
    if isinstance(chosen, SubscriptionFilter):
        return ", ".join(f"{key} DESC" for key in chosen.keys)
    if isinstance(chosen, OperationFilter | ReceiptFilter | WaitingFilter):
        return _ORDERS[kind]
    by_time = kind == "payments" and chosen.basis in TIMES and not chosen.text
    return f"p.{TIMES[chosen.basis]} DESC, p.imp_uid DESC" if by_time else _ORDERS[kind]


def _payments(conn: Connection, chosen: PaymentFilter) -> Conditions:
    found = row_conditions(conn, chosen)
    facets = choose_facets(conn, chosen)
    return found if facets.whole else with_facets(conn, found, facets.ids)


def _operations(conn: Connection, chosen: PaymentFilter) -> Conditions:
    found = Conditions("operation p", (), ())
    if chosen.states:
        condition, bound = one_of(conn, "p.state", sorted(chosen.states))
        found = found.and_(condition, bound)
    if chosen.customer_uid is not None:
        found = found.and_("p.customer_uid = ?", chosen.customer_uid)
    if chosen.currency is not None:
        found = found.and_("p.currency = ?", chosen.currency)
    if chosen.text:
        own = columns_of("operations", with_buyers=chosen.search_buyers, tiers=True)
        texts = sorted(column.sql for column in own if column.shape == Shape.TEXT)
        part, values = contains(conn, texts, chosen.text)
        found = found.and_(part, *values)
    return found
