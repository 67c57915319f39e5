"""What the screens of links read and write: the list, one link with its openings, making one, taking one back."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.checkout import attempts, checkouts
from services.checkout.link_list import MOST, LinkFilter, LinkRow, LinkTotals, link_totals, list_links, makers, paid_by
from services.errors import JangbuError
from services.operations.journal.journal import saving
from services.store.lists.keyset import Page
from services.store.lists.one import Refundable, parts_of_payments
from services.tables.checkouts import Checkout, CheckoutAttempt

from dashboard.access import Permission, User
from dashboard.process.checkout import address_of
from dashboard.process.executor import actor_of, require_in_stores
from dashboard.process.resources import open_session, open_store

_LONGEST_NUMBER = 18


@dataclass(frozen=True, slots=True)
class LinkList:
    """One page of links, and what all that match come to."""

    found: Page[LinkRow]
    totals: LinkTotals


@dataclass(frozen=True, slots=True)
class LinkFile:
    """Links, and by what each of them was paid: order number and imp_uid."""

    rows: Sequence[LinkRow]
    paid: Mapping[int, Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class LinkScreen:
    """One link and the latest openings of it, newest first."""

    link: Checkout
    attempts: Sequence[CheckoutAttempt]
    refunded: Mapping[str, int]
    """What of each payment went back, by imp_uid."""
    address: str
    may_open: bool
    """Whether a buyer may still pay by it."""


def known_makers() -> list[str]:
    """Who made links."""
    with open_session() as session:
        return makers(session)


def read_list(chosen: LinkFilter, *, before: str | None, after: str | None) -> LinkList:
    """Links by a filter. Raises InvalidFilter."""
    with open_session() as session:
        found = list_links(session, chosen, before=before, after=after)
        return LinkList(found, link_totals(session, chosen))


def read_file(chosen: LinkFilter) -> LinkFile:
    """The links of a filter for a file, MOST of them at most."""
    with open_session() as session:
        rows = list_links(session, chosen, limit=MOST).rows
        return LinkFile(rows, paid_by(session, [row.id for row in rows]))


def read_link(number: str) -> LinkScreen | None:
    """A link by its number; None where there is none."""
    if not (number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER):
        return None
    with open_session() as session:
        try:
            link = checkouts.get(session, int(number))
        except LookupError:
            return None
        opened = attempts.of_checkout(session, link.id)
        payments = parts_of_payments(session, Refundable, [one.imp_uid for one in opened if one.imp_uid])
    refunded = {imp_uid: one.cancel_amount for imp_uid, one in payments.items()}
    return LinkScreen(link, opened, refunded, address_of(link.token), checkouts.may_open(link, time.time()))


def withdraw(link_id: int, user: User) -> JangbuError | None:
    """Takes a link back; what stands in the way."""
    actor = actor_of(user)
    try:
        with saving(open_store(checked=False)) as conn:
            require_in_stores(user, [checkouts.get(conn, link_id).tier], Permission.CHARGE)
            checkouts.withdraw(conn, link_id, actor, time.time())
    except JangbuError as error:
        return error
    return None
