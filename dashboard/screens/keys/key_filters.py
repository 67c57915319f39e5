"""The filters of the list of billing keys."""

from functools import partial

from services.store.lists.filters import Live
from services.store.lists.key_filters import KeyFilter, KeyOrder
from services.store.lists.totals import FacetValues

from dashboard.kit.filters import names
from dashboard.kit.filters.choices import OneOf, Several, Tiles, Toggle, codes
from dashboard.kit.filters.form import FilterForm
from dashboard.kit.filters.kept import Kept
from dashboard.kit.filters.typed import Search
from dashboard.kit.lists.list_order import InOrder
from dashboard.locale import _
from dashboard.words import labels

KEPT = Kept("billing_keys")


def key_form(values: FacetValues | None = None, *, buyers: bool = True) -> FilterForm[KeyFilter]:
    """The filter's fields; `values` are what occurs, `buyers` False leaves buyers out of the search."""
    everything = _("customer_uid, buyer's name, phone, e-mail, card's last four")
    own = {
        KeyOrder.NEWEST.value: _("Newest first"),
        KeyOrder.NEXT_CHARGE.value: _("Next charge first"),
    }
    providers = values.pg_providers if values else ()
    hint = _("Another key has the same buyer's phone, or the same buyer's card.")
    return FilterForm(
        KEPT,
        partial(KeyFilter, search_buyers=buyers),
        (
            Search("text", "text", everything if buyers else "customer_uid", parameter="q"),
            InOrder("order", "order", own, {"booked_won": _("Won booked")}, KeyOrder),
            Tiles("states", "states", labels.key_state, parameter="state", typed=names.STATUS),
        ),
        more=(
            Several("pg", "pg_providers", _("PG"), providers, labels.provider, typed=names.PG),
            OneOf("live", "live", _("Live or test"), codes(Live), labels.live, Live.LIVE, typed=names.CHANNEL),
            Toggle("duplicates", "only_duplicates", _("Duplicates only"), hint),
        ),
        ids=frozenset({"customer_uid"}),
    )
