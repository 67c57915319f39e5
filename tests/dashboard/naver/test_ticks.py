"""Boxes that were ticked stand for the orders that were seen, whatever came to the list or left it since."""

import time

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from services.operations.actions.naver.points import wanted_points
from services.operations.journal import journal
from services.store.engine import reading, writing
from services.store.lists.one import get_payment
from services.store.writes.payments import upsert_payments
from tests.worlds.operations.desk import FINANCE
from tests.worlds.screens.money_forms import press
from tests.worlds.screens.screens import payment, run_page

pytestmark = pytest.mark.usefixtures("gateway_is_read")


def tick(at: AppTest, imp_uid: str) -> AppTest:
    """As a browser says it: by the place in the table."""
    (table,) = at.dataframe
    place = list(table.value["imp_uid"]).index(imp_uid)
    key = table.proto.id.split("-", 2)[2]
    at.session_state[key] = {"selection": {"rows": [place], "columns": [], "cells": []}}
    return at.run()


def test_an_order_that_left_the_list_moves_no_box(engine: Engine) -> None:
    at = tick(run_page("bulk_naver", query={"kind": "naver_points"}), "imp_100000000002")
    with reading(engine) as conn:
        first = get_payment(conn, "imp_100000000009")
    assert first
    journal.record(engine, wanted_points("t", first), FINANCE, time.time())
    at = press(at, "look_at_rows")
    looked_at = [uid for table in at.dataframe[1:] for uid in table.value["imp_uid"]]
    assert looked_at in ([], ["imp_100000000002"])


def test_a_payment_that_came_to_the_list_moves_no_box(engine: Engine) -> None:
    at = run_page("payments")
    at.toggle(key="payments.several").set_value(True)
    at = tick(at.run(), "imp_100000000002")
    with writing(engine) as conn:
        new = payment("imp_900000000001", int(time.time()), "paid", 9_000)
        upsert_payments(conn, [new], as_of=int(time.time()) * 1000)
    at = press(at, "bulk_naver_confirm")
    kept = at.session_state["naver.draft"].orders if "naver.draft" in at.session_state else ()
    assert kept in ((), ("imp_100000000002",))
