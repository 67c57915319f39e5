"""Stores of a merchant that has sub-stores (V1's tiers)."""

from collections.abc import Mapping

from services.store.tiers import MAIN

from dashboard.locale import _

NO_TIERS: Mapping[str, str] = {}
"""Of a merchant without sub-stores."""


def store_name(tier: str, names: Mapping[str, str]) -> str:
    """What a store is called, by its code or as a filter has it; `names` as the setting has them."""
    return _("Main store") if tier in ("", MAIN) else names.get(tier, tier)


def store_fact(tier: str, names: Mapping[str, str]) -> str | None:
    """The same among the facts of a thing; None where the merchant has no sub-stores."""
    return store_name(tier, names) if tier or names else None
