"""What commands leave in the access log: files, searches and what they print of buyers."""

from collections.abc import Sequence

from services.errors import InvalidRequest
from services.people.access_log import Access, checked_reason
from services.people.sought import kind_of
from services.tables.staff.access import AccessKind, ExportReason

from dashboard.process.access_log.note import note
from dashboard.process.executor import cli_actor, commander_sees_buyers

_OF_ITSELF = (ExportReason.INSPECTION, ExportReason.BACKUP)


def said_reason(reason: str) -> str:
    """What a file is for. Raises InvalidRequest, which names the option where nothing is said."""
    if not reason.strip():
        raise InvalidRequest(
            "Say what the file is for by --reason: {codes}, or in own words. It is kept, with your name and the time.",
            field="reason",
            codes=", ".join(one for one in ExportReason if one not in _OF_ITSELF),
        )
    return checked_reason(reason)


def note_file(what: str, rows: int | None, columns: Sequence[str], reason: str) -> None:
    """Before a file is written. Raises NotSaved: then it is not."""
    note(cli_actor(), Access(AccessKind.EXPORTED, what, row_count=rows, column_names=columns, reason=reason))


def note_seen(what: str, rows: int, whose: str = "") -> None:
    """Before buyers, or their accounts, are printed. Raises NotSaved: then they are not."""
    note(cli_actor(), Access(AccessKind.SEEN, what, whose, row_count=rows))


def note_shown(what: str, rows: int, whose: str = "") -> None:
    """Before rows are printed to whoever sees buyers in full. Raises NotSaved: then they are not."""
    if rows and commander_sees_buyers():
        note_seen(what, rows, whose)


def note_search(what: str, text: str, rows: int | None = None) -> None:
    """Before what was looked for is printed or written: the kind of word. Raises NotSaved."""
    if text.strip():
        kind = kind_of(text.strip())
        note(cli_actor(), Access(AccessKind.SEARCHED, what, row_count=rows, column_names=(kind,)))
