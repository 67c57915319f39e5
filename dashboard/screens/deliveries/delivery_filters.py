"""The filters of the list of escrow deliveries."""

from functools import partial

from services.escrow.couriers import Courier
from services.escrow.delivery_list import DeliveryFilter
from services.escrow.pg_rules import able
from services.store.lists.filters import Live

from dashboard.kit.filters import names
from dashboard.kit.filters.choices import OneOf, Pick, Several, Tiles, codes
from dashboard.kit.filters.days import Days
from dashboard.kit.filters.form import FilterForm
from dashboard.kit.filters.kept import Kept
from dashboard.kit.filters.typed import Search
from dashboard.locale import _
from dashboard.words import labels, periods
from dashboard.words.deliveries import delivery_labels

KEPT = Kept("deliveries")


def delivery_filter_form(today: int, *, buyers: bool = True) -> FilterForm[DeliveryFilter]:
    """The filter's fields; `buyers` False leaves the buyers' names out of the search."""
    whole = _("Order number, imp_uid, tracking number, product, buyer")
    hint = whole if buyers else _("Order number, imp_uid, tracking number, product")
    couriers = [one.value for one in Courier]
    return FilterForm(
        KEPT,
        partial(DeliveryFilter, search_buyers=buyers),
        (
            Search("text", "text", hint, parameter="q"),
            Days(_("Days of the payment"), periods.PAST, today, periods.FIRST_DAY, today),
            Tiles("states", "states", delivery_labels.state, parameter="state", typed=names.STATUS),
        ),
        more=(
            Pick("company", "company", _("Courier"), couriers, delivery_labels.courier),
            Several("pg", "pg_providers", _("PG"), able(), labels.provider, typed=names.PG),
            OneOf("live", "live", _("Live or test"), codes(Live), labels.live, Live.LIVE, typed=names.CHANNEL),
        ),
        shareable="imp_[0-9a-z]*",
    )
