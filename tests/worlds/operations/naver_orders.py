"""For the simulator of operations: Naver Pay orders that are confirmed and credited while people refund them."""

from collections.abc import Callable

from services.operations.actions.naver.confirmations import wanted_confirmation
from services.operations.actions.naver.points import wanted_points
from services.tables.v1 import Payment
from tests.worlds.operations.people import People
from tests.worlds.operations.simulator import Simulator


class Confirmers(People):
    """People who confirm orders and have points credited, by what they saw a while ago, and refund some."""

    def deeds(self) -> dict[Callable[[], None], int]:
        """What people do, and how often."""
        return {self._confirm: 7, self._credit: 7, self._refund: 2, self.again: 4, self.decide: 5}

    def _confirm(self) -> None:
        self.ask(wanted_confirmation(self.token(), self._order(), self.chance.choice(("customer", "admin"))))

    def _credit(self) -> None:
        self.ask(wanted_points(self.token(), self._order()))

    def _order(self) -> Payment:
        imp_uid = self._some_payment()
        row = self.all.gate.sandbox.payments[imp_uid]
        if self.chance.random() < 0.8 or imp_uid not in self._remembered:
            self._remembered[imp_uid] = self._left(imp_uid)
        fields = {name: row[name] for name in ("imp_uid", "merchant_uid", "currency", "pg_provider", "amount")}
        return Payment(status="paid", cancel_amount=row["amount"] - self._remembered[imp_uid], **fields)


class Confirming(Simulator):
    """Histories of Naver Pay orders."""

    def new_people(self) -> People:
        return Confirmers(self)
