"""A buyer's request: found by what was typed, which no address and no journal holds; copied, erased as looked at."""

import time
from dataclasses import dataclass, field

from services.errors import InvalidRequest, JangbuError
from services.people.access_log import Access
from services.privacy.erasure import checked_reason, copy_of, erase, note_copied
from services.privacy.find import Buyer, Scan, find_buyer, read_sought, scan
from services.privacy.rows import Terms
from services.tables.staff.access import AccessKind

from dashboard.access import User
from dashboard.kit.session import Slot
from dashboard.navigation import Place, address_of, entry_of
from dashboard.process.access_log.note import note, on_screen
from dashboard.process.executor import actor_of
from dashboard.process.resources import current_settings, open_session, open_store
from dashboard.visits import note_search


@dataclass(slots=True)
class Request:
    """What this session is at: what was typed, and how far it is."""

    text: str = field(default="", repr=False)
    reason: str = ""
    sure: str = ""
    """The seal of what is to be erased once the person says so again."""
    copied: str = ""
    """The seal of what was written down as copied."""
    erased: int | None = None
    scanned: Scan | None = field(default=None, repr=False)
    """What was read through when it was looked for: not anew whenever the page is drawn."""


_AT: Slot[Request] = Slot("buyer_request", Request)


def at() -> Request:
    """What this session is at."""
    return _AT.get()


def begin(text: str) -> None:
    """Another buyer is looked for. Raises InvalidRequest."""
    _AT.put(Request(read_sought(text).text))


def found(user: User) -> Buyer:
    """All that is kept of them at this moment, and in the log that it was looked for. Raises InvalidRequest."""
    with open_session() as session:
        at().scanned = at().scanned or scan(session, at().text)
        buyer = find_buyer(session, at().text, _terms(), at().scanned)
    note_search(user, address_of(entry_of(Place.BUYER_REQUESTS)), at().text, len(buyer.rows))
    return buyer


def copy(buyer: Buyer, reason: str, user: User) -> JangbuError | None:
    """Writes down that a copy is made, and why; what stood in the way."""
    try:
        why = checked_reason(reason, buyer.sought)
        note(on_screen(user), Access(AccessKind.EXPORTED, Place.BUYER_REQUESTS, row_count=len(buyer.rows), reason=why))
        note_copied(open_store(), buyer, reason, actor_of(user), time.time())
    except JangbuError as error:
        return error
    at().copied = buyer.seal
    return None


def files(buyer: Buyer) -> dict[str, bytes] | None:
    """The copy in each format, once it was written down that it is made."""
    return {kind: copy_of(buyer, kind) for kind in ("csv", "json")} if at().copied == buyer.seal else None


def ask_once_more(buyer: Buyer, reason: str) -> InvalidRequest | None:
    """The person wants it erased: what is to go is asked for once more; what is wrong with the reason."""
    try:
        at().reason = checked_reason(reason, buyer.sought)
    except InvalidRequest as error:
        return error
    at().sure = buyer.seal
    return None


def leave() -> None:
    """Nothing is erased."""
    at().sure = ""


def erase_all(user: User) -> JangbuError | None:
    """Erases what was looked at; what stood in the way."""
    request = at()
    request.scanned = None
    seal, request.sure = request.sure, ""
    try:
        request.erased = len(erase(open_store(), request.text, seal, request.reason, actor_of(user), _terms()))
    except JangbuError as error:
        return error
    return None


def _terms() -> Terms:
    return Terms(time.time(), current_settings().keep_buyers_years)
