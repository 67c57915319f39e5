"""For the simulator of operations: cards that are charged and registered; a process that dies forgets them."""

from collections.abc import Callable

from services.cards.card import checked_card
from services.operations import held
from services.operations.actions.cards import secret
from services.operations.actions.cards.forms import (
    CardChargeForm,
    KeyForm,
    wanted_card_charge,
    wanted_registration,
    with_card,
)
from services.operations.journal.journal import Wanted
from services.tables.v1 import Channel
from tests.worlds.operations.gate import Gate
from tests.worlds.operations.people import People
from tests.worlds.operations.simulator import Simulator

_CARDS = ("4092023010071234", "4092023010065111", "4092023010090002", "4092023010010000")

_KEY = "channel-key-nice-v2-api-payment"


class Callers(People):
    """People at the telephone: a card is charged, kept as a key, or put in the place of another."""

    def deeds(self) -> dict[Callable[[], None], int]:
        """What people do, and how often."""
        return {self._charge_card: 8, self._register: 8, self._charge: 2, self.again: 4, self.decide: 5}

    def _charge_card(self) -> None:
        form = CardChargeForm(
            amount=self.chance.choice((1_000, 60_000)),
            name="전화 주문",
            customer_uid=self.chance.choice(("", "", "key0", f"phone{self.chance.randrange(20)}")),
            merchant_uid=self.chance.choice(("", "", "", f"PHONE{self.chance.randrange(4)}")),
        )  # fmt: skip
        self._read_out(wanted_card_charge(self.token(), _channel(), form))

    def _register(self) -> None:
        form = KeyForm(f"key{self.chance.randrange(4)}", replaces=self.chance.random() < 0.8)
        self._read_out(wanted_registration(self.token(), _channel(), form))

    def _read_out(self, wanted: Wanted) -> None:
        typed = {"card_number": self.chance.choice(_CARDS), "expiry": "12/30"}
        card = checked_card(typed, (), self.all.times.at)
        held.hold(wanted.token, secret.joined(card, {}))
        self.ask(with_card(wanted, card))


class CardEntering(Simulator):
    """Histories of cards by their number."""

    def new_people(self) -> People:
        return Callers(self)

    def new_gate(self) -> Gate:
        """With a channel that takes cards and wants nothing besides."""
        gate = super().new_gate()
        gate.sandbox.world.channels.append({"pg_provider": "nice_v2", "pg_id": "JANGBU001k", "sandbox": False,
                                            "type": "api_payment", "channel_key": _KEY})  # fmt: skip
        return gate

    def _kill(self, number: int) -> None:
        """With a process goes what it held; whose it was nobody can tell here, so it is that of all, now and then."""
        if self.chance.random() < 0.5:
            for token in list(held._held):
                held.forget(token)
        super()._kill(number)


def _channel() -> Channel:
    return Channel(pg_provider="nice_v2", pg_id="JANGBU001k", sandbox=False, type="api_payment", channel_key=_KEY)
