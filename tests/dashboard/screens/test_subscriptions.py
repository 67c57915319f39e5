"""Subscriptions on the screen: what is inferred, from what, and what each moved."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.settings import Role
from dashboard.words.formats import mask_name, money
from services.store.engine import reading
from services.store.lists.subscriptions import (
    SubscriptionFilter,
    list_subscriptions,
    movements_of,
    state_totals,
)
from services.tables.revenue import SubscriptionState
from tests.worlds.screens.revenue_screens import links, use_store
from tests.worlds.screens.screens import COMES_BY_ITSELF, empty_store, filled_store, run_page, texts

ROWS = 50


@pytest.fixture
def engine(revenue_world: Engine) -> Engine:
    """The world's store as the dashboard's, whatever another test has set."""
    use_store(revenue_world)
    return revenue_world


def pick(at: AppTest, row: int, kind: str | None = None) -> AppTest:
    at.session_state[f"subscriptions_{kind}_None"] = {
        "selection": {"rows": [], "columns": [], "cells": [(row, "state")]}
    }
    return at.run()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_it_lists_the_newest_with_tiles_that_count_them(engine: Engine, language: str) -> None:
    at = run_page("subscriptions", language=language)
    with reading(engine) as conn:
        rows, totals = list_subscriptions(conn, SubscriptionFilter()).rows, state_totals(conn)
    assert list(at.dataframe[0].value["customer_uid"]) == [row.customer_uid for row in rows[:ROWS]]
    ended = sum(one.subscriptions for one in totals if one.state == SubscriptionState.ENDED)
    assert f"**{ended:,}**" in at.button(key="tile_ended").label


@pytest.mark.parametrize("state", [SubscriptionState.ACTIVE, SubscriptionState.ENDED])
def test_the_page_of_its_key_says_how_it_stands(engine: Engine, state: SubscriptionState) -> None:
    with reading(engine) as conn:
        row = list_subscriptions(conn, SubscriptionFilter(states=frozenset({state}))).rows[0]
    line = next(
        one.value
        for one in run_page("billing_key", query={"customer_uid": row.customer_uid}).markdown
        if one.value.startswith("Subscription ")
    )
    assert money(row.price, row.currency) in line.replace("\\", "")
    assert ("Ended " in line.partition("]")[2]) == (state == SubscriptionState.ENDED)


def test_the_buyer_of_a_key_that_failed_long_ago_is_told_that_the_subscription_ended(engine: Engine) -> None:
    with reading(engine) as conn:
        sql = (
            "SELECT k.customer_uid FROM key_summary k JOIN subscription p ON p.customer_uid = k.customer_uid "
            "WHERE k.state = 'failing' AND p.state = 'ended' AND k.next_at IS NULL"
        )
        uids = conn.exec_driver_sql(sql).scalars().all()
    assert uids
    told = [block.value for block in run_page("billing_key", query={"customer_uid": uids[0]}).code]
    assert [one for one in told if "Your subscription to" in one and "ended on" in one]
    assert not [one for one in told if "did not go through.\n" in one and "Your payment for" in one]


def test_a_page_refers_nobody_to_itself(engine: Engine) -> None:
    assert "with the confidence that its row shows" in texts(run_page("subscriptions"))
    assert "the page Subscriptions shows" not in texts(run_page("subscriptions"))
    mrr, *_others = run_page("revenue", query={"tab": "subscriptions"}).metric
    assert "the page Subscriptions shows" in mrr.help


def test_a_tile_filters_and_the_address_carries_it(engine: Engine) -> None:
    at = run_page("subscriptions").button(key="tile_ended").click().run()
    assert {cell[0] for cell in at.dataframe[0].value["state"]} == {"⊘ Ended"}
    assert set(at.dataframe[0].value["monthly"]) == {0}
    assert run_page("subscriptions", query={"state": "ended"}).dataframe[0].value.equals(at.dataframe[0].value)


def test_turning_the_page_shows_the_next_ones(engine: Engine) -> None:
    with reading(engine) as conn:
        rows = list_subscriptions(conn, SubscriptionFilter(), limit=2 * ROWS).rows
    at = run_page("subscriptions")
    older = next(button for button in at.button if "Older" in button.label)
    at = older.click().run()
    assert list(at.dataframe[0].value["customer_uid"]) == [row.customer_uid for row in rows[ROWS : 2 * ROWS]]


def test_a_picked_row_says_how_it_is_known_and_what_it_moved(engine: Engine) -> None:
    with reading(engine) as conn:
        row = list_subscriptions(conn, SubscriptionFilter(frozenset({"ended"}))).rows[0]
        moved = movements_of(conn, row.customer_uid)
    at = pick(run_page("subscriptions", query={"state": "ended"}), 0, "ended")
    said = texts(at)
    assert f"{row.confidence:.0%}" in said.replace("\\", "")
    assert all(money(one.amount, one.currency) in said for one in moved)
    assert "Ended 20" in said
    assert ("Open the billing key", {"customer_uid": row.customer_uid}) in links(at)


def test_a_role_that_may_not_see_buyers_sees_masks_and_a_viewer_has_no_export(engine: Engine) -> None:
    with reading(engine) as conn:
        rows = list_subscriptions(conn, SubscriptionFilter()).rows
    at = run_page("subscriptions", role=Role.VIEWER)
    names = list(at.dataframe[0].value["buyer_name"])
    assert names == [mask_name(row.buyer_name) for row in rows[:ROWS]]
    assert str(rows[0].buyer_name) not in texts(pick(at, 0))
    offered = [
        [one.proto.popover.label for one in shown.get("popover")]
        for shown in (at, run_page("subscriptions", role=Role.MANAGER))
    ]
    assert offered == [["View"], ["View", "Export"]]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_an_empty_store_says_what_to_do(tmp_path: Path, language: str) -> None:
    empty_store(tmp_path)
    assert COMES_BY_ITSELF[language] in texts(run_page("subscriptions", language=language))


def test_where_none_is_known_it_says_when_one_will_be(tmp_path: Path) -> None:
    filled_store(tmp_path)
    assert "No subscription is known yet" in [one.proto.title for one in run_page("subscriptions").info]
