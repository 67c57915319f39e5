"""The filters of the list of payments."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import streamlit as st
from services.errors import InvalidRequest
from services.payment_states import PaymentKind, PaymentState
from services.store.lists.filters import Live, PaymentFilter
from services.store.lists.payment_phases import BUYER, STATE
from services.store.lists.payments import AMOUNTS
from services.store.lists.totals import FacetValues
from services.tables.v1 import Basis
from streamlit.delta_generator import DeltaGenerator

from dashboard.kit.filters import names
from dashboard.kit.filters.choices import AnyOf, OneOf, Pick, Several, Shorthand, Tiles, Word, codes
from dashboard.kit.filters.days import Days
from dashboard.kit.filters.field import Field
from dashboard.kit.filters.form import FilterForm, View
from dashboard.kit.filters.kept import Kept
from dashboard.kit.filters.typed import Amount, Search
from dashboard.kit.lists.list_order import InOrder
from dashboard.locale import _
from dashboard.words import formats, labels, periods
from dashboard.words.names.stores import NO_TIERS, store_name

KEPT = Kept("payments")
_REFUNDED = {
    "partial": (PaymentState.PARTLY_REFUNDED.value, PaymentState.PAID.value),
    "full": (PaymentState.CANCELLED.value,),
}
"""V1 calls what was refunded in part paid still."""


def payment_form(
    today: int,
    values: FacetValues | None = None,
    *,
    buyers: bool = True,
    tiers: Mapping[str, str] = NO_TIERS,
) -> FilterForm[PaymentFilter]:
    """The filter's fields; `values` are what occurs, `buyers` False leaves buyers out of the search.

    `tiers` are the names of sub-stores by their codes.
    """
    with_buyers = _("imp_uid, order, approval or PG number, name, phone, e-mail, last four, amount, refund reason")
    without = _("imp_uid, order, approval or PG number, product, last four, amount, refund reason")
    return form_of_payments(
        KEPT,
        with_buyers if buyers else without,
        Days(_("Period"), periods.PAST, today, periods.FIRST_DAY, today),
        (
            Tiles("states", "states", labels.state, parameter="state", typed=names.STATUS),
            Shorthand("refunded", names.REFUNDED, "states", _REFUNDED, labels.part),
            InOrder(
                "order",
                "order",
                {"": _("Newest first")},
                {name: labels.field(name) for name in AMOUNTS},
                others=_orders(buyers),
            ),
        ),
        (*_more(values or FacetValues()), *store_field(values, tiers)),
        buyers=buyers,
    )


def form_of_payments(
    kept: Kept, sought: str, days: Days, fields: tuple[Field, ...], more: tuple[Field, ...], *, buyers: bool
) -> FilterForm[PaymentFilter]:
    """The form of a list whose rows are of payments; `sought` says what its search looks through."""
    return FilterForm(
        kept,
        partial(PaymentFilter, search_buyers=buyers),
        (Search("text", "text", sought, parameter="q"), days, *fields),
        more=more,
        ids=frozenset({"imp_uid", "merchant_uid"}),
        shareable="imp_[0-9a-z]*",
    )


def _orders(buyers: bool) -> dict[str, tuple[str, str]]:
    """What the list can go by besides amounts; by the buyer only for who sees buyers."""
    by_state = {STATE: (_("By state"), _("By state, the other way"))}
    return {BUYER: (_("Buyer: A to Z"), _("Buyer: Z to A"))} | by_state if buyers else by_state


def store_field(values: FacetValues | None, tiers: Mapping[str, str]) -> tuple[Field, ...]:
    """Which stores, where payments of more than the main one are here."""
    if values is None or not values.tiers:
        return ()
    words = partial(store_name, names=tiers)
    return (Several("tier", "tiers", labels.field("tier"), values.tiers, words, typed=names.STORE),)


def _more(values: FacetValues) -> tuple[Field, ...]:
    bases = codes([Basis.PAID, Basis.STATUS, Basis.STARTED])
    kinds = list(PaymentKind)
    return (
        OneOf("basis", "basis", _("By"), bases, labels.basis, Basis.PAID, typed=names.BASIS),
        Several("pg", "pg_providers", _("PG"), values.pg_providers, labels.provider, typed=names.PG),
        Several("method", "pay_methods", _("Payment method"), values.pay_methods, labels.method, typed=names.METHOD),
        Several("card", "card_names", _("Card company"), values.card_names, typed=names.CARD),
        AnyOf("kinds", "kinds", _("Kind"), labels.kind, parameter="kind", known=kinds, typed=names.KIND),
        OneOf("live", "live", _("Live or test"), codes(Live), labels.live, Live.LIVE, typed=names.CHANNEL),
        Pick("currency", "currency", _("Currency"), values.currencies, typed=names.CURRENCY),
        Amount("min", "amount_from", _("Amount from"), lowest=True, typed=names.AMOUNT),
        Amount("max", "amount_to", _("Amount to"), lowest=False, typed=names.AMOUNT),
        Word("customer_uid", "customer_uid", labels.field("customer_uid"), typed=names.KEY),
    )


def payment_filters(
    form: FilterForm[PaymentFilter], params: Mapping[str, str], *, entered: bool
) -> tuple[View[PaymentFilter], DeltaGenerator]:
    """Draws the filters; returns the view they ask for, and the rest of their line."""
    form.recall(params, entered=entered)
    line = form.bar("text", "period")
    try:
        view = form.view()
    except InvalidRequest as problem:
        # No list stands under a filter that it does not follow.
        st.warning(formats.told(problem), icon=":material/filter_alt_off:")
        st.stop()
    chosen = view.chosen
    if chosen.amount_from is not None or chosen.amount_to is not None:
        # An amount means something in one currency only.
        chosen = replace(chosen, currency=chosen.currency or "KRW")
    return replace(view, chosen=chosen), line
