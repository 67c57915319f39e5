"""What KCP alone can."""

from collections.abc import Mapping

from services.tables.journal import OperationKind

from dashboard.access import Permission
from dashboard.locale import _
from dashboard.words.kinds.kind import Kind


def rows() -> Mapping[OperationKind, Kind]:
    """In the current language."""
    return {
        OperationKind.DELETE_QUICK_MEMBER: Kind(
            noun=_("Erasure of a KCP Quick member"),
            send=_("Erase it for good"),
            nothing=_("Nothing was erased."),
            icon=":material/person_remove:",
            permission=Permission.IDENTITY,
            page="quick_member",
            about="id",
            has_sum=False,
        ),
        OperationKind.BENEPIA_PAYMENT: Kind(
            noun=_("Benepia payment"),
            send=_("Pay {amount} by points"),
            nothing=_("Nothing was paid."),
            icon=":material/redeem:",
            permission=Permission.CHARGE,
            page="benepia",
            about="id",
        ),
    }
