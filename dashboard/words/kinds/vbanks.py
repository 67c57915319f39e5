"""Virtual accounts, and numbers to pay by at a convenience store."""

from collections.abc import Mapping

from services.tables.journal import OperationKind

from dashboard.access import Permission
from dashboard.locale import _
from dashboard.words.kinds.kind import Kind


def rows() -> Mapping[OperationKind, Kind]:
    """In the current language."""
    return _accounts() | _store_numbers()


def _accounts() -> dict[OperationKind, Kind]:
    return {
        OperationKind.ISSUE_VBANK: Kind(
            noun=_("Issuing of a virtual account"),
            send=_("Issue an account for {amount}"),
            nothing=_("No account was issued."),
            icon=":material/account_balance:",
            permission=Permission.VBANK,
            page="vbank",
            about="imp_uid",
            otherwise="merchant_uid",
        ),
        OperationKind.CHANGE_VBANK: Kind(
            noun=_("Change of a virtual account"),
            send=_("Change the account"),
            nothing=_("The account stays as it was."),
            icon=":material/edit_calendar:",
            permission=Permission.VBANK,
            page="vbank",
            about="imp_uid",
        ),
        OperationKind.REVOKE_VBANK: Kind(
            noun=_("Revocation of a virtual account"),
            send=_("Revoke the account"),
            nothing=_("The account stays open."),
            icon=":material/money_off:",
            permission=Permission.VBANK,
            page="vbank",
            about="imp_uid",
            would=_("would be revoked"),
        ),
    }


def _store_numbers() -> dict[OperationKind, Kind]:
    return {
        OperationKind.ISSUE_CVS: Kind(
            noun=_("Issuing of a convenience store number"),
            send=_("Issue a number for {amount}"),
            nothing=_("No number was issued."),
            icon=":material/storefront:",
            permission=Permission.VBANK,
            page="vbank",
            about="imp_uid",
            otherwise="merchant_uid",
        ),
        OperationKind.REVOKE_CVS: Kind(
            noun=_("Revocation of a convenience store number"),
            send=_("Revoke the number"),
            nothing=_("The number stays open."),
            icon=":material/money_off:",
            permission=Permission.VBANK,
            page="vbank",
            about="imp_uid",
            would=_("would be revoked"),
        ),
    }
