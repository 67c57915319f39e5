"""The card of an operation: held by the process that was told it, as a cash receipt's number is, until it is sent."""

from collections.abc import Mapping

from services.cards.card import FIELDS, Card
from services.errors import NotSent
from services.operations.actions.receipts import held
from services.operations.journal.attempts import claimant_name, may_live
from services.operations.journal.journal import asked
from services.operations.journal.states import Why
from services.operations.outcomes import Stop
from services.tables.journal import Operation

END, HELD_BY = "card_end", "held_by"


def hold(token: str, card: Card, personal: Mapping[str, str]) -> None:
    """Keeps a card, and whose it is, under an operation's token."""
    held.hold(token, {**card.fields, **personal})


def kept_of(card: Card) -> dict[str, str]:
    """What a row says of a card: its last four digits, and which process holds it."""
    return {END: card.end, HELD_BY: claimant_name()}


def require_held(operation: Operation) -> None:
    """Raises NotSent where another process holds it, and will send it; Stop where none does any more."""
    if held.held(operation.token) is not None:
        return
    holder = str(asked(operation).get(HELD_BY, ""))
    if not operation.fence and holder != claimant_name() and may_live(holder, claimant_name()):
        raise NotSent("Another process holds the card.")
    raise Stop(Why.CARD_GONE)


def taken(operation: Operation) -> tuple[dict[str, str], dict[str, str]]:
    """The card, and what is the buyer's, to be sent now. Raises NotSent where they are held no more."""
    found = held.held(operation.token)
    if found is None:
        raise NotSent("The card is held no more.")
    card = {name: found[name] for name in FIELDS if name in found}
    return card, {name: value for name, value in found.items() if name not in card}
