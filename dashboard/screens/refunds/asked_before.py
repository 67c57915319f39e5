"""What was typed into the form of a refund that was not made, worked out of the journal, for asking again."""

from typing import Any

from services import stated
from services.operations.journal.journal import asked
from services.tables.journal import Operation

from dashboard.words import formats
from dashboard.words.reason_labels import OTHER


def as_typed(operation: Operation) -> dict[str, Any]:
    """The fields of the form by their names; of an account the journal keeps no more than its end."""
    request, currency = asked(operation), operation.currency
    code, details = stated.apart(operation.reason or "", stated.REFUND)
    amounts = {"amount": operation.amount, "tax_free": request.get("tax_free"), "vat_amount": request.get("vat_amount")}
    return {
        "reason": code or OTHER,
        "note": details,
        "requester": operation.requester,
        "webhook": bool(request.get("enable_webhook")),
        "retain": bool(request.get("retain_promotion")),
        **{name: formats.typed_money(amount, currency) for name, amount in amounts.items() if amount is not None},
    }
