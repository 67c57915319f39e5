"""The recovery desk: failed schedules by what can be done, and when to try again. Reads kept rows alone."""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from services.clock import day_of, day_start
from services.operations.journal.states import OPEN
from services.recovery.policy import Policy, next_try
from services.store.fold import BUYER_FIELDS
from services.store.lists.amount_order import Amount, way_down
from services.store.lists.conditions import Conditions
from services.store.lists.cursors import time_and_id
from services.store.lists.filters import AmountOrder
from services.store.lists.keyset import Order, Page, walk
from services.store.search.key_texts import of_keys, with_hits
from services.store.sql import fetch, one_of
from services.subscriptions.reasons import Action, Remedy, remedy

RECENT = 62
"""Days: what failed before them is no longer worked on."""
_OPEN = "f.recovered_at IS NULL AND f.failed_at >= ? AND NOT f.sandbox"
"""Not paid yet, and no test row: sums leave those out, too."""
_MOST = 1000
AMOUNTS = {"amount": Amount("f.amount", "amount", "f.currency")}
"""What the list can be put in order by."""


@dataclass(frozen=True, slots=True)
class FailedCharge:
    """A booked payment that failed; `fail_reason` is the PG's, word for word, of its billing key's latest failure."""

    merchant_uid: str
    customer_uid: str
    pg_provider: str
    amount: int
    currency: str
    name: str | None
    fail_reason: str | None


@dataclass(frozen=True, slots=True)
class Failed(FailedCharge):
    """A failed charge that is not paid yet, and what was done about it."""

    failed_at: int
    """The first time."""
    last_failed_at: int
    """The last time under its order number."""
    reason_at: int
    """When what `fail_reason` tells of happened."""
    action: Action
    tries: int
    booked_at: int | None
    """When it is tried next, where that is booked already."""
    ended: bool
    """The key is gone or the customer left: nothing is tried again."""
    buyer_name: str | None
    buyer_tel: str | None
    buyer_email: str | None
    card_number: str | None
    hits: tuple[str, ...] = ()
    """The fields in which the text was found."""

    @property
    def remedy(self) -> Remedy:
        return remedy(self.fail_reason)


_KEY = (*BUYER_FIELDS, "card_number")
_FAILED = tuple(one.name for one in fields(Failed) if one.name not in (*_KEY, "reason_at", "hits"))
_REASON_AT = (
    "CASE WHEN k.failed_at > f.last_failed_at AND coalesce(k.fail_reason, '') = coalesce(f.fail_reason, '') "
    "THEN k.failed_at ELSE f.last_failed_at END"
)


@dataclass(frozen=True, slots=True)
class ActionTotal:
    """What is open with one action: how many, their sum, and how many of them are booked again. No test rows."""

    action: Action
    currency: str
    schedules: int
    amount: int
    booked: int


@dataclass(frozen=True, slots=True)
class Proposal(FailedCharge):
    """When to book a failed schedule again, and for the how many-eth try."""

    remedy: Remedy
    number: int
    schedule_at: int

    @property
    def token(self) -> str:
        """Of the operation: one a schedule and try, whoever asks."""
        return token_of(self.merchant_uid, self.number)


def token_of(merchant_uid: str, number: int) -> str:
    """The journal's token of a try."""
    return f"recovery:{number}:{merchant_uid}"


def list_failed(
    conn: Connection,
    now: float,
    *,
    action: Action | None = None,
    pg_provider: str | None = None,
    among: Collection[str] | None = None,
    text: str = "",
    buyers: bool = True,
    order: AmountOrder | None = None,
    after: str | None = None,
    limit: int = 100,
) -> Page[Failed]:
    """A page of what is open, what failed first of all coming last unless by an amount. Raises InvalidFilter.

    `among` leaves out every order number but these; `buyers` False leaves buyers out of the search for a text.
    """
    found = Conditions("failed_schedule f", (_OPEN,), (_first_moment(now),))
    for column, value in (("action", action), ("pg_provider", pg_provider)):
        if value is not None:
            found = found.and_(f"f.{column} = ?", value)
    if among is not None:
        condition, orders = _those(conn, among)
        found = found.and_(condition, *orders)
    found = of_keys(conn, found, text, "f.customer_uid", ("f.merchant_uid", "f.name"), buyers=buyers)
    way = way_down(conn, found, order, AMOUNTS, Order(("f.failed_at", "f.merchant_uid"), descending=True), after)
    found = way.beyond(found, time_and_id)
    found = replace(found, source=f"{found.source} LEFT JOIN key_summary k ON k.customer_uid = f.customer_uid")
    names = ", ".join((*(f"f.{name}" for name in _FAILED), *(f"k.{name}" for name in _KEY), _REASON_AT))
    rows = [_failed(row) for row in walk(conn, names, found, way.sql, limit + 1)]
    rows = with_hits(rows, text, ("merchant_uid", "customer_uid", "name"), buyers=buyers)
    return way.page(rows, limit, lambda row: f"{row.failed_at}.{row.merchant_uid}")


def _first_moment(now: float) -> int:
    return day_start(day_of(now) - RECENT)


def _failed(row: Any) -> Failed:
    told = dict(zip((*_FAILED, *_KEY, "reason_at"), row, strict=True))
    return Failed(**told | {"ended": bool(told["ended"]), "action": Action(told["action"])})


def failed_by_action(conn: Connection, now: float) -> list[ActionTotal]:
    """Counts and sums of what is open, by action and currency."""
    sql = (
        "SELECT what, currency, sum(schedules), sum(amount), sum(booked) FROM failed_total "
        "WHERE kind = 'open' AND period >= ? GROUP BY 1, 2 HAVING sum(schedules) > 0 ORDER BY 1, 2"
    )
    rows = fetch(conn, sql, (day_of(now) - RECENT,))
    return [ActionTotal(Action(row[0]), row[1], int(row[2]), int(row[3]), int(row[4])) for row in rows]


def proposals(
    conn: Connection, now: float, policy: Policy, *, among: Collection[str] | None = None, limit: int = _MOST
) -> list[Proposal]:
    """When to try again what may pass by itself and was not asked for yet, what failed first coming first.

    Test rows, what is booked again, what nobody can pay any more and what was tried often enough are left out;
    `among` leaves out every order number but these.
    """
    condition, bound = ("1 = 1", ()) if among is None else _those(conn, among)
    open_states = ", ".join(f"'{state}'" for state in sorted(OPEN))
    names = (*(one.name for one in fields(FailedCharge)), "tries")
    sql = (
        f"SELECT {', '.join(f'f.{name}' for name in (*names, 'last_failed_at'))} FROM failed_schedule f WHERE {_OPEN} "
        f"AND f.action = '{Action.WAIT}' AND f.tries < ? AND f.booked_at IS NULL AND NOT f.ended "
        "AND NOT EXISTS (SELECT 1 FROM operation o "
        "WHERE o.token = 'recovery:' || (f.tries + 1) || ':' || f.merchant_uid) "
        "AND NOT EXISTS (SELECT 1 FROM operation o "
        f"WHERE o.subject = 'schedule:' || f.merchant_uid AND o.state IN ({open_states})) "
        f"AND {condition} ORDER BY f.failed_at, f.merchant_uid LIMIT ?"
    )
    rows = fetch(conn, sql, (_first_moment(now), policy.tries, *bound, limit))
    return [
        proposal for row in rows if (proposal := _proposal(dict(zip(names, row, strict=False)), row[-1], now, policy))
    ]


class Unlisted(StrEnum):
    """Why the desk has nothing of a billing key that fails."""

    UNBOOKED = "unbooked"
    """What failed was no booked payment: there is none to be booked again."""
    OLD = "old"
    TEST = "test"


def unlisted(conn: Connection, customer_uid: str, now: float) -> Unlisted | None:
    """Why nothing of a key is among what is open; None where something is."""
    sql = "SELECT failed_at, sandbox FROM failed_schedule WHERE customer_uid = ? AND recovered_at IS NULL"
    rows = fetch(conn, sql, (customer_uid,))
    if not rows:
        return Unlisted.UNBOOKED
    if all(sandbox for _failed_at, sandbox in rows):
        return Unlisted.TEST
    return None if any(failed_at >= _first_moment(now) for failed_at, _sandbox in rows) else Unlisted.OLD


def still_waits(conn: Connection, merchant_uid: str) -> bool:
    """Whether a failed schedule may still pass by itself."""
    sql = f"SELECT 1 FROM failed_schedule WHERE merchant_uid = ? AND action = '{Action.WAIT}'"
    return bool(fetch(conn, sql, (merchant_uid,)))


def _those(conn: Connection, among: Collection[str]) -> tuple[str, tuple[Any, ...]]:
    condition, values = one_of(conn, "f.merchant_uid", among)
    return condition, (values,)


def _proposal(row: dict[str, Any], last_failed_at: int, now: float, policy: Policy) -> Proposal | None:
    found, tries = remedy(row["fail_reason"]), row.pop("tries")
    if found.until is None:
        return None  # sorted by older rules: the next sync sorts it anew
    at = next_try(found.until, max(now, last_failed_at), policy)
    return Proposal(**row, remedy=found, number=tries + 1, schedule_at=at)
