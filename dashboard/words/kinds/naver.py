"""Orders of Naver Pay."""

from collections.abc import Mapping

from services.tables.journal import OperationKind

from dashboard.access import Permission
from dashboard.locale import _
from dashboard.words.kinds.kind import Kind


def rows() -> Mapping[OperationKind, Kind]:
    """In the current language."""
    return {
        OperationKind.NAVER_CONFIRM: Kind(
            noun=_("Order confirmation"),
            send=_("Confirm the order"),
            nothing=_("Nothing was confirmed."),
            icon=":material/order_approve:",
            permission=Permission.NAVER_CONFIRM,
            page="naver_confirm",
            about="imp_uid",
            choice=_("Confirm the order"),
            would=_("would be confirmed"),
        ),
        OperationKind.NAVER_POINTS: Kind(
            noun=_("Crediting of points"),
            send=_("Have the points credited"),
            nothing=_("Nothing was credited."),
            icon=":material/loyalty:",
            permission=Permission.NAVER_POINTS,
            page="naver_points",
            about="imp_uid",
            has_sum=False,
            choice=_("Have the points credited"),
            would=_("would be credited"),
        ),
    }
