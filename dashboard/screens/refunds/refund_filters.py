"""The filters of the list of refunds."""

from collections.abc import Mapping

from services.store.lists.filters import Live, PaymentFilter
from services.store.lists.refunds import AMOUNTS
from services.store.lists.totals import FacetValues

from dashboard.kit.filters import names
from dashboard.kit.filters.choices import OneOf, Pick, Several, codes
from dashboard.kit.filters.days import Days
from dashboard.kit.filters.form import FilterForm
from dashboard.kit.filters.kept import Kept
from dashboard.kit.lists.list_order import InOrder
from dashboard.locale import _
from dashboard.screens.payments.filters import form_of_payments, store_field
from dashboard.words import labels, periods
from dashboard.words.names.stores import NO_TIERS

KEPT = Kept("refunds")
_PARTS = {"full": True, "partial": False}


def refund_form(
    today: int,
    values: FacetValues | None = None,
    *,
    buyers: bool = True,
    tiers: Mapping[str, str] = NO_TIERS,
) -> FilterForm[PaymentFilter]:
    """The filter's fields; `values` are what occurs, `buyers` False leaves buyers out of the search."""
    values = values or FacetValues()
    with_buyers = _("Name, phone, e-mail, card's last four, product, order or refund's number, reason")
    without = _("imp_uid, product, order, approval or refund's number, amount, reason")
    return form_of_payments(
        KEPT,
        with_buyers if buyers else without,
        Days(_("Days of the refund"), periods.PAST, today, periods.FIRST_DAY, today),
        (InOrder("order", "order", {"": _("Newest first")}, {name: labels.field(name) for name in AMOUNTS}),),
        (
            OneOf("part", "whole", _("Full or partial"), _PARTS, part_label, None, typed=names.REFUNDED),
            Several("pg", "pg_providers", _("PG"), values.pg_providers, labels.provider, typed=names.PG),
            Several(
                "method", "pay_methods", _("Payment method"), values.pay_methods, labels.method, typed=names.METHOD
            ),
            Pick("currency", "currency", _("Currency"), values.currencies, typed=names.CURRENCY),
            OneOf("live", "live", _("Live or test"), codes(Live), labels.live, Live.LIVE, typed=names.CHANNEL),
            *store_field(values, tiers),
        ),
        buyers=buyers,
    )


def part_label(whole: bool) -> str:
    """Whether a refund gave the whole payment back at once."""
    return labels.part("full" if whole else "partial")
