"""What `jangbu escrow`, `payco` and `paymentwall` ask for: checked against what the gateway says at this moment."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

from services.clock import system_clock
from services.errors import InvalidRequest
from services.escrow.couriers import courier_of
from services.escrow.kept import delivery_of, last_sender
from services.mirror.asked.deliveries import read_delivery
from services.operations import held
from services.operations.actions.deliveries import payco, paymentwall
from services.operations.actions.deliveries.paymentwall import PaymentwallForm
from services.operations.actions.escrow.forms import DeliveryForm, receiver_of, wanted_change, wanted_delivery
from services.operations.actions.refunds import subject_of
from services.operations.journal.journal import Wanted
from services.operations.journal.once import told_steps
from services.store.engine import reading
from services.tables.escrow import EscrowDelivery
from services.tables.journal import OperationKind

from dashboard.commands.wishes.money import Asked, fresh_payment, once
from dashboard.process.resources import current_settings, open_gateway, open_store


@dataclass(frozen=True, slots=True)
class ParcelOrder:
    """`jangbu escrow enter` and `change` as they were typed; an empty sender is the last one, no receiver the buyer."""

    imp_uid: str
    company: str
    invoice: str
    sent_at: int | None
    sender: Mapping[str, str]
    receiver: Mapping[str, str] | None = field(default=None, repr=False)
    more: Mapping[str, str] = field(default_factory=dict)
    send_email: bool = True
    change: bool = False
    again: bool = False


def ask_delivery(order: ParcelOrder) -> Asked:
    """Reads payment and delivery afresh and writes the intent down. Raises JangbuErrors; nothing is sent here."""

    def wanted(token: str) -> Wanted:
        payment, now = fresh_payment(order.imp_uid), system_clock()
        form = _form(order, now)
        if receiver := receiver_of(payment, form):
            held.hold(token, receiver)
        if not order.change:
            return wanted_delivery(token, payment, form, now=now)
        stands = read_now(order.imp_uid)
        if stands is None:
            raise InvalidRequest("No delivery is entered yet.", field="imp_uid")
        return wanted_change(token, payment, stands, form, now=now)

    kind = OperationKind.CHANGE_DELIVERY if order.change else OperationKind.ENTER_DELIVERY
    others = (*order.sender.items(), *order.more.items(), *(order.receiver or {}).items())
    words = (kind.value, order.company, order.invoice, str(order.sent_at or ""), str(order.send_email), _sealed(others))
    return once(subject_of(order.imp_uid), words, order.again, wanted)


def ask_payco(imp_uid: str, status: str, *, elsewhere: bool) -> Asked:
    """Reads the payment afresh and writes the intent down. Raises JangbuErrors; nothing is sent here."""
    kind = OperationKind.PAYCO_STATUS

    def wanted(token: str) -> Wanted:
        with reading(open_store()) as conn:
            told = told_steps(conn, kind, subject_of(imp_uid))
        return payco.wanted_status(token, fresh_payment(imp_uid), status, told, elsewhere=elsewhere)

    return once(subject_of(imp_uid), (kind.value, status), again=False, wanted=wanted)


def ask_paymentwall(imp_uid: str, form: PaymentwallForm) -> Asked:
    """Reads the payment afresh and writes the intent down. Raises JangbuErrors; nothing is sent here."""

    def wanted(token: str) -> Wanted:
        payment = fresh_payment(imp_uid)
        held.hold(token, paymentwall.personal_of(form))
        return paymentwall.wanted_delivery(token, payment, form, now=system_clock())

    kind = OperationKind.PAYMENTWALL_DELIVERY
    return once(subject_of(imp_uid), (kind.value, form.status or ""), again=False, wanted=wanted)


def buyer_of(imp_uid: str) -> dict[str, str]:
    """What the payment says of its buyer, as Paymentwall is told it."""
    return paymentwall.of_buyer(fresh_payment(imp_uid))


def read_now(imp_uid: str) -> EscrowDelivery | None:
    """The delivery as the gateway shows it now, kept; as it is known here where it shows none. Raises GatewayError."""
    read_delivery(open_gateway(), open_store(), imp_uid)
    with reading(open_store()) as conn:
        return delivery_of(conn, imp_uid)


def _form(order: ParcelOrder, now: float) -> DeliveryForm:
    courier = courier_of(order.company)
    with reading(open_store()) as conn:
        sender = last_sender(conn) | dict(order.sender)
    sent_at = int(now) if order.sent_at is None else order.sent_at
    return DeliveryForm(
        courier.value if courier else None, order.invoice, sent_at, sender, order.receiver, order.more, order.send_email
    )


def _sealed(parts: tuple[tuple[str, str], ...]) -> str:
    """Whom it comes from and goes to, under a key that the database does not hold."""
    text = chr(0).join(f"{name}={value}" for name, value in sorted(parts))
    secret = current_settings().imp_secret.get_secret_value().encode()
    return hmac.new(secret, text.encode(), "sha256").hexdigest()
