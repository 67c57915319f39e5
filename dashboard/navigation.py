"""The pages: one table of file, title, icon and permission; and the ways from one page to another."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Never

import streamlit as st
from services.tables.journal import Operation, OperationKind
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.access import Permission, User
from dashboard.kit.gate import no_right, unknown_address
from dashboard.locale import _
from dashboard.words import kinds
from dashboard.words.formats import escape

_NOWHERE = "not-found"
# Absolute: st.switch_page looks for anything else beside the entry script.
_FOLDER = Path(__file__).resolve().parent.parent / "pages"


@dataclass(frozen=True, slots=True)
class Entry:
    """One page: its file without `.py` is also its path in the address, with hyphens there, unless that is given."""

    name: str
    icon: str
    permission: Permission
    default: bool = False
    hidden: bool = False
    address: str = ""


ENTRIES = (
    Entry("overview", ":material/monitoring:", Permission.SEE_PAYMENTS, default=True),
    Entry("payments", ":material/receipt_long:", Permission.SEE_PAYMENTS),
    Entry("payment", ":material/receipt:", Permission.SEE_PAYMENTS, hidden=True),
    Entry("refunds", ":material/undo:", Permission.SEE_PAYMENTS),
    Entry("revenue", ":material/bar_chart:", Permission.SEE_PAYMENTS),
    Entry("subscriptions", ":material/autorenew:", Permission.SEE_PAYMENTS),
    Entry("schedules", ":material/event_upcoming:", Permission.SEE_PAYMENTS),
    Entry("bulk_schedules", ":material/rule:", Permission.SCHEDULE, hidden=True),
    Entry("schedule", ":material/event:", Permission.SEE_PAYMENTS, hidden=True),
    Entry("book_schedule", ":material/event_available:", Permission.SCHEDULE, hidden=True, address="booking"),
    Entry("billing_keys", ":material/key:", Permission.SEE_PAYMENTS),
    Entry("billing_key", ":material/key:", Permission.SEE_PAYMENTS, hidden=True),
    Entry("recovery", ":material/healing:", Permission.SEE_PAYMENTS),
    Entry("radar", ":material/radar:", Permission.SEE_PAYMENTS),
    Entry("outage", ":material/event_busy:", Permission.SCHEDULE),
    Entry("month_end", ":material/lock_clock:", Permission.SEE_PAYMENTS, address="closing"),
    Entry("needs_person", ":material/front_hand:", Permission.RESOLVE),
    Entry("bulk_refunds", ":material/upload_file:", Permission.REFUND),
    Entry("refund", ":material/undo:", Permission.REFUND, hidden=True),
    Entry("charge", ":material/bolt:", Permission.CHARGE, hidden=True),
    Entry("key_deletion", ":material/key_off:", Permission.DELETE_KEY, hidden=True),
    Entry("system", ":material/settings_heart:", Permission.SEE_SYSTEM),
)


def title(name: str) -> str:
    """A page's title."""
    return {
        "overview": _("Overview"),
        "payments": _("Payments"),
        "payment": _("Payment"),
        "refunds": _("Refunds"),
        "revenue": _("Revenue"),
        "subscriptions": _("Subscriptions"),
        "schedules": _("Schedules"),
        "bulk_schedules": _("Many schedules at once"),
        "schedule": _("Schedule"),
        "book_schedule": _("Book a payment"),
        "billing_keys": _("Billing keys"),
        "billing_key": _("Billing key"),
        "recovery": _("Recovery"),
        "radar": _("Broken chains"),
        "outage": _("Outage window"),
        "month_end": _("Closing"),
        "needs_person": _("Needs a person"),
        "bulk_refunds": _("Bulk refunds"),
        "refund": _("Refund"),
        "charge": _("Charge"),
        "key_deletion": _("Delete a billing key"),
        "system": _("System"),
    }[name]


def pages_for(user: User, *, waiting: int = 0) -> list[st.Page]:
    """Every page; those that a user may not open say so, and stand in no menu. `waiting` operations need a person."""
    pages = [_page(entry, waiting) if user.may(entry.permission) else _closed(entry, user) for entry in ENTRIES]
    nowhere = st.Page(unknown_address, title="Jangbu", url_path=_NOWHERE, visibility="hidden")
    _lead_to(pages, nowhere)
    return [*pages, nowhere]


def _page(entry: Entry, waiting: int) -> st.Page:
    return st.Page(
        path_of(entry.name),
        title=_with_count(title(entry.name), waiting) if entry.name == "needs_person" else title(entry.name),
        icon=entry.icon,
        url_path=_address(entry),
        default=entry.default,
        visibility="hidden" if entry.hidden else "visible",
    )


def _closed(entry: Entry, user: User) -> st.Page:
    name = title(entry.name)
    return st.Page(
        lambda: no_right(user, name), title=name, icon=entry.icon, url_path=_address(entry), visibility="hidden"
    )


def _lead_to(pages: list[st.Page], nowhere: st.Page) -> None:
    """An address that is none gets our page instead of Streamlit's English one; the first page has a name too."""
    ctx = get_script_run_ctx()
    if ctx is None or ctx.pages_manager.intended_page_script_hash:
        return
    asked = ctx.pages_manager.intended_page_name
    if asked and asked not in {page.url_path for page in pages}:
        found = next(page for page in pages if page.url_path == "") if asked == ENTRIES[0].name else nowhere
        ctx.pages_manager.set_script_intent(found._script_hash, "")


def _address(entry: Entry) -> str:
    return entry.address or entry.name.replace("_", "-")


def _with_count(name: str, count: int) -> str:
    return f"{name} ({count:,})" if count else name


def path_of(name: str) -> Path:
    """A page's file, as st.switch_page and st.page_link take it."""
    return _FOLDER / f"{name}.py"


def open_payment(imp_uid: str) -> Never:
    """Leaves for one payment."""
    st.switch_page(path_of("payment"), query_params={"imp_uid": imp_uid})


def open_refund(imp_uid: str) -> Never:
    """Leaves for the refund form of a payment."""
    st.switch_page(path_of("refund"), query_params={"imp_uid": imp_uid})


def open_charge(customer_uid: str) -> Never:
    """Leaves for the charge form of a billing key."""
    st.switch_page(path_of("charge"), query_params={"customer_uid": customer_uid})


def open_schedule(merchant_uid: str) -> Never:
    """Leaves for one booked payment."""
    st.switch_page(path_of("schedule"), query_params={"merchant_uid": merchant_uid})


def open_bulk_schedules() -> Never:
    """Leaves for the changes of many schedules."""
    st.switch_page(path_of("bulk_schedules"))


def open_billing_key(customer_uid: str) -> Never:
    """Leaves for one billing key."""
    st.switch_page(path_of("billing_key"), query_params={"customer_uid": customer_uid})


def open_key_deletion(customer_uid: str, *, end: bool = False) -> Never:
    """Leaves for the deletion of a billing key; `end`: with all that is booked on it."""
    st.switch_page(path_of("key_deletion"), query_params={"customer_uid": customer_uid} | ({"end": "1"} if end else {}))


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
    if getattr(operation, kind.about) is None:
        # Several schedules revoked at once have no order number in common: they went before their key.
        kind = kinds.of(OperationKind.DELETE_KEY)
    return kind.page, {kind.about: getattr(operation, kind.about) or ""}


def _entry(page: str) -> Entry:
    return next(entry for entry in ENTRIES if entry.name == page)


def link_to_payment(label: str, imp_uid: str, *, icon: str = ":material/arrow_back:") -> None:
    """A link to one payment."""
    st.page_link(path_of("payment"), label=escape(label), icon=icon, query_params={"imp_uid": imp_uid})


def link_to_refund(label: str, imp_uid: str) -> None:
    """A link to the refund form of a payment."""
    st.page_link(path_of("refund"), label=label, icon=":material/undo:", query_params={"imp_uid": imp_uid})


def link_to_schedules(label: str, params: Mapping[str, str], *, icon: str = ":material/arrow_forward:") -> None:
    """A link to the list of schedules with a filter."""
    st.page_link(path_of("schedules"), label=label, icon=icon, query_params=dict(params))


def link_to_schedule(label: str, merchant_uid: str, *, icon: str = ":material/event:") -> None:
    """A link to one booked payment."""
    st.page_link(path_of("schedule"), label=escape(label), icon=icon, query_params={"merchant_uid": merchant_uid})


def link_to_booking(label: str, customer_uid: str, **filled: str) -> None:
    """A link to the booking form of a billing key; `filled` are fields that stand there already."""
    query = {"customer_uid": customer_uid, **filled}
    st.page_link(path_of("book_schedule"), label=label, icon=":material/event_available:", query_params=query)


def link_to_billing_keys(label: str) -> None:
    """A link to the list of billing keys."""
    st.page_link(path_of("billing_keys"), label=label, icon=":material/arrow_back:")


def link_to_billing_key(label: str, customer_uid: str, *, icon: str = ":material/key:") -> None:
    """A link to one billing key."""
    st.page_link(path_of("billing_key"), label=escape(label), icon=icon, query_params={"customer_uid": customer_uid})


def link_to_list(label: str, name: str, params: Mapping[str, str], *, icon: str = ":material/arrow_forward:") -> None:
    """A link to any list with a filter."""
    st.page_link(path_of(name), label=label, icon=icon, query_params=dict(params))


def link_to_bulk_refunds(label: str) -> None:
    """A link to the files of refunds."""
    st.page_link(path_of("bulk_refunds"), label=label, icon=":material/upload_file:")


def link_to_bulk_schedules(label: str) -> None:
    """A link to the changes of many schedules."""
    st.page_link(path_of("bulk_schedules"), label=label, icon=":material/rule:")


def link_to_waiting(label: str) -> None:
    """A link to what needs a person."""
    st.page_link(path_of("needs_person"), label=label, icon=":material/front_hand:")


def link_to_system(label: str) -> None:
    """A link to what the mirror says of itself."""
    st.page_link(path_of("system"), label=label, icon=":material/report:")


def open_payments(params: Mapping[str, str]) -> Never:
    """Leaves for the list of payments with a filter."""
    st.switch_page(path_of("payments"), query_params=dict(params))


def link_to_payments(label: str, params: Mapping[str, str], *, icon: str = ":material/arrow_forward:") -> None:
    """A link to the list of payments with a filter: the rows behind a figure."""
    st.page_link(path_of("payments"), label=label, icon=icon, query_params=dict(params))
