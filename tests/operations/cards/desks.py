"""A desk at which cards are read out: a channel that takes them, cards that pass the check, a form filled in."""

from typing import Any

from services.cards.card import Card, checked_card
from services.operations import held
from services.operations.actions.cards import secret
from services.operations.actions.cards.forms import (
    CardChargeForm,
    KeyForm,
    personal_of,
    wanted_card_charge,
    wanted_registration,
    with_card,
)
from services.operations.journal.journal import Wanted
from services.tables.v1 import Channel
from tests.worlds.operations.desk import Desk

NOW = 1_790_000_000
GOOD, UNSURE, REFUSED, BROKE, SAID_BACK = ("1234", "0000", "0001", "0002", "0003")
"""Last four digits: as the sandbox tells them apart."""
BUYER = {"buyer_name": "김장부", "buyer_tel": "010-7341-5678", "buyer_email": "kim@example.com"}


def number(ends: str = GOOD, begins: str = "409202301") -> str:
    """A card's number with this end, whose check digit is right."""
    for digits in range(1_000):
        found = f"{begins}{digits:03d}{ends}"
        if sum(sum(divmod(int(one) * (2 - at % 2), 10)) for at, one in enumerate(found)) % 10 == 0:
            return found
    raise AssertionError


def card(ends: str = GOOD, **more: str) -> Card:
    """A card as somebody reads it out."""
    typed = {"card_number": number(ends), "expiry": "12/30", "birth": "900307", "pwd_2digit": "47"}
    return checked_card(typed | more, (), NOW)


def channel(pg: str = "html5_inicis", **more: Any) -> Channel:
    """A channel that needs no window, as the sandbox has it."""
    own = {"pg_id": "MOIjangbu2", "sandbox": False, "type": "api_payment", "channel_key": "channel-key-html5-inicis-"
           "api-payment"}  # fmt: skip
    return Channel(pg_provider=pg, **(own | more))


def ask(desk: Desk, wanted: Wanted, of: Card | None = None, personal: dict[str, str] | None = None) -> int:
    """Somebody asks for it in this process."""
    of = of or card()
    held.hold(wanted.token, secret.joined(of, personal_of(BUYER if personal is None else personal)))
    return desk.ask(with_card(wanted, of))


def charge(desk: Desk, token: str = "t", of: Card | None = None, **more: Any) -> int:
    """A card is to be charged; the operation's id."""
    form = CardChargeForm(**({"amount": 60_000, "name": "전화 주문", "personal": BUYER} | more))
    return ask(desk, wanted_card_charge(token, channel(), form), of)


def register(
    desk: Desk, token: str = "t", of: Card | None = None, uid: str = "phone1", *, replaces: bool = False
) -> int:
    """A billing key is to be made of a card; the operation's id."""
    return ask(desk, wanted_registration(token, channel(), KeyForm(uid, replaces=replaces)), of, {})
