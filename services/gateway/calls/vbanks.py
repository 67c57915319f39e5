"""Virtual accounts, and numbers to pay by at a convenience store: they wait for money until they are revoked."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from services.errors import Refused, Unauthorized
from services.gateway import decoder
from services.gateway.calls.caller import Caller, safe
from services.gateway.http import Still, always
from services.gateway.payloads import PaymentPayload
from services.gateway.pg_requests import CvsRequest, VbankChange, VbankRequest

_HIDDEN = "***"


class VbankCalls(Caller):
    """Each is sent once, and answered by the payment as it is then; a 500 with words is the PG's no."""

    _pg_api_key: str
    """Inicis wants its own key in the address: it stands in no error, and httpx logs no addresses."""

    def issue_vbank(self, request: VbankRequest, *, still: Still = always) -> PaymentPayload:
        """A virtual account for an order, `ready` until somebody pays into it."""
        return self._signed(
            request.signed,
            lambda params: self._http.send(
                "POST", "/vbanks", decoder.payment, still, body=request.body(), pg_answers=True, params=params
            ),
        )

    def change_vbank(self, imp_uid: str, change: VbankChange, *, still: Still = always) -> PaymentPayload:
        """Another amount or term; only one PG takes it. Raises BadRequest where it waits no more, NotFound."""
        return self._http.send("PUT", _vbank(imp_uid), decoder.payment, still, body=change.body(), pg_answers=True)

    def revoke_vbank(self, imp_uid: str, *, signed: bool, still: Still = always) -> PaymentPayload:
        """Nobody can pay into it any more. Raises BadRequest where it waits no more, NotFound."""
        return self._signed(
            signed,
            lambda params: self._http.send(
                "DELETE", _vbank(imp_uid), decoder.payment, still, pg_answers=True, params=params
            ),
        )

    def issue_cvs(self, request: CvsRequest, *, still: Still = always) -> PaymentPayload:
        """A number by which an order is paid at a convenience store; where it stands in the answer nobody says."""
        return self._http.send("POST", "/cvs", decoder.payment, still, body=request.body(), pg_answers=True)

    def revoke_cvs(self, imp_uid: str, *, still: Still = always) -> PaymentPayload:
        """Nobody can pay by that number any more."""
        return self._http.send("DELETE", f"/cvs/{safe(imp_uid)}", decoder.payment, still, pg_answers=True)

    def _signed(self, signed: bool, call: Callable[[dict[str, Any]], PaymentPayload]) -> PaymentPayload:
        """Makes a call with the PG's key in its address where that wants one; what is said back of it is hidden."""
        if not signed:
            return call({})
        try:
            return call({"pg_api_key": self._pg_api_key})
        except Refused as error:
            raise error.saying(self._without_key(error.refusal.message)) from None
        except Unauthorized as error:
            raise Unauthorized("{message}", message=self._without_key(str(error))) from None

    def _without_key(self, words: str | None) -> str | None:
        if not words or not self._pg_api_key:
            return words
        for spelling in {self._pg_api_key, quote(self._pg_api_key, safe=""), quote(self._pg_api_key)}:
            words = words.replace(spelling, _HIDDEN)
        return words


def _vbank(imp_uid: str) -> str:
    return f"/vbanks/{safe(imp_uid)}"
