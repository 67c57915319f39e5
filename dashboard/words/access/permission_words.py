"""What a role may do, in a few words each."""

from collections.abc import Collection

from dashboard.access import Permission
from dashboard.locale import _
from dashboard.words.labels import Words, once_a_language


@once_a_language
def permission() -> Words:
    """One thing that a role may do."""
    return {
        Permission.SEE_PAYMENTS: _("see payments"),
        Permission.SEE_BUYERS: _("see buyers"),
        Permission.READ_AGAIN: _("refresh from the gateway"),
        Permission.EXPORT: _("export"),
        Permission.SEE_SYSTEM: _("see the system"),
        Permission.REFUND: _("refund"),
        Permission.CHARGE: _("charge and make links"),
        Permission.SCHEDULE: _("change schedules"),
        Permission.DELETE_KEY: _("delete billing keys"),
        Permission.RECEIPT: _("issue cash receipts"),
        Permission.VBANK: _("issue virtual accounts"),
        Permission.NAVER_CONFIRM: _("confirm Naver Pay orders"),
        Permission.NAVER_POINTS: _("credit Naver Pay points"),
        Permission.DELIVERY: _("enter deliveries"),
        Permission.IDENTITY: _("look at identity verifications"),
        Permission.BUYER_REQUESTS: _("answer buyers' requests"),
        Permission.SEE_ACCESS: _("see the access log"),
        Permission.APPROVE: _("approve"),
        Permission.RESOLVE: _("settle what is unclear"),
        Permission.CLOSE_MONTH: _("close months"),
        Permission.SET_UP: _("set up channels"),
    }


def permissions_told(codes: Collection[str]) -> str:
    """Several, in the order of the table."""
    return ", ".join(permission(one.value) for one in Permission if one.value in codes)
