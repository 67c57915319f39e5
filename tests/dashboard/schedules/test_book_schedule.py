"""Booking on a billing key: what is refused beside its field, what is written down, what was booked."""

import time
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.access import PERMISSIONS, Permission
from dashboard.locale import LANGUAGES
from dashboard.settings import Role
from services.clock import seoul
from services.operations.actions.series import Unit
from services.operations.journal import journal
from services.tables.journal import OperationState as State
from tests.worlds.screens.money_forms import (
    CARD_KEY,
    GONE_KEY,
    NAVER_KEY,
    charge_page,
    field,
    fill,
    moved,
    operations,
    press,
    refused_as_typed,
)
from tests.worlds.screens.schedule_forms import booking_page, noon, store_again, wall
from tests.worlds.screens.screens import texts

MIDDLE = {"how": "series", "month_end": True, "schedule_at": datetime(2031, 3, 2, 12)}


def filled(at: AppTest, **more: Any) -> AppTest:
    return fill(at, **({"amount": "9,900", "name": "사과 정기배송", "schedule_at": wall(noon(30))} | more))


@pytest.mark.parametrize("role", Role)
def test_only_some_roles_have_the_page(engine: Engine, role: Role) -> None:
    if Permission.SCHEDULE in PERMISSIONS[role]:
        assert not booking_page(role=role).exception
    else:
        with pytest.raises(ValueError, match="page"):
            booking_page(role=role)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_key_says_where_to_begin(engine: Engine, language: str) -> None:
    at = booking_page("nobody", language=language)
    assert at.info


def test_a_key_that_is_gone_has_no_form(engine: Engine) -> None:
    at = booking_page(GONE_KEY)
    assert "gone since" in at.error[0].value
    assert not [button for button in at.button if button.key == "review_it"]


def test_what_is_booked_already_is_seen_first(engine: Engine) -> None:
    assert "sub_1" in list(booking_page(NAVER_KEY).dataframe[0].value["Order number"])


IN_THE_MIDDLE = next(noon(days) for days in (2, 9) if seoul(noon(days)).day < 27)
"""A time on no last day of a month."""


@pytest.mark.parametrize(
    ("key", "typed", "sentence"),
    [
        (CARD_KEY, {"amount": ""}, "Type an amount."),
        (CARD_KEY, {"amount": "만원"}, "This is not an amount: type it like 12,000."),
        (CARD_KEY, {"name": " "}, "Say what it is for: the buyer sees this name."),
        (CARD_KEY, {"schedule_at": None}, "Choose a day and a time."),
        (CARD_KEY, {"schedule_at": wall(time.time() + 30)}, "The time must be at least a minute from now."),
        (CARD_KEY, {"tax_free": "9901"}, "It must lie between 0 and the amount."),
        (NAVER_KEY, {"amount": "99"}, "less than minimum amount (100 won)"),
        (
            CARD_KEY,
            {"how": "series", "count": 3, "month_end": True, "schedule_at": wall(IN_THE_MIDDLE)},
            "The first payment has to fall on that day of its month.",
        ),
        (CARD_KEY, {"how": "series", "ends": "until", "until": seoul(noon(29)).date()}, "1 to 100 payments at once."),
        (CARD_KEY, {"how": "series", "ends": "until"}, "A series has a number of payments, or a last day."),
    ],
)
def test_what_cannot_be_sent_is_said_beside_its_field_and_stays_typed(
    engine: Engine, key: str, typed: dict[str, Any], sentence: str
) -> None:
    at = press(filled(booking_page(key), **typed), "review_it")
    refused_as_typed(at, sentence, typed)
    assert not operations(engine)


def test_what_has_to_be_filled_in_is_marked_and_nothing_else(engine: Engine) -> None:
    at = booking_page()
    marked = [one.label for kind in ("text_input", "datetime_input") for one in at.get(kind) if one.label.endswith("*")]
    assert marked == ["Amount of each (won) *", "What it is for *", "Day and time, in Korea *"]


def test_only_naver_pay_asks_for_a_day_of_use(engine: Engine) -> None:
    assert field(booking_page(NAVER_KEY), "naver_use_cfm") is not None
    with pytest.raises(AssertionError):
        field(booking_page(CARD_KEY), "naver_use_cfm")


def test_a_booking_is_looked_at_and_then_written_down_with_an_order_number(engine: Engine) -> None:
    at = press(filled(booking_page(NAVER_KEY, Role.SUPPORT), naver_use_cfm=1), "review_it")
    assert not operations(engine)
    assert at.json
    press(at, "send")
    (operation,) = operations(engine)
    (entry,) = journal.asked(operation)["schedules"]
    assert (operation.kind, operation.state, operation.customer_uid) == ("book", State.INTENT, NAVER_KEY)
    assert (entry["schedule_at"], entry["amount"]) == (noon(30), 9_900)
    assert entry["naver_use_cfm"] == seoul(noon(31)).strftime("%Y%m%d")
    assert entry["merchant_uid"]


def test_what_was_booked_stays_with_the_way_to_it(engine: Engine) -> None:
    at = press(press(filled(booking_page()), "review_it"), "send")
    operation = moved(engine, operations(engine)[0], State.SENT, State.SUCCEEDED)
    (entry,) = journal.asked(operation)["schedules"]
    store_again(engine, entry["merchant_uid"], schedule_at=noon(30), customer_uid=CARD_KEY)
    at.run()
    booked = at.dataframe[0].value
    assert list(booked["Order number"]) == [entry["merchant_uid"]]
    assert list(booked["State"]) == ["◷ Booked"]
    at = press(at, "anew")
    assert field(at, "amount").value == ""


def test_a_refused_booking_is_said_word_for_word(engine: Engine) -> None:
    at = press(press(filled(booking_page()), "review_it"), "send")
    moved(engine, operations(engine)[0], State.SENT, State.REFUSED, message="등록되지 않은 빌링키입니다.")
    at.run()
    assert "등록되지 않은 빌링키입니다." in [block.value.strip("\n") for block in at.code]
    at = press(at, "anew")
    assert field(at, "amount").value == "9,900"


def test_a_proposal_fills_the_form_and_books_nothing(engine: Engine) -> None:
    at = booking_page(amount="12,000", name="꽃 정기배송", at="2031-03-02T10:30")
    shown = (field(at, "amount").value, field(at, "name").value, field(at, "schedule_at").value.isoformat())
    assert shown == ("12,000", "꽃 정기배송", "2031-03-02T10:30:00")
    assert not operations(engine)
    assert not booking_page(amount="x", at="y").exception


def test_a_charge_of_the_same_key_is_not_taken_for_its_booking(engine: Engine) -> None:
    at = press(press(filled(booking_page(NAVER_KEY, Role.SUPPORT)), "review_it"), "send")
    assert "Written down" in texts(at)
    moved(engine, operations(engine)[0], State.SENT, State.SUCCEEDED)
    assert field(charge_page(NAVER_KEY, Role.SUPPORT), "amount").value == ""


def at_noon(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00")


def preview(at: AppTest) -> Any:
    """The table of what would be booked."""
    return next(one.value for one in at.dataframe if "Sum so far" in one.value)


def test_a_series_is_looked_at_day_by_day_with_its_sums_and_holidays(engine: Engine) -> None:
    typed = {"how": "series", "count": 3, "unit": Unit.WEEK, "schedule_at": at_noon("2027-02-01")}
    at = press(filled(booking_page(), **typed), "review_it")
    table = preview(at)
    assert list(table["Time in Korea"]) == ["2027-02-01 12:00:00", "2027-02-08 12:00:00", "2027-02-15 12:00:00"]
    assert list(table["Weekday"]) == ["Mon"] * 3
    # Lunar New Year is the 6th to the 8th.
    assert [bool(words) for words in table["Banks closed"]] == [False, True, False]
    assert list(table["Sum so far"]) == [9_900, 19_800, 29_700]
    assert not operations(engine)


@pytest.mark.parametrize(
    ("first", "days"),
    [
        ("2027-01-31", ["2027-01-31", "2027-02-28", "2027-03-31"]),
        ("2028-02-29", ["2028-02-29", "2028-03-31", "2028-04-30"]),
    ],
)
def test_the_last_day_of_each_month_is_meant_where_it_is_said(engine: Engine, first: str, days: list[str]) -> None:
    typed = {"how": "series", "count": 3, "month_end": True, "schedule_at": at_noon(first)}
    at = press(filled(booking_page(), **typed), "review_it")
    assert [time[:10] for time in preview(at)["Time in Korea"]] == days


def test_a_series_goes_out_as_one_operation_with_an_order_number_each(engine: Engine) -> None:
    typed = {"how": "series", "ends": "until", "until": date(2031, 5, 2), "schedule_at": at_noon("2031-03-02")}
    at = press(filled(booking_page(NAVER_KEY), **typed, naver_use_cfm=0), "review_it")
    press(at, "send")
    (operation,) = operations(engine)
    entries = journal.asked(operation)["schedules"]
    assert [entry["naver_use_cfm"] for entry in entries] == ["20310302", "20310402", "20310502"]
    assert len({entry["merchant_uid"] for entry in entries}) == 3
    assert operation.amount == 29_700


def test_going_back_from_the_preview_keeps_the_series(engine: Engine) -> None:
    typed = {"how": "series", "count": 5, "every": 2, "unit": Unit.WEEK}
    at = press(press(filled(booking_page(), **typed), "review_it"), "change")
    assert {name: field(at, name).value for name in typed} == typed
