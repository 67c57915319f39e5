"""Channels on System: what each lacks, its key masked until it is opened, and parts that a person ticks."""

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.screens.system.channel_list import masked
from dashboard.settings import Role
from services.checkout.channels import list_ticks
from services.store.engine import reading, writing
from services.store.lists.records import RecordFilter, list_records
from services.store.writes.keys import replace_channels
from tests.worlds.screens.screens import channel, run_page, texts

ALL = "Client ID, Client Secret, Chain ID, Settlement API key, Tax setting, Inspection passed"
KEY = "channel-key-11aa22bb-33cc-44dd"


@pytest.fixture
def channels(engine: Engine) -> Engine:
    """A live and a test channel of Naver Pay, one without a key, one of billing keys."""
    rows = [
        channel() | {"channel_key": KEY},
        channel() | {"sandbox": True, "pg_id": "np_test"},
        channel() | {"pg_provider": "kakaopay", "pg_id": "TC0ONETIME", "channel_key": None},
        channel() | {"pg_provider": "html5_inicis", "pg_id": "MOI", "type": "API_PAYMENT"},
    ]
    with writing(engine) as conn:
        replace_channels(conn, rows)
    return engine


def rows_of(at: AppTest) -> dict[str, tuple[str, str]]:
    """Of each channel what it lacks, and its key."""
    data = next(one.value for one in at.dataframe if "channel_key" in one.value)
    return dict(zip(data["pg_id"], zip(data["missing"], data["channel_key"], strict=True), strict=True))


def opened(role: Role) -> AppTest:
    """System with the drawer of the live channel of Naver Pay."""
    at = run_page("system", role=role)
    row = list(rows_of(at)).index("np_abc")
    at.session_state["channels"] = {"selection": {"rows": [], "columns": [], "cells": [(row, "pg_id")]}}
    return at.run()


def test_each_channel_says_what_it_lacks_and_shows_its_key_without_the_middle(channels: Engine) -> None:
    found = rows_of(run_page("system", role=Role.MANAGER))
    assert found["np_abc"] == (ALL, "channel-key-11aa…44dd")
    assert found["np_test"][0] == "Client ID, Client Secret, Chain ID, Tax setting"
    assert found["TC0ONETIME"][0] == "Channel key"
    assert found["MOI"][0] in ("", None)


def test_a_short_key_is_shown_whole() -> None:
    assert masked("channel-key-1") == "channel-key-1"


def test_a_part_is_ticked_in_the_persons_name_and_can_be_taken_back(channels: Engine) -> None:
    at = opened(Role.FINANCE)
    assert KEY in texts(at)
    at.checkbox("tick_np_abc_False_chain_id_0").check().run()
    assert not at.exception
    assert "finance@example.com, 20" in texts(at).replace("\\", "").replace("\u2060", "")
    assert "Chain ID" not in rows_of(at)["np_abc"][0]
    with writing(channels) as conn:
        # The next sync writes the channels anew.
        replace_channels(conn, [channel() | {"channel_key": KEY}])
    at = opened(Role.ADMIN)
    assert "Chain ID" not in rows_of(at)["np_abc"][0]
    next(one for one in at.checkbox if one.value).uncheck().run()
    assert rows_of(at)["np_abc"][0] == ALL
    with reading(channels) as conn:
        told = [(one.action, one.actor, one.detail["part"]) for one in list_records(conn, RecordFilter()).rows[:2]]
    assert told == [
        ("channel_unticked", "admin@example.com", "chain_id"),
        ("channel_ticked", "finance@example.com", "chain_id"),
    ]


def test_a_manager_sees_the_checklist_and_ticks_nothing(channels: Engine) -> None:
    at = opened(Role.MANAGER)
    assert len(at.checkbox) == 6
    assert all(one.disabled for one in at.checkbox)
    # Whoever switches the box on in the browser's tools.
    box = at.checkbox("tick_np_abc_False_chain_id_0")
    box.proto.disabled = False
    box.check().run()
    with reading(channels) as conn:
        assert list_ticks(conn) == []


def test_a_tick_that_cannot_be_kept_is_tried_once_and_says_why(channels: Engine) -> None:
    at = opened(Role.FINANCE)
    box, failed = "tick_np_abc_False_chain_id_0", "The database could not save it"
    with writing(channels) as conn:
        conn.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON channel_tick BEGIN INSERT INTO nowhere VALUES (1); END"
        )
    assert failed in texts(at.checkbox(box).check().run())
    with writing(channels) as conn:
        conn.exec_driver_sql("DROP TRIGGER full")
    assert failed in texts(at.run())
    with reading(channels) as conn:
        assert list_ticks(conn) == []
    assert failed not in texts(at.checkbox(box).uncheck().run())
    at.checkbox(box).check().run()
    with reading(channels) as conn:
        assert [one.part for one in list_ticks(conn)] == ["chain_id"]
