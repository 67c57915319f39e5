"""Broken chains: customers who paid in the last cycle and have nothing booked next. Reads kept rows alone."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from services.clock import day_of
from services.operations.actions.bookings import BookingForm
from services.store.lists.amount_order import Amount, way_down
from services.store.lists.conditions import Conditions
from services.store.lists.cursors import time_and_id
from services.store.lists.filters import AmountOrder
from services.store.lists.keyset import Order, Page
from services.store.search.key_texts import of_keys, with_hits
from services.store.sql import fetch
from services.subscriptions.grids import Grid, Unit
from services.subscriptions.history import monthly_price
from services.subscriptions.keep import at_hour_of
from services.tables.chains import LastResult

_SOURCE = "chain c JOIN key_summary k ON k.customer_uid = c.customer_uid"
_BROKEN = "c.broken AND c.lapses_at > ? AND NOT c.sandbox"
AMOUNTS = {"amount": Amount("c.amount", "amount", "c.currency")}
"""What the list can be put in order by."""
_CHAIN = (
    "customer_uid", "pg_provider", "every", "unit", "day_of_month", "confidence", "evidence", "amount",
    "currency", "name", "charged_at", "paid_at", "due_at", "lapses_at", "last_result", "last_at", "fail_reason",
)  # fmt: skip
_KEY = ("buyer_name", "buyer_tel", "buyer_email", "card_name", "card_number")


@dataclass(frozen=True, slots=True)
class BrokenChain:
    """A customer whose payments broke off; `proposal` is the booking form filled in, for `wanted_booking`."""

    customer_uid: str
    buyer_name: str | None
    buyer_tel: str | None
    buyer_email: str | None
    card_name: str | None
    card_number: str | None
    pg_provider: str
    last_result: LastResult
    last_at: int
    fail_reason: str | None
    paid_at: int
    amount: int
    currency: str
    name: str | None
    every: int
    unit: Unit
    day_of_month: int | None
    confidence: float
    evidence: tuple[date, ...]
    due_at: int
    lapses_at: int
    proposal: BookingForm
    hits: tuple[str, ...] = ()
    """The fields in which the text was found."""


@dataclass(frozen=True, slots=True)
class AtRisk:
    """How many chains broke with this result last, and what they come to a month, as MRR does. No test rows."""

    last_result: LastResult
    currency: str
    chains: int
    amount: int


def broken_chains(
    conn: Connection,
    now: float,
    *,
    last_result: LastResult | None = None,
    pg_provider: str | None = None,
    text: str = "",
    buyers: bool = True,
    order: AmountOrder | None = None,
    after: str | None = None,
    limit: int = 100,
) -> Page[BrokenChain]:
    """A page, those that end soonest first unless by an amount: rows after the cursor. Raises InvalidFilter.

    `buyers` False leaves buyers out of the search for a text.
    """
    found = Conditions(_SOURCE, (_BROKEN,), (int(now),))
    for column, value in (("last_result", last_result), ("pg_provider", pg_provider)):
        if value is not None:
            found = found.and_(f"c.{column} = ?", value)
    found = of_keys(conn, found, text, "c.customer_uid", ("c.name",), buyers=buyers)
    way = way_down(conn, found, order, AMOUNTS, Order(("c.lapses_at", "c.customer_uid"), descending=False), after)
    found = way.beyond(found, time_and_id)
    sql = f"SELECT {_names()} FROM {found.source} WHERE {found.where} ORDER BY {way.sql} LIMIT ?"
    read = fetch(conn, sql, (*found.values, limit + 1))
    rows = [_broken(dict(zip((*_CHAIN, *_KEY), row, strict=True)), now) for row in read]
    rows = with_hits(rows, text, ("customer_uid", "name", "card_name"), buyers=buyers)
    return way.page(rows, limit, lambda row: f"{row.lapses_at}.{row.customer_uid}")


def broken_chain(conn: Connection, customer_uid: str, now: float) -> BrokenChain | None:
    """One of them; None where its chain is whole, ended or unknown."""
    rows = fetch(
        conn, f"SELECT {_names()} FROM {_SOURCE} WHERE {_BROKEN} AND c.customer_uid = ?", (int(now), customer_uid)
    )
    return _broken(dict(zip((*_CHAIN, *_KEY), rows[0], strict=True)), now) if rows else None


def at_risk(conn: Connection, now: float) -> list[AtRisk]:
    """Counts and sums by last result and currency."""
    plans = "every, unit, day_of_month, amount"
    sql = f"SELECT last_result, currency, count(*), {plans} FROM chain c WHERE {_BROKEN} GROUP BY 1, 2, {plans}"
    found: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for result, currency, chains, every, unit, day_of_month, amount in fetch(conn, sql, (int(now),)):
        total = found[result, currency]
        total[0] += chains
        total[1] += chains * monthly_price(amount, Grid.of(every, Unit(unit), day_of(now), day_of_month))
    return [AtRisk(LastResult(result), currency, *total) for (result, currency), total in sorted(found.items())]


def next_booking(row: dict[str, Any], now: float) -> BookingForm:
    """What to book next by the columns of a chain.

    A cycle that nobody tried to charge is booked for tomorrow while less than half of it is over; else the next one is.
    """
    due, lapses = row["due_at"], row["lapses_at"]
    forgotten = row["last_result"] == LastResult.PAID and now < due + (lapses - due) / 2
    if due > now:
        at = due
    elif forgotten:
        at = at_hour_of(row["charged_at"], day_of(now) + 1)
    else:
        grid = Grid.of(row["every"], Unit(row["unit"]), day_of(due), row["day_of_month"])
        at = at_hour_of(row["charged_at"], grid.after(day_of(now)))
    return BookingForm(schedule_at=at, amount=row["amount"], name=row["name"] or "", currency=row["currency"])


def _names() -> str:
    return ", ".join((*(f"c.{name}" for name in _CHAIN), *(f"k.{name}" for name in _KEY)))


def _broken(row: dict[str, Any], now: float) -> BrokenChain:
    told = {name: row[name] for name in (*_KEY, *_CHAIN) if name != "charged_at"}
    told |= {
        "last_result": LastResult(row["last_result"]),
        "unit": Unit(row["unit"]),
        "evidence": _dates(json.loads(row["evidence"])),
        "proposal": next_booking(row, now),
    }
    return BrokenChain(**told)


def _dates(texts: Sequence[str]) -> tuple[date, ...]:
    return tuple(date.fromisoformat(one) for one in texts)
