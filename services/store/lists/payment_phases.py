"""Payments by their state or by the buyer: the list falls into phases that follow each other, each along an index."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from services.payment_states import PaymentState
from services.store.lists.conditions import Conditions
from services.store.lists.cursors import word
from services.store.lists.facets import matching
from services.store.lists.filters import PaymentFilter
from services.store.lists.keyset import Order, Page, Ranges, page_of
from services.store.sql import fetch

BUYER, STATE = "buyer_name", "status"
FEW = 20_000
"""Rows that are sooner put in order than found along the index of all buyers."""
_INDEXED = {"sqlite": "payment p INDEXED BY payment_buyer", "postgresql": "payment p"}
_CURSOR = re.compile("~([^~]*)~(.*)", re.DOTALL)
"""A phase's code, and the cursor within it."""
Read = Callable[[Conditions, Order, int], list[Any]]


@dataclass(frozen=True, slots=True)
class Phase:
    """Some rows of a list: read forwards or `back` they are in an order that an index has."""

    code: str
    found: Conditions
    order: Callable[[bool], Order]
    read: Read
    keys: Callable[[str], Sequence[Any] | None]
    """What a cursor of its rows stands for; None where that row is not here. Raises InvalidFilter."""


def read_phases(
    phases: Sequence[Phase], limit: int, cursor: Callable[[Any], str], *, before: str | None, after: str | None
) -> Page[Any]:
    """One page of the phases one after another, `cursor` within one; a cursor of another order begins at the start."""
    told, back = before if after is None else after, after is not None
    asked = _CURSOR.fullmatch(told or "")
    place = next((number for number, one in enumerate(phases) if asked and one.code == asked[1]), None)
    keys = phases[place].keys(asked[2]) if asked and place is not None else None
    begun = place is not None and keys is not None
    if place is None or not begun:
        place, keys, back = 0, None, False
    rows: list[tuple[str, Any]] = []
    for phase in phases[place::-1] if back else phases[place:]:
        order = phase.order(back)
        found = order.beyond(phase.found, keys) if keys else phase.found
        rows += [(phase.code, row) for row in phase.read(found, order, limit + 1 - len(rows))]
        keys = None
        if len(rows) > limit:
            break
    page = page_of(rows, limit, lambda one: f"~{one[0]}~{cursor(one[1])}", begun=begun, back=back)
    return replace(page, rows=tuple(row for _code, row in page.rows), in_order=True)


def by_state(
    conn: Connection,
    chosen: PaymentFilter,
    found: Conditions,
    ranges: Callable[[PaymentFilter], Ranges],
    order: Callable[[bool], Order],
    keys: Callable[[str], Sequence[Any]],
    *,
    backwards: bool,
    read: Callable[[Conditions, Ranges, Order, int], list[Any]],
) -> list[Phase]:
    """A phase a state: as tiles have them, those that only the gateway knows behind, or `backwards`.

    In each as the list goes by itself.
    """
    occurring = {facet.state for facet in matching(conn, chosen)}
    known = [state for state in PaymentState if state in occurring]
    states = [*known, *sorted(occurring.difference(known))]

    def phase(state: str) -> Phase:
        own = ranges(replace(chosen, states=frozenset({state})))
        return Phase(state, found, order, lambda rows, way, limit: read(rows, own, way, limit), keys)

    return [phase(state) for state in (reversed(states) if backwards else states)]


def by_buyer(
    conn: Connection, found: Conditions, position: str, *, backwards: bool, sort: bool, read: Read
) -> list[Phase]:
    """Buyers by their names, or `backwards`, and behind them payments without one, newest first.

    They are read along the index of names, or with `sort` put in order.
    """
    # What is no plain column is in no index.
    name = "p.buyer_name || ''" if sort else "p.buyer_name"
    if not sort:
        found = replace(found, source=_INDEXED[conn.dialect.name])

    def phase(code: str, condition: str, order: Callable[[bool], Order]) -> Phase:
        def keys(imp_uid: str) -> Sequence[Any] | None:
            # A name is personal: the address has the payment instead.
            sql = f"SELECT p.buyer_name, p.position FROM payment p WHERE p.imp_uid = ? AND {condition}"
            rows = fetch(conn, sql, (word("cursor", imp_uid),))
            return rows[0][-len(order(False).keys) :] if rows else None

        return Phase(code, found.and_(condition), order, read, keys)

    def newest(back: bool) -> Order:
        return Order((position,), descending=not back)

    return [
        phase("named", f"{name} > ''", lambda back: Order((name, position), descending=back != backwards)),
        phase("unnamed", f"{name} = ''", newest),
        phase("unknown", f"{name} IS NULL", newest),
    ]
