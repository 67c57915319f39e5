"""Orders of Naver Pay's payment type."""

import msgspec

from services.gateway.calls.caller import Caller, safe
from services.gateway.http import Still, always
from services.gateway.payloads import NaverCashAmount
from services.gateway.pg_requests import NaverConfirmRequest

_cash_amount = msgspec.json.Decoder(NaverCashAmount, strict=False).decode


class NaverCalls(Caller):
    """What Naver does with an order that it holds; no reading shows that it was done."""

    def naver_cash_amount(self, imp_uid: str) -> NaverCashAmount:
        """For how much a cash receipt may be issued now. Raises BadRequest where Naver Pay's payment type is not it."""
        return self._http.get(_order(imp_uid, "cash-amount"), {}, _cash_amount, pg_answers=True)

    def confirm_naver(self, imp_uid: str, request: NaverConfirmRequest, *, still: Still = always) -> None:
        """Confirms an escrow order for good. Sent once; Naver's refusal is Refused, though it comes as HTTP 500."""
        path = _order(imp_uid, "confirm")
        self._http.send("POST", path, bytes, still, body=request.body(), pg_answers=True)

    def credit_naver_points(self, imp_uid: str, *, still: Still = always) -> None:
        """Has Naver credit the buyer's points. Sent once; Naver's refusal is Refused, though it comes as HTTP 500."""
        self._http.send("POST", _order(imp_uid, "point"), bytes, still, body={}, pg_answers=True)


def _order(imp_uid: str, call: str) -> str:
    return f"/payments/{safe(imp_uid)}/naver/{call}"
