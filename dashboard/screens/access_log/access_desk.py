"""What the access log's screen reads, and the review that it writes."""

import time
from dataclasses import dataclass

from services.errors import JangbuError, NotSaved
from services.people import access_list
from services.people.access_list import Accessed, AccessFilter, Review
from services.store.engine import writing
from services.store.lists.keyset import Page
from sqlalchemy.exc import DatabaseError

from dashboard.access import User
from dashboard.process.executor import actor_of
from dashboard.process.resources import open_session, open_store


@dataclass(frozen=True, slots=True)
class Reviews:
    """The last month that has ended in Korea, who looked through its log, and the latest review of all."""

    month: str
    is_due: bool
    """Whether there was a log in it, or before."""
    now: Review | None
    latest: Review | None


def known_people() -> list[str]:
    """Everybody of whom there is an entry."""
    with open_session() as session:
        return access_list.people(session)


def read_list(chosen: AccessFilter, *, before: str | None, after: str | None) -> Page[Accessed]:
    """Entries by a filter. Raises InvalidFilter."""
    with open_session() as session:
        return access_list.list_accesses(session, chosen, before=before, after=after)


def read_file(chosen: AccessFilter) -> list[Accessed]:
    """The entries of a filter for a file. Raises InvalidFilter."""
    with open_session() as session:
        return access_list.read_accesses(session, chosen)


def reviews(now: float) -> Reviews:
    """How the monthly review stands."""
    month = access_list.month_to_review(now)
    with open_session() as session:
        of_month, latest = access_list.last_review(session, month), access_list.last_review(session)
        return Reviews(month, access_list.is_due(session, now), of_month, latest)


def note_review(note: str, user: User) -> JangbuError | None:
    """Writes down that somebody looked through the log of the month to review; why not, where it could not be."""
    actor = actor_of(user)
    try:
        with writing(open_store(checked=False), durable=True) as conn:
            access_list.note_review(conn, actor, note, time.time())
    except DatabaseError:
        return NotSaved("The database could not save it. Try again.")
    except JangbuError as error:
        return error
    return None
