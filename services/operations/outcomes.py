"""What a call, or a look at the gateway, says became of an operation."""

from dataclasses import dataclass
from typing import Any

from services.gateway.payloads import Payload, PaymentPayload, UnreadableRow
from services.operations.journal.states import Why
from services.tables.journal import OperationState as State


@dataclass(frozen=True, slots=True)
class Outcome:
    """The state that follows, the gateway's words for it, and the payment as it is now."""

    state: State
    message: str | None = None
    why: Why | None = None
    payment: PaymentPayload | None = None
    schedules: tuple[Payload, ...] = ()
    unreadable: tuple[UnreadableRow, ...] = ()
    """Of the answered schedules those that could not be understood."""
    deleted_key: str | None = None
    registered_key: str | None = None
    receipt: Payload | None = None
    """The cash receipt as it is now."""
    delivery: Payload | None = None
    """The delivery of an escrow payment as it is now."""
    verification_uid: str | None = None
    """The imp_uid of the identity verification that was begun."""
    cancellation_id: str | None = None
    receipt_url: str | None = None
    refunded: int | None = None
    """What the PG gave back of what was asked for."""

    @property
    def executed_as(self) -> str | None:
        """The payment of a schedule that ran before it could be changed."""
        if self.why != Why.EXECUTED_MEANWHILE:
            return None
        return next((one.fields["imp_uid"] for one in self.schedules if one.fields["imp_uid"]), None)

    @property
    def made(self) -> dict[str, Any]:
        """The columns in which an operation keeps what it made."""
        found = {"cancellation_id": self.cancellation_id, "receipt_url": self.receipt_url, "refunded": self.refunded}
        if self.verification_uid:
            found["verification_uid"] = self.verification_uid
        if self.payment:
            fields = self.payment.fields
            return found | {"imp_uid": fields["imp_uid"], "cancel_amount": fields["cancel_amount"]}
        return found | ({"imp_uid": self.executed_as} if self.executed_as else {})


class Stop(Exception):
    """Something stands in the way of a call that has not been made: nothing is sent."""

    def __init__(
        self,
        why: Why,
        message: str | None = None,
        payment: PaymentPayload | None = None,
        schedules: tuple[Payload, ...] = (),
        deleted_key: str | None = None,
        receipt: Payload | None = None,
        delivery: Payload | None = None,
    ) -> None:
        super().__init__(why)
        self.outcome = Outcome(
            State.REFUSED,
            message,
            why,
            payment,
            schedules,
            deleted_key=deleted_key,
            receipt=receipt,
            delivery=delivery,
        )
