"""The recovery desk on the screen: what failed by what can be done, and the proposals carried out by a person."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.access import PERMISSIONS, Permission
from dashboard.screens.recovery.recovery_list import moment
from dashboard.settings import Role
from dashboard.words import formats
from services.clock import DAY, seoul
from services.operations.actions.retries import wanted_retry
from services.operations.journal import journal
from services.operations.journal.journal import asked
from services.recovery.desk import list_failed, proposals
from services.recovery.policy import Policy
from services.store.engine import reading, writing
from services.store.lists.one import get_schedule
from services.store.sql import column_names
from services.store.writes.payments import upsert_payments
from services.subscriptions.keep import refresh_chains
from services.tables.chains import FailedSchedule
from services.tables.journal import OperationState as State
from tests.worlds.recovery_shop import NO_MONEY
from tests.worlds.rows.recurring_rows import MENDS, ODD, PRICE, REASONS, WAITS, order, recurring_store
from tests.worlds.screens.money_forms import OTHER, moved, operations, press
from tests.worlds.screens.screens import payment, run_page, shows_markup_as_text, texts

FULL = ("홍길동", "010-1234-5678", "hong@example.com")


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return recurring_store(tmp_path)


def pick(at: AppTest, *uids: str) -> AppTest:
    """Ticks the boxes of these keys' rows."""
    shown = list(at.dataframe[0].value["customer_uid"])
    table = at.dataframe[0].proto.id.split("-", 2)[2]
    at.session_state[table] = {"selection": {"rows": [shown.index(uid) for uid in uids], "columns": [], "cells": []}}
    return at.run()


def tile(at: AppTest, action: str) -> str:
    return at.button(key=f"tile_{action}").label.replace("\\", "")


def proposed_time(engine: Engine) -> int:
    with reading(engine) as conn:
        (one,) = proposals(conn, time.time(), Policy())
    return one.schedule_at


@pytest.mark.parametrize("language", ["en", "ko"])
def test_without_a_failure_the_desk_says_what_it_will_list(tmp_path: Path, language: str) -> None:
    engine = recurring_store(tmp_path)
    with writing(engine) as conn:
        conn.exec_driver_sql("DELETE FROM failed_schedule")
    at = run_page("recovery", language=language)
    assert at.success


def test_failures_are_grouped_by_what_can_be_done_with_counts_and_won(engine: Engine) -> None:
    at = run_page("recovery")
    assert [tile(at, action) for action in ("wait", "mend", "stop", "unknown")] == [
        "◷ Try again later **1** · ₩9,900",
        "✎ Card update needed **1** · ₩9,900",
        "⊘ Leave it **1** · ₩9,900",
        "? Look at it **1** · ₩9,900",
    ]
    # The same payment once more: said to be one of those, and beside them.
    assert tile(at, "proposed") == "↻ Of “Try again later”: can be booked again now **1** · ₩9,900"
    tiles = [one.key for one in at.button if str(one.key).startswith("tile_")]
    assert tiles[:2] == ["tile_wait", "tile_proposed"]


def test_a_row_has_the_reason_word_for_word_what_helps_beside_it_and_the_next_try(engine: Engine) -> None:
    frame = run_page("recovery").dataframe[0].value.set_index("customer_uid")
    assert frame["fail_reason"].to_dict() == REASONS
    assert frame.loc[WAITS, "because"] == "Not enough money on the account: it may be there after pay day."
    assert frame.loc[WAITS, "next"] == moment(proposed_time(engine))
    assert frame.loc[MENDS, "next"] == "–"
    assert set(frame["amount"]) == {PRICE}


def test_a_row_of_a_subscription_that_has_ended_says_so_wherever_it_could_be_booked_again(engine: Engine) -> None:
    ended_at = int(time.time()) - 3 * DAY
    with writing(engine) as conn:
        sql = "UPDATE subscription SET state = 'ended', churn = 'failed', ended_at = ? WHERE customer_uid = ?"
        assert conn.exec_driver_sql(sql, (ended_at, WAITS)).rowcount == 1
    shown = run_page("recovery").dataframe[0].value.set_index("customer_uid")["subscription"].dropna()
    assert shown.to_dict() == {WAITS: f"ended {formats.short_time(ended_at)}"}
    words = "The subscription counts as ended since"
    assert words not in texts(pick(run_page("recovery"), MENDS))
    at = pick(run_page("recovery"), WAITS)
    assert words in texts(at)
    assert "1 is of a subscription that counts as ended: ask its customer" in texts(press(at, "carry_out"))


def test_row_tiles_home_and_what_can_be_carried_out_go_by_the_latest_failure_of_the_key(engine: Engine) -> None:
    at = pick(run_page("recovery"), WAITS)
    assert "failed again at" not in texts(at)
    assert at.code[0].value == NO_MONEY
    now = int(time.time())
    with reading(engine) as conn:
        first = next(one.failed_at for one in list_failed(conn, now).rows if one.customer_uid == MENDS)
    with writing(engine) as conn:
        for number, (uid, reason) in enumerate(((WAITS, "[거래거절]"), (MENDS, "[한도초과]"))):
            came = {"customer_uid": uid, "customer_uid_usage": "payment", "merchant_uid": f"once{number}"}
            again = payment(f"imp_9{number:011d}", now - DAY + 60, "failed", 500, fail_reason=reason, **came)
            upsert_payments(conn, [again], as_of=now * 1000)
    refresh_chains(engine, now)
    at.run()
    assert [tile(at, action) for action in ("wait", "proposed", "mend", "unknown")] == [
        "◷ Try again later **1** · ₩9,900",
        "↻ Of “Try again later”: can be booked again now **1** · ₩9,900",
        "✎ Card update needed **0**",
        "? Look at it **2** · ₩19,800",
    ]
    frame = at.dataframe[0].value.set_index("customer_uid")
    assert list(frame.loc[[WAITS, MENDS], "fail_reason"]) == ["[거래거절]", "[한도초과]"]
    # The time of a row is that of its reason; when its booking failed first stands in the drawer.
    assert list(frame.loc[[WAITS, MENDS], "failed_at"]) == [formats.short_time(now - DAY + 60)] * 2
    assert frame.loc[WAITS, "next"] == "–"
    assert frame.loc[MENDS, "next"] != "–"
    assert at.button(key="carry_out").disabled
    # The drawer's verdict, and its text to the buyer, are the row's.
    pick(at, MENDS)
    assert "failed again at" in texts(at)
    assert f"failed first at {formats.time(first)}" in texts(at).replace("\\", "")
    assert at.code[0].value.strip() == "[한도초과]"
    assert sum("limit was used up" in block.value for block in at.code) == 1
    assert not at.button(key="carry_out").disabled
    home = texts(run_page("overview")).replace("\\", "")
    assert "1 failed payment can be booked again, ₩9,900." in home
    assert "mend the card" not in home


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("role", Role)
def test_a_buyer_is_masked_for_roles_that_do_not_see_buyers(engine: Engine, role: Role, language: str) -> None:
    at = pick(run_page("recovery", role=role, language=language), WAITS)
    shown = texts(at)
    assert ("홍*동" in shown) == (Permission.SEE_BUYERS not in PERMISSIONS[role])
    assert any(value in shown for value in FULL) == (Permission.SEE_BUYERS in PERMISSIONS[role])


def test_one_row_is_told_with_the_source_of_the_advice_and_its_day(engine: Engine) -> None:
    at = pick(run_page("recovery"), WAITS)
    shown = texts(at).replace("\\", "")
    assert at.code[0].value == NO_MONEY
    assert "Known from: answers as card companies and PGs write them" in shown
    assert "as of 2026-11-28" in shown
    assert "Open the schedule" in [link.proto.label for link in at.get("page_link")]


def test_the_gateways_text_is_never_markdown(engine: Engine) -> None:
    shows_markup_as_text(pick(run_page("recovery"), ODD))


def test_a_tile_and_a_pg_narrow_the_list_and_stand_in_the_address(engine: Engine) -> None:
    at = press(run_page("recovery"), "tile_mend")
    assert list(at.dataframe[0].value["customer_uid"]) == [MENDS]
    assert at.query_params["action"] == "mend"
    shared = run_page("recovery", query={"action": "wait", "pg": "nice_v2"})
    assert list(shared.dataframe[0].value["customer_uid"]) == [WAITS]
    other = run_page("recovery", query={"pg": "danal"})
    assert other.info[-1].value.startswith("Take the filters away")
    assert len(press(other, "clear_all").dataframe[0].value) == len(REASONS)


@pytest.mark.parametrize("query", [{"action": "x", "after": "nonsense"}, {"after": "9.'; DROP TABLE payment"}])
def test_an_address_with_nonsense_still_shows_the_desk(engine: Engine, query: dict[str, str]) -> None:
    assert not run_page("recovery", query=query).exception


def test_a_long_list_goes_on_and_comes_back(engine: Engine) -> None:
    now, names = int(time.time()), column_names(FailedSchedule)
    with writing(engine) as conn:
        rest = ", ".join(name for name in names if name not in ("merchant_uid", "failed_at"))
        for number in range(60):
            conn.exec_driver_sql(
                f"INSERT INTO failed_schedule (merchant_uid, failed_at, {rest}) "
                f"SELECT 'more{number:02d}', {now - 2 * DAY - number}, {rest} FROM failed_schedule "
                f"WHERE merchant_uid = '{order(MENDS, 0)}'"
            )
    at = run_page("recovery")
    first = list(at.dataframe[0].value["merchant_uid"])
    on = next(button for button in at.button if button.label == "Older").click().run()
    second = list(on.dataframe[0].value["merchant_uid"])
    assert (len(first), len(second)) == (50, 14)
    assert not set(first) & set(second)
    assert "after" in on.query_params
    back = next(button for button in on.button if button.label == "Newer").click().run()
    assert list(back.dataframe[0].value["merchant_uid"]) == first


def test_picked_proposals_are_looked_at_recorded_once_and_followed(engine: Engine) -> None:
    at = pick(run_page("recovery", role=Role.SUPPORT), WAITS, MENDS)
    press(at, "carry_out")
    shown = texts(at).replace("\\", "")
    assert "Book 1 failed payment again, ₩9,900." in shown
    assert moment(proposed_time(engine)) in shown
    assert not operations(engine)
    wanted = proposed_time(engine)
    press(at, "send")
    (one,) = operations(engine)
    assert (one.merchant_uid, one.asked_by, one.state) == (order(WAITS, 0), "support@example.com", State.INTENT)
    assert asked(one)["schedule_at"] == wanted
    assert "… Written down" in texts(at)
    moved(engine, one, State.SENT, State.REFUSED, message="이미 예약된 건입니다.")
    at.run()
    assert "✕ Not done" in texts(at)
    assert "이미 예약된 건입니다." in texts(at)
    press(at, "round_over")
    frame = at.dataframe[0].value.set_index("customer_uid")
    assert frame.loc[WAITS, "next"] == "asked for already"


def test_two_people_who_carry_out_the_same_proposal_see_one_operation(engine: Engine) -> None:
    looks = [press(pick(run_page("recovery", role=role), WAITS), "carry_out") for role in (Role.SUPPORT, Role.FINANCE)]
    shown = [texts(press(at, "send")) for at in looks]
    assert [one.asked_by for one in operations(engine)] == ["support@example.com"]
    assert all("… Written down" in one for one in shown)


def test_a_row_that_somebody_else_is_at_is_left_out_and_said_so(engine: Engine) -> None:
    at = press(pick(run_page("recovery"), WAITS), "carry_out")
    with reading(engine) as conn:
        schedule = get_schedule(conn, order(WAITS, 0))
    assert schedule is not None
    journal.record(engine, wanted_retry("token", schedule), OTHER, time.time())
    press(at, "send")
    assert "1 was left out" in at.warning[0].value
    assert len(operations(engine)) == 1


def test_changing_ones_mind_records_nothing(engine: Engine) -> None:
    at = press(press(pick(run_page("recovery"), WAITS), "carry_out"), "change")
    assert not operations(engine)
    assert len(at.dataframe[0].value) == len(REASONS)


def test_nothing_can_be_sent_while_the_gateway_does_not_answer(engine: Engine) -> None:
    with writing(engine) as conn:
        conn.exec_driver_sql("UPDATE sync_run SET error = 'The gateway did not answer in time.'")
    at = press(pick(run_page("recovery"), WAITS), "carry_out")
    assert at.button(key="send").disabled


@pytest.mark.parametrize("role", Role)
def test_only_who_may_book_carries_proposals_out(engine: Engine, role: Role) -> None:
    at = run_page("recovery", role=role)
    assert bool([one for one in at.button if one.key == "carry_out"]) == (Permission.SCHEDULE in PERMISSIONS[role])


def test_rows_without_a_proposal_cannot_be_carried_out(engine: Engine) -> None:
    assert pick(run_page("recovery"), MENDS).button(key="carry_out").disabled


@pytest.mark.parametrize("automatic", [True, False])
def test_the_policy_is_said_at_the_top_with_its_settings(tmp_path: Path, automatic: bool) -> None:
    recurring_store(tmp_path, recovery_automatic=automatic, recovery_pay_days=(20, 31))
    words = run_page("recovery").info[0].value
    assert f"Automatic recovery is {'on' if automatic else 'off'}" in words
    assert "The person who runs Jangbu switches it on or off" in words
    assert ("20, the last" in words) == automatic


def test_what_was_recovered_stands_by_month_and_by_whom(engine: Engine) -> None:
    now = seoul(time.time())
    month, before = now, now.replace(day=1) - timedelta(days=1)
    with writing(engine) as conn:
        for uid, when, by in ((WAITS, month, "policy"), (MENDS, before, "person")):
            conn.exec_driver_sql(
                f"UPDATE failed_schedule SET recovered_at = {int(when.timestamp())}, "
                f"recovered_month = {when:%Y%m}, recovered_amount = {PRICE}, recovered_by = '{by}' "
                f"WHERE customer_uid = '{uid}'"
            )
    at = run_page("recovery")
    frame = at.dataframe[-1].value
    assert list(frame["Month"]) == [f"{month:%Y-%m}", f"{before:%Y-%m}"]
    assert list(frame["By"]) == ["Automatic recovery", "A person, here"]
    assert at.get("plotly_chart")
    assert len(at.dataframe[0].value) == len(REASONS) - 2


def test_a_failing_key_says_why_recovery_has_nothing_of_it_and_the_lists_lead_to_each_other(engine: Engine) -> None:
    now = int(time.time())
    with writing(engine) as conn:
        came = {"customer_uid": "key_new", "customer_uid_usage": "payment", "merchant_uid": "first"}
        failed = payment("imp_900000000009", now - DAY, "failed", 500, fail_reason=NO_MONEY, **came)
        upsert_payments(conn, [failed], as_of=now * 1000)
    refresh_chains(engine, now)
    new = run_page("billing_key", query={"customer_uid": "key_new"})
    assert "Recovery has only booked payments" in texts(new)
    assert "In Recovery" not in [link.proto.label for link in new.get("page_link")]
    listed = run_page("billing_key", query={"customer_uid": MENDS})
    assert "Recovery has only" not in texts(listed)
    assert "In Recovery" in [link.proto.label for link in listed.get("page_link")]
    failing = run_page("billing_keys", query={"state": "failing"})
    assert "however long ago" in texts(failing)
    assert "however long ago" not in texts(run_page("billing_keys"))
    assert ("billing-keys", "state=failing") in [
        (link.proto.page, link.proto.query_string) for link in run_page("recovery").get("page_link")
    ]


@pytest.mark.parametrize(("uid", "role", "offered"), [
    (MENDS, Role.SUPPORT, True), (WAITS, Role.SUPPORT, False), (MENDS, Role.VIEWER, False),
])  # fmt: skip
def test_only_what_the_buyer_mends_leads_to_a_registration_link(
    engine: Engine, uid: str, role: Role, offered: bool
) -> None:
    links = pick(run_page("recovery", role=role), uid).get("page_link")
    found = [one.proto.query_string for one in links if one.proto.page == "new-link"]
    assert found == ([f"customer_uid={uid}"] if offered else [])
