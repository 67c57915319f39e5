"""The filters of the access log."""

from collections.abc import Sequence

from services.people.access_list import AccessFilter
from services.tables.staff.access import AccessKind

from dashboard.kit.filters import names
from dashboard.kit.filters.choices import Pick
from dashboard.kit.filters.days import Days
from dashboard.kit.filters.form import FilterForm
from dashboard.kit.filters.kept import Kept
from dashboard.kit.filters.typed import Search
from dashboard.locale import _
from dashboard.words import formats, operation_labels, periods
from dashboard.words.access import access_labels

KEPT = Kept("access_log")


def _named(name: str) -> str:
    return formats.shown(operation_labels.person(name))


def access_form(today: int, people: Sequence[str] = ()) -> FilterForm[AccessFilter]:
    """The filter's fields; `people` are those of whom there is an entry."""
    kinds = list(AccessKind)
    return FilterForm(
        KEPT,
        AccessFilter,
        (
            Search("text", "text", _("Whose: imp_uid, customer_uid or order number, whole"), parameter="q"),
            Days(_("Days in Korea"), periods.PAST, today, periods.FIRST_DAY, today),
        ),
        more=(
            Pick("person", "person", _("Person"), people, _named),
            Pick("kind", "kind", _("What was done"), kinds, access_labels.kind, typed=names.KIND),
        ),
        shareable="imp_[0-9a-z]*",
    )
