"""Which facets a filter means, and how much of the store they hold."""

from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection

from services.payment_states import PaymentKind
from services.store.lists.conditions import facet_parts
from services.store.lists.filters import PaymentFilter
from services.store.sql import fetch
from services.store.tiers import kept_codes

_KIND = (
    f"CASE WHEN registered THEN '{PaymentKind.REGISTRATION}' "
    f"WHEN customer_uid_usage = '' THEN '{PaymentKind.ONE_OFF}' ELSE '{PaymentKind.RECURRING}' END"
)
TOOK_MONEY = "{0}.facet_id NOT IN (SELECT id FROM facet WHERE registered)"
"""Of payments by a name of their table (`format`): all but registrations that took no money."""
CHOICES = {"states": "state", "pg_providers": "pg_provider", "pay_methods": "pay_method", "card_names": "card_name"}
"""Sets of codes that a filter has, each with the facets' column it narrows."""


class FacetRow(NamedTuple):
    """A facet as people see it; `payments` is how many rows are in it."""

    id: int
    state: str
    status: str
    pg_provider: str
    pay_method: str
    card_name: str
    kind: str
    currency: str
    tier: str
    payments: int


_ROW = ", ".join(_KIND if name == "kind" else name for name in FacetRow._fields)


Kept = TypeVar("Kept", bound=tuple[Any, ...])


class Choice(NamedTuple):
    """The facets that a filter lets through, and the share of the store's rows that is in them."""

    ids: list[int]
    share: float
    whole: bool
    """Every facet there is: no row need be looked at for its facet."""


def all_facets(conn: Connection) -> list[FacetRow]:
    """Every facet; a few hundred rows."""
    return [FacetRow(*row) for row in fetch(conn, f"SELECT {_ROW} FROM facet")]


def matching(conn: Connection, chosen: PaymentFilter) -> list[FacetRow]:
    """The facets that a filter lets through."""
    return kept_rows(conn, FacetRow, f"SELECT {_ROW} FROM facet WHERE", _condition(conn, chosen))


def kept_rows(conn: Connection, kind: type[Kept], select: str, facets: tuple[str, tuple[Any, ...]]) -> list[Kept]:
    """Rows of a kept table; `select` ends where the condition on its facets begins, which comes with its values."""
    condition, values = facets
    return [kind(*row) for row in fetch(conn, f"{select} {condition}", values)]


def choose_facets(conn: Connection, chosen: PaymentFilter) -> Choice:
    """A filter's facets by their ids, with what a list needs to find its way."""
    condition, values = _condition(conn, chosen)
    rows = fetch(conn, f"SELECT id, payments, {condition} FROM facet", values)
    wanted = [row for row in rows if row[2]]
    share = sum(row[1] for row in wanted) / max(sum(row[1] for row in rows), 1)
    return Choice([row[0] for row in wanted], share, len(wanted) == len(rows))


def _condition(conn: Connection, chosen: PaymentFilter) -> tuple[str, tuple[Any, ...]]:
    columns = {**CHOICES, "kinds": f"({_KIND})"}
    codes = {column: getattr(chosen, name) for name, column in columns.items()}
    codes["tier"] = kept_codes(chosen.tiers)
    parts, values = facet_parts(conn, codes, chosen.live, chosen.currency)
    return " AND ".join(parts), tuple(values)
