"""A list's address: it brings the same view back, and holds nothing personal."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.screens.payments.filter_url import (
    View,
    default_filter,
    from_params,
    has_view,
    is_shareable,
    to_params,
)
from dashboard.words.periods import DEFAULT, PERIODS, period_days, period_of
from services.clock import date_to_day, day_to_date
from services.payment_states import PaymentKind
from services.store.lists.filters import AmountOrder, Live, PaymentFilter
from services.store.lists.payments import AMOUNTS
from services.tables.v1 import Basis

TODAY = 20_781

names = st.frozensets(st.sampled_from(["paid", "failed", "naverpay", "card", "settling_x"]), max_size=3)
filters = st.builds(
    PaymentFilter,
    basis=st.sampled_from([Basis.PAID, Basis.STATUS, Basis.STARTED]),
    from_day=st.integers(TODAY - 400, TODAY - 10),
    to_day=st.integers(TODAY - 10, TODAY),
    states=names,
    pg_providers=names,
    pay_methods=names,
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
    assert from_params(to_params(view, TODAY, with_text=False), TODAY, AMOUNTS) == view


def test_a_shared_address_shows_the_same_days_next_week() -> None:
    view = View(replace(default_filter(TODAY), states=frozenset({"paid"})))
    params = to_params(view, TODAY, with_text=False)
    assert from_params(params, TODAY + 7, AMOUNTS) == view


def test_the_first_view_has_a_bare_address() -> None:
    assert to_params(View(default_filter(TODAY)), TODAY, with_text=True) == {}


@pytest.mark.parametrize("text", ["홍길동", "길동", "010-1234-5678", "01012345678", "hong@example.com", "5678", "변심"])
def test_personal_text_stays_out_of_the_address(text: str) -> None:
    assert not is_shareable(text, {"buyer_name", "merchant_uid"})
    view = View(replace(default_filter(TODAY), text=text))
    assert text not in str(to_params(view, TODAY, with_text=is_shareable(text)))


def test_ids_may_be_shared() -> None:
    assert is_shareable("imp_448280090638")
    assert is_shareable("ORD2026-00012", {"merchant_uid"})


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
    assert from_params(params, TODAY, AMOUNTS) == View(default_filter(TODAY))


def test_another_pages_address_says_nothing_about_the_list() -> None:
    assert not has_view({"imp_uid": "imp_1"})


@pytest.mark.parametrize("period", PERIODS[:-1])
def test_every_period_is_known_by_its_days(period: str) -> None:
    first, last = period_days(period, TODAY)
    assert first <= last <= TODAY
    assert period_days(period_of((first, last), TODAY), TODAY) == (first, last)


def test_the_first_view_is_thirty_days() -> None:
    first, last = period_days(DEFAULT, TODAY)
    assert last - first == 29


def test_last_month_ends_the_day_before_this_one() -> None:
    march = date_to_day(day_to_date(TODAY).replace(month=3, day=31))
    first, last = (day_to_date(day).isoformat()[5:] for day in period_days("last_month", march))
    assert (first, last) == ("02-01", "02-28")


def test_six_months_before_the_end_of_august_is_the_end_of_february() -> None:
    august = date_to_day(day_to_date(TODAY).replace(month=8, day=31))
    assert day_to_date(period_days("6m", august)[0]).isoformat()[5:] == "02-28"
