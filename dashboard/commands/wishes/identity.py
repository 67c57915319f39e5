"""What `jangbu identity` and `jangbu kcpquick` ask for: by whoever may, with a reason that is kept."""

from collections.abc import Mapping

from services.clock import system_clock
from services.errors import NotAllowed
from services.identity.looks import checked_reason, checked_uid, note_look
from services.operations.actions.identity.deletions import subject_of, wanted_erasure
from services.operations.actions.kcp import quick_members
from services.operations.journal.journal import Wanted
from services.people.access_log import Access
from services.store.engine import reading
from services.tables.staff.access import AccessKind

from dashboard.access import Permission
from dashboard.commands.wishes.money import Asked, once
from dashboard.process.access_log.note import note
from dashboard.process.executor import cli_actor, commander_may
from dashboard.process.resources import open_store


def note_command(imp_uid: str, reason: str) -> str:
    """Writes down who looks at a verification and why; its imp_uid. Raises InvalidRequest, NotAllowed, NotSaved."""
    with reading(open_store()) as conn:
        if not commander_may(conn, Permission.IDENTITY):
            raise NotAllowed("Identity verifications are for whoever answers for personal data: your role may not.")
        uid = checked_uid(conn, imp_uid)
    why = checked_reason(reason)
    note_look(open_store(), uid, why, cli_actor(), system_clock())
    note(cli_actor(), Access(AccessKind.SEEN, "identity", uid, reason=why))
    return uid


def ask_erasure(imp_uid: str, reason: str) -> Asked:
    """Writes down that a verification is to be erased, once. Raises JangbuErrors; nothing is sent here."""

    def wanted(token: str) -> Wanted:
        with reading(open_store()) as conn:
            return wanted_erasure(conn, token, imp_uid, reason)

    return once(subject_of(imp_uid), ("identity delete",), again=False, wanted=wanted)


def ask_member_erasure(filled: Mapping[str, str], reason: str) -> Asked:
    """Writes down that a member of KCP Quick is to be erased, once. Raises JangbuErrors; nothing is sent here."""
    words = ("kcpquick delete", *(f"{name}={value}" for name, value in sorted(filled.items())))
    return once(
        quick_members.subject_of(filled["member_id"]),
        words,
        again=False,
        wanted=lambda token: quick_members.wanted_member_erasure(token, filled, reason),
    )
