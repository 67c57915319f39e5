"""Which PG can what of verifications, KCP Quick and Benepia: told before a form; the gateway decides."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path

from services.pg_rules import read_file
from services.tables.v1 import Channel

_FILE = Path(__file__).with_name("pg_rules.toml")
_VERIFIES = "certification"
"""A channel's type."""


class Ability(StrEnum):
    """What a PG may be able to do."""

    READ = "read"
    OTP = "otp"
    """A verification by a one-time number that staff type."""
    APP = "app"
    """The same, confirmed by the person in an app."""
    MEMBERS = "members"
    BENEPIA = "benepia"


def can(pg: str | None, ability: Ability) -> bool:
    """Whether a PG can it; one that is not known can nothing."""
    return ability in _rules().get(pg or "", ())


def fits(channel: Channel, ability: Ability) -> bool:
    """Whether a channel is for it: a PG's other channels are for payments."""
    verifies = (channel.type or "").lower() == _VERIFIES
    return can(channel.pg_provider, ability) and (ability not in (Ability.OTP, Ability.APP) or verifies)


def able(channels: Sequence[Channel], ability: Ability) -> list[Channel]:
    """The channels of PGs that can it, live ones first."""
    found = [one for one in channels if one.channel_key and fits(one, ability)]
    return sorted(found, key=lambda one: (one.sandbox, one.pg_provider))


@cache
def _rules() -> Mapping[str, frozenset[Ability]]:
    rules = read_file(_FILE)["pg"]
    return {name: frozenset(Ability(one) for one in rule["can"]) for name, rule in rules.items()}
