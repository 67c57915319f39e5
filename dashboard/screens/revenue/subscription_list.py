"""Subscriptions as inferred: the list, and one of them with what it is inferred from."""

from collections.abc import Mapping, Sequence

import streamlit as st
from services.months import month_name
from services.store.lists.keyset import Page
from services.store.lists.subscriptions import (
    AMOUNTS,
    IN_MRR,
    KeyMovement,
    StateTotal,
    SubscriptionRow,
)
from services.tables.revenue import SubscriptionState

from dashboard.kit.filters.form import FilterForm, View
from dashboard.kit.filters.hits import hits_column
from dashboard.kit.filters.no_rows import filtered_away
from dashboard.kit.lists.columns import Column, MoneyColumn, percent, state_column, whole_text
from dashboard.kit.lists.pick import pick_rows
from dashboard.locale import _
from dashboard.navigation import Place, link_to
from dashboard.screens.recovery.desk_filters import DeskFilter, Tile, desk_form
from dashboard.screens.telling import messages
from dashboard.screens.telling.telling_desk import tell
from dashboard.words import formats, labels, recovery_labels
from dashboard.words.subscription_labels import churn, ended, movement, state

COUNTING = "counting"
"""A tile's kind: active and past due, what MRR is made of."""
KINDS = (COUNTING, *SubscriptionState)


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
        tiles.append(Tile(code, state.badge(code), n, []))
    return tiles


def _currencies(totals: Sequence[StateTotal]) -> list[str]:
    return sorted({one.currency for one in totals})


def subscription_form(*, buyers: bool = True, by_end: bool = False) -> FilterForm[DeskFilter]:
    """The filter's fields; `buyers` False leaves buyers out of the search, `by_end` names the order of who ended."""
    amounts = {name: labels.field(name) for name in AMOUNTS}
    own = _("Ended last first") if by_end else _("Newest first")
    return desk_form("subscriptions", ("state", KINDS, _kind), own, amounts, buyers=buyers)


def _kind(kind: str) -> str:
    return _("Σ In MRR") if kind == COUNTING else state(kind)


def subscription_table(
    found: Page[SubscriptionRow], columns: Sequence[Column[SubscriptionRow]], *, key: str
) -> SubscriptionRow | None:
    """Subscriptions, as they come; returns the row that was picked."""
    order = subscription_form().order
    picked = pick_rows(found, columns, alt=_("Subscriptions, times in Korea"), key=key, order=order)
    return picked[0] if picked else None


def subscription_details(
    row: SubscriptionRow, moved: Sequence[KeyMovement], last_payment: str | None, *, buyers: bool
) -> None:
    """What the cadence was inferred from, what it moved MRR by, how it ended with words to the buyer, its key."""
    often = recovery_labels.cadence(row.every, row.unit, row.day_of_month)
    sure = _("{cadence} · confidence {percent}").format(cadence=often, percent=f"{row.confidence:.0%}")
    st.markdown(f"**{formats.escape(sure)}**")
    st.caption(_("Inferred from these days"))
    st.text(formats.shown(" · ".join(formats.day(day) for day in row.evidence) or formats.NOTHING))
    if buyers:
        st.text(formats.line(row.buyer_name, row.buyer_tel, row.buyer_email))
    if how := ended(row):
        st.text(formats.shown(how))
        tell(messages.of_ended(row), last_payment)
    st.caption(_("What it moved MRR by, at each month's end"))
    st.text(formats.shown("\n".join(_movement_line(one) for one in moved) or formats.NOTHING))
    link_to(_("Open the billing key"), Place.BILLING_KEY, customer_uid=row.customer_uid)


def no_subscriptions(view: View[DeskFilter]) -> None:
    """Says what to do next."""
    if not filtered_away(view, subscription_form(), _("Take the filter away to see the others.")):
        words = _("A billing key that is charged twice or more by a rhythm is listed here after the next reading.")
        st.info(words, title=_("No subscription is known yet"), icon=":material/autorenew:")


def _next(row: SubscriptionRow) -> str:
    """The next booking; the day that is expected where none is."""
    if row.state == SubscriptionState.ENDED or not (row.next_at or row.due_at):
        return formats.NOTHING
    if row.next_at:
        return formats.short_time(row.next_at)
    return _("{time}, not booked").format(time=formats.short_time(row.due_at))


def _movement_line(one: KeyMovement) -> str:
    amount = formats.signed_money(one.amount, one.currency)
    return f"{month_name(one.month)}  {movement(one.churn or one.kind)}  {amount}"


def subscription_columns(moved: Mapping[str, int] | None = None, *, buyers: bool) -> list[Column[SubscriptionRow]]:
    """Every column there is; what each `moved` in MRR stands instead of what it adds, where that is asked."""
    field, time, cadence = labels.field, formats.short_time, recovery_labels.cadence
    monthly: Column[SubscriptionRow] = MoneyColumn("monthly", field("monthly"), lambda row: (row.in_mrr, row.currency))
    if moved:
        monthly = MoneyColumn(
            "monthly", _("MRR moved"), lambda row: (moved[row.customer_uid], row.currency), signed=True
        )
    return [
        state_column("state", field("state"), state, lambda row: row.state),
        hits_column(subscription_form().kept),
        Column("buyer_name", field("buyer_name"), lambda row: formats.buyer(row.buyer_name, buyers)),
        MoneyColumn("price", field("price"), lambda row: (row.price, row.currency)),
        Column("next", _("Next charge"), _next, whole_text),
        Column("name", field("name"), lambda row: row.name),
        Column("cadence", _("Cadence"), lambda row: cadence(row.every, row.unit, row.day_of_month)),
        monthly,
        Column("since", field("since"), lambda row: time(row.since)),
        Column("ended_at", field("ended_at"), lambda row: time(row.ended_at)),
        Column("churn", field("churn"), lambda row: churn(row.churn) if row.churn else ""),
        Column("confidence", field("confidence"), lambda row: round(100 * row.confidence), percent),
        Column("pg_provider", field("pg_provider"), lambda row: labels.provider(row.pg_provider)),
        Column("customer_uid", field("customer_uid"), lambda row: row.customer_uid),
        Column("sandbox", field("sandbox"), lambda row: labels.test_mark(row.sandbox)),
    ]
