"""What holds of every list's filter: each attribute is filled by one field, and an address brings it back."""

from collections import Counter
from dataclasses import fields
from typing import Any

import pytest

from dashboard.kit.filters.form import FilterForm
from dashboard.screens.keys.key_filters import key_form
from dashboard.screens.payments.filters import payment_form
from dashboard.screens.recovery.desk_filters import DeskFilter
from dashboard.screens.recovery.radar_list import chain_form
from dashboard.screens.recovery.recovery_list import failed_form
from dashboard.screens.refunds.refund_filters import refund_form
from dashboard.screens.revenue.subscription_list import subscription_form
from dashboard.screens.schedules.schedule_filters import ShownSchedules, schedule_form
from services.store.lists.filters import PaymentFilter
from services.store.lists.key_filters import KeyFilter
from services.store.lists.totals import FacetValues

TODAY = 20_781
STORES = FacetValues(tiers=("main", "ABC"))
FORMS: dict[str, tuple[FilterForm[Any], type, set[str]]] = {
    "payments": (payment_form(TODAY, STORES), PaymentFilter, {"search_buyers", "whole"}),
    "refunds": (
        refund_form(TODAY, STORES),
        PaymentFilter,
        {"basis", "states", "kinds", "amount_from", "amount_to", "card_names", "customer_uid", "search_buyers"},
    ),
    "billing keys": (key_form(), KeyFilter, {"from_day", "to_day", "search_buyers"}),
    "schedules": (schedule_form(TODAY), ShownSchedules, {"currency", "soonest_first", "search_buyers"}),
    "recovery": (failed_form(), DeskFilter, {"search_buyers"}),
    "radar": (chain_form(), DeskFilter, {"search_buyers"}),
    "subscriptions": (subscription_form(), DeskFilter, {"search_buyers"}),
}
"""Each list's form, its filter, and what of the filter is no choice of its screen."""
LISTS = pytest.mark.parametrize("name", FORMS)


@LISTS
def test_every_attribute_is_filled_by_one_field(name: str) -> None:
    form, filter_type, not_on_screen = FORMS[name]
    filled = Counter(attribute for field in form.every for attribute in field.parameters.values())
    assert filled.keys() | not_on_screen == {field.name for field in fields(filter_type)}
    assert set(filled.values()) == {1}
    assert not filled.keys() & not_on_screen


@LISTS
def test_no_two_fields_share_a_parameter_or_a_place_in_the_session(name: str) -> None:
    form, _filter_type, _not_on_screen = FORMS[name]
    parameters = Counter(parameter for field in form.every for parameter in field.parameters)
    assert set(parameters.values()) == {1}
    assert not parameters.keys() & {"before", "after"}
    assert set(Counter(field.name for field in form.every).values()) == {1}


@LISTS
def test_a_bare_address_is_the_filter_of_a_list_nobody_narrowed(name: str) -> None:
    form, filter_type, _not_on_screen = FORMS[name]
    first = form.from_params({}).chosen
    unlike = {
        field.name for field in fields(filter_type) if getattr(first, field.name) != getattr(filter_type(), field.name)
    }
    assert unlike <= {"from_day", "to_day", "soonest_first", "month"}
    assert form.to_params(form.from_params({}), with_text=True) == {}
