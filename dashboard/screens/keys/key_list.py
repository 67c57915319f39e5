"""The list of billing keys: tiles, what is booked on them, rows, pages, and what to do when nothing is there."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import streamlit as st
from services.store.lists.key_filters import KeyFilter
from services.store.lists.keys import KeyRow, KeySums
from services.store.lists.keyset import Page
from services.store.lists.totals import Count
from services.tables.keys import KeyState

from dashboard.kit.list_order import ListOrder, heading, heads, order_told
from dashboard.kit.money_cells import money_column
from dashboard.kit.page_buttons import page_buttons
from dashboard.kit.tables import badge_column, list_height
from dashboard.kit.tiles import count_tiles
from dashboard.locale import _, ngettext
from dashboard.screens.keys import key_filters
from dashboard.words import formats, labels


def key_tiles_line(counts: Mapping[str, int], chosen: KeyFilter) -> None:
    """How many keys are in each state under the other filters; no numbers beside a text."""
    shown = None if chosen.text else counts
    count_tiles(list(KeyState), labels.key_badge, shown, chosen.states, key_filters.toggle_state)


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
    st.markdown(f"{booked} · **{won}** · {same}")


def key_table(
    found: Page[KeyRow], *, buyers: bool, key: str, searching: bool = False, order: ListOrder | None = None
) -> str | None:
    """A page of keys, as they come; returns the customer_uid of the row that was picked."""
    rows, by = found.rows, order_told(order, found)
    booked = [(row.booked_won, "KRW") for row in rows]
    data = _columns(rows, buyers)
    if not searching:
        del data["hits"]
    picked = st.dataframe(
        pa.table(formats.cells(data)),
        hide_index=True,
        column_config={name: _config(name, data[name]) for name in data}
        | {"booked_won": money_column(heading(_heading("booked_won"), "booked_won", by), booked)},
        height=list_height(len(rows)),
        placeholder="",
        alt=_("Billing keys, times in Korea"),
        **heads(key, found, order),
    )
    chosen = picked["selection"]["rows"]
    return rows[chosen[0]].customer_uid if chosen and chosen[0] < len(rows) else None


def key_pager(found: Page[KeyRow], count: Count, chosen: KeyFilter) -> None:
    """The rows before and after these, and how many there are."""
    n = f"{count.n:,}{'+' if count.capped else ''}"
    words = ngettext("{n} billing key", "{n} billing keys", count.n).format(n=n)
    hint = _("A click on the box of a row opens the key.")
    labels_of_order = (_("Sooner"), _("Later")) if chosen.by_next_charge else None
    page_buttons(found, key_filters.turn_page, f"{words} · {hint}", labels=labels_of_order)


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
    st.info(words, title=_("No billing key matches"), icon=":material/search_off:")
    st.button(_("Clear filters"), key="clear_all", on_click=key_filters.forget_filters)


def card_words(card_name: str | None, card_number: str | None) -> str | None:
    """`현대카드 5409****1234`."""
    return " ".join(part for part in (card_name, card_number) if part) or None


def marks_of(row: KeyRow) -> list[str]:
    """What is special about a key."""
    special = (("duplicated", row.duplicated), ("is_super", row.is_super))
    marks = [labels.field(name) for name, true in special if true]
    return [*marks, labels.live("test")] if row.sandbox else marks


def _columns(rows: Sequence[KeyRow], buyers: bool) -> dict[str, list[Any]]:
    return {
        "state": [[labels.key_badge(row.state)] for row in rows],
        "hits": [", ".join(labels.field(field) for field in row.hits) for row in rows],
        "buyer_name": [row.buyer_name if buyers else formats.mask_name(row.buyer_name) for row in rows],
        "pg_provider": [labels.provider(row.pg_provider) for row in rows],
        "card": [card_words(row.card_name, row.card_number) for row in rows],
        "next_at": [formats.time(row.next_at) for row in rows],
        "booked_won": [row.booked_won for row in rows],
        "paid_at": [formats.time(row.paid_at) for row in rows],
        "failed_at": [formats.time(row.failed_at) for row in rows],
        "fail_reason": [row.fail_reason for row in rows],
        "payments": [row.payments for row in rows],
        "registered_at": [formats.time(row.registered_at) for row in rows],
        "marks": [", ".join(marks_of(row)) for row in rows],
        "customer_uid": [row.customer_uid for row in rows],
    }


def _config(name: str, cells: Sequence[Any]) -> Any:
    label = _heading(name)
    if name == "state":
        colors = {labels.key_badge(code): color for code, color in labels.KEY_STATE_COLORS.items()}
        return badge_column(label, [cell[0] for cell in cells], colors)
    return st.column_config.NumberColumn(label) if name == "payments" else st.column_config.TextColumn(label)


def _heading(name: str) -> str:
    own = {
        "card": _("Card"),
        "registered_at": labels.field("inserted"),
        "next_at": labels.field("next_charge_at"),
        "booked_won": _("Won booked"),
        "payments": _("Payments made"),
        "paid_at": _("Last success"),
        "failed_at": _("Last failure"),
        "fail_reason": _("Reason of the last failure"),
        "marks": _("Marks"),
        "customer_uid": "customer_uid",
    }
    return own.get(name) or labels.field(name)
