"""Broken chains on the screen: who has nothing booked next, how that is known, and the booking filled in."""

import time
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.access import PERMISSIONS, Permission
from dashboard.screens.asking.proposals import booking_filled, booking_params
from dashboard.settings import Role
from dashboard.words import formats
from services.clock import DAY
from services.operations.actions.bookings import BookingForm
from services.operations.actions.revocations import wanted_revocation
from services.operations.journal import journal
from services.recovery.radar import BrokenChain, broken_chain
from services.store.engine import reading, writing
from services.store.lists.one import get_schedule
from services.store.writes.schedules import upsert_schedules
from services.subscriptions.keep import refresh_chains
from services.tables.chains import LastResult
from services.tables.journal import OperationState as State
from tests.worlds.rows.recurring_rows import FORGOTTEN, MENDS, ODD, PRICE, REASONS, recurring_store
from tests.worlds.rows.times import at as seoul_time
from tests.worlds.screens.money_forms import OTHER, field, moved, press
from tests.worlds.screens.screens import run_page, schedule, shows_markup_as_text, texts

TABLE = "radar_None_None_None"
A_MONTH = 43_047
"""₩9,900 a week, brought to a month as MRR does: 9,900 × 30.4375 ÷ 7."""
FULL = ("홍길동", "010-1234-5678", "hong@example.com")


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return recurring_store(tmp_path)


def pick(at: AppTest, uid: str) -> AppTest:
    """Ticks the box of a key's row."""
    row = list(at.dataframe[0].value["customer_uid"]).index(uid)
    at.session_state[TABLE] = {"selection": {"rows": [], "columns": [], "cells": [(row, "due_at")]}}
    return at.run()


def chain(engine: Engine, uid: str) -> BrokenChain:
    with reading(engine) as conn:
        found = broken_chain(conn, uid, time.time())
    assert found is not None
    return found


def links(at: AppTest) -> dict[str, dict[str, str]]:
    """The page links by their words, each with its parameters."""
    found = [link.proto for link in at.get("page_link")]
    return {one.label: {name: value[0] for name, value in parse_qs(one.query_string).items()} for one in found}


@pytest.mark.parametrize("language", ["en", "ko"])
def test_where_no_chain_is_broken_the_radar_says_so(tmp_path: Path, language: str) -> None:
    with writing(recurring_store(tmp_path)) as conn:
        conn.exec_driver_sql("UPDATE chain SET broken = false")
    at = run_page("radar", language=language)
    assert at.success


def test_it_says_that_v1_knows_no_subscription_and_that_all_is_inferred(engine: Engine) -> None:
    assert any("V1 knows no subscription" in one.value and "inferred" in one.value for one in run_page("radar").caption)


def test_every_broken_chain_stands_there_with_what_happened_last_and_its_cadence(engine: Engine) -> None:
    frame = run_page("radar").dataframe[0].value.set_index("customer_uid")
    assert set(frame.index) == {*REASONS, FORGOTTEN}
    assert list(frame.loc[FORGOTTEN, "result"]) == ["○ Paid, nothing booked"]
    assert list(frame.loc[MENDS, "result"]) == ["✕ The last charge failed"]
    assert frame.loc[MENDS, "fail_reason"] == REASONS[MENDS]
    assert frame.loc[FORGOTTEN, "cadence"] == "Every week"
    assert frame.loc[FORGOTTEN, "confidence"] == round(100 * chain(engine, FORGOTTEN).confidence)


def test_the_won_at_risk_stands_by_result_and_in_all(engine: Engine) -> None:
    shown = texts(run_page("radar")).replace("\\", "")
    assert f"✕ The last charge failed **4** · ₩{4 * A_MONTH:,}" in shown
    assert f"At risk a month: **₩{5 * A_MONTH:,}**" in shown


def test_currencies_are_never_added_together(engine: Engine) -> None:
    with writing(engine) as conn:
        conn.exec_driver_sql(f"UPDATE chain SET currency = 'USD', amount = 1050 WHERE customer_uid = '{FORGOTTEN}'")
    shown = texts(run_page("radar")).replace("\\", "")
    # 1,050 cents × 30.4375 ÷ 7 = 4,566.
    assert f"At risk a month: **₩{4 * A_MONTH:,} + USD 45.66**" in shown


@pytest.mark.parametrize("here", [True, False])
def test_of_a_revoked_booking_it_says_who_and_when_before_it_offers_a_charge(engine: Engine, here: bool) -> None:
    now = int(time.time())
    booked = {"merchant_uid": "back", "customer_uid": FORGOTTEN, "schedule_at": now + DAY, "pg_provider": "nice_v2"}
    with writing(engine) as conn:
        upsert_schedules(conn, [schedule(now, **booked)], as_of=now * 1000)
    if here:
        with reading(engine) as conn:
            row = get_schedule(conn, "back")
        assert row is not None
        wanted = wanted_revocation("token", [row], reason="고객이 그만둠", now=now)
        asked = journal.record(engine, wanted, OTHER, now)
        moved(engine, asked, State.SENT, State.SUCCEEDED)
    with writing(engine) as conn:
        gone = schedule(now, **booked, schedule_status="revoked", revoked_at=now)
        upsert_schedules(conn, [gone], as_of=now * 1000 + 1)
    refresh_chains(engine, now)
    at = pick(run_page("radar", role=Role.SUPPORT), FORGOTTEN)
    shown = texts(at).replace("\\", "")
    assert f"The booking was revoked at {formats.time(now)} KST" in shown
    assert ("by other@example.com" in shown) == here
    assert ("고객이 그만둠" in shown) == here
    assert ("outside of Jangbu" in shown) == (not here)
    of_row = [one for one in links(at) if one in ("Open the billing key", "Book the next payment")]
    assert of_row == ["Open the billing key", "Book the next payment"]
    assert "Only if the customer stays:" in shown


@pytest.mark.parametrize("role", Role)
def test_a_buyer_is_masked_for_roles_that_do_not_see_buyers(engine: Engine, role: Role) -> None:
    shown = texts(pick(run_page("radar", role=role), FORGOTTEN))
    assert ("홍*동" in shown) == (Permission.SEE_BUYERS not in PERMISSIONS[role])
    assert any(value in shown for value in FULL) == (Permission.SEE_BUYERS in PERMISSIONS[role])


def test_the_days_that_the_cadence_is_inferred_from_are_shown_when_asked_for(engine: Engine) -> None:
    at = run_page("radar")
    day = chain(engine, FORGOTTEN).evidence[0]
    assert isinstance(day, date)
    assert day.isoformat() not in texts(at)
    assert day.isoformat() in texts(pick(at, FORGOTTEN))


def test_the_gateways_text_is_never_markdown(engine: Engine) -> None:
    shows_markup_as_text(pick(run_page("radar"), ODD))


def test_the_next_payment_is_booked_from_a_form_that_is_filled_in(engine: Engine) -> None:
    found = links(pick(run_page("radar", role=Role.SUPPORT), FORGOTTEN))
    assert found["Open the billing key"] == {"customer_uid": FORGOTTEN}
    query = found["Book the next payment"]
    assert query == {"customer_uid": FORGOTTEN, **booking_params(chain(engine, FORGOTTEN).proposal)}
    form = run_page("book_schedule", role=Role.SUPPORT, query=query)
    assert not form.exception
    assert (field(form, "amount").value, field(form, "name").value) == (str(PRICE), "유기농 사과 5kg")


def test_no_buyer_stands_in_the_address_of_the_booking(engine: Engine) -> None:
    query = links(pick(run_page("radar"), FORGOTTEN))["Book the next payment"]
    assert not [value for value in FULL if value in " ".join(query.values())]


@pytest.mark.parametrize(("currency", "amount", "typed"), [("KRW", 9_900, "9900"), ("USD", 1_050, "10.50")])
def test_a_form_comes_through_an_address_as_it_was(currency: str, amount: int, typed: str) -> None:
    form = BookingForm(seoul_time("2026-12-05 10:00"), amount, "구독", currency)
    params = booking_params(form)
    assert params == {"amount": typed, "name": "구독", "at": "2026-12-05T10:00"}
    filled = booking_filled(params, None)
    assert (filled.amount, filled.name, filled.at) == (typed, "구독", form.schedule_at)


@pytest.mark.parametrize("role", Role)
def test_only_who_may_book_is_offered_it(engine: Engine, role: Role) -> None:
    at = pick(run_page("radar", role=role), FORGOTTEN)
    assert not at.exception
    assert ("Book the next payment" in links(at)) == (Permission.SCHEDULE in PERMISSIONS[role])


def test_a_tile_and_a_pg_narrow_the_list_and_stand_in_the_address(engine: Engine) -> None:
    at = press(run_page("radar"), "tile_paid")
    assert list(at.dataframe[0].value["customer_uid"]) == [FORGOTTEN]
    assert at.query_params["result"] == LastResult.PAID
    shared = run_page("radar", query={"result": "failed", "pg": "nice_v2"})
    assert set(shared.dataframe[0].value["customer_uid"]) == set(REASONS)
    other = run_page("radar", query={"pg": "danal"})
    assert other.info[0].value.startswith("Take the filters away")
    assert len(press(other, "clear_all").dataframe[0].value) == 5


def test_an_address_goes_on_where_a_page_ended(engine: Engine) -> None:
    every = list(run_page("radar").dataframe[0].value["customer_uid"])
    third = chain(engine, every[2])
    at = run_page("radar", query={"after": f"{third.lapses_at}.{third.customer_uid}"})
    assert list(at.dataframe[0].value["customer_uid"]) == every[3:]
