"""The pages: one table of file, title, icon and permission, and the ways from page to page."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Never

import streamlit as st
from services.tables.journal import Operation, OperationKind

from dashboard.access import Permission, User
from dashboard.locale import _
from dashboard.words import kinds
from dashboard.words.formats import escape
from dashboard.words.labels import Words, once_a_language

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
    BUYER_REQUESTS = "buyer_requests"
    QUICK_MEMBER = "quick_member"
    ACCESS_LOG = "access_log"
    KEY_DELETION = "key_deletion"
    CARD_ENTRY = "card_entry"
    SYSTEM = "system"
    WINDOW_CODE = "window_code"
    PEOPLE = "people"
    SESSIONS = "sessions"


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
    shows_nobody: bool = False
    """Whether no buyer stands on it in full, so that opening it is not in the access log."""


ENTRIES = (
    Entry(Place.OVERVIEW, ":material/monitoring:", Permission.SEE_PAYMENTS, default=True, shows_nobody=True),
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
    Entry(Place.REVENUE, ":material/bar_chart:", Permission.SEE_PAYMENTS, shows_nobody=True),
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
    Entry(Place.MONTH_END, ":material/lock_clock:", Permission.SEE_PAYMENTS, address="closing", shows_nobody=True),
    Entry(Place.NEEDS_PERSON, ":material/front_hand:", Permission.RESOLVE),
    Entry(Place.ACTIVITY, ":material/history:", Permission.SEE_PAYMENTS),
    Entry(Place.OPERATION, ":material/history:", Permission.SEE_PAYMENTS, hidden=True),
    Entry(Place.RECORDS, ":material/history_edu:", Permission.SEE_SYSTEM, shows_nobody=True),
    Entry(Place.WEBHOOKS, ":material/webhook:", Permission.SEE_SYSTEM, shows_nobody=True),
    Entry(Place.BULK_REFUNDS, ":material/upload_file:", Permission.REFUND),
    Entry(Place.REFUND, ":material/undo:", Permission.REFUND, hidden=True),
    Entry(Place.NAVER_CONFIRM, ":material/order_approve:", Permission.NAVER_CONFIRM, hidden=True),
    Entry(Place.NAVER_POINTS, ":material/loyalty:", Permission.NAVER_POINTS, hidden=True),
    Entry(Place.BULK_NAVER, ":material/order_approve:", Permission.NAVER_CONFIRM, hidden=True),
    Entry(Place.CHARGE, ":material/bolt:", Permission.CHARGE, hidden=True),
    Entry(Place.BENEPIA, ":material/redeem:", Permission.CHARGE, hidden=True, address="benepia-payment"),
    Entry(Place.IDENTITY, ":material/badge:", Permission.IDENTITY, address="identity-verifications", shows_nobody=True),
    Entry(Place.BUYER_REQUESTS, ":material/person_search:", Permission.BUYER_REQUESTS),
    Entry(
        Place.IDENTITY_OTP,
        ":material/sms:",
        Permission.IDENTITY,
        hidden=True,
        address="one-time-number",
        shows_nobody=True,
    ),
    Entry(
        Place.QUICK_MEMBER,
        ":material/person_remove:",
        Permission.IDENTITY,
        hidden=True,
        address="kcp-quick-member",
        shows_nobody=True,
    ),
    Entry(Place.ACCESS_LOG, ":material/policy:", Permission.SEE_ACCESS, shows_nobody=True),
    Entry(Place.CARD_ENTRY, ":material/dialpad:", Permission.CARD_ENTRY, hidden=True, shows_nobody=True),
    Entry(Place.KEY_DELETION, ":material/key_off:", Permission.DELETE_KEY, hidden=True),
    Entry(Place.SYSTEM, ":material/settings_heart:", Permission.SEE_SYSTEM, shows_nobody=True),
    Entry(Place.WINDOW_CODE, ":material/code:", Permission.SEE_SYSTEM, shows_nobody=True),
    Entry(Place.PEOPLE, ":material/group:", Permission.MANAGE_PEOPLE, shows_nobody=True),
    Entry(Place.SESSIONS, ":material/devices:", Permission.SEE_PAYMENTS, hidden=True, shows_nobody=True),
)


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
        Place.BULK_NAVER: _("Many Naver Pay orders at once"),
        Place.CHARGE: _("Charge"),
        Place.BENEPIA: _("Benepia payment"),
        Place.IDENTITY: _("Identity verifications"),
        Place.BUYER_REQUESTS: _("Buyers' requests"),
        Place.IDENTITY_OTP: _("Verify by a one-time number"),
        Place.QUICK_MEMBER: _("Erase a KCP Quick member"),
        Place.ACCESS_LOG: _("Access log"),
        Place.CARD_ENTRY: _("Card entry"),
        Place.KEY_DELETION: _("Delete a billing key"),
        Place.SYSTEM: _("System"),
        Place.WINDOW_CODE: _("Code for your own site"),
        Place.PEOPLE: _("People"),
        Place.SESSIONS: _("My sessions and tokens"),
    }


def address_of(entry: Entry) -> str:
    """What stands behind the slash of a page's address."""
    return entry.address or entry.name.replace("_", "-")


def path_of(name: str) -> Path:
    """A page's file, as st.switch_page and st.page_link take it."""
    return _FOLDER / f"{name}.py"


def open_page(page: Place, /, **about: str) -> Never:
    """Leaves for a page; `about` is what its address says: of whom, or of what."""
    st.switch_page(path_of(page), query_params=about)


def followed_by(user: User) -> set[str]:
    """The kinds of operations that a person can follow: they may open the page of its form."""
    return {kind.value for kind in OperationKind if user.may(entry_of(kinds.of(kind).page).permission)}


def follow(operation: Operation) -> Never:
    """Leaves for the page on which an operation's outcome stands."""
    page, about = _form_of(operation)
    st.switch_page(path_of(page), query_params=about)


def link_to_form(label: str, operation: Operation) -> None:
    """A link to the form that an operation came from."""
    page, about = _form_of(operation)
    st.page_link(path_of(page), label=label, icon=entry_of(page).icon, query_params=about)


def _form_of(operation: Operation) -> tuple[str, dict[str, str]]:
    kind = kinds.of(operation.kind)
    if kind.otherwise and getattr(operation, kind.about) is None:
        return kind.page, {kind.otherwise: getattr(operation, kind.otherwise) or ""}
    if getattr(operation, kind.about) is None:
        # Several schedules revoked at once have no order number in common: they went before their key.
        kind = kinds.of(OperationKind.DELETE_KEY)
    return kind.page, {kind.about: str(getattr(operation, kind.about) or "")}


def entry_of(page: str) -> Entry:
    return next(entry for entry in ENTRIES if entry.name == page)


def link_to(label: str, page: Place, /, *, icon: str = "", **about: str) -> None:
    """A link to a page, with the page's own icon where none is given; `about` is what its address says."""
    st.page_link(path_of(page), label=escape(label), icon=icon or entry_of(page).icon, query_params=about)


def link_to_list(label: str, name: str, params: Mapping[str, str]) -> None:
    """A link to a list with a filter: the rows behind a figure."""
    st.page_link(path_of(name), label=label, icon=":material/arrow_forward:", query_params=dict(params))
