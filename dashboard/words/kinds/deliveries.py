"""Deliveries: of escrow payments, and what PAYCO and Paymentwall are told."""

from collections.abc import Mapping
from functools import partial

from services.tables.journal import OperationKind

from dashboard.access import Permission
from dashboard.locale import _
from dashboard.words.kinds.kind import Kind


def rows() -> Mapping[OperationKind, Kind]:
    """In the current language."""
    delivery = partial(Kind, permission=Permission.DELIVERY, about="imp_uid", has_sum=False)
    return {
        OperationKind.ENTER_DELIVERY: delivery(
            noun=_("Escrow delivery"),
            send=_("Enter the delivery"),
            nothing=_("No delivery was entered."),
            icon=":material/local_shipping:",
            page="delivery",
            would=_("would be entered"),
        ),
        OperationKind.CHANGE_DELIVERY: delivery(
            noun=_("Change of an escrow delivery"),
            send=_("Change the delivery"),
            nothing=_("The delivery stands as it was."),
            icon=":material/edit_road:",
            page="delivery",
        ),
        OperationKind.PAYCO_STATUS: delivery(
            noun=_("State of a PAYCO order"),
            send=_("Tell PAYCO"),
            nothing=_("PAYCO did not take it."),
            icon=":material/local_shipping:",
            page="payco_status",
        ),
        OperationKind.PAYMENTWALL_DELIVERY: delivery(
            noun=_("Delivery told to Paymentwall"),
            send=_("Tell Paymentwall"),
            nothing=_("Paymentwall did not take it."),
            icon=":material/local_shipping:",
            page="paymentwall_delivery",
        ),
    }
