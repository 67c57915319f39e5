"""Tickets for exports: made by a page, handed in at /export/{token}; nobody else can make or guess one."""

import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from services.clock import Clock
from services.exports.query import ListFilter

from dashboard.access import User

LIFETIME = 600
_MOST = 2_000


@dataclass(frozen=True, slots=True)
class Ticket:
    """What one export may hold: a kind of rows, the list's filter, the format, for whom, and which columns."""

    chosen: ListFilter
    fmt: str
    user: User
    language: str
    expires_at: float
    kind: str = "payments"
    columns: tuple[str, ...] = ()
    """Their names; all of them for none."""


_tickets: dict[str, Ticket] = {}
_lock = threading.Lock()


def issue_ticket(
    chosen: ListFilter,
    fmt: str,
    user: User,
    language: str,
    *,
    kind: str = "payments",
    columns: Sequence[str] = (),
    clock: Clock = time.time,
) -> str:
    """The path of a download that works for LIFETIME seconds."""
    token = secrets.token_urlsafe(24)
    with _lock:
        _drop_old(clock())
        _tickets[token] = Ticket(chosen, fmt, user, language, clock() + LIFETIME, kind, tuple(columns))
    return f"/export/{token}"


def find_ticket(token: str, *, clock: Clock = time.time) -> Ticket | None:
    """The ticket of a token, None when it is unknown or too old; a browser may ask for it twice."""
    with _lock:
        ticket = _tickets.get(token)
    return ticket if ticket and ticket.expires_at > clock() else None


def _drop_old(now: float) -> None:
    for token in [token for token, ticket in _tickets.items() if ticket.expires_at <= now]:
        del _tickets[token]
    while len(_tickets) >= _MOST:
        del _tickets[next(iter(_tickets))]
