"""Cash receipts."""

from collections.abc import Mapping

from services.tables.journal import OperationKind

from dashboard.access import Permission
from dashboard.locale import _
from dashboard.words.kinds.kind import Kind


def rows() -> Mapping[OperationKind, Kind]:
    """In the current language."""
    return {
        OperationKind.ISSUE_RECEIPT: Kind(
            noun=_("Cash receipt"),
            send=_("Issue a receipt over {amount}"),
            nothing=_("No receipt was issued."),
            icon=":material/receipt_long:",
            permission=Permission.RECEIPT,
            page="receipt",
            about="imp_uid",
            otherwise="merchant_uid",
        ),
        OperationKind.CANCEL_RECEIPT: Kind(
            noun=_("Cancellation of a cash receipt"),
            send=_("Cancel the receipt"),
            nothing=_("The receipt stands as it was."),
            icon=":material/receipt_long_off:",
            permission=Permission.RECEIPT,
            page="receipt",
            about="imp_uid",
            otherwise="merchant_uid",
        ),
    }
