"""Broken chains: customers who paid regularly and have nothing booked next, with how that is known."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import streamlit as st
from services.recovery.radar import AMOUNTS, AtRisk, BrokenChain
from services.store.lists.keyset import Page
from services.tables.chains import LastResult

from dashboard.kit.list_order import ListOrder, heading, heads, order_told
from dashboard.kit.money_cells import money_cells, money_column
from dashboard.kit.tables import badge_column, list_height
from dashboard.locale import _
from dashboard.navigation import Place, link_to
from dashboard.screens.recovery.desk_filters import DeskView, Tile, desk_order, forget_filters
from dashboard.screens.recovery.recovery_list import moment
from dashboard.words import formats, labels, recovery_labels


def inferred_line() -> None:
    """That all of this is inferred, and from what."""
    st.caption(
        _(
            "V1 knows no subscription: how often a customer pays is inferred from payments and bookings on a billing "
            "key. Listed is who paid in the last cycle and has nothing booked next, until the cycle that is due ends."
        )
    )


def result_tiles(risks: Sequence[AtRisk]) -> list[Tile]:
    """Count and won at risk by what happened last, test rows left out."""
    return [
        Tile(
            result,
            recovery_labels.result_badge(result),
            sum(risk.chains for risk in risks if risk.last_result == result),
            [(risk.currency, risk.amount) for risk in risks if risk.last_result == result],
        )
        for result in LastResult
    ]


def totals_line(risks: Sequence[AtRisk]) -> None:
    """What one cycle of all of them comes to, in each currency."""
    money = formats.sums((risk.currency, risk.amount) for risk in risks)
    if money:
        st.markdown(_("At risk in one cycle: **{money}**").format(money=formats.escape(money)))


def chain_order() -> ListOrder:
    """What the list is in order by."""
    return desk_order("radar", _("Soonest first"), {name: _heading(name) for name in AMOUNTS})


def chain_table(found: Page[BrokenChain], *, buyers: bool, key: str) -> BrokenChain | None:
    """Broken chains, as they come; returns the row that was picked."""
    rows, order = found.rows, chain_order()
    by, money = order_told(order, found), [(row.amount, row.currency) for row in rows]
    data: dict[str, list[Any]] = {
        "result": [[recovery_labels.result_badge(row.last_result)] for row in rows],
        "last_at": [formats.time(row.last_at) for row in rows],
        "amount": money_cells(money, paged=True),
        "buyer_name": [row.buyer_name if buyers else formats.mask_name(row.buyer_name) for row in rows],
        "cadence": [recovery_labels.cadence(row.every, row.unit, row.day_of_month) for row in rows],
        "confidence": [round(100 * row.confidence) for row in rows],
        "due_at": [formats.time(row.due_at) for row in rows],
        "lapses_at": [formats.time(row.lapses_at) for row in rows],
        "name": [row.name for row in rows],
        "fail_reason": [row.fail_reason for row in rows],
        "pg_provider": [labels.provider(row.pg_provider) for row in rows],
        "customer_uid": [row.customer_uid for row in rows],
    }
    picked = st.dataframe(
        pa.table(formats.cells(data)),
        hide_index=True,
        column_config={name: _config(name, data[name]) for name in data if name != "amount"}
        | {"amount": money_column(heading(_heading("amount"), "amount", by), money)},
        placeholder="",
        height=list_height(len(rows)),
        alt=_("Broken chains, times in Korea"),
        **heads(key, found, order),
    )
    chosen = picked["selection"]["rows"]
    return rows[chosen[0]] if chosen and chosen[0] < len(rows) else None


def chain_details(row: BrokenChain, filled: Mapping[str, str], *, buyers: bool, may_book: bool) -> None:
    """One of them: what the cadence was inferred from, what to book next, and the ways from here."""
    with st.container(border=True):
        often = recovery_labels.cadence(row.every, row.unit, row.day_of_month)
        sure = _("{cadence} · confidence {percent}").format(cadence=often, percent=f"{row.confidence:.0%}")
        st.markdown(f"**{formats.escape(sure)}**")
        st.caption(_("Inferred from these days"))
        st.text(formats.shown(" · ".join(formats.day(day) for day in row.evidence)))
        if row.fail_reason:
            st.caption(_("The gateway's words"))
            st.code(f"\n{formats.shown(row.fail_reason)}\n", language=None, wrap_lines=True)
        if buyers:
            st.text(formats.line(row.buyer_name, row.buyer_tel, row.buyer_email))
        form = row.proposal
        says = _("Proposed: {amount} at {time}").format(
            amount=formats.money(form.amount or 0, form.currency), time=moment(form.schedule_at)
        )
        st.text(formats.shown(says))
        with st.container(horizontal=True):
            if may_book:
                link_to(_("Book the next payment"), Place.BOOK_SCHEDULE, customer_uid=row.customer_uid, **filled)
            link_to(_("Open the billing key"), Place.BILLING_KEY, customer_uid=row.customer_uid)


def no_chains(view: DeskView) -> None:
    """Says what to do next."""
    if view.kind or view.pg_provider or view.after:
        words = _("Take the filters away to see the other broken chains.")
        st.info(words, title=_("Nothing here"), icon=":material/search_off:")
        st.button(_("Clear filters"), key="clear_all", on_click=forget_filters, args=("radar",))
        return
    words = _("Everybody who pays regularly has a next payment booked. A chain that breaks off is listed here.")
    st.success(words, title=_("No chain is broken"), icon=":material/check_circle:")


def _config(name: str, cells: Sequence[Any]) -> Any:
    label = _heading(name)
    match name:
        case "result":
            colors = {recovery_labels.result_badge(one): recovery_labels.color(one) for one in LastResult}
            return badge_column(label, [cell[0] for cell in cells], colors)
        case "confidence":
            return st.column_config.ProgressColumn(label, format="%d%%", min_value=0, max_value=100)
    return st.column_config.TextColumn(label)


def _heading(name: str) -> str:
    own = {
        "result": _("What happened last"),
        "last_at": _("When"),
        "amount": _("At risk, a cycle"),
        "cadence": _("Cadence"),
        "confidence": _("Confidence"),
        "due_at": _("Due"),
        "lapses_at": _("Listed until"),
    }
    return own.get(name) or labels.field(name)
