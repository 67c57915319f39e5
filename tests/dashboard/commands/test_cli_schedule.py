"""`jangbu schedule`: booked, moved, cancelled, charged now and booked again; each once, however often it is given."""

import time
from datetime import timedelta
from typing import Any

import pytest

from services.clock import DAY, seoul
from services.sandbox.api.charges import execute_due
from services.sandbox.faults import Fault, Plan, calls
from tests.worlds.commands import Ended, Shop
from tests.worlds.operations.gate import put_booking

BOOK = calls("POST", "/subscribe/payments/schedule")
FAILS = "[1234] 한도 초과 — <b>카드사</b>에 문의하세요"


def typed(at: float) -> str:
    """A time as it is typed, to the minute."""
    return f"{seoul(at):%Y-%m-%d %H:%M}"


def add(shop: Shop, uid: str, *more: str, at: str | None = None, amount: str = "9900", **environment: str) -> Ended:
    when = at or typed(time.time() + 30 * DAY)
    return shop.run(
        "schedule", "add", uid, "--at", when, "--amount", amount, "--name", "구독료", "--json", *more, **environment
    )


def booked(shop: Shop, uid: str) -> list[dict[str, Any]]:
    """What the command booked, the next one first."""
    rows = [row for row in shop.sandbox.world.schedules.values() if row["name"] == "구독료"]
    return sorted((row for row in rows if row["customer_uid"] == uid), key=lambda row: row["schedule_at"])


def order_of(shop: Shop, uid: str, after: float = 30 * DAY) -> str:
    """A payment that stands booked."""
    put_booking(shop.sandbox, f"own{after:.0f}", uid, time.time() + after, name="구독료", pg_provider="naverpay")
    return f"own{after:.0f}"


def failed(shop: Shop, uid: str) -> str:
    """A booked payment that ran and failed a minute ago."""
    shop.sandbox.world.broken_keys[uid] = FAILS
    order = order_of(shop, uid, -60)
    execute_due(shop.sandbox.world, int(time.time()))
    del shop.sandbox.world.broken_keys[uid]
    assert shop.sandbox.world.schedules[order]["payment_status"] == "failed"
    return order


def test_a_payment_is_booked_and_told_as_one_object(shop: Shop) -> None:
    uid, at = shop.keys()[0], typed(time.time() + 30 * DAY)
    ended = add(shop, uid, "--naver-use-after", "1", at=at)
    (row,) = booked(shop, uid)
    assert ended.status == 0
    assert ended.told["schedules"] == [{"merchant_uid": row["merchant_uid"], "schedule_at": row["schedule_at"]}]
    assert (ended.told["operation"], ended.told["state"], ended.told["amount"]) == (1, "succeeded", 9900)
    assert (typed(row["schedule_at"]), row["amount"]) == (at, 9900)
    day = seoul(row["schedule_at"]).date() + timedelta(days=1)
    assert f'"naver_use_cfm": "{day:%Y%m%d}"' in shop.operation(1).request


def test_a_series_is_shown_before_it_is_booked_in_one_call(shop: Shop) -> None:
    uid = shop.keys()[0]
    first = f"{seoul(time.time()).year + 1}-01-31 10:00"
    ended = add(shop, uid, "--every", "1m", "--count", "3", at=first)
    rows = booked(shop, uid)
    year = first[:4]
    assert (ended.status, len(ended.told["schedules"]), ended.told["amount"]) == (0, 3, 29_700)
    assert [f"{seoul(row['schedule_at']):%m-%d %H:%M}" for row in rows][::2] == ["01-31 10:00", "03-31 10:00"]
    assert all(f"{year}-0{month}-" in ended.stderr for month in (1, 2, 3))
    assert "3 payments, ₩29,700 together" in ended.stderr


def test_a_preview_names_holidays_and_books_nothing(shop: Shop) -> None:
    uid = shop.keys()[0]
    words = ("--every", "1w", "--until", "2027-02-20", "--preview")
    ended = add(shop, uid, *words, at="2027-01-30 10:00", LANG="ko_KR.UTF-8")
    assert ended.status == 0
    assert [one["holiday"] for one in ended.told["schedules"]] == [None, "설날 전날", None, None]
    assert (ended.told["amount"], "설날 전날" in ended.stderr) == (39_600, True)
    assert booked(shop, uid) == []


def test_the_same_command_again_books_once(shop: Shop) -> None:
    uid, at = shop.keys()[0], typed(time.time() + 30 * DAY)
    shop.sandbox.plans = [Plan(Fault.LOST_AFTER, picks=BOOK)]
    ended = [add(shop, uid, *more, at=at) for more in (("--wait", "0"), (), ())]
    assert [(one.status, one.told["operation"]) for one in ended] == [(3, 1), (0, 1), (0, 1)]
    assert len(booked(shop, uid)) == 1
    assert add(shop, uid, "--again", at=at).told["operation"] == 2
    assert len(booked(shop, uid)) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--every", "2d", "--count", "2"), "Every so many weeks or months is written 2w or 1m."),
        (("--every", "1m"), "A series has a number of payments, or a last day."),
        (("--every", "1m", "--count", "2", "--until", "2030-01-01"), "A series has a number of payments"),
        (("--count", "2"), "A series says how often with --every."),
        (("--every", "1m", "--until", "soon"), "A day is written 2027-01-31."),
        (("--every", "1m", "--count", "101"), "1 to 100 payments at once."),
        (("--at", "2027-01-31"), "A time is written 2027-01-31 10:00, as it is in Korea."),
        (("--at", "tomorrow 10:00"), "A time is written 2027-01-31 10:00, as it is in Korea."),
        (("--at", "2020-01-01 10:00"), "The time must be at least a minute from now."),
        (("--amount", "99"), "less than minimum amount (100 won)"),
        (("--amount", "12.000"), "Won have no decimals: 12,000?"),
    ],
)
def test_bad_usage_is_a_sentence_and_books_nothing(shop: Shop, words: tuple[str, ...], said: str) -> None:
    uid = shop.keys()[0]
    ended = add(shop, uid, *words)
    assert ended.status == 1
    assert said in ended.told["error"]
    assert said in ended.stderr
    assert booked(shop, uid) == []


def test_a_booked_payment_is_moved(shop: Shop) -> None:
    order, to = order_of(shop, shop.keys()[0]), typed(time.time() + 40 * DAY)
    ended = shop.run("schedule", "move", order, "--to", to, "--json")
    row = shop.sandbox.world.schedules[order]
    assert (ended.status, ended.told["state"], ended.told["merchant_uid"]) == (0, "succeeded", order)
    assert (typed(row["schedule_at"]), ended.told["schedule_at"]) == (to, row["schedule_at"])


def test_a_move_that_was_undone_since_is_made_anew_by_the_same_command(shop: Shop) -> None:
    order = order_of(shop, shop.keys()[0])
    one, two = (typed(time.time() + days * DAY) for days in (40, 50))
    ended = [shop.run("schedule", "move", order, "--to", to, "--json") for to in (one, one, two, one)]
    assert [one.told.get("operation") for one in ended] == [1, 1, 2, 3], ended
    assert typed(shop.sandbox.world.schedules[order]["schedule_at"]) == one


def test_within_a_minute_of_its_time_nothing_is_changed(shop: Shop) -> None:
    order = order_of(shop, shop.keys()[0], 50)
    for words in (("move", order, "--to", typed(time.time() + DAY)), ("cancel", order, "--reason", "해지")):
        ended = shop.run("schedule", *words)
        assert (ended.status, ended.stderr) == (1, "It is due within a minute: it is left alone.\n")


def test_exactly_the_named_payments_are_cancelled(shop: Shop) -> None:
    uid = shop.keys()[0]
    orders = [order_of(shop, uid, days * DAY) for days in (10, 20, 30)]
    words = ("schedule", "cancel", *orders[:2], "--reason", "고객 요청", "--json")
    first, second = shop.run(*words), shop.run(*words)
    assert (first.status, first.told["merchant_uids"], second.told["operation"]) == (0, orders[:2], 1)
    states = [shop.sandbox.world.schedules[order]["schedule_status"] for order in orders]
    assert states == ["revoked", "revoked", "scheduled"]


def test_a_failed_one_is_charged_now_once(shop: Shop) -> None:
    uid = shop.keys()[0]
    order = failed(shop, uid)
    ended = [shop.run("schedule", "retry", order, "--json") for _ in range(2)]
    paid = shop.sandbox.world.schedules[order]["imp_uid"]
    assert [(one.status, one.told["operation"], one.told["imp_uid"]) for one in ended] == [(0, 1, paid)] * 2
    assert shop.sandbox.payments[paid]["status"] == "paid"


def test_a_retry_that_fails_ends_with_the_pgs_reason_byte_for_byte(shop: Shop) -> None:
    uid = shop.keys()[0]
    order = failed(shop, uid)
    shop.sandbox.world.broken_keys[uid] = FAILS
    ended = shop.run("schedule", "retry", order, "--json")
    assert (ended.status, ended.told["state"], ended.told["message"]) == (2, "refused", FAILS)
    assert FAILS.encode() in ended.stdout


def test_a_failed_one_is_booked_again(shop: Shop) -> None:
    order, to = failed(shop, shop.keys()[0]), typed(time.time() + 3 * DAY)
    ended = shop.run("schedule", "rebook", order, "--to", to, "--json")
    row = shop.sandbox.world.schedules[order]
    assert (ended.status, ended.told["merchant_uid"], row["schedule_status"]) == (0, order, "scheduled")
    assert typed(row["schedule_at"]) == to


def test_an_order_number_that_nothing_is_booked_under_is_said(shop: Shop) -> None:
    for words in (("move", "none", "--to", "2030-01-01 10:00"), ("retry", "none"), ("cancel", "none", "--reason", "x")):
        ended = shop.run("schedule", *words)
        assert (ended.status, ended.stderr) == (1, "No payment is booked under this order number.\n")
