"""The filters of the list of cash receipts."""

from functools import partial

from services.receipts.pg_rules import able
from services.receipts.receipt_list import ReceiptFilter
from services.tables.receipts import ReceiptType

from dashboard.kit.filters import names
from dashboard.kit.filters.choices import Pick, Several, Tiles
from dashboard.kit.filters.days import Days
from dashboard.kit.filters.form import FilterForm
from dashboard.kit.filters.kept import Kept
from dashboard.kit.filters.typed import Search
from dashboard.locale import _
from dashboard.words import labels, periods
from dashboard.words.receipts import receipt_labels

KEPT = Kept("receipts")


def receipt_filter_form(today: int, *, buyers: bool = True) -> FilterForm[ReceiptFilter]:
    """The filter's fields; `buyers` False leaves the ends of numbers out of the search."""
    whole = _("Order number, imp_uid, number at the tax office, product, last four digits")
    hint = whole if buyers else _("Order number, imp_uid, number at the tax office, product")
    return FilterForm(
        KEPT,
        partial(ReceiptFilter, search_buyers=buyers),
        (
            Search("text", "text", hint, parameter="q"),
            Days(_("Days of the issuing"), periods.PAST, today, periods.FIRST_DAY, today),
            Tiles("states", "states", receipt_labels.state, parameter="state", typed=names.STATUS),
        ),
        more=(
            Pick("type", "type", labels.field("receipt_type"), list(ReceiptType), receipt_labels.type_of),
            Pick("origin", "origin", _("Sale"), ("payment", "sale"), receipt_labels.origin, typed=names.KIND),
            Several("pg", "pg_providers", _("PG"), able(), labels.provider, typed=names.PG),
        ),
        shareable="imp_[0-9a-z]*",
    )
