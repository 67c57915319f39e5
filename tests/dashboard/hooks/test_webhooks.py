"""The log of webhooks, the address for the console, and a payment's webhooks in its story."""

import time
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.process.resources import current_settings, use_settings
from dashboard.settings import Role
from services.checkout import webhooks
from services.checkout.webhooks import Said, take
from services.clock import DAY
from services.store.engine import reading, writing
from services.store.sql import table
from services.tables.webhooks import Webhook, WebhookOutcome
from tests.worlds.screens.money_forms import NAVER
from tests.worlds.screens.screens import empty_store, run_page, story, texts

SECRET = "canary4713"
TABLE = "webhooks_None_None_None"


@pytest.fixture
def log(engine: Engine) -> Engine:
    """Two webhooks of one payment, one that could not be read, one of V2; and the settings that they need."""
    given = {"hook_secret": SecretStr(SECRET), "public_url": "https://pay.shop.example/"}
    use_settings(current_settings().model_copy(update=given))
    now = int(time.time())
    with writing(engine) as conn:
        take(conn, Said(NAVER, "ORD-000001", "paid"), now - 60)
        take(conn, Said(NAVER, "ORD-000001", "paid"), now - 59)
        conn.execute(table(Webhook).update().values(outcome=WebhookOutcome.CHANGED, read_at=now - 58))
        take(conn, Said("imp_900000000001", "", "<b>paid</b>"), now - 50)
        unread = table(Webhook).update().where(table(Webhook).c.outcome.is_(None))
        conn.execute(unread.values(outcome=WebhookOutcome.UNREAD, read_at=now - 40))
        webhooks.note_other_version(conn, now - 30)
    return engine


def outcomes(at: AppTest) -> list[str]:
    return [one[0] for one in at.dataframe[0].value["outcome"]]


def test_the_latest_stands_first_and_one_outcome_can_be_chosen(log: Engine) -> None:
    assert outcomes(run_page("webhooks")) == ["⊘ V2, put aside", "! Could not be read", "✓ Brought something new"]
    assert outcomes(run_page("webhooks", query={"outcome": "unread"})) == ["! Could not be read"]
    assert "No webhook came to that" in texts(run_page("webhooks", query={"outcome": "unknown"}))


def test_the_secret_of_the_address_is_shown_only_when_asked_for(log: Engine) -> None:
    at = run_page("webhooks", role=Role.FINANCE)
    assert SECRET not in texts(at)
    at.toggle("hook_secret_shown").set_value(True).run()
    assert f"https://pay.shop.example/webhook/{SECRET}" in texts(at)
    assert f"https://pay.shop.example/confirm/{SECRET}" in texts(at)


def test_who_sets_nothing_up_reads_the_log_without_the_secret(log: Engine) -> None:
    at = run_page("webhooks", role=Role.MANAGER)
    assert outcomes(at)
    assert not at.toggle
    at.session_state["hook_secret_shown"] = True
    assert SECRET not in texts(at.run())


@pytest.mark.parametrize("role", [Role.VIEWER, Role.SUPPORT])
def test_who_may_not_see_system_has_no_such_page(log: Engine, role: Role) -> None:
    with pytest.raises(ValueError, match="page"):
        run_page("webhooks", role=role)


def test_one_that_could_not_be_read_is_read_again_by_a_click_and_not_by_the_page(log: Engine) -> None:
    at = run_page("webhooks", role=Role.FINANCE)
    at.session_state[TABLE] = {"selection": {"rows": [], "columns": [], "cells": [(1, "imp_uid")]}}
    at.run()
    assert "did not answer for a day" in texts(at)
    next(one for one in at.button if one.label == "Refresh").click().run()
    assert not at.exception
    with reading(log) as conn:
        [one] = webhooks.of_payment(conn, "imp_900000000001")
    assert (one.outcome, one.looks) == (None, 0)


def test_a_payments_story_tells_what_webhooks_said_and_what_came_of_it(log: Engine) -> None:
    lines = [line for line in story(run_page("payment", query={"imp_uid": NAVER})) if "Webhook" in line]
    assert [line.partition("] ")[2] for line in lines] == ["**Webhook: paid** · ✓ Brought something new · 2 times"]


def test_where_none_came_for_a_day_although_payments_were_made_that_is_a_warning(log: Engine) -> None:
    assert not run_page("webhooks").warning
    with writing(log) as conn:
        conn.execute(table(Webhook).update().values(received_at=int(time.time()) - DAY - 60))
    assert "No webhook came within 24 hours, although" in run_page("webhooks").warning[0].value


def test_without_a_secret_the_page_says_which_setting_is_missing(tmp_path: Path) -> None:
    empty_store(tmp_path)
    at = run_page("webhooks")
    assert "JANGBU_HOOK_SECRET" in texts(at).replace("\\", "")
    assert not at.warning
