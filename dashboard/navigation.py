"""The pages: one table of file, title, icon and permission, the menu made of it, and the ways from page to page."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Never

import streamlit as st
from services.tables.journal import Operation, OperationKind
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.access import Permission, User
from dashboard.kit import session
from dashboard.kit.gate import no_right, unknown_address
from dashboard.kit.session import Slot
from dashboard.locale import _, current_language
from dashboard.words import kinds
from dashboard.words.formats import escape
from dashboard.words.labels import Words, once_a_language

_NOWHERE = "not-found"
# Absolute: st.switch_page looks for anything else beside the entry script.
_FOLDER = Path(__file__).resolve().parent.parent / "pages"


class Place(StrEnum):
    """A page, by its file without `.py`."""

    OVERVIEW = "overview"
    PAYMENTS = "payments"
    PAYMENT = "payment"
    LINKS = "links"
    LINK = "link"
    NEW_LINK = "new_link"
    BULK_LINKS = "bulk_links"
    RECEIPTS = "receipts"
    RECEIPT = "receipt"
    NEW_RECEIPT = "new_receipt"
    DELIVERIES = "deliveries"
    DELIVERY = "delivery"
    BULK_DELIVERIES = "bulk_deliveries"
    PAYCO_STATUS = "payco_status"
    PAYMENTWALL_DELIVERY = "paymentwall_delivery"
    WAITING = "waiting"
    VBANK = "vbank"
    NEW_VBANK = "new_vbank"
    NEW_CVS = "new_cvs"
    BULK_VBANKS = "bulk_vbanks"
    CUSTOMER = "customer"
    REFUNDS = "refunds"
    REVENUE = "revenue"
    SUBSCRIPTIONS = "subscriptions"
    SCHEDULES = "schedules"
    BULK_SCHEDULES = "bulk_schedules"
    SCHEDULE = "schedule"
    BOOK_SCHEDULE = "book_schedule"
    BILLING_KEYS = "billing_keys"
    BILLING_KEY = "billing_key"
    RECOVERY = "recovery"
    RADAR = "radar"
    OUTAGE = "outage"
    MONTH_END = "month_end"
    NEEDS_PERSON = "needs_person"
    ACTIVITY = "activity"
    OPERATION = "operation"
    RECORDS = "records"
    WEBHOOKS = "webhooks"
    BULK_REFUNDS = "bulk_refunds"
    REFUND = "refund"
    NAVER_CONFIRM = "naver_confirm"
    NAVER_POINTS = "naver_points"
    BULK_NAVER = "bulk_naver"
    CHARGE = "charge"
    BENEPIA = "benepia"
    IDENTITY = "identity"
    IDENTITY_OTP = "identity_otp"
    QUICK_MEMBER = "quick_member"
    KEY_DELETION = "key_deletion"
    CARD_ENTRY = "card_entry"
    SYSTEM = "system"
    WINDOW_CODE = "window_code"


# Kept for a person, a count and a language: making them looks for each file on the disk.
_PAGES: Slot[tuple[tuple[User, int, str] | None, dict[str, list[st.Page]]]] = Slot("pages", lambda: (None, {}))

BACK = ":material/arrow_back:"
"""The icon of a link that leads back."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One page: its name is also its path in the address, with hyphens there, unless that is given."""

    name: Place
    icon: str
    permission: Permission
    default: bool = False
    hidden: bool = False
    address: str = ""


ENTRIES = (
    Entry(Place.OVERVIEW, ":material/monitoring:", Permission.SEE_PAYMENTS, default=True),
    Entry(Place.PAYMENTS, ":material/receipt_long:", Permission.SEE_PAYMENTS),
    Entry(Place.PAYMENT, ":material/receipt:", Permission.SEE_PAYMENTS, hidden=True),
    Entry(Place.LINKS, ":material/link:", Permission.SEE_PAYMENTS),
    Entry(Place.LINK, ":material/link:", Permission.SEE_PAYMENTS, hidden=True),
    Entry(Place.NEW_LINK, ":material/add_link:", Permission.CHARGE, hidden=True),
    Entry(Place.BULK_LINKS, ":material/dataset_linked:", Permission.CHARGE),
    Entry(Place.RECEIPTS, ":material/request_quote:", Permission.SEE_PAYMENTS, address="cash-receipts"),
    Entry(Place.RECEIPT, ":material/request_quote:", Permission.SEE_PAYMENTS, hidden=True, address="cash-receipt"),
    Entry(Place.NEW_RECEIPT, ":material/add_notes:", Permission.RECEIPT, hidden=True, address="new-cash-receipt"),
    Entry(Place.DELIVERIES, ":material/local_shipping:", Permission.SEE_PAYMENTS),
    Entry(Place.DELIVERY, ":material/local_shipping:", Permission.DELIVERY, hidden=True),
    Entry(Place.BULK_DELIVERIES, ":material/upload_file:", Permission.DELIVERY, hidden=True),
    Entry(Place.PAYCO_STATUS, ":material/local_shipping:", Permission.DELIVERY, hidden=True),
    Entry(Place.PAYMENTWALL_DELIVERY, ":material/local_shipping:", Permission.DELIVERY, hidden=True),
    Entry(Place.WAITING, ":material/hourglass:", Permission.SEE_PAYMENTS, address="waiting-for-money"),
    Entry(Place.VBANK, ":material/account_balance:", Permission.SEE_PAYMENTS, hidden=True, address="virtual-account"),
    Entry(Place.NEW_VBANK, ":material/account_balance:", Permission.VBANK, hidden=True, address="new-virtual-account"),
    Entry(Place.NEW_CVS, ":material/storefront:", Permission.VBANK, hidden=True, address="new-store-number"),
    Entry(Place.BULK_VBANKS, ":material/money_off:", Permission.VBANK, hidden=True, address="revoke-several"),
    Entry(Place.CUSTOMER, ":material/person:", Permission.SEE_PAYMENTS, hidden=True),
    Entry(Place.REFUNDS, ":material/undo:", Permission.SEE_PAYMENTS),
    Entry(Place.REVENUE, ":material/bar_chart:", Permission.SEE_PAYMENTS),
    Entry(Place.SUBSCRIPTIONS, ":material/autorenew:", Permission.SEE_PAYMENTS),
    Entry(Place.SCHEDULES, ":material/event_upcoming:", Permission.SEE_PAYMENTS),
    Entry(Place.BULK_SCHEDULES, ":material/rule:", Permission.SCHEDULE),
    Entry(Place.SCHEDULE, ":material/event:", Permission.SEE_PAYMENTS, hidden=True),
    Entry(Place.BOOK_SCHEDULE, ":material/event_available:", Permission.SCHEDULE, hidden=True, address="booking"),
    Entry(Place.BILLING_KEYS, ":material/key:", Permission.SEE_PAYMENTS),
    Entry(Place.BILLING_KEY, ":material/key:", Permission.SEE_PAYMENTS, hidden=True),
    Entry(Place.RECOVERY, ":material/healing:", Permission.SEE_PAYMENTS),
    Entry(Place.RADAR, ":material/radar:", Permission.SEE_PAYMENTS),
    Entry(Place.OUTAGE, ":material/event_busy:", Permission.SCHEDULE),
    Entry(Place.MONTH_END, ":material/lock_clock:", Permission.SEE_PAYMENTS, address="closing"),
    Entry(Place.NEEDS_PERSON, ":material/front_hand:", Permission.RESOLVE),
    Entry(Place.ACTIVITY, ":material/history:", Permission.SEE_PAYMENTS),
    Entry(Place.OPERATION, ":material/history:", Permission.SEE_PAYMENTS, hidden=True),
    Entry(Place.RECORDS, ":material/history_edu:", Permission.SEE_SYSTEM),
    Entry(Place.WEBHOOKS, ":material/webhook:", Permission.SEE_SYSTEM),
    Entry(Place.BULK_REFUNDS, ":material/upload_file:", Permission.REFUND),
    Entry(Place.REFUND, ":material/undo:", Permission.REFUND, hidden=True),
    Entry(Place.NAVER_CONFIRM, ":material/order_approve:", Permission.NAVER_CONFIRM, hidden=True),
    Entry(Place.NAVER_POINTS, ":material/loyalty:", Permission.NAVER_POINTS, hidden=True),
    Entry(Place.BULK_NAVER, ":material/order_approve:", Permission.NAVER_CONFIRM, hidden=True),
    Entry(Place.CHARGE, ":material/bolt:", Permission.CHARGE, hidden=True),
    Entry(Place.BENEPIA, ":material/redeem:", Permission.CHARGE, hidden=True, address="benepia-payment"),
    Entry(Place.IDENTITY, ":material/badge:", Permission.IDENTITY, address="identity-verifications"),
    Entry(Place.IDENTITY_OTP, ":material/sms:", Permission.IDENTITY, hidden=True, address="one-time-number"),
    Entry(Place.QUICK_MEMBER, ":material/person_remove:", Permission.IDENTITY, hidden=True, address="kcp-quick-member"),
    Entry(Place.CARD_ENTRY, ":material/dialpad:", Permission.CARD_ENTRY, hidden=True),
    Entry(Place.KEY_DELETION, ":material/key_off:", Permission.DELETE_KEY, hidden=True),
    Entry(Place.SYSTEM, ":material/settings_heart:", Permission.SEE_SYSTEM),
    Entry(Place.WINDOW_CODE, ":material/code:", Permission.SEE_SYSTEM),
)


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
    (Place.SYSTEM, Place.WEBHOOKS, Place.RECORDS, Place.IDENTITY, Place.WINDOW_CODE),
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


@once_a_language
def title() -> Words:
    """A page's title."""
    return {
        Place.OVERVIEW: _("Home"),
        Place.PAYMENTS: _("Payments"),
        Place.PAYMENT: _("Payment"),
        Place.LINKS: _("Payment links"),
        Place.LINK: _("Payment link"),
        Place.NEW_LINK: _("New link"),
        Place.BULK_LINKS: _("Many links at once"),
        Place.RECEIPTS: _("Cash receipts"),
        Place.RECEIPT: _("Cash receipt"),
        Place.NEW_RECEIPT: _("New receipt"),
        Place.DELIVERIES: _("Escrow deliveries"),
        Place.DELIVERY: _("Escrow delivery"),
        Place.BULK_DELIVERIES: _("Many deliveries at once"),
        Place.PAYCO_STATUS: _("State of a PAYCO order"),
        Place.PAYMENTWALL_DELIVERY: _("Delivery told to Paymentwall"),
        Place.WAITING: _("Waiting for money"),
        Place.VBANK: _("Virtual account"),
        Place.NEW_VBANK: _("New virtual account"),
        Place.NEW_CVS: _("New convenience store number"),
        Place.BULK_VBANKS: _("Revoke several"),
        Place.CUSTOMER: _("Customer"),
        Place.REFUNDS: _("Refunds"),
        Place.REVENUE: _("Revenue"),
        Place.SUBSCRIPTIONS: _("Subscriptions"),
        Place.SCHEDULES: _("Schedules"),
        Place.BULK_SCHEDULES: _("Many schedules at once"),
        Place.SCHEDULE: _("Schedule"),
        Place.BOOK_SCHEDULE: _("Book a payment"),
        Place.BILLING_KEYS: _("Billing keys"),
        Place.BILLING_KEY: _("Billing key"),
        Place.RECOVERY: _("Recovery"),
        Place.RADAR: _("Lapsed subscriptions"),
        Place.OUTAGE: _("Outage window"),
        Place.MONTH_END: _("Closing"),
        Place.NEEDS_PERSON: _("Needs a person"),
        Place.ACTIVITY: _("Activity"),
        Place.OPERATION: _("Single operation"),
        Place.RECORDS: _("Settings, bulk files and closings"),
        Place.WEBHOOKS: _("Webhooks"),
        Place.BULK_REFUNDS: _("Bulk refunds"),
        Place.REFUND: _("Refund"),
        Place.NAVER_CONFIRM: _("Confirm a Naver Pay order"),
        Place.NAVER_POINTS: _("Credit Naver Pay points"),
        Place.BULK_NAVER: _("Naver Pay orders"),
        Place.CHARGE: _("Charge"),
        Place.BENEPIA: _("Benepia payment"),
        Place.IDENTITY: _("Identity verifications"),
        Place.IDENTITY_OTP: _("Verify by a one-time number"),
        Place.QUICK_MEMBER: _("Erase a KCP Quick member"),
        Place.CARD_ENTRY: _("Card entry"),
        Place.KEY_DELETION: _("Delete a billing key"),
        Place.SYSTEM: _("System"),
        Place.WINDOW_CODE: _("Code for your own site"),
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
    return [tab for tab in beside if user.may(_entry(tab).permission)] or [name]


def tabs() -> None:
    """Links to the pages that share this one's entry in the menu."""
    at = next((entry for entry in ENTRIES if address_of(entry) == session.AT.get()), None)
    places = tabs_of(at.name, session.USER.get()) if at else []
    if len(places) < 2:
        return
    with st.container(horizontal=True, gap="small", width="content", key="tabs"):
        for place in places:
            st.page_link(path_of(place), label=title(place), icon=_entry(place).icon)


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
        lambda: no_right(user, name), title=name, icon=entry.icon, url_path=address_of(entry), visibility="hidden"
    )


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


def address_of(entry: Entry) -> str:
    """What stands behind the slash of a page's address."""
    return entry.address or entry.name.replace("_", "-")


def _with_count(name: str, count: int) -> str:
    return f"{name} ({count:,})" if count else name


def path_of(name: str) -> Path:
    """A page's file, as st.switch_page and st.page_link take it."""
    return _FOLDER / f"{name}.py"


def open_page(page: Place, /, **about: str) -> Never:
    """Leaves for a page; `about` is what its address says: of whom, or of what."""
    st.switch_page(path_of(page), query_params=about)


def followed_by(user: User) -> set[str]:
    """The kinds of operations that a person can follow: they may open the page of its form."""
    return {kind.value for kind in OperationKind if user.may(_entry(kinds.of(kind).page).permission)}


def follow(operation: Operation) -> Never:
    """Leaves for the page on which an operation's outcome stands."""
    page, about = _form_of(operation)
    st.switch_page(path_of(page), query_params=about)


def link_to_form(label: str, operation: Operation) -> None:
    """A link to the form that an operation came from."""
    page, about = _form_of(operation)
    st.page_link(path_of(page), label=label, icon=_entry(page).icon, query_params=about)


def _form_of(operation: Operation) -> tuple[str, dict[str, str]]:
    kind = kinds.of(operation.kind)
    if kind.otherwise and getattr(operation, kind.about) is None:
        return kind.page, {kind.otherwise: getattr(operation, kind.otherwise) or ""}
    if getattr(operation, kind.about) is None:
        # Several schedules revoked at once have no order number in common: they went before their key.
        kind = kinds.of(OperationKind.DELETE_KEY)
    return kind.page, {kind.about: str(getattr(operation, kind.about) or "")}


def _entry(page: str) -> Entry:
    return next(entry for entry in ENTRIES if entry.name == page)


def link_to(label: str, page: Place, /, *, icon: str = "", **about: str) -> None:
    """A link to a page, with the page's own icon where none is given; `about` is what its address says."""
    st.page_link(path_of(page), label=escape(label), icon=icon or _entry(page).icon, query_params=about)


def link_to_list(label: str, name: str, params: Mapping[str, str]) -> None:
    """A link to a list with a filter: the rows behind a figure."""
    st.page_link(path_of(name), label=label, icon=":material/arrow_forward:", query_params=dict(params))
