"""Subscriptions as inferred: the list, and one of them with what it is inferred from."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import streamlit as st
from services.store.lists.keyset import Page
from services.store.lists.subscriptions import (
    AMOUNTS,
    IN_MRR,
    KeyMovement,
    StateTotal,
    SubscriptionRow,
)
from services.tables.revenue import Churn, SubscriptionState

from dashboard.kit.list_order import ListOrder, heading, heads, order_told
from dashboard.kit.money_cells import money_cells, money_column
from dashboard.kit.plots import month_name
from dashboard.kit.tables import badge_column, list_height
from dashboard.locale import _
from dashboard.navigation import Place, link_to
from dashboard.screens.recovery.desk_filters import DeskView, Tile, desk_order, forget_filters
from dashboard.screens.revenue.revenue_charts import movement
from dashboard.words import formats, labels, recovery_labels

COUNTING = "counting"
"""A tile's kind: active and past due, what MRR is made of."""
KINDS = (COUNTING, *SubscriptionState)
_SIGNS = {
    SubscriptionState.ACTIVE: ("✓", "green"),
    SubscriptionState.PAST_DUE: ("!", "orange"),
    SubscriptionState.ENDED: ("⊘", "gray"),
}


@labels.once_a_language
def state() -> labels.Words:
    """How a subscription stands."""
    return {
        SubscriptionState.ACTIVE: _("Active"),
        SubscriptionState.PAST_DUE: _("Past due"),
        SubscriptionState.ENDED: _("Ended"),
    }


@labels.once_a_language
def churn() -> labels.Words:
    """How a subscription ended."""
    return {
        Churn.CHOSEN: _("Chosen: revoked or deleted"),
        Churn.FAILED: _("Failed: the last charge failed"),
        Churn.LAPSED: _("Lapsed: nobody charged it"),
    }


def state_badge(code: SubscriptionState) -> str:
    """A state as sign and word."""
    return f"{_SIGNS[code][0]} {state(code)}"


def states_of(kind: str | None) -> frozenset[str]:
    """The states that a tile stands for; none: all."""
    return IN_MRR if kind == COUNTING else frozenset(filter(None, [kind]))


def state_tiles(totals: Sequence[StateTotal]) -> list[Tile]:
    """Subscriptions that count in MRR with what they add to it, then by state; test rows are left out."""
    counting = [total for total in totals if total.state in states_of(COUNTING)]
    mrr = [
        (currency, sum(one.monthly for one in counting if one.currency == currency))
        for currency in _currencies(counting)
    ]
    tiles = [Tile(COUNTING, _("Σ In MRR"), sum(one.subscriptions for one in counting), mrr)]
    for code in SubscriptionState:
        n = sum(total.subscriptions for total in totals if total.state == code)
        tiles.append(Tile(code, state_badge(code), n, []))
    return tiles


def _currencies(totals: Sequence[StateTotal]) -> list[str]:
    return sorted({one.currency for one in totals})


def subscription_order() -> ListOrder:
    """What the list is in order by."""
    return desk_order("subscriptions", _("Newest first"), {name: _heading(name) for name in AMOUNTS})


def subscription_table(found: Page[SubscriptionRow], *, buyers: bool, key: str) -> SubscriptionRow | None:
    """Subscriptions, as they come; returns the row that was picked."""
    rows, order = found.rows, subscription_order()
    by = order_told(order, found)
    money = {name: [(getattr(row, one.field), row.currency) for row in rows] for name, one in AMOUNTS.items()}
    data: dict[str, list[Any]] = {
        "state": [[state_badge(row.state)] for row in rows],
        "buyer_name": [row.buyer_name if buyers else formats.mask_name(row.buyer_name) for row in rows],
        "name": [row.name for row in rows],
        "price": money_cells(money["price"], paged=True),
        "cadence": [recovery_labels.cadence(row.every, row.unit, row.day_of_month) for row in rows],
        "monthly": money_cells(money["monthly"], paged=True),
        "since": [formats.time(row.since) for row in rows],
        "next": [_next(row) for row in rows],
        "ended_at": [formats.time(row.ended_at) for row in rows],
        "churn": [churn(row.churn) if row.churn else "" for row in rows],
        "confidence": [round(100 * row.confidence) for row in rows],
        "pg_provider": [labels.provider(row.pg_provider) for row in rows],
        "customer_uid": [row.customer_uid for row in rows],
    }
    if any(row.sandbox for row in rows):
        data["sandbox"] = [labels.live("test") if row.sandbox else "" for row in rows]
    picked = st.dataframe(
        pa.table(formats.cells(data)),
        hide_index=True,
        column_config={name: _config(name, data[name]) for name in data if name not in money}
        | {name: money_column(heading(_heading(name), name, by), column) for name, column in money.items()},
        placeholder="",
        height=list_height(len(rows)),
        alt=_("Subscriptions, times in Korea"),
        **heads(key, found, order),
    )
    chosen = picked["selection"]["rows"]
    return rows[chosen[0]] if chosen and chosen[0] < len(rows) else None


def subscription_details(row: SubscriptionRow, moved: Sequence[KeyMovement], *, buyers: bool) -> None:
    """What the cadence was inferred from, what it moved MRR by, how it ended, and the way to its key."""
    with st.container(border=True):
        often = recovery_labels.cadence(row.every, row.unit, row.day_of_month)
        sure = _("{cadence} · confidence {percent}").format(cadence=often, percent=f"{row.confidence:.0%}")
        st.markdown(f"**{formats.escape(sure)}**")
        st.caption(_("Inferred from these days"))
        st.text(formats.shown(" · ".join(formats.day(day) for day in row.evidence) or formats.NOTHING))
        if buyers:
            st.text(formats.line(row.buyer_name, row.buyer_tel, row.buyer_email))
        if row.ended_at and row.churn:
            ended = _("Ended {time}. {how}").format(time=formats.time(row.ended_at), how=churn(row.churn))
            st.text(formats.shown(ended))
        st.caption(_("What it moved MRR by, at each month's end"))
        st.text(formats.shown("\n".join(_movement_line(one) for one in moved) or formats.NOTHING))
        link_to(_("Open the billing key"), Place.BILLING_KEY, customer_uid=row.customer_uid)


def no_subscriptions(view: DeskView) -> None:
    """Says what to do next."""
    if view.kind or view.after:
        words = _("Take the filter away to see the others.")
        st.info(words, title=_("Nothing here"), icon=":material/search_off:")
        st.button(_("Clear filters"), key="clear_all", on_click=forget_filters, args=("subscriptions",))
        return
    words = _("A billing key that is charged twice or more by a rhythm is listed here after the next reading.")
    st.info(words, title=_("No subscription is known yet"), icon=":material/autorenew:")


def _next(row: SubscriptionRow) -> str:
    """The next booking; the day that is expected where none is."""
    if row.state == SubscriptionState.ENDED or not (row.next_at or row.due_at):
        return formats.NOTHING
    if row.next_at:
        return formats.time(row.next_at)
    return _("{time}, not booked").format(time=formats.time(row.due_at))


def _movement_line(one: KeyMovement) -> str:
    amount = ("+" if one.amount > 0 else "") + formats.money(one.amount, one.currency)
    return f"{month_name(one.month)}  {movement(one.churn or one.kind)}  {amount}"


def _config(name: str, cells: Sequence[Any]) -> Any:
    label = _heading(name)
    match name:
        case "state":
            colors = {state_badge(one): _SIGNS[one][1] for one in SubscriptionState}
            return badge_column(label, [cell[0] for cell in cells], colors)
        case "confidence":
            return st.column_config.ProgressColumn(label, format="%d%%", min_value=0, max_value=100)
    return st.column_config.TextColumn(label)


def _heading(name: str) -> str:
    own = {"cadence": _("Cadence"), "next": _("Next charge")}
    return own.get(name) or labels.field(name)
