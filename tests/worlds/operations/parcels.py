"""For the simulator of operations: parcels entered and changed, PGs told of them, while people refund payments."""

from collections.abc import Callable

from services.escrow.kept import delivery_of
from services.operations import held
from services.operations.actions.deliveries import payco, paymentwall
from services.operations.actions.deliveries.paymentwall import PaymentwallForm
from services.operations.actions.escrow.forms import DeliveryForm, receiver_of, wanted_change, wanted_delivery
from services.operations.actions.refunds import subject_of
from services.operations.journal.once import told_steps
from services.store.engine import reading
from services.tables.journal import OperationKind
from services.tables.v1 import Payment
from tests.worlds.operations.gate import Gate
from tests.worlds.operations.people import People
from tests.worlds.operations.simulator import Simulator
from tests.worlds.sandboxes import DAY

BUYER = {"buyer_name": "김서연", "buyer_tel": "010-1234-5678", "buyer_postcode": "04524", "buyer_addr": "서울 중구 1"}
SENDER = {"name": "장부상점", "tel": "02-123-4567", "postcode": "04524", "addr": "서울 중구 세종대로 110"}
SOMEBODY = SENDER | {"name": "이웃집"}
_PGS = {"imp_3": "html5_inicis", "imp_4": "kcp", "imp_5": "payco", "imp_6": "paymentwall"}
_FIELDS = ("imp_uid", "merchant_uid", "currency", "pg_provider", "pay_method", "amount", "escrow", "paid_at", *BUYER)


class Carriers(People):
    """People who enter parcels by what they saw a while ago, correct them, tell PGs of them, and refund some."""

    def deeds(self) -> dict[Callable[[], None], int]:
        """What people do, and how often."""
        parcels = {self._enter: 6, self._change: 5, self._payco: 5, self._paymentwall: 5, self._forget: 1}
        return {**parcels, self._refund: 1, self.again: 4, self.decide: 5}

    def _enter(self) -> None:
        payment = self._payment("imp_3", "imp_4")
        form, token = self._form(), self.token()
        self._hold(token, payment, form)
        self.ask(wanted_delivery(token, payment, form, now=self.all.times.at))

    def _change(self) -> None:
        payment = self._payment("imp_3", "imp_4")
        with reading(self.all.engine) as conn:
            stands = delivery_of(conn, payment.imp_uid)
        if stands is None:
            return
        form, token = self._form(), self.token()
        self._hold(token, payment, form)
        self.ask(wanted_change(token, payment, stands, form, now=self.all.times.at))

    def _payco(self) -> None:
        payment = self._payment("imp_5")
        with reading(self.all.engine) as conn:
            told = told_steps(conn, OperationKind.PAYCO_STATUS, subject_of(payment.imp_uid))
        status = self.chance.choice((payco.SHIPPED, payco.CONFIRMED))
        self.ask(payco.wanted_status(self.token(), payment, status, told))

    def _paymentwall(self) -> None:
        payment, token = self._payment("imp_6"), self.token()
        receiver = {"email": "buyer@shop.example"}
        form = PaymentwallForm("digital", self.chance.choice(paymentwall.STATES), refundable=True, receiver=receiver)
        held.hold(token, paymentwall.personal_of(form))
        self.ask(paymentwall.wanted_delivery(token, payment, form, now=self.all.times.at))

    def _forget(self) -> None:
        """A process ends, and with it what it held."""
        if self.asked:
            held.forget(self.chance.choice(self.asked).token)

    def _hold(self, token: str, payment: Payment, form: DeliveryForm) -> None:
        if receiver := receiver_of(payment, form):
            held.hold(token, receiver)

    def _form(self) -> DeliveryForm:
        number = f"1234{self.chance.randrange(10**6):06d}"
        receiver = self.chance.choice((None, SOMEBODY))
        sent_at = int(self.all.times.at) - self.chance.choice((0, 60, 3_600))
        return DeliveryForm(self.chance.choice(("CJGLS", "EPOST")), number, sent_at, SENDER, receiver)

    def _payment(self, *uids: str) -> Payment:
        row = self.all.gate.sandbox.payments[self.chance.choice(uids)]
        return Payment(status="paid", cancel_amount=0, **{name: row[name] for name in _FIELDS})


class Delivering(Simulator):
    """Histories of parcels."""

    def new_gate(self) -> Gate:
        """With a payment by escrow at each of two PGs, one of PAYCO and one of Paymentwall."""
        gate = super().new_gate()
        for uid, pg in _PGS.items():
            own = {"pg_provider": pg, "pay_method": "trans", "escrow": True, "paid_at": int(self.times.at) - DAY}
            gate.sandbox.add_payment(10_000, imp_uid=uid, **own, **BUYER)
        return gate

    def new_people(self) -> People:
        return Carriers(self)
