"""Sub-stores by V1's `Tier`: which one a row that is here is of."""

from collections.abc import Iterable

from sqlalchemy import Connection

from services.store.sql import fetch, one_of
from services.tables.v1 import BillingKey, Payment, Schedule

MAIN = "main"
"""What filters, files and addresses call the main store, whose rows have no code."""
_KEYS = {
    Payment: ("payment", "imp_uid"),
    BillingKey: ("billing_key", "customer_uid"),
    Schedule: ("schedule", "merchant_uid"),
}


def tier_of(conn: Connection, model: type[Payment | BillingKey | Schedule], uid: str) -> str | None:
    """The store of a row, '' for the main one; None where the row is not here."""
    return tiers_of(conn, model, [uid]).get(uid)


def tiers_of(conn: Connection, model: type[Payment | BillingKey | Schedule], uids: Iterable[str]) -> dict[str, str]:
    """The stores of those rows that are here."""
    name, key = _KEYS[model]
    condition, bound = one_of(conn, key, uids)
    return dict(fetch(conn, f"SELECT {key}, tier FROM {name} WHERE {condition}", (bound,)))


def kept_codes(tiers: Iterable[str]) -> set[str]:
    """The codes that rows of these stores have."""
    return {"" if tier == MAIN else tier for tier in tiers}


def shown_codes(tiers: Iterable[str]) -> tuple[str, ...]:
    """The stores of these rows as a filter has them, the main one first; none where no sub-store is among them."""
    occurring = set(tiers)
    return tuple(tier or MAIN for tier in sorted(occurring)) if any(occurring) else ()


def stores_here(conn: Connection) -> set[str]:
    """The sub-stores of which anything is here, whatever the settings name. Reads every operation."""
    sql = "SELECT tier FROM facet UNION SELECT tier FROM billing_key UNION SELECT tier FROM operation"
    return {tier for (tier,) in fetch(conn, sql) if tier}


def has_sub_stores(conn: Connection) -> bool:
    """Whether payments of others than the main store are here."""
    return bool(fetch(conn, "SELECT 1 FROM facet WHERE tier <> '' LIMIT 1"))
