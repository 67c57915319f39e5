"""The menu: what a person may open, by jobs; pages that share an entry are tabs of one another."""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.access import Permission, User
from dashboard.kit import session
from dashboard.kit.gate import no_right, unknown_address
from dashboard.kit.session import Slot
from dashboard.locale import _, current_language
from dashboard.navigation import ENTRIES, Entry, Place, address_of, entry_of, path_of, title
from dashboard.visits import note_no_right

_NOWHERE = "not-found"
# Kept for a person, a count and a language: making them looks for each file on the disk.
_PAGES: Slot[tuple[tuple[User, int, str] | None, dict[str, list[st.Page]]]] = Slot("pages", lambda: (None, {}))
_WORK = (
    Place.NEEDS_PERSON,
    Place.ACTIVITY,
    Place.DELIVERIES,
    Place.BULK_REFUNDS,
    Place.BULK_SCHEDULES,
    Place.BULK_LINKS,
)
TABS = (
    (Place.PAYMENTS, Place.LINKS, Place.RECEIPTS),
    (Place.REFUNDS, Place.WAITING),
    (Place.SUBSCRIPTIONS, Place.RECOVERY, Place.RADAR, Place.OUTAGE),
    (Place.REVENUE, Place.MONTH_END),
    _WORK,
    (
        Place.SYSTEM,
        Place.WEBHOOKS,
        Place.RECORDS,
        Place.IDENTITY,
        Place.BUYER_REQUESTS,
        Place.PEOPLE,
        Place.ACCESS_LOG,
        Place.WINDOW_CODE,
    ),
)
"""Pages with one entry in the menu: the first one that a person may open stands there, and each leads to the others."""


def _sections() -> dict[str, tuple[Place, ...]]:
    """The menu: pages by jobs, but for those that are tabs of another."""
    return {
        "": (Place.OVERVIEW,),
        _("Transactions"): (Place.PAYMENTS, Place.REFUNDS),
        _("Recurring payments"): (Place.SUBSCRIPTIONS, Place.SCHEDULES, Place.BILLING_KEYS),
        _("Finance"): (Place.REVENUE,),
        _("Operations"): (Place.NEEDS_PERSON, Place.SYSTEM),
    }


def pages_for(user: User, *, waiting: int = 0) -> dict[str, list[st.Page]]:
    """Every page by its section of the menu, under no name what stands in none; `waiting` operations need a person.

    Those that a user may not open say so.
    """
    made_for = (user, waiting, current_language())
    if _PAGES.get()[0] != made_for:
        _PAGES.put((made_for, _made(user, waiting)))
    made = _PAGES.get()[1]
    _lead_to([page for section in made.values() for page in section])
    return made


def _made(user: User, waiting: int) -> dict[str, list[st.Page]]:
    sections = _sections()
    of = {place: name for name, places in sections.items() for place in places}
    made: dict[str, list[st.Page]] = {name: [] for name in sections}
    for entry in ENTRIES:
        places = tabs_of(entry.name, user)
        of_work = entry.name in _WORK and len(places) > 1
        waits = waiting if user.may(Permission.RESOLVE) else 0
        shown = places[0] == entry.name
        name = _with_count(_("Work"), waits) if shown and of_work else title(entry.name)
        page = _page(entry, name, shown=shown) if user.may(entry.permission) else _closed(entry, user)
        made[of[_main(entry.name)] if page.visibility == "visible" else ""].append(page)
    made[""].append(st.Page(unknown_address, title="Jangbu", url_path=_NOWHERE, visibility="hidden"))
    return {name: pages for name, pages in made.items() if pages}


def _main(name: Place) -> Place:
    """The page whose entry of the menu leads to a page."""
    return next((tabs[0] for tabs in TABS if name in tabs), name)


def tabs_of(name: Place, user: User) -> list[Place]:
    """The page and those beside it that a person may open; the page alone where it has none, or is not open to them."""
    beside = next((tabs for tabs in TABS if name in tabs), (name,))
    return [tab for tab in beside if user.may(entry_of(tab).permission)] or [name]


def tabs() -> None:
    """Links to the pages that share this one's entry in the menu."""
    at = next((entry for entry in ENTRIES if address_of(entry) == session.AT.get()), None)
    places = tabs_of(at.name, session.USER.get()) if at else []
    if len(places) < 2:
        return
    with st.container(horizontal=True, gap="small", width="content", key="tabs"):
        for place in places:
            st.page_link(path_of(place), label=title(place), icon=entry_of(place).icon)


def _page(entry: Entry, name: str, *, shown: bool) -> st.Page:
    return st.Page(
        path_of(entry.name),
        title=name,
        icon=entry.icon,
        url_path=address_of(entry),
        default=entry.default,
        visibility="visible" if shown and not entry.hidden else "hidden",
    )


def _closed(entry: Entry, user: User) -> st.Page:
    name = title(entry.name)
    return st.Page(
        lambda: _refused(entry, user), title=name, icon=entry.icon, url_path=address_of(entry), visibility="hidden"
    )


def _refused(entry: Entry, user: User) -> None:
    note_no_right(user, entry.name)
    no_right(user, title(entry.name))


def _lead_to(pages: list[st.Page]) -> None:
    """An address that is none gets our page instead of Streamlit's English one; the first page has a name too."""
    ctx = get_script_run_ctx()
    if ctx is None or ctx.pages_manager.intended_page_script_hash:
        return
    asked = ctx.pages_manager.intended_page_name
    if asked and asked not in {page.url_path for page in pages} - {_NOWHERE}:
        leads_to = "" if asked == ENTRIES[0].name else _NOWHERE
        found = next(page for page in pages if page.url_path == leads_to)
        ctx.pages_manager.set_script_intent(found._script_hash, "")


def is_back_or_forward() -> bool:
    """Whether the browser's Back or Forward asked for this run."""
    ctx = get_script_run_ctx()
    return ctx is not None and ctx.is_history_navigation


def _with_count(name: str, count: int) -> str:
    return f"{name} ({count:,})" if count else name
