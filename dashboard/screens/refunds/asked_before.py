"""What was typed into the form of a refund that was not made, worked out of the journal, for asking again."""

from typing import Any

from services import stated
from services.operations.journal.journal import asked
from services.tables.journal import Operation

from dashboard.screens.refunds.refund_form import FULL, PARTIAL
from dashboard.words import formats
from dashboard.words.reason_labels import OTHER


def as_typed(operation: Operation) -> dict[str, Any]:
    """The fields of the form by their names; of an account the journal keeps no more than its end."""
    request, currency = asked(operation), operation.currency
    whole = operation.amount == operation.balance
    code, details = stated.apart(operation.reason or "", stated.REFUND)
    amounts: dict[str, int] = {name: request[name] for name in ("tax_free", "vat_amount") if name in request}
    if not whole:
        amounts["amount"] = operation.amount
    return {
        "how": FULL if whole else PARTIAL,
        "reason": code or OTHER,
        "note": details,
        "requester": operation.requester,
        "webhook": bool(request.get("enable_webhook")),
        **{name: formats.typed_money(amount, currency) for name, amount in amounts.items()},
    }
