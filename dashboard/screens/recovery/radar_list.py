"""Broken chains: customers who paid regularly and have nothing booked next, with how that is known."""

from collections.abc import Collection, Mapping, Sequence

import streamlit as st
from services.recovery.radar import AtRisk, BrokenChain
from services.store.lists.keyset import Page
from services.tables.chains import LastResult
from services.tables.journal import Operation

from dashboard.kit.filters.form import FilterForm, View
from dashboard.kit.filters.hits import hits_column
from dashboard.kit.filters.no_rows import filtered_away
from dashboard.kit.frame import about
from dashboard.kit.lists.columns import Column, MoneyColumn, percent, state_column, whole_text
from dashboard.kit.lists.pick import pick_rows
from dashboard.locale import _
from dashboard.navigation import Place, link_to
from dashboard.screens.recovery.desk_filters import DeskFilter, Tile, desk_form, tiles_of
from dashboard.screens.recovery.recovery_list import moment
from dashboard.words import formats, labels, recovery_labels
from dashboard.words.operation_labels import person


def inferred_line() -> None:
    """That all of this is inferred, and from what."""
    about().caption(
        _(
            "V1 knows no subscription: how often a customer pays is inferred from payments and bookings on a billing "
            "key. Listed is who paid in the last cycle and has nothing booked next, until the cycle that is due ends."
        )
    )


def result_tiles(risks: Sequence[AtRisk]) -> list[Tile]:
    """Count and won at risk by what happened last, test rows left out."""
    sums = ((risk.last_result, risk.chains, risk.currency, risk.amount) for risk in risks)
    return tiles_of(recovery_labels.last_result, sums)


def totals_line(risks: Sequence[AtRisk]) -> None:
    """What all of them come to a month, in each currency."""
    money = formats.sums((risk.currency, risk.amount) for risk in risks)
    if money:
        st.markdown(_("At risk a month: **{money}**").format(money=formats.escape(money)))


def chain_form(providers: Collection[str] = (), *, buyers: bool = True) -> FilterForm[DeskFilter]:
    """The filter's fields; `providers` are the PGs that occur, `buyers` False leaves buyers out of the search."""
    amounts = {"amount": _("At risk, a cycle")}
    kinds = ("result", list(LastResult), recovery_labels.last_result)
    return desk_form("radar", kinds, _("Soonest first"), amounts, providers, buyers=buyers)


def chain_table(found: Page[BrokenChain], columns: Sequence[Column[BrokenChain]], *, key: str) -> BrokenChain | None:
    """Broken chains, as they come; returns the row that was picked."""
    order = chain_form().order
    alt = _("Lapsed subscriptions, times in Korea")
    picked = pick_rows(found, columns, alt=alt, key=key, order=order)
    return picked[0] if picked else None


def chain_details(
    row: BrokenChain, filled: Mapping[str, str], revoked: Operation | None, *, buyers: bool, may_book: bool
) -> None:
    """One of them: what the cadence was inferred from, what to book next, and the ways from here.

    `revoked`: what took its booking back, where that was done here; then the customer may have left.
    """
    left = row.last_result == LastResult.REVOKED
    if left:
        _revoked(row, revoked)
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
    words = _("Only if the customer stays: {amount} at {time}") if left else _("Proposed: {amount} at {time}")
    amount = formats.money(form.amount or 0, form.currency)
    st.text(formats.shown(words.format(amount=amount, time=moment(form.schedule_at))))
    with st.container(horizontal=True):
        if left:
            link_to(_("Open the billing key"), Place.BILLING_KEY, customer_uid=row.customer_uid)
        if may_book:
            link_to(_("Book the next payment"), Place.BOOK_SCHEDULE, customer_uid=row.customer_uid, **filled)
        if not left:
            link_to(_("Open the billing key"), Place.BILLING_KEY, customer_uid=row.customer_uid)


def _revoked(row: BrokenChain, by: Operation | None) -> None:
    """When and by whom, as far as that is known here."""
    if by:
        words = _("The booking was revoked at {time} KST by {who}, here.")
        st.text(formats.shown(words.format(time=formats.time(row.last_at), who=person(by.asked_by))))
        st.text(formats.shown(by.reason or formats.NOTHING))
        return
    words = _("The booking was revoked at {time} KST outside of Jangbu: V1 does not say by whom.")
    st.text(formats.shown(words.format(time=formats.time(row.last_at))))


def no_chains(view: View[DeskFilter]) -> None:
    """Says what to do next."""
    if not filtered_away(view, chain_form(), _("Take the filters away to see the other lapsed subscriptions.")):
        words = _("Everybody who pays regularly has a next payment booked. A subscription that lapses is listed here.")
        st.success(words, title=_("No subscription has lapsed"), icon=":material/check_circle:")


def chain_columns(*, buyers: bool) -> list[Column[BrokenChain]]:
    """Every column there is."""
    field, time, words = labels.field, formats.short_time, recovery_labels
    return [
        hits_column(chain_form().kept),
        Column("last_at", _("When"), lambda row: time(row.last_at)),
        MoneyColumn("amount", _("At risk, a cycle"), lambda row: (row.amount, row.currency)),
        Column("buyer_name", field("buyer_name"), lambda row: formats.buyer(row.buyer_name, buyers)),
        state_column("result", _("What happened last"), words.last_result, lambda row: row.last_result),
        Column("cadence", _("Cadence"), lambda row: words.cadence(row.every, row.unit, row.day_of_month)),
        Column("confidence", _("Confidence"), lambda row: round(100 * row.confidence), percent),
        Column("due_at", _("Due"), lambda row: time(row.due_at)),
        Column("lapses_at", _("Listed until"), lambda row: time(row.lapses_at)),
        Column("name", field("name"), lambda row: row.name),
        Column("fail_reason", field("fail_reason"), lambda row: row.fail_reason, whole_text),
        Column("pg_provider", field("pg_provider"), lambda row: labels.provider(row.pg_provider)),
        Column("customer_uid", field("customer_uid"), lambda row: row.customer_uid),
    ]
