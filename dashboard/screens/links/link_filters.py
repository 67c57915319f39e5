"""The filters of the list of links."""

from collections.abc import Sequence
from functools import partial

from services.checkout.link_list import LinkFilter
from services.tables.checkouts import CheckoutKind

from dashboard.kit.filters import names
from dashboard.kit.filters.choices import Pick, Tiles
from dashboard.kit.filters.days import Days
from dashboard.kit.filters.form import FilterForm
from dashboard.kit.filters.kept import Kept
from dashboard.kit.filters.typed import Search
from dashboard.locale import _
from dashboard.words import formats, labels, operation_labels, periods
from dashboard.words.links import link_labels

KEPT = Kept("links")


def _named(name: str) -> str:
    return formats.shown(operation_labels.person(name))


def link_form(today: int, makers: Sequence[str] = (), *, buyers: bool = True) -> FilterForm[LinkFilter]:
    """The filter's fields; `makers` are who made links, `buyers` False leaves buyers out of the search."""
    hint = (
        _("What for, memo, buyer, phone, order number, customer_uid") if buyers else _("What for, memo, order number")
    )
    return FilterForm(
        KEPT,
        partial(LinkFilter, search_buyers=buyers),
        (
            Search("text", "text", hint, parameter="q"),
            Days(_("Days of the making"), periods.PAST, today, periods.FIRST_DAY, today),
            Tiles("states", "states", link_labels.state, parameter="state", typed=names.STATUS),
        ),
        more=(
            Pick("kind", "kind", labels.field("kind"), list(CheckoutKind), link_labels.kind, typed=names.KIND),
            Pick("made_by", "made_by", _("Made by"), makers, _named),
        ),
        shareable="L[0-9]+-[0-9]+-[0-9a-f]{8}|imp_[0-9a-z]*",
    )
