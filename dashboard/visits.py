"""What goes into the access log from screens: which page of buyers was opened, what kind of word was looked for.

Once for each visit and each thing, not at every run. Where it cannot be written the page ends instead, for those who
see buyers in full; nobody else is held up by it.
"""

import time
from collections.abc import Mapping
from contextlib import suppress
from unicodedata import normalize

import streamlit as st
from services.errors import NotSaved
from services.people import access_log
from services.people.access_log import Access
from services.people.sought import kind_of
from services.people.whose import kept_id
from services.tables.staff.access import AccessKind

from dashboard.access import Permission, User
from dashboard.kit import session
from dashboard.kit.session import Slot
from dashboard.navigation import ENTRIES, Entry, Place, address_of
from dashboard.process.access_log.note import from_address, note, on_screen
from dashboard.process.resources import open_session
from dashboard.words import formats

_ABOUT: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (Place.PAYMENT, Place.REFUND, Place.DELIVERY, Place.PAYCO_STATUS, Place.PAYMENTWALL_DELIVERY,
         Place.NAVER_CONFIRM, Place.NAVER_POINTS),
        ("imp_uid",),
    ),
    **dict.fromkeys((Place.RECEIPT, Place.VBANK), ("imp_uid", "merchant_uid")),
    **dict.fromkeys((Place.CUSTOMER, Place.NEW_LINK), ("imp_uid", "customer_uid")),
    **dict.fromkeys((Place.BILLING_KEY, Place.BOOK_SCHEDULE, Place.CHARGE, Place.KEY_DELETION), ("customer_uid",)),
    Place.SCHEDULE: ("merchant_uid",),
    Place.LINK: ("link",),
    Place.OPERATION: ("number",),
}  # fmt: skip
"""By which of its parameters a page says whom it is about; what else stands in an address counts for nothing."""
_PAGE: Slot[str | None] = Slot("visited", lambda: None)
"""The address of the page that the visit is to: it ends with the next one, by whatever way they go there."""
_NOTED: Slot[set[tuple[str, ...]]] = Slot("noted", set)
"""What of this visit is in the log."""
_SEARCHED: Slot[dict[str, str]] = Slot("searched", dict)
"""By list, the word that was looked for last."""
_SIGN_IN, _HOUR = "sign_in", 3600
EVERYTHING = "everything"
"""The search of every screen."""


def note_visit(user: User, path: str) -> None:
    """Before a page is drawn: whoever sees buyers in full opens it, or somebody else on it."""
    if _PAGE.get() != path:
        _PAGE.put(path)
        _NOTED.put(set())
        _SEARCHED.put({})
    entry = _entry_of(path)
    if entry is None or entry.shows_nobody or not user.may(entry.permission):
        return
    named = (st.query_params.get(name, "") for name in _ABOUT.get(entry.name, ()))
    for whose in list(filter(None, named)) or [""]:
        _note_seen(user, entry.name, whose)


def note_look(user: User, whose: str = "") -> None:
    """Before somebody stands there in full whom opening the page has not written down: once an id and visit."""
    entry = _entry_of(session.AT.get() or "")
    _note_seen(user, entry.name if entry else "", whose)


def reveal(user: User, whose: str, reason: str) -> NotSaved | None:
    """Writes down that a masked buyer is shown to somebody who asked for it; why not, where it could not be."""
    entry = _entry_of(session.AT.get() or "")
    try:
        note(on_screen(user), Access(AccessKind.REVEALED, entry.name if entry else "", kept_id(whose), reason=reason))
    except NotSaved as error:
        return error
    _NOTED.get().add((AccessKind.REVEALED, whose))
    return None


def is_revealed(whose: str) -> bool:
    """Whether that was asked for since the person came to the page."""
    return (AccessKind.REVEALED, whose) in _NOTED.get()


def note_no_right(user: User, page: Place) -> None:
    """Somebody opened a page that is not theirs; they see nothing of it, whatever becomes of the entry."""
    if _is_new(AccessKind.REFUSED, page):
        with suppress(NotSaved):
            note(on_screen(user), Access(AccessKind.REFUSED, page))


def note_stranger(email: str) -> None:
    """Somebody signed in and was not let in: once an hour, since they may connect as often as they like."""
    if not _is_new(AccessKind.REFUSED, _SIGN_IN):
        return
    stranger = from_address(email, st.context.ip_address or "")
    with open_session() as conn:
        is_known = access_log.was_refused(conn, stranger.name, _SIGN_IN, time.time() - _HOUR)
    if not is_known:
        with suppress(NotSaved):
            note(stranger, Access(AccessKind.REFUSED, _SIGN_IN))


def note_search(user: User, where: str, text: str, rows: int | None = None) -> None:
    """Before what was found is shown, where the address `where` is: the kind of word, once for each word of a list.

    In the search of every screen, which looks while somebody types, once for each word that is typed or taken away.
    """
    last, kind = _SEARCHED.get().get(where, ""), kind_of(text).value if text else ""
    goes_on = where == EVERYTHING and last and kind == kind_of(last) and _is_same_word(last, text)
    if text and text != last and not goes_on:
        entry = _entry_of(where)
        what = entry.name if entry else where
        _or_nothing(user, Access(AccessKind.SEARCHED, what, row_count=rows, column_names=(kind,)))
    if text:
        _SEARCHED.get()[where] = text


def forget_search(where: str) -> None:
    """A new search begins there."""
    _SEARCHED.get().pop(where, None)


def _is_same_word(before: str, now: str) -> bool:
    """Whether one is the begin of the other; of a syllable as well, which is typed by its letters."""
    shorter, longer = sorted((normalize("NFKD", before), normalize("NFKD", now)), key=len)
    return longer.startswith(shorter)


def _entry_of(path: str) -> Entry | None:
    return next((one for one in ENTRIES if address_of(one) == path), None)


def _note_seen(user: User, page: str, whose: str) -> None:
    if user.may(Permission.SEE_BUYERS) and (AccessKind.SEEN, page, whose) not in _NOTED.get():
        _or_nothing(user, Access(AccessKind.SEEN, page, kept_id(whose)))
        _is_new(AccessKind.SEEN, page, whose)


def _is_new(*what: str) -> bool:
    noted = _NOTED.get()
    is_new = what not in noted
    noted.add(what)
    return is_new


def _or_nothing(user: User, access: Access) -> None:
    """Writes it down; where that cannot be, whoever sees buyers in full reads why instead."""
    refused = None
    try:
        note(on_screen(user), access)
    except NotSaved as error:
        refused = error
    if refused and user.may(Permission.SEE_BUYERS):
        st.error(formats.told(refused), icon=":material/lock:")
        st.stop()
