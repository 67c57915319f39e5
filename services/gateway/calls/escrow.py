"""Deliveries of escrow payments."""

from http import HTTPStatus

from services.errors import Refused
from services.gateway import decoder
from services.gateway.calls.caller import Caller, safe
from services.gateway.http import Still, always
from services.gateway.payloads import Payload
from services.gateway.pg_requests import DeliveryRequest


class EscrowCalls(Caller):
    """Entered and changed once; what stands is read, but never whom it went to."""

    def delivery(self, imp_uid: str) -> Payload | None:
        """The delivery that is entered for a payment; None for none, which comes as HTTP 409. Raises NotFound."""
        try:
            return self._http.get(_delivery(imp_uid), {}, decoder.delivery, pg_answers=True)
        except Refused as error:
            if error.refusal.status == HTTPStatus.CONFLICT:
                return None
            raise

    def enter_delivery(self, imp_uid: str, request: DeliveryRequest, *, still: Still = always) -> Payload:
        """Enters one. Sent once. Raises Refused: 409 where one stands already, 500 with the PG's words."""
        return self._sent("POST", imp_uid, request, still)

    def change_delivery(self, imp_uid: str, request: DeliveryRequest, *, still: Still = always) -> Payload:
        """Changes the one that stands. Sent once. Raises Refused: 409 where the PG changes none, 500 with its words."""
        return self._sent("PUT", imp_uid, request, still)

    def _sent(self, method: str, imp_uid: str, request: DeliveryRequest, still: Still) -> Payload:
        path, read = _delivery(imp_uid), decoder.delivery
        return self._http.send(method, path, read, still, body=request.body(), pg_answers=True)


def _delivery(imp_uid: str) -> str:
    return f"/escrows/logis/{safe(imp_uid)}"
