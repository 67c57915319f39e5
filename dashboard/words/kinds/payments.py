"""Refunds and charges."""

from collections.abc import Mapping

from services.tables.journal import OperationKind

from dashboard.access import Permission
from dashboard.locale import _
from dashboard.words.kinds.kind import Kind


def rows() -> Mapping[OperationKind, Kind]:
    """In the current language."""
    return {
        OperationKind.REFUND: Kind(
            noun=_("Refund"),
            send=_("Refund {amount}"),
            nothing=_("Nothing was refunded."),
            icon=":material/undo:",
            permission=Permission.REFUND,
            page="refund",
            about="imp_uid",
        ),
        OperationKind.CHARGE: Kind(
            noun=_("Charge"),
            send=_("Charge {amount}"),
            nothing=_("Nothing was charged."),
            icon=":material/bolt:",
            permission=Permission.CHARGE,
            page="charge",
            about="customer_uid",
        ),
    }
