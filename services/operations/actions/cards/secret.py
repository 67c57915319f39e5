"""The card of an operation: held by the process that was told it, as a cash receipt's number is, until it is sent."""

from collections.abc import Mapping

from services.cards.card import FIELDS, Card
from services.claimants import claimant_name

END, HELD_BY = "card_end", "held_by"


def joined(card: Card, personal: Mapping[str, str]) -> dict[str, str]:
    """A card and whose it is, as they are held."""
    return {**card.fields, **personal}


def kept_of(card: Card) -> dict[str, str]:
    """What a row says of a card: its last four digits, and which process holds it."""
    return {END: card.end, HELD_BY: claimant_name()}


def parted(found: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Of what is held: the card, and what is the buyer's."""
    card = {name: found[name] for name in FIELDS if name in found}
    return card, {name: value for name, value in found.items() if name not in card}
