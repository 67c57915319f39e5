"""For the simulator of operations: cash receipts that are issued and cancelled while people refund their payments."""

from collections.abc import Callable
from typing import Any

from services.operations import held
from services.operations.actions.receipts.cancellations import wanted_cancellation
from services.operations.actions.receipts.forms import (
    ReceiptForm,
    Sale,
    personal_of,
    wanted_receipt,
    wanted_sale_receipt,
)
from services.operations.journal.journal import Wanted
from services.receipts.kept import receipts_of_payment, receipts_of_sale
from services.store.engine import reading
from services.tables.v1 import Payment
from tests.worlds.operations.gate import Gate
from tests.worlds.operations.people import People
from tests.worlds.operations.simulator import Simulator

_PG = "html5_inicis"
_FORM = ReceiptForm(type="person", kind="phone", number="010-7341-5678")
_ORDERS = ("CASH1", "CASH2")


class Issuers(People):
    """People who issue receipts and take them back, by what they saw a while ago, and refund some payments."""

    def deeds(self) -> dict[Callable[[], None], int]:
        """What people do, and how often."""
        return {self._issue: 7, self._sale: 4, self._cancel: 6, self._refund: 2, self.again: 3, self.decide: 5}

    def _issue(self) -> None:
        self._holding(wanted_receipt(self.token(), self._payment(), _FORM, residents=False))

    def _sale(self) -> None:
        world = self.all.gate.sandbox.world
        channel = next(one["channel_key"] for one in world.channels if one["pg_provider"] == _PG)
        sale = Sale(self.chance.choice(_ORDERS), "현장 판매", 22_000, _PG, channel)
        self._holding(wanted_sale_receipt(self.token(), sale, _FORM, residents=False))

    def _holding(self, wanted: Wanted) -> None:
        held.hold(wanted.token, personal_of(_FORM, residents=False))
        self.ask(wanted)

    def _cancel(self) -> None:
        about = self.chance.choice((self._some_payment(), *_ORDERS))
        with reading(self.all.engine) as conn:
            known = receipts_of_sale(conn, about) if about in _ORDERS else receipts_of_payment(conn, about)
        if known:
            self.ask(wanted_cancellation(self.token(), known[0]))

    def _payment(self) -> Payment:
        imp_uid = self._some_payment()
        row = self.all.gate.sandbox.payments[imp_uid]
        if self.chance.random() < 0.8 or imp_uid not in self._remembered:
            self._remembered[imp_uid] = self._left(imp_uid)
        names = ("imp_uid", "merchant_uid", "currency", "pg_provider", "pay_method", "amount", "paid_at")
        fields: dict[str, Any] = {name: row[name] for name in names}
        return Payment(status="paid", cancel_amount=row["amount"] - self._remembered[imp_uid], **fields)


class Receipting(Simulator):
    """Histories of cash receipts; with a process what it holds is gone."""

    def new_gate(self) -> Gate:
        """What stands before the gateway: payments by bank transfer."""
        gate = super().new_gate()
        world = gate.sandbox.world
        for row in list(world.payments.values()):
            world.put_payment(row | {"pg_provider": _PG, "pay_method": "trans"})
        return gate

    def new_people(self) -> People:
        return Issuers(self)

    def _kill(self, number: int) -> None:
        super()._kill(number)
        for wanted in self.people.asked:
            if self.chance.random() < 0.5:  # the other process holds the rest
                held.forget(wanted.token)
