"""Saved views of lists: who may see and change which, and the columns that a list begins with for a person."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, or_, select, update

from services.errors import InvalidRequest, Moved, NotAllowed
from services.store.sql import read_all, read_one, table
from services.tables.staff.views import SavedView
from services.typed_text import require_typed, typed

LONGEST = 40
"""Signs of a name."""
MOST = 50
"""Views of one person, in all lists."""
_LONGEST_ADDRESS = 4_000
_TABLE = table(SavedView)
_LIVING = _TABLE.c.deleted_at.is_(None)
_COLUMNS_ONLY = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a view keeps of a list: filter and order as an address, and columns in their order, none: the list's own."""

    address: str
    columns: tuple[str, ...] = ()

    @property
    def values(self) -> dict[str, str]:
        """As columns of the table. Raises InvalidRequest for more than can be kept."""
        if len(self.address) > _LONGEST_ADDRESS:
            raise InvalidRequest("These are more filters than a view can keep.", field="view")
        return {"address": self.address, "columns": ",".join(self.columns)}


@dataclass(frozen=True, slots=True)
class By:
    """Who does it, and whether they may change shared views of others too."""

    person: str
    over_others: bool = False

    def may_change(self, view: SavedView) -> bool:
        """Whether a view that they see is theirs to change and to delete."""
        return view.owner == self.person or self.over_others


def find(conn: Connection, list_name: str, person: str) -> list[SavedView]:
    """The views that a person sees on a list: their own by name, then what others share."""
    wanted = select(_TABLE).where(_TABLE.c.list_name == list_name, _TABLE.c.name != _COLUMNS_ONLY, _LIVING)
    found = read_all(conn, SavedView, wanted.where(or_(_TABLE.c.owner == person, _TABLE.c.shared)))
    return sorted(found, key=lambda view: (view.owner != person, view.name, view.owner))


def get(conn: Connection, list_name: str, view_id: int, person: str) -> SavedView | None:
    """One of them; None where the person does not see it."""
    wanted = select(_TABLE).where(_TABLE.c.id == view_id, _TABLE.c.list_name == list_name, _LIVING)
    seen = or_(_TABLE.c.owner == person, _TABLE.c.shared)
    return read_one(conn, SavedView, wanted.where(_TABLE.c.name != _COLUMNS_ONLY, seen))


def save(conn: Connection, list_name: str, name: str, shown: Shown, by: By, now: float, *, shared: bool) -> SavedView:
    """Keeps a new view. Raises InvalidRequest for a name that is taken or none, and for too many."""
    mine = (_TABLE.c.owner == by.person, _TABLE.c.name != _COLUMNS_ONLY, _LIVING)
    if int(conn.execute(select(func.count()).where(*mine)).scalar_one()) >= MOST:
        raise InvalidRequest("You have {most} views: delete one first.", field="name", most=MOST)
    values = {"list_name": list_name, "owner": by.person, "shared": shared, "made_at": int(now), **shown.values}
    values["name"] = _free_name(conn, list_name, by.person, name)
    made = conn.execute(_TABLE.insert().values(values).returning(_TABLE)).one()
    return SavedView(**made._mapping)


def change(
    conn: Connection,
    view: SavedView,
    by: By,
    now: float,
    *,
    name: str | None = None,
    shared: bool | None = None,
    shown: Shown | None = None,
) -> SavedView:
    """Another name, sharing or content. Raises InvalidRequest, NotAllowed, and Moved where it is gone."""
    found = _require(conn, view, by)
    values: dict[str, Any] = shown.values if shown else {}
    if name is not None and typed(name) != found.name:
        values["name"] = _free_name(conn, found.list_name, found.owner, name)
    if shared is not None:
        values["shared"] = shared
    values |= {"changed_by": by.person, "changed_at": int(now)}
    conn.execute(update(_TABLE).where(_TABLE.c.id == found.id).values(values))
    return found.model_copy(update=values)


def remove(conn: Connection, view: SavedView, by: By, now: float) -> None:
    """Deletes a view; of a shared one it stays known who did. Raises NotAllowed, and Moved where it is gone."""
    found = _require(conn, view, by)
    mine = _TABLE.c.id == found.id
    if found.shared:
        conn.execute(update(_TABLE).where(mine).values(deleted_by=by.person, deleted_at=int(now)))
    else:
        conn.execute(delete(_TABLE).where(mine))


def columns_of(conn: Connection, list_name: str, person: str) -> tuple[str, ...]:
    """The columns that a list begins with for a person; none where they chose none."""
    found = conn.execute(select(_TABLE.c.columns).where(*_own(list_name, person, _COLUMNS_ONLY))).scalar()
    return tuple(found.split(",")) if found else ()


def keep_columns(conn: Connection, list_name: str, columns: tuple[str, ...], person: str, now: float) -> None:
    """The list begins with these columns for the person from now on; with its own for none."""
    mine = _own(list_name, person, _COLUMNS_ONLY)
    conn.execute(delete(_TABLE).where(*mine))
    if columns:
        values = {"list_name": list_name, "owner": person, "name": _COLUMNS_ONLY, "shared": False, "made_at": int(now)}
        conn.execute(_TABLE.insert().values(values | Shown("", columns).values))


def _require(conn: Connection, view: SavedView, by: By) -> SavedView:
    found = get(conn, view.list_name, view.id, by.person)
    if found is None:
        raise Moved("This view is not there any more.")
    if not by.may_change(found):
        raise NotAllowed("It is {owner}'s: save it as one of your own.", owner=found.owner)
    return found


def _free_name(conn: Connection, list_name: str, owner: str, name: str) -> str:
    name = typed(name)
    if not name:
        raise InvalidRequest("Give it a name.", field="name")
    if len(name) > LONGEST:
        raise InvalidRequest("That is longer than {most} signs.", field="name", most=LONGEST)
    require_typed(name, "name")
    if conn.execute(select(_TABLE.c.id).where(*_own(list_name, owner, name))).first():
        raise InvalidRequest("There is a view of this name on this list.", field="name")
    return name


def _own(list_name: str, owner: str, name: str) -> tuple[Any, ...]:
    return _TABLE.c.list_name == list_name, _TABLE.c.owner == owner, _TABLE.c.name == name, _LIVING
