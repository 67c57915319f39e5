"""The filters of the list of what waits for money."""

from collections.abc import Callable
from functools import partial

from services.vbanks.pg_rules import able
from services.vbanks.waiting_list import WaitingFilter

from dashboard.kit.filters import names
from dashboard.kit.filters.choices import Pick, Several, Tiles
from dashboard.kit.filters.days import Days
from dashboard.kit.filters.form import FilterForm
from dashboard.kit.filters.kept import Kept
from dashboard.kit.filters.typed import Search
from dashboard.locale import _
from dashboard.words import labels, periods
from dashboard.words.vbanks import waiting_labels

KEPT = Kept("waiting")
METHODS = ("vbank", "cvs")


def waiting_filter_form(today: int, now: float, *, buyers: bool = True) -> FilterForm[WaitingFilter]:
    """The filter's fields; `buyers` False leaves names and account numbers out of the search."""
    whole = _("Order number, imp_uid, product, buyer, phone, account number")
    hint = whole if buyers else _("Order number, imp_uid, product")
    empty: Callable[[], WaitingFilter] = partial(WaitingFilter, int(now), search_buyers=buyers)
    return FilterForm(
        KEPT,
        empty,
        (
            Search("text", "text", hint, parameter="q"),
            Days(_("Days of the issuing"), periods.PAST, today, periods.FIRST_DAY, today),
            Tiles("states", "states", waiting_labels.state, parameter="state", typed=names.STATUS),
        ),
        more=(
            Pick("method", "pay_method", labels.field("pay_method"), METHODS, labels.method, typed=names.METHOD),
            Several("pg", "pg_providers", _("PG"), able(), labels.provider, typed=names.PG),
        ),
        shareable="imp_[0-9a-z]*",
    )
