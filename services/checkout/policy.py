"""How what was altered on its way, or paid twice, goes back to the buyer."""

from dataclasses import dataclass

from services.errors import says

CHECKOUT = "checkout"
"""Where operations come from that follow from a link, and from no person."""
ALTERED = says("What was paid is not what was ordered: the payment is cancelled.")
SURPLUS = says("This had been paid already: the second payment is cancelled.")

ENDED = says("This link had ended: the payment is cancelled.")
TRIES = 3
"""How often a refund is asked for that ended unsent; a person sees to it then."""


@dataclass(frozen=True, slots=True)
class Refunds:
    """Whether a person says yes first, and the reasons that buyer and bank are told."""

    wait_for_person: bool = False
    altered: str = ALTERED
    surplus: str = SURPLUS
    ended: str = ENDED
