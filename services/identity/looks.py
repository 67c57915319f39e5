"""Looks at identity verifications: each is written down before the gateway is asked, and what was seen is not."""

from sqlalchemy import Connection, Engine

from services.errors import InvalidRequest
from services.operations.journal import audit
from services.operations.journal.audit import Actor
from services.operations.journal.journal import saving
from services.store.lists.one import get_payment
from services.store.sql import fetch
from services.typed_text import checked, typed

SEEN = "identity_seen"
_LONGEST_UID, _LONGEST_REASON = 64, 200


def checked_uid(conn: Connection, text: str) -> str:
    """The imp_uid of a verification as it was typed. Raises InvalidRequest, also for a payment's."""
    uid = checked(text, "verification_uid", most=_LONGEST_UID)
    if not uid.isascii() or not uid.replace("_", "").replace("-", "").isalnum():
        raise InvalidRequest("Type the imp_uid of the verification: imp_ and digits.", field="verification_uid")
    if get_payment(conn, uid):
        raise InvalidRequest("This is a payment's: look for it in the list of payments.", field="verification_uid")
    return uid


def checked_reason(text: str) -> str:
    """Why somebody looks. Raises InvalidRequest."""
    if not typed(text):
        raise InvalidRequest("Say why: it is kept, with your name and the time.", field="reason")
    return checked(text, "reason", most=_LONGEST_REASON)


def note_look(engine: Engine, uid: str, reason: str, actor: Actor, now: float) -> None:
    """Writes down who looks at which verification and why. Raises NotSaved: then nobody looks."""
    with saving(engine) as conn:
        audit.append(conn, actor, SEEN, int(now), verification_uid=uid, reason=reason)


def is_verification(conn: Connection, uid: str) -> bool:
    """Whether an imp_uid is known here as a verification's: nobody looks for a payment of that name."""
    asked = "SELECT 1 FROM operation WHERE verification_uid = ? LIMIT 1"
    seen = "SELECT 1 FROM audit_entry WHERE operation_id IS NULL AND action = ? AND detail LIKE ? LIMIT 1"
    return bool(fetch(conn, asked, (uid,)) or fetch(conn, seen, (SEEN, f'%"verification_uid": "{_plain(uid)}"%')))


def _plain(uid: str) -> str:
    """What LIKE takes for signs of its own stands for itself: such a text is no imp_uid."""
    return uid if uid.replace("_", "").isalnum() else ""
