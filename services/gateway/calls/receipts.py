"""Cash receipts: of payments, and of sales made elsewhere."""

from services.gateway import decoder
from services.gateway.calls.caller import Caller, safe
from services.gateway.http import Still, always
from services.gateway.payloads import Payload
from services.gateway.pg_requests import ReceiptRequest


class ReceiptCalls(Caller):
    """Issued and taken back once; what stands is read."""

    def receipt(self, imp_uid: str) -> Payload:
        """The cash receipt of a payment. Raises NotFound: none was issued through V1, which is not none at all."""
        return self._one(_receipt(imp_uid), decoder.receipt)

    def external_receipt(self, merchant_uid: str) -> Payload:
        """The cash receipt of a sale made elsewhere. Raises NotFound."""
        return self._one(_external(merchant_uid), decoder.receipt)

    def issue_receipt(self, imp_uid: str, request: ReceiptRequest, *, still: Still = always) -> Payload:
        """A cash receipt over what is left of a payment. Sent once; a 500 or 501 with words is the PG's no."""
        return self._http.send("POST", _receipt(imp_uid), decoder.receipt, still, body=request.body(), pg_answers=True)

    def issue_external_receipt(self, merchant_uid: str, request: ReceiptRequest, *, still: Still = always) -> Payload:
        """A cash receipt of a sale made elsewhere. Sent once; refusals as of issue_receipt."""
        return self._http.send(
            "POST", _external(merchant_uid), decoder.receipt, still, body=request.body(), pg_answers=True
        )

    def cancel_receipt(self, imp_uid: str, *, still: Still = always) -> Payload:
        """Takes a payment's cash receipt back, whole. Sent once; refusals as of issue_receipt."""
        return self._http.send("DELETE", _receipt(imp_uid), decoder.receipt, still, pg_answers=True)

    def cancel_external_receipt(self, merchant_uid: str, *, still: Still = always) -> Payload:
        """Takes back the cash receipt of a sale made elsewhere. Sent once. Raises NotFound for none."""
        return self._http.send("DELETE", _external(merchant_uid), decoder.receipt, still, pg_answers=True)


def _receipt(imp_uid: str) -> str:
    return f"/receipts/{safe(imp_uid)}"


def _external(merchant_uid: str) -> str:
    return f"/receipts/external/{safe(merchant_uid)}"
