"""Cards by their number; whatever an answer says back of one is hidden before anybody reads it."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from services.errors import Refused, Unauthorized
from services.gateway import decoder
from services.gateway.calls.caller import Caller, safe
from services.gateway.http import Still, always
from services.gateway.payloads import Payload, PaymentPayload
from services.gateway.requests import CardKeyRequest, OnetimeRequest
from services.gateway.said_back import hidden, refusal_without, without

Answer = TypeVar("Answer")


class CardCalls(Caller):
    """What V1 does with a card that no window took."""

    def charge_onetime(self, request: OnetimeRequest, *, still: Still = always) -> PaymentPayload:
        """Charges a card; a payment that is `paid`, or `failed` with its fail_reason. Sent once."""
        card, path = tuple(request.card.values()), "/subscribe/payments/onetime"
        return self._unsaid(path, card, decoder.payment, still, request.body())

    def register_card(self, customer_uid: str, request: CardKeyRequest, *, still: Still = always) -> Payload:
        """Makes a billing key of a card, in the place of one that is there. Sent once."""
        card, path = tuple(request.card.values()), f"/subscribe/customers/{safe(customer_uid)}"
        return self._unsaid(path, card, decoder.billing_key, still, request.body())

    def _unsaid(
        self, path: str, card: Sequence[str], read: Callable[[bytes], Answer], still: Still, body: dict[str, Any]
    ) -> Answer:
        try:
            return self._http.send("POST", path, without(card, read), still, body=body)
        except Refused as error:
            raise refusal_without(error, card) from None
        except Unauthorized as error:
            raise Unauthorized("{message}", message=hidden(str(error), card)) from None
