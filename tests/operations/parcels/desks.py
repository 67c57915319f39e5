"""A desk that enters parcels: payments by escrow, of PAYCO and of Paymentwall, and the steps of a person at it."""

from typing import Any

from services.escrow.kept import delivery_of
from services.operations import held
from services.operations.actions.escrow.forms import DeliveryForm, receiver_of, wanted_change, wanted_delivery
from services.store.engine import reading
from services.tables.escrow import EscrowDelivery
from services.tables.v1 import Payment
from tests.worlds.operations.desk import Desk
from tests.worlds.operations.parcels import BUYER, SENDER

PARCEL = "imp_parcel"
INVOICE = "688900112233"
LINES = {"address_line_1": "서울 중구 세종대로 110", "address_line_2": "3층"}


def parcel(desk: Desk, pg: str = "html5_inicis", imp_uid: str = PARCEL, **more: Any) -> Payment:
    """A payment of 30,000 won by escrow, as the mirror has it."""
    own = {"pg_provider": pg, "pay_method": "trans", "escrow": True, "paid_at": int(desk.times.at) - 3_600}
    row = desk.sandbox.add_payment(30_000, imp_uid=imp_uid, name="머그컵", **(own | BUYER | more))
    return desk.payment(imp_uid, **{name: row[name] for name in ("escrow", "paid_at", "name", *BUYER)})


def form(desk: Desk, **more: Any) -> DeliveryForm:
    """A parcel of CJ's to the buyer, sent a minute ago."""
    sender = SENDER | LINES | {"relationship": "본인"}
    own = {"company": "CJGLS", "invoice": INVOICE, "sent_at": int(desk.times.at) - 60, "sender": sender}
    return DeliveryForm(**(own | more))


def enter(desk: Desk, payment: Payment, token: str = "t", filled: DeliveryForm | None = None) -> int:
    """A delivery is to be entered; the operation's id."""
    filled = filled or form(desk)
    if receiver := receiver_of(payment, filled):
        held.hold(token, receiver)
    return desk.ask(wanted_delivery(token, payment, filled, now=desk.times.at))


def change(desk: Desk, payment: Payment, token: str = "c", **more: Any) -> int:
    """The delivery that stands is to be changed."""
    filled, stands = form(desk, **more), kept(desk, payment.imp_uid)
    assert stands is not None
    if receiver := receiver_of(payment, filled):
        held.hold(token, receiver)
    return desk.ask(wanted_change(token, payment, stands, filled, now=desk.times.at))


def kept(desk: Desk, imp_uid: str = PARCEL) -> EscrowDelivery | None:
    """The delivery of a payment as it is kept."""
    with reading(desk.engine) as conn:
        return delivery_of(conn, imp_uid)
