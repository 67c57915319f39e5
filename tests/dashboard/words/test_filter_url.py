"""A list's address: it brings the same view back, and holds nothing personal."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.kit.filters.form import View
from dashboard.screens.payments.filters import payment_form
from dashboard.words.periods import PAST, period_days
from services.clock import date_to_day, day_to_date
from services.payment_states import PaymentKind
from services.store.lists.filters import AmountOrder, Live, PaymentFilter
from services.store.lists.payments import AMOUNTS
from services.tables.v1 import Basis

TODAY = 20_781
FORM = payment_form(TODAY)
FIRST = FORM.from_params({}).chosen

names = st.frozensets(st.sampled_from(["paid", "failed", "naverpay", "card", "settling_x"]), max_size=3)
filters = st.builds(
    PaymentFilter,
    basis=st.sampled_from([Basis.PAID, Basis.STATUS, Basis.STARTED]),
    from_day=st.integers(TODAY - 400, TODAY - 10),
    to_day=st.integers(TODAY - 10, TODAY),
    states=names,
    pg_providers=names,
    pay_methods=names,
    card_names=names,
    kinds=st.frozensets(st.sampled_from(list(PaymentKind)), max_size=2),
    live=st.sampled_from(list(Live)),
    currency=st.sampled_from([None, "KRW", "USD"]),
    amount_from=st.none() | st.integers(0, 10**9),
    amount_to=st.none() | st.integers(0, 10**9),
    customer_uid=st.none() | st.just("hong_monthly_1"),
    order=st.none() | st.builds(AmountOrder, st.sampled_from(sorted(AMOUNTS)), st.booleans()),
)


@given(chosen=filters, before=st.none() | st.just("cursor"))
def test_an_address_brings_the_same_view_back(chosen: PaymentFilter, before: str | None) -> None:
    view = View(chosen, before=before)
    assert FORM.from_params(FORM.to_params(view, with_text=False)) == view


def test_a_shared_address_shows_the_same_days_next_week() -> None:
    view = View(replace(FIRST, states=frozenset({"paid"})))
    params = FORM.to_params(view, with_text=False)
    assert payment_form(TODAY + 7).from_params(params) == view


def test_the_first_view_has_a_bare_address() -> None:
    assert FORM.to_params(View(FIRST), with_text=True) == {}


@pytest.mark.parametrize("text", ["홍길동", "길동", "010-1234-5678", "01012345678", "hong@example.com", "5678", "변심"])
def test_personal_text_stays_out_of_the_address(text: str) -> None:
    assert not FORM.is_shareable(text, {"buyer_name", "merchant_uid"})
    view = View(replace(FIRST, text=text))
    assert text not in str(FORM.to_params(view, with_text=FORM.is_shareable(text)))


def test_ids_may_be_shared() -> None:
    assert FORM.is_shareable("imp_448280090638")
    assert FORM.is_shareable("ORD2026-00012", {"merchant_uid"})


@pytest.mark.parametrize(
    "params",
    [
        {"from": "2026-13-40", "to": "x"},
        {"from": "2026-11-24", "to": "2026-11-01"},
        {"kind": "gift", "live": "maybe", "basis": "paid"},
        {"min": "-5", "max": "1e9"},
    ],
)
def test_an_address_that_makes_no_sense_is_the_first_view(params: dict[str, str]) -> None:
    assert FORM.from_params(params) == View(FIRST)


def test_another_pages_address_says_nothing_about_the_list() -> None:
    assert not FORM.is_said({"imp_uid": "imp_1"})


@pytest.mark.parametrize("period", PAST.names[:-1])
def test_every_period_is_known_by_its_days(period: str) -> None:
    first, last = period_days(period, TODAY)
    assert first <= last <= TODAY
    assert period_days(PAST.name_of((first, last), TODAY), TODAY) == (first, last)


def test_the_first_view_is_thirty_days() -> None:
    first, last = PAST.first(TODAY)
    assert last - first == 29


def test_last_month_ends_the_day_before_this_one() -> None:
    march = date_to_day(day_to_date(TODAY).replace(month=3, day=31))
    first, last = (day_to_date(day).isoformat()[5:] for day in period_days("last_month", march))
    assert (first, last) == ("02-01", "02-28")


def test_six_months_before_the_end_of_august_is_the_end_of_february() -> None:
    august = date_to_day(day_to_date(TODAY).replace(month=8, day=31))
    assert day_to_date(period_days("6m", august)[0]).isoformat()[5:] == "02-28"
