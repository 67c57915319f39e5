"""Overview and Needs a person take in recurring payments: what is due, failed, broke off, and a PG that jumps."""

import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.locale import set_language
from dashboard.process.after_sync import recurring_now
from dashboard.screens.overview.desks_today import recurring_concerns
from dashboard.screens.recovery.failure_rates import chance_words, jump_words
from dashboard.settings import Role
from services.clock import day_of, day_start, day_to_date
from services.recovery.jumps import FailureRate
from services.recovery.radar import AtRisk
from services.store.engine import reading, writing
from services.store.writes.payments import upsert_payments
from services.store.writes.schedules import upsert_schedules
from services.store.writes.sync import set_mark
from services.tables.chains import LastResult
from tests.worlds.rows.recurring_rows import PRICE, WAITS, recurring_store
from tests.worlds.screens.screens import empty_store, payment, run_page, schedule, texts

PAGES = ("overview", "needs_person")
SAID = {
    "1 failed payment can be booked again, ₩9,900.": ("recovery", {"action": "proposed"}),
    "1 failed payment waits for the buyer to mend the card, ₩9,900.": ("recovery", {"action": "mend"}),
    # ₩9,900 a week, brought to a month as MRR does: 9,900 × 30.4375 ÷ 7 = 43,047.
    "4 subscriptions have lapsed (The last charge failed), ₩172,188 a month.": ("radar", {"result": "failed"}),
    "1 subscription has lapsed (Paid, nothing booked), ₩43,047 a month.": ("radar", {"result": "paid"}),
}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return recurring_store(tmp_path)


def shown(at: AppTest) -> str:
    return texts(at).replace("\\", "")


def links(at: AppTest) -> list[tuple[str, dict[str, str]]]:
    """Page and parameters of every link."""
    found = [link.proto for link in at.get("page_link")]
    return [(one.page, {name: value[0] for name, value in parse_qs(one.query_string).items()}) for one in found]


def book_today(engine: Engine) -> None:
    now = int(time.time())
    due = day_start(day_of(now) + 1) - 1
    with writing(engine) as conn:
        row = schedule(now, merchant_uid="due_1", customer_uid=WAITS, schedule_at=due, pg_provider="nice_v2")
        upsert_schedules(conn, [row], as_of=now * 1000)


def fail_now(engine: Engine, n: int, *, usual: int = 400) -> None:
    """So many charges of a PG failed within the hour; usually every twentieth does."""
    now = int(time.time())
    charge = {"pg_provider": "kcp_billing", "customer_uid": "key_k", "customer_uid_usage": "payment.scheduled"}
    before = [
        payment(f"imp_8{number:011d}", now - 4 * 86_400, "paid" if number % 20 else "failed", 1_000, **charge)
        for number in range(usual)
    ]
    lately = [
        payment(f"imp_9{number:011d}", now - 600, "failed", 1_000, fail_reason="시스템오류", **charge)
        for number in range(n)
    ]
    with writing(engine) as conn:
        upsert_payments(conn, [*before, *lately], as_of=now * 1000)


@pytest.mark.parametrize("page", PAGES)
def test_what_stands_open_is_counted_and_leads_to_its_rows(engine: Engine, page: str) -> None:
    at = run_page(page)
    assert not [words for words in SAID if words not in shown(at)]
    assert not [target for target in SAID.values() if target not in links(at)]
    assert "Nothing needs a person now." not in shown(at)


def test_what_can_be_booked_again_is_counted_once_and_its_link_opens_just_those(engine: Engine) -> None:
    found = run_page("recovery", query={"action": "proposed"})
    tile = found.button(key="tile_proposed").label.replace("\\", "")
    assert "**1** · ₩9,900" in tile
    assert len(found.dataframe[0].value) == 1
    assert "billing key" not in shown(run_page("overview")).lower()


@pytest.mark.parametrize("page", PAGES)
def test_what_is_due_today_is_counted_with_its_won(engine: Engine, page: str) -> None:
    book_today(engine)
    at = run_page(page)
    today = day_to_date(day_of(time.time())).isoformat()
    assert "1 payment is still due today, ₩60,000." in shown(at)
    query = {"from": today, "to": today, "state": "scheduled"}
    assert ("schedules", query) in links(at)
    listed = run_page("schedules", query=query)
    assert list(listed.dataframe[0].value["merchant_uid"]) == ["due_1"]


JUMP = {
    "en": "NHN KCP (billing): 12 of 12 charges failed in the last 3 hours (100.0%), usually 5.0%.",
    "ko": "NHN KCP 정기결제: 최근 3시간 동안 결제 12건 중 12건이 실패했습니다(100.0%). 평소에는 5.0%입니다.",
}


@pytest.mark.parametrize("page", [*PAGES, "recovery"])
@pytest.mark.parametrize("language", JUMP)
def test_a_pg_that_jumps_is_named_with_its_rate_and_what_is_usual(engine: Engine, page: str, language: str) -> None:
    fail_now(engine, 12)
    assert JUMP[language] in shown(run_page(page, language=language))


@pytest.mark.parametrize("page", PAGES)
def test_a_jump_leads_to_what_failed_of_that_pg(engine: Engine, page: str) -> None:
    fail_now(engine, 12)
    assert ("recovery", {"pg": "kcp_billing"}) in links(run_page(page))


def test_failures_that_are_usual_are_called_ordinary(engine: Engine) -> None:
    fail_now(engine, 2)
    at = run_page("recovery")
    assert "what failed there are ordinary failures" in shown(at)
    assert not at.error


@pytest.mark.parametrize("page", PAGES)
def test_where_nothing_is_open_nothing_is_said(tmp_path: Path, page: str) -> None:
    with writing(empty_store(tmp_path)) as conn:
        for name in ("as_of", "backfilled"):
            set_mark(conn, name, str(int(time.time())), 0)
    assert "Nothing needs a person now." in [one.value for one in run_page(page).success]


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_store_has_nothing_open(tmp_path: Path, page: str) -> None:
    empty_store(tmp_path)
    assert not run_page(page).exception


def test_needs_a_person_is_for_those_who_settle(engine: Engine) -> None:
    assert "4 subscriptions have lapsed" in shown(run_page("needs_person", role=Role.SUPPORT))
    with pytest.raises(ValueError, match="page"):
        run_page("needs_person", role=Role.VIEWER)


def test_two_currencies_are_told_beside_each_other(engine: Engine) -> None:
    with reading(engine) as conn:
        found = recurring_now(conn, time.time())
    (one,) = found.broken[:1]
    both = replace(
        found, broken=[replace(one, chains=1, amount=PRICE), replace(one, chains=1, currency="USD", amount=1050)]
    )
    set_language("en")
    texts_of = [concern.text.replace("\\", "") for concern in recurring_concerns(both)]
    assert "2 subscriptions have lapsed (The last charge failed), ₩9,900 + USD 10.50 a month." in texts_of


def test_only_where_nobody_called_it_off_the_next_payment_is_to_be_booked(engine: Engine) -> None:
    with reading(engine) as conn:
        found = recurring_now(conn, time.time())
    risks = [AtRisk(result, "KRW", 1, PRICE) for result in LastResult]
    set_language("en")
    concerns = [one for one in recurring_concerns(replace(found, broken=risks)) if one.page == "radar"]
    told = {(one.params or {})["result"]: one.act for one in concerns}
    assert told == {"paid": "Book the next payments", "failed": "Book the next payments", "revoked": "Check"}


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (1e-9, "less than once in a million times"),
        (1 / 4_321, "once in 4,300 times"),
        (0.05, "once in 20 times"),
        (0.6, "often"),
    ],
)
def test_a_chance_is_told_in_plain_words(chance: float, words: str) -> None:
    set_language("en")
    assert chance_words(chance) == words


def test_a_pg_s_name_is_never_markdown() -> None:
    rate = FailureRate("![x](https://evil.example)", 10, 10, 0, 0, 1e-4, True, ())
    assert "](" not in jump_words(rate)
