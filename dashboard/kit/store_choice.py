"""The choice of a store, for what is newly asked for where there are sub-stores."""

from collections.abc import Mapping

from dashboard.kit.fields import Fields
from dashboard.words import labels
from dashboard.words.names.stores import store_name


def store_choice(fields: Fields, tiers: Mapping[str, str]) -> str:
    """The code of a sub-store, empty for the main one, which stands chosen; no field where there are none."""
    if not tiers:
        return ""
    return fields.pick("tier", labels.field("tier"), {tier: store_name(tier, tiers) for tier in ("", *tiers)}) or ""
