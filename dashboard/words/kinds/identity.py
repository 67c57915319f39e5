"""Identity verifications."""

from collections.abc import Mapping

from services.tables.journal import OperationKind

from dashboard.access import Permission
from dashboard.locale import _
from dashboard.words.kinds.kind import Kind


def rows() -> Mapping[OperationKind, Kind]:
    """In the current language."""
    return {
        OperationKind.DELETE_IDENTITY: Kind(
            noun=_("Erasure of a verification"),
            send=_("Erase it for good"),
            nothing=_("Nothing was erased."),
            icon=":material/delete_forever:",
            permission=Permission.IDENTITY,
            page="identity",
            about="id",
            has_sum=False,
        ),
        OperationKind.REQUEST_OTP: Kind(
            noun=_("Sending of a one-time number"),
            send=_("Have the number sent"),
            nothing=_("No number was sent."),
            icon=":material/sms:",
            permission=Permission.IDENTITY,
            page="identity_otp",
            about="id",
            has_sum=False,
        ),
        OperationKind.CONFIRM_OTP: Kind(
            noun=_("Confirmation of a one-time number"),
            send=_("Confirm it"),
            nothing=_("The number was not confirmed, and nobody is verified by it."),
            icon=":material/how_to_reg:",
            permission=Permission.IDENTITY,
            page="identity_otp",
            about="id",
            has_sum=False,
        ),
    }
