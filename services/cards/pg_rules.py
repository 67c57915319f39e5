"""What each PG can with a card by its number, and what it wants besides: told before a form; the gateway decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from services.pg_rules import read_file, rules_of

_FILE = Path(__file__).with_name("pg_rules.toml")
_API = "api_payment"
"""The type of a channel that needs no window."""


class Ability(StrEnum):
    """What a PG may be able to do."""

    CHARGE = "charge"
    REGISTER = "register"
    KEEP = "keep"
    """To charge, and keep the card as a billing key with it."""


@dataclass(frozen=True, slots=True)
class CardRule:
    """One PG's; the fields that it wants for a charge and for a key, by V1's names."""

    can: frozenset[Ability] = frozenset()
    charge: tuple[str, ...] = ()
    register: tuple[str, ...] = ()


def rule_of(pg: str | None) -> CardRule:
    """What is known of a PG; of one that is not known, that it can nothing."""
    return _rules().get(pg or "", CardRule())


def takes_cards(pg: str | None, type_: str, ability: Ability) -> bool:
    """Whether a channel of this PG and type does it."""
    return type_.lower() == _API and ability in rule_of(pg).can


@cache
def _rules() -> Mapping[str, CardRule]:
    return rules_of(read_file(_FILE)["pg"], CardRule)
