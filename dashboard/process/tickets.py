"""Tickets for files: made by a page, handed in at /export/{token}; nobody else can make, read or guess one.

That of a list is sealed in its address, so that whichever process is asked can open it. What a page makes of rows that
it holds stays with its process, to which the proxy leads its reader.
"""

import secrets
import threading
import time
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, get_args
from weakref import WeakKeyDictionary

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from services.clock import Clock
from services.exports.csv_text import ListFile
from services.exports.query import ListFilter
from services.people.access_log import checked_reason
from services.store.writes.sync import keep_secret
from sqlalchemy import Engine

from dashboard.access import User
from dashboard.process.resources import open_store

LIFETIME = 600
_MOST = 2_000
_KEY, _NONCE = "ticket_key", 12
_FILTERS = {kind.__name__: kind for kind in get_args(ListFilter)}


@dataclass(slots=True, eq=False)
class Entry:
    """Whether the access log has one of the file: one, though a browser may ask for it twice, or twice at once."""

    turn: threading.Lock = field(default_factory=threading.Lock)
    is_written: bool = False

    def write(self, note: Callable[[], None]) -> None:
        """Has it written where it is not yet. Raises what `note` raises."""
        with self.turn:
            if not self.is_written:
                note()
                self.is_written = True


@dataclass(frozen=True, slots=True)
class Ticket:
    """What one export may hold: a kind of rows, the list's filter, the format, for whom, what for, which columns."""

    chosen: ListFilter
    fmt: str
    user: User
    language: str
    reason: str
    """See services.people.access_log.checked_reason."""
    expires_at: float
    kind: str = "payments"
    columns: tuple[str, ...] = ()
    """Their names; all of them for none."""
    entry: Entry = field(default_factory=Entry, compare=False)


@dataclass(frozen=True, slots=True)
class PageTicket:
    """A file that a page makes of what it lists, `what` in the access log: its name, its columns by V1's names."""

    read: Callable[[], ListFile]
    name: str
    user: User
    language: str
    reason: str
    expires_at: float
    what: str
    columns: tuple[str, ...]
    entry: Entry = field(default_factory=Entry, compare=False)


_SEALED = [one.name for one in fields(Ticket) if one.compare]
_of_pages: dict[str, PageTicket] = {}
_entries: dict[str, tuple[float, Entry]] = {}
"""Until when, and whether the access log has an entry of what was handed in here."""
_lock = threading.Lock()
_seals = WeakKeyDictionary[Engine, Any]()
"""Of a store: its key is made once and stays."""


def issue_ticket(
    chosen: ListFilter,
    fmt: str,
    user: User,
    language: str,
    *,
    reason: str,
    kind: str = "payments",
    columns: Sequence[str] = (),
    clock: Clock = time.time,
) -> str:
    """The path of a download that works for LIFETIME seconds. Raises InvalidRequest where no reason is given."""
    ticket = Ticket(chosen, fmt, user, language, checked_reason(reason), clock() + LIFETIME, kind, tuple(columns))
    told = {name: getattr(ticket, name) for name in _SEALED} | {"filter": type(chosen).__name__}
    nonce = secrets.token_bytes(_NONCE)
    sealed = _seal().encrypt(nonce, zlib.compress(msgspec.json.encode(told)), None)
    return f"/export/{urlsafe_b64encode(nonce + sealed).decode()}"


def issue_page_ticket(
    read: Callable[[], ListFile],
    name: str,
    user: User,
    language: str,
    *,
    what: str,
    columns: Sequence[str],
    reason: str,
    clock: Clock = time.time,
) -> str:
    """The same for a file that a page makes; it is read only when somebody takes it. Raises InvalidRequest."""
    why, until = checked_reason(reason), clock() + LIFETIME
    token = secrets.token_urlsafe(24)
    with _lock:
        _drop_old(clock())
        _of_pages[token] = PageTicket(read, name, user, language, why, until, what, tuple(columns))
    return f"/export/{token}"


def find_ticket(token: str, *, clock: Clock = time.time) -> Ticket | PageTicket | None:
    """The ticket of a token, None when it is none or too old; a browser may ask for it twice."""
    ticket = _of_pages.get(token) or _opened(token)
    if ticket is None or ticket.expires_at <= clock():
        return None
    with _lock:
        _drop_old(clock())
        _until, entry = _entries.setdefault(token, (ticket.expires_at, ticket.entry))
    return replace(ticket, entry=entry)


def _drop_old(now: float) -> None:
    for token in [token for token, ticket in _of_pages.items() if ticket.expires_at <= now]:
        del _of_pages[token]
    while len(_of_pages) >= _MOST:
        del _of_pages[next(iter(_of_pages))]
    for token in [token for token, (until, _entry) in _entries.items() if until <= now]:
        del _entries[token]


def _opened(token: str) -> Ticket | None:
    try:
        sealed = urlsafe_b64decode(token)
        told: dict[str, Any] = msgspec.json.decode(
            zlib.decompress(_seal().decrypt(sealed[:_NONCE], sealed[_NONCE:], None))
        )
        return Ticket(
            chosen=msgspec.convert(told.pop("chosen"), _FILTERS[told.pop("filter")]),
            user=msgspec.convert(told.pop("user"), User),
            columns=tuple(told.pop("columns")),
            **told,
        )
    except (ValueError, InvalidTag, KeyError, TypeError, msgspec.MsgspecError):
        # None of ours, or sealed by another version of Jangbu while one process after the other is started anew.
        return None


def _seal() -> Any:
    store = open_store(checked=False)
    if (found := _seals.get(store)) is None:
        found = _seals[store] = AESGCM(bytes.fromhex(keep_secret(store, _KEY)))
    return found
