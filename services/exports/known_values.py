"""What a list can be narrowed to: the states that there are, and the PGs, pay methods and card companies that occur."""

from enum import StrEnum

from sqlalchemy import Connection

from services.errors import InvalidRequest
from services.payment_states import PaymentState
from services.store.lists.filters import Live
from services.store.lists.key_filters import KeyFacet, KeyFilter, key_facets
from services.store.lists.schedule_filters import ScheduleFacetRow, ScheduleFilter, schedule_facets
from services.store.lists.totals import facet_values
from services.tables.journal import OperationState
from services.tables.keys import KeyState
from services.tables.receipts import ReceiptState
from services.tables.revenue import SubscriptionState
from services.tables.schedules import ScheduleState
from services.vbanks.waiting_list import WaitingState

_STATES: dict[str, type[StrEnum]] = {
    "payments": PaymentState,
    "refunds": PaymentState,
    "schedules": ScheduleState,
    "billing-keys": KeyState,
    "subscriptions": SubscriptionState,
    "operations": OperationState,
    "receipts": ReceiptState,
    "waiting": WaitingState,
}

ATTRIBUTES = {
    "status": "states", "pg": "pg_providers", "method": "pay_methods", "card": "card_names", "tier": "tiers",
}  # fmt: skip
"""Options that take codes, each with the attribute of the lists' filters, and of what occurs, that has them."""


def require_known_values(conn: Connection, kind: str, given: dict[str, frozenset[str]]) -> None:
    """Raises InvalidRequest for a code that no row can have, by its option: its file would be empty."""
    known = _known(conn, kind)
    for name, values in given.items():
        occurring = known.get(name, set())
        if strange := sorted(values - occurring):
            raise InvalidRequest(
                "{kind} have no {name} “{value}”, but: {known}.",
                field=name, kind=kind, name=f"--{name}", value=strange[0], known=", ".join(sorted(occurring)) or "–",
            )  # fmt: skip


def _known(conn: Connection, kind: str) -> dict[str, set[str]]:
    facets: list[ScheduleFacetRow] | list[KeyFacet] = []
    if kind in ("payments", "refunds"):
        found = facet_values(conn)
        occurring = {name: set(getattr(found, attribute)) for name, attribute in ATTRIBUTES.items()}
        return occurring | {"status": {*_STATES[kind], *found.states}}
    if kind == "schedules":
        facets = schedule_facets(conn, ScheduleFilter(live=Live.ALL))
    if kind == "billing-keys":
        facets = key_facets(conn, KeyFilter(live=Live.ALL))
    return {
        "status": {*_STATES[kind], *(one.state for one in facets)},
        "pg": {one.pg_provider for one in facets},
    }
