"""Cards that are entered by hand."""

from collections.abc import Mapping

from services.tables.journal import OperationKind

from dashboard.access import Permission
from dashboard.locale import _
from dashboard.words.kinds.kind import Kind


def rows() -> Mapping[OperationKind, Kind]:
    """In the current language."""
    return {
        OperationKind.CARD_CHARGE: Kind(
            noun=_("Key-in charge"),
            send=_("Charge {amount}"),
            nothing=_("Nothing was charged."),
            icon=":material/dialpad:",
            permission=Permission.CARD_ENTRY,
            page="card_entry",
            about="merchant_uid",
        ),
        OperationKind.REGISTER_CARD: Kind(
            noun=_("Key-in registration"),
            send=_("Register the card"),
            nothing=_("Nothing was registered."),
            icon=":material/add_card:",
            permission=Permission.CARD_ENTRY,
            page="card_entry",
            about="customer_uid",
            has_sum=False,
        ),
    }
