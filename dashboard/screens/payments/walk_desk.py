"""Payments one after another as a list has them: its page is kept, and at an end the one beside it is read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services.store.lists.filters import PaymentFilter
from services.store.lists.keyset import Page
from services.store.lists.payments import search_payments
from services.store.lists.refunds import search_refunds

from dashboard.kit.filters.kept import Kept
from dashboard.kit.session import Slot
from dashboard.navigation import Place
from dashboard.process.resources import open_session

_SEARCHES: dict[Place, Callable[..., Page[Any]]] = {Place.PAYMENTS: search_payments, Place.REFUNDS: search_refunds}


@dataclass(frozen=True, slots=True)
class Walk:
    """The page of a list from which a payment was opened, in the list's order, and the cursors beside it."""

    place: Place
    chosen: PaymentFilter
    ids: tuple[str, ...]
    newer: str | None
    older: str | None

    def goes_on(self, imp_uid: str, step: int) -> bool:
        """Whether anything comes after a payment (1), or before it (-1)."""
        return 0 <= self.ids.index(imp_uid) + step < len(self.ids) or bool(self.older if step > 0 else self.newer)


_WALK: Slot[Walk | None] = Slot("walk", lambda: None)


def keep_page(place: Place, chosen: PaymentFilter, found: Page[Any]) -> None:
    """Remembers the page that a list shows."""
    ids = dict.fromkeys(row.imp_uid for row in found.rows)
    _WALK.put(Walk(place, chosen, tuple(ids), found.newer, found.older))


def walk_of(imp_uid: str) -> Walk | None:
    """The page of a list that shows a payment; None where the last one did not."""
    walk = _WALK.get()
    return walk if walk and imp_uid in walk.ids else None


def beside(walk: Walk, imp_uid: str, step: int) -> str | None:
    """The payment after one (1), or before it (-1); None where there is none any more. The list turns its page too."""
    at = walk.ids.index(imp_uid) + step
    if 0 <= at < len(walk.ids):
        return walk.ids[at]
    cursor = {"before": walk.older} if step > 0 else {"after": walk.newer}
    with open_session() as session:
        found = _SEARCHES[walk.place](session, walk.chosen, **cursor)
    # One payment's refunds may stand on both pages.
    others: list[str] = [row.imp_uid for row in found.rows if row.imp_uid != imp_uid]
    if not others:
        return None
    keep_page(walk.place, walk.chosen, found)
    Kept(walk.place).turn_page(**cursor)
    return others[0 if step > 0 else -1]
