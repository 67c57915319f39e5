"""Saved views as the person in front of a screen reads and changes them."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from services.errors import NotAllowed, NotSaved
from services.people import views
from services.people.views import By, Shown
from services.store.engine import writing
from services.tables.staff.views import SavedView
from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from dashboard.access import Permission, User
from dashboard.process.executor import name_of
from dashboard.process.resources import open_session, open_store
from dashboard.process.sessions import current_user


def acting(user: User) -> By:
    """The person as the owner of views; who may see System changes shared ones of others too."""
    return By(name_of(user), over_others=user.may(Permission.SEE_SYSTEM))


def views_of(list_name: str, user: User) -> list[SavedView]:
    """The views that a person sees on a list: their own by name, then what others share."""
    with open_session() as conn:
        return views.find(conn, list_name, name_of(user))


def view_of(list_name: str, number: str, user: User) -> SavedView | None:
    """The view of a number out of an address; None where the person sees none of it on this list."""
    if not number.isascii() or not number.isdecimal() or len(number) > 9:
        return None
    with open_session() as conn:
        return views.get(conn, list_name, int(number), name_of(user))


def own_columns(list_name: str, user: User) -> tuple[str, ...]:
    """The columns that a list begins with for a person; none where they chose none."""
    with open_session() as conn:
        return views.columns_of(conn, list_name, name_of(user))


def keep_columns(list_name: str, columns: tuple[str, ...], user: User) -> None:
    """The list begins with these for the person; with its own for none. Raises NotSaved."""
    with _saving(user) as conn:
        views.keep_columns(conn, list_name, columns, name_of(user), time.time())


def save(list_name: str, name: str, shown: Shown, user: User, *, shared: bool) -> SavedView:
    """Keeps a new view. Raises InvalidRequest and NotSaved."""
    with _saving(user) as conn:
        return views.save(conn, list_name, name, shown, acting(user), time.time(), shared=shared)


def show_other(view: SavedView, shown: Shown, user: User) -> SavedView:
    """The view shows this from now on. Raises InvalidRequest, NotAllowed, Moved and NotSaved."""
    with _saving(user) as conn:
        return views.change(conn, view, acting(user), time.time(), shown=shown)


def rename(view: SavedView, name: str, user: User, *, shared: bool) -> SavedView:
    """Another name, and whether all see it. Raises InvalidRequest, NotAllowed, Moved and NotSaved."""
    with _saving(user) as conn:
        return views.change(conn, view, acting(user), time.time(), name=name, shared=shared)


def remove(view: SavedView, user: User) -> None:
    """Deletes a view. Raises NotAllowed, Moved and NotSaved."""
    with _saving(user) as conn:
        views.remove(conn, view, acting(user), time.time())


@contextmanager
def _saving(user: User) -> Iterator[Connection]:
    if current_user() != user:
        raise NotAllowed("Your session is over: sign in again.")
    try:
        with writing(open_store(checked=False)) as conn:
            yield conn
    except (DatabaseError, PoolTimeout):
        raise NotSaved("The database could not save it. Try again.") from None
