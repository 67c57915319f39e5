"""The list of links: tiles, what is open and what was paid, rows, pages, a file, and what to do where there is none."""

from collections.abc import Callable
from functools import partial

import streamlit as st
from services.checkout.link_list import MOST, SUMMED, LinkFilter, LinkRow, LinkTotals
from services.clock import seoul
from services.exports.csv_text import ListFile, list_file
from services.money import to_major
from services.store.lists.keyset import Page

from dashboard.access import User
from dashboard.kit.export_reason import file_for_reason
from dashboard.kit.filters.no_rows import longer, nothing_in_days
from dashboard.kit.lists.columns import Column, MoneyColumn, state_column, whole_text
from dashboard.kit.lists.page_buttons import page_buttons
from dashboard.kit.lists.pick import pick_rows
from dashboard.kit.lists.tiles import count_tiles
from dashboard.locale import _, ngettext
from dashboard.navigation import Place, link_to
from dashboard.screens.links import link_filters
from dashboard.screens.links.link_desk import LinkFile
from dashboard.words import formats, labels
from dashboard.words.links import link_labels
from dashboard.words.operation_labels import person

_COLUMNS = (
    "link", "made_at", "state", "kind", "name", "buyer_name", "buyer_tel", "amount", "currency", "used", "uses",
    "expires_at", "made_by", "memo", "customer_uid", "sandbox", "merchant_uid", "imp_uid",
)  # fmt: skip
"""Those of its file."""


def link_tiles(totals: LinkTotals, chosen: LinkFilter, *, counted: bool) -> None:
    """How many links are in each state under the other filters; no numbers where not all of them were looked at."""
    shown = totals.states if counted and not totals.capped else None
    states = list(link_labels.state)
    count_tiles(states, link_labels.state, shown, chosen.states, partial(link_filters.KEPT.toggle, "states"))


def sums_line(totals: LinkTotals) -> None:
    """What is asked for and what was paid, a currency each; how many test links are left out."""
    parts = []
    for one in totals.sums:
        opened = ngettext("{n} link open", "{n} links open", one.open).format(n=f"{one.open:,}")
        paid = ngettext("{n} payment made", "{n} payments made", one.paid).format(n=f"{one.paid:,}")
        for words, amount in ((opened, one.open_amount), (paid, one.paid_amount)):
            parts.append(f"{formats.escape(words)} **{formats.escape(formats.money(amount, one.currency))}**")
    with st.container(horizontal=True, key="totals"):
        if parts:
            st.markdown(" · ".join(parts), width="content")
        if totals.tests:
            words = ngettext("{n} test link left out", "{n} test links left out", totals.tests)
            st.caption(formats.escape(words.format(n=f"{totals.tests:,}")), width="content")
        if totals.capped:
            words = _("Of the latest {n} links of these days: choose fewer days to see all of them.")
            st.caption(formats.escape(words.format(n=f"{SUMMED:,}")), width="content")


def link_table(found: Page[LinkRow], *, buyers: bool, key: str) -> int | None:
    """A page of links, as they come; returns the number of the one that was picked."""
    alt = _("Payment links, the latest first, times in Korea")
    picked = pick_rows(found, link_columns(buyers=buyers), alt=alt, key=key)
    return picked[0].id if picked else None


def link_pager(found: Page[LinkRow]) -> None:
    """Newer and older rows; the arrow keys turn pages too."""
    page_buttons(found, link_filters.KEPT.turn_page)


def no_links(chosen: LinkFilter, today: int, *, may_make: bool) -> None:
    """Says what to do next."""
    days = chosen.from_day or today, chosen.to_day or today
    words = _("A link is an address by which a buyer pays, or registers a billing key. Look further back, or make one.")
    nothing_in_days(link_filters.link_form(today), words, days, longer((90, 400), days[0], today))
    if may_make:
        link_to(_("Make a link"), Place.NEW_LINK)


def link_columns(*, buyers: bool) -> list[Column[LinkRow]]:
    """Every column there is."""
    field, time = labels.field, formats.short_time
    return [
        Column("made_at", _("Made at"), lambda row: time(row.made_at)),
        state_column("state", field("state"), link_labels.state, lambda row: row.state),
        Column("name", _("What it is for"), lambda row: row.name),
        Column("buyer_name", field("buyer_name"), lambda row: formats.buyer(row.buyer_name, buyers)),
        Column("buyer_tel", field("buyer_tel"), lambda row: _phone(row, buyers)),
        MoneyColumn("amount", field("amount"), lambda row: (row.amount, row.currency)),
        Column("kind", field("kind"), lambda row: link_labels.kind(row.kind)),
        Column("used", _("Paid times"), used, whole_text),
        Column("expires_at", _("Ends at"), lambda row: time(row.expires_at)),
        Column("made_by", _("Made by"), lambda row: person(row.made_by)),
        Column("memo", _("Memo"), lambda row: row.memo),
        Column("customer_uid", field("customer_uid"), lambda row: row.customer_uid),
        Column("sandbox", field("sandbox"), lambda row: labels.test_mark(row.sandbox)),
    ]


def used(row: LinkRow) -> str:
    """How often it was paid, of how often it may be."""
    return _("{n} of {most}").format(n=f"{row.used:,}", most=f"{row.uses:,}")


def csv_button(read: Callable[[], LinkFile], user: User, *, buyers: bool) -> None:
    """The links of the filter as a file; they are read only where somebody takes it along."""
    words = _("CSV of these links, {n} of the latest at most").format(n=f"{MOST:,}")
    file_for_reason(
        _("Export"),
        partial(_as_csv, read, buyers),
        "jangbu-links.csv",
        user,
        what="links",
        columns=_COLUMNS,
        key="links_csv",
        help=words,
    )


def _as_csv(read: Callable[[], LinkFile], buyers: bool) -> ListFile:
    file, field = read(), labels.field
    found = file.rows
    paid = [file.paid.get(row.id, ()) for row in found]
    columns: dict[str, list[object]] = {
        _("Link number"): [row.id for row in found],
        _("Made at"): [_moment(row.made_at) for row in found],
        field("state"): [link_labels.state(row.state) for row in found],
        field("kind"): [link_labels.kind(row.kind) for row in found],
        _("What it is for"): [row.name for row in found],
        field("buyer_name"): [formats.buyer(row.buyer_name, buyers) for row in found],
        field("buyer_tel"): [_phone(row, buyers) for row in found],
        field("amount"): [f"{to_major(row.amount, row.currency):f}" for row in found],
        field("currency"): [row.currency for row in found],
        _("Paid times"): [row.used for row in found],
        _("Payments allowed"): [row.uses for row in found],
        _("Ends at"): [_moment(row.expires_at) for row in found],
        _("Made by"): [person(row.made_by) for row in found],
        _("Memo"): [row.memo for row in found],
        field("customer_uid"): [row.customer_uid for row in found],
        field("sandbox"): [labels.test_mark(row.sandbox) for row in found],
        field("merchant_uid"): [" ".join(order for order, _uid in each) for each in paid],
        "imp_uid": [" ".join(uid for _order, uid in each) for each in paid],
    }
    shown = formats.cells(columns)
    return list_file(list(shown), list(zip(*shown.values(), strict=True)))


def _moment(at: int) -> str:
    return seoul(at).isoformat()


def _phone(row: LinkRow, buyers: bool) -> str | None:
    return row.buyer_tel if buyers else formats.mask_phone(row.buyer_tel)
