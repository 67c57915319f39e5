"""What PAYCO and Paymentwall are told of an order's delivery; no reading shows it afterwards."""

from typing import Any

import msgspec

from services.errors import OutcomeUnknown, Refusal, Refused
from services.forbidden_numbers import hide_forbidden
from services.gateway.calls.caller import Caller, safe
from services.gateway.http import Still, always
from services.gateway.pg_requests import PaycoRequest, PaymentwallRequest

_REFUSED = 200


class _PaycoAnswer(msgspec.Struct):
    status: str


class _PaymentwallAnswer(msgspec.Struct):
    success: bool | int | str | None = None
    error_code: int | str | None = None
    error: str | None = None
    notices: Any = None


_payco = msgspec.json.Decoder(_PaycoAnswer).decode
_paymentwall = msgspec.json.Decoder(_PaymentwallAnswer | None, strict=False).decode


class DeliveryCalls(Caller):
    """Told once at each state."""

    def tell_payco(self, imp_uid: str, request: PaycoRequest, *, still: Still = always) -> str:
        """Tells PAYCO an order's state; the state as it is afterwards. Sent once."""
        path = f"/payco/orders/status/{safe(imp_uid)}"
        return self._http.send("POST", path, _payco, still, body=request.body()).status

    def tell_paymentwall(self, request: PaymentwallRequest, *, still: Still = always) -> None:
        """Tells Paymentwall of a delivery. Sent once. Its refusal may stand inside of an answer that says yes."""
        answer = self._http.send("POST", "/paymentwall/delivery", _paymentwall, still, body=request.body())
        if answer is not None and answer.error_code not in (None, "", 0, "0"):
            raise Refused(Refusal(_REFUSED, _number(answer.error_code), _words(answer)))
        if answer is None or answer.success not in (True, 1, "1"):
            # Neither a yes nor a no.
            raise OutcomeUnknown("The gateway's answer could not be read.")


def _number(code: int | str | None) -> int:
    text = str(code)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len(str(2**31)) else 1


def _words(answer: _PaymentwallAnswer) -> str | None:
    notices = answer.notices if isinstance(answer.notices, list) else []
    told = [str(one) for one in (answer.error, *notices) if one not in (None, "")]
    return hide_forbidden(" · ".join(dict.fromkeys(told))) if told else None
