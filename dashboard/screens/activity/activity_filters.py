"""The filters of the list of operations."""

from services.store.lists.operations import OperationFilter, People
from services.tables.journal import OperationKind, OperationState

from dashboard.kit.filters import names
from dashboard.kit.filters.choices import Pick
from dashboard.kit.filters.days import Days
from dashboard.kit.filters.form import FilterForm
from dashboard.kit.filters.kept import Kept
from dashboard.kit.filters.typed import Search
from dashboard.locale import _
from dashboard.words import formats, kinds, labels, operation_labels, periods

KEPT = Kept("activity")


def _named(name: str) -> str:
    return formats.shown(operation_labels.person(name))


def activity_form(today: int, people: People | None = None) -> FilterForm[OperationFilter]:
    """The filter's fields; `people` are who asked and approved so far."""
    people, states = people or People(), list(OperationState)
    return FilterForm(
        KEPT,
        OperationFilter,
        (
            Search("text", "text", _("Operation number, imp_uid, order number or customer_uid, whole"), parameter="q"),
            Days(_("Days of the request"), periods.PAST, today, periods.FIRST_DAY, today),
        ),
        more=(
            Pick("kind", "kind", labels.field("kind"), list(OperationKind), kinds.noun, typed=names.KIND),
            Pick("state", "state", labels.field("state"), states, operation_labels.state, typed=names.STATUS),
            Pick("asked_by", "asked_by", labels.field("asked_by"), people.asked, _named),
            Pick("approved_by", "approved_by", labels.field("approved_by"), people.approved, _named),
        ),
        shareable="imp_[0-9a-z]*|[0-9]{1,9}",
    )
