"""The access log in words."""

from services.people.sought import Sought
from services.people.whose import NOT_KEPT
from services.tables.people import Ending
from services.tables.staff.access import AccessKind, ExportReason

from dashboard.locale import _
from dashboard.navigation import title
from dashboard.words import labels
from dashboard.words.access.permission_words import permission
from dashboard.words.labels import Words, once_a_language
from dashboard.words.reason_labels import OTHER


@once_a_language
def kind() -> Words:
    """What somebody did."""
    return {
        AccessKind.SIGNED_IN: _("Signed in"),
        AccessKind.SIGNED_OUT: _("Signed out"),
        AccessKind.REFUSED: _("Turned away"),
        AccessKind.SEEN: _("Looked at"),
        AccessKind.REVEALED: _("Had shown"),
        AccessKind.SEARCHED: _("Searched"),
        AccessKind.EXPORTED: _("Exported"),
        AccessKind.REVIEWED: _("Log reviewed"),
    }


@once_a_language
def reason() -> Words:
    """What a file is for; own words stay as they are."""
    return {
        ExportReason.RECONCILIATION: _("Reconciliation"),
        ExportReason.CLOSING: _("Closing and taxes"),
        ExportReason.INQUIRY: _("A buyer's inquiry"),
        ExportReason.DELIVERY: _("Sending goods"),
        ExportReason.REPORT: _("Report to colleagues"),
        ExportReason.AUTHORITY: _("Audit or authority"),
        ExportReason.INSPECTION: _("Naver Pay's inspection"),
        ExportReason.BACKUP: _("backup"),
        OTHER: _("Something else (say what)"),
    }


CHOSEN = (
    ExportReason.RECONCILIATION,
    ExportReason.CLOSING,
    ExportReason.INQUIRY,
    ExportReason.DELIVERY,
    ExportReason.REPORT,
    ExportReason.AUTHORITY,
)
"""Those that people choose from."""


@once_a_language
def sought() -> Words:
    """By what kind of word buyers are looked for."""
    return {
        Sought.MAIL: _("E-mail address"),
        Sought.PHONE: _("Phone"),
        Sought.NUMBER: _("Number: an amount, or the end of one"),
        Sought.ID: _("Id"),
        Sought.WORDS: _("Name or product"),
    }


@once_a_language
def ending() -> Words:
    """How somebody came to be signed out."""
    return {
        Ending.SIGNED_OUT: _("By themselves"),
        Ending.ROLE: _("Their role changed"),
        Ending.OPERATOR: _("By the person who runs Jangbu"),
        Ending.ENDED: _("By themselves, one session"),
        Ending.ADMINISTRATOR: _("By an administrator"),
        Ending.EXPIRED: _("Its time was over"),
    }


def what(kind: str, code: str) -> str:
    """Where something was done: a page, a list, a role, what a command does, the month of a review."""
    if kind == AccessKind.SIGNED_IN:
        return labels.role(code)
    if kind == AccessKind.SIGNED_OUT:
        return ending(code)
    others = {
        "everything": _("Search everything"),
        "sign_in": _("Sign in"),
        "inspection": _("Naver Pay's inspection"),
        "backup": _("backup"),
    }
    if code in others or title(code) != code:
        return others.get(code) or title(code)
    return permission(code) if kind == AccessKind.REFUSED and permission(code) != code else labels.exported(code)


def whose(code: str) -> str:
    """Of whom: an id."""
    return _("not kept: no id") if code == NOT_KEPT else code


def named(kind: str, names: str) -> str:
    """The columns of a file, or the kind of word that was looked for."""
    return sought(names) if kind == AccessKind.SEARCHED else names.replace(",", ", ")
