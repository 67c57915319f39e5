"""The list of billing keys: tiles, what is booked on them, rows, pages, and what to do when nothing is there."""

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st
from services.recovery.desk import RECENT
from services.store.lists.key_filters import KeyFilter
from services.store.lists.keys import KeyRow, KeySums
from services.store.lists.keyset import Page
from services.store.lists.totals import Count
from services.tables.keys import KeyState

from dashboard.kit.filters.hits import hits_column
from dashboard.kit.filters.no_rows import nothing_left
from dashboard.kit.frame import about
from dashboard.kit.lists.columns import Column, MoneyColumn, number, state_column, whole_text
from dashboard.kit.lists.list_order import ListOrder
from dashboard.kit.lists.page_buttons import page_buttons
from dashboard.kit.lists.pick import pick_rows
from dashboard.kit.lists.store_column import store_column
from dashboard.kit.lists.tiles import count_tiles
from dashboard.locale import _, ngettext
from dashboard.navigation import Place, link_to
from dashboard.screens.keys import key_filters
from dashboard.words import formats, labels
from dashboard.words.names.stores import NO_TIERS


def key_tiles_line(counts: Mapping[str, int], chosen: KeyFilter) -> None:
    """How many keys are in each state under the other filters; no numbers beside a text."""
    shown = None if chosen.text else counts
    count_tiles(list(KeyState), labels.key_state, shown, chosen.states, partial(key_filters.KEPT.toggle, "states"))


def failing_line(chosen: KeyFilter) -> None:
    """What failing means, and where what can still be worked on stands."""
    if chosen.states != {KeyState.FAILING}:
        return
    words = _("The last charge failed and none went through since, however long ago: see “{column}”.")
    more = _("Recovery has the booked payments that failed in the last {n} days.")
    with about(), st.container(horizontal=True, vertical_alignment="center"):
        says = f"{words.format(column=_('Last failure'))} {more.format(n=RECENT)}"
        st.caption(formats.escape(says), width="content")
        link_to(_("To Recovery"), Place.RECOVERY)


def key_sums_line(sums: KeySums | None, duplicates: int) -> None:
    """What is booked on the keys of the whole filter, and how many of them are another's duplicates."""
    if sums is None:
        st.caption(_("A text has no sums; take it away to see them."))
        return
    words = ngettext("{n} payment booked", "{n} payments booked", sums.booked).format(n=f"{sums.booked:,}")
    won = formats.escape(formats.money(sums.booked_won, "KRW"))
    on = ngettext("on {n} key", "on {n} keys", sums.booked_keys).format(n=f"{sums.booked_keys:,}")
    same = ngettext("{n} duplicate", "{n} duplicates", duplicates).format(n=f"{duplicates:,}")
    booked = _("{payments} {on_keys}").format(payments=words, on_keys=on)
    with st.container(horizontal=True, key="totals"):
        st.markdown(f"{booked} · **{won}** · {same}", width="content")


def key_table(
    found: Page[KeyRow], columns: Sequence[Column[KeyRow]], *, key: str, order: ListOrder | None = None
) -> str | None:
    """A page of keys, as they come; returns the customer_uid of the row that was picked."""
    picked = pick_rows(found, columns, alt=_("Billing keys, times in Korea"), key=key, order=order)
    return picked[0].customer_uid if picked else None


def key_pager(found: Page[KeyRow], count: Count, chosen: KeyFilter) -> None:
    """The rows before and after these, and how many there are."""
    n = formats.counted(count.n, more=count.capped)
    words = ngettext("{n} billing key", "{n} billing keys", count.n).format(n=n)
    labels_of_order = (_("Sooner"), _("Later")) if chosen.by_next_charge else None
    page_buttons(found, key_filters.KEPT.turn_page, words, labels=labels_of_order)


def no_keys(chosen: KeyFilter, *, any_known: bool) -> None:
    """Says what to do next."""
    if not any_known:
        st.info(
            _("They are found in payments and schedules as these are read: there was none so far."),
            title=_("No billing key is known yet"),
            icon=":material/key:",
        )
        return
    only_booked = _("This order lists keys on which something is booked. Choose “Newest first” to see all of them.")
    words = only_booked if chosen.by_next_charge else _("Take filters away, or look for something else.")
    nothing_left(key_filters.key_form(), words, _("No billing key matches"))


def card_words(card_name: str | None, card_number: str | None) -> str | None:
    """`현대카드 5409****1234`."""
    return " ".join(part for part in (card_name, card_number) if part) or None


def marks_of(row: KeyRow) -> list[str]:
    """What is special about a key."""
    special = (("duplicated", row.duplicated), ("is_super", row.is_super))
    marks = [labels.field(name) for name, true in special if true]
    return [*marks, labels.live("test")] if row.sandbox else marks


def key_columns(
    stores: Mapping[str, str] = NO_TIERS, *, buyers: bool, tiers: Mapping[str, str] = NO_TIERS
) -> list[Column[KeyRow]]:
    """Every column there is; that of the store where there are sub-stores, `stores` being theirs by customer_uid."""
    field, time = labels.field, formats.short_time
    return [
        state_column("state", field("state"), labels.key_state, lambda row: row.state),
        hits_column(key_filters.KEPT),
        Column("buyer_name", field("buyer_name"), lambda row: formats.buyer(row.buyer_name, buyers)),
        Column("next_at", field("next_charge_at"), lambda row: time(row.next_at), whole_text),
        MoneyColumn("booked_won", _("Won booked"), lambda row: (row.booked_won or None, "KRW")),
        Column("pg_provider", field("pg_provider"), lambda row: labels.provider(row.pg_provider)),
        Column("card", _("Card"), lambda row: card_words(row.card_name, row.card_number)),
        Column("paid_at", _("Last success"), lambda row: time(row.paid_at)),
        Column("failed_at", _("Last failure"), lambda row: time(row.failed_at), whole_text),
        Column("fail_reason", _("Reason of the last failure"), lambda row: row.fail_reason, whole_text),
        Column("payments", _("Payments made"), lambda row: row.payments, number),
        Column("registered_at", field("inserted"), lambda row: time(row.registered_at)),
        Column("marks", _("Marks"), lambda row: ", ".join(marks_of(row))),
        Column("customer_uid", "customer_uid", lambda row: row.customer_uid),
        *store_column(tiers, lambda row: stores.get(row.customer_uid, "")),
    ]
