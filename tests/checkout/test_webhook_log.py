"""The log of webhooks and the ticks of a channel, on both databases."""

from functools import partial

import pytest
from sqlalchemy import Connection, Engine

from services.checkout import channels
from services.checkout.webhook_log import WAITS, WebhookFilter, arrival, list_webhooks
from services.checkout.webhooks import Said, forget_old, note_other_version, take
from services.clock import DAY
from services.errors import InvalidFilter
from services.store.engine import reading, writing
from services.store.sql import table
from services.store.writes.payments import upsert_payments
from services.tables.channels import ChannelPart
from services.tables.v1 import Channel
from services.tables.webhooks import Webhook, WebhookOutcome
from tests.checkout.conftest import SUPPORT
from tests.worlds.rows.page_walk import there_and_back
from tests.worlds.screens.screens import payment


def test_every_webhook_stands_in_the_log_once_and_those_of_an_outcome_alone(store: Engine, now: float) -> None:
    with writing(store) as conn:
        for n in range(5):
            take(conn, Said(f"imp_{n}"), now + n)
        conn.execute(table(Webhook).update().where(table(Webhook).c.imp_uid == "imp_1").values(outcome="changed"))
        note_other_version(conn, now + 9)
    with reading(store) as conn:
        rows = there_and_back(partial(list_webhooks, conn, WebhookFilter(), limit=2))
        assert [one.imp_uid for one in rows] == ["", "imp_4", "imp_3", "imp_2", "imp_1", "imp_0"]
        waiting = there_and_back(partial(list_webhooks, conn, WebhookFilter(WAITS), limit=2))
        assert [one.imp_uid for one in waiting] == ["imp_4", "imp_3", "imp_2", "imp_0"]
        read = list_webhooks(conn, WebhookFilter(WebhookOutcome.CHANGED)).rows
        assert [one.imp_uid for one in read] == ["imp_1"]
        for forged in (WebhookFilter("forged"), WebhookFilter()):
            with pytest.raises(InvalidFilter):
                list_webhooks(conn, forged, before="x")


def test_calls_of_v2_stand_once_an_hour_and_what_nobody_knows_waits_a_day(store: Engine, now: float) -> None:
    with writing(store) as conn:
        for n in range(3):
            note_other_version(conn, now + n)
        note_other_version(conn, now + 3700)
        take(conn, Said("imp_forged"), now)
        forget_old(conn, now + DAY - 1)
        assert _said(conn) == [("", 1), ("", 3), ("imp_forged", 1)]
        # One that could not be read waits for its next time, and what is said again is due anew.
        for name, at in (("imp_late", now + DAY / 2), ("imp_again", now)):
            take(conn, Said(name), now)
            conn.execute(table(Webhook).update().where(table(Webhook).c.imp_uid == name).values(look_at=int(at)))
        take(conn, Said("imp_again"), now + DAY)
        forget_old(conn, now + DAY + 1)
        assert _said(conn) == [("", 1), ("", 3), ("imp_again", 2), ("imp_late", 1)]


def _said(conn: Connection) -> list[tuple[str, int]]:
    return sorted((one.imp_uid, one.times) for one in list_webhooks(conn, WebhookFilter()).rows)


def test_a_day_without_a_webhook_counts_the_payments_of_it_and_none_of_v2_ends_it(store: Engine, now: float) -> None:
    at = int(now)
    with writing(store) as conn:
        rows = [
            payment("imp_1", at - 60, "paid", 100),
            payment("imp_2", at - 2 * DAY, "paid", 100),
            payment("imp_3", at - 60, "failed", 100),
            payment("imp_4", at - 60, "paid", 100, sandbox=True),
        ]
        upsert_payments(conn, rows, as_of=at * 1000)
        note_other_version(conn, now)
        assert (arrival(conn, now).last_at, arrival(conn, now).missed) == (None, 1)
        take(conn, Said("imp_1"), now - 30)
        assert (arrival(conn, now).last_at, arrival(conn, now).missed) == (at - 30, 0)
        assert arrival(conn, now + DAY).missed == 0
        assert arrival(conn, now - 3600 + DAY).last_at == at - 30


def test_a_part_is_ticked_once_by_whoever_was_first_and_can_be_taken_back(store: Engine, now: float) -> None:
    channel = Channel(pg_provider="naverpay", pg_id="np_1", sandbox=False, type="payment")
    test = Channel(pg_provider="naverpay", pg_id="np_1", sandbox=True, type="payment")
    for at in (now, now + 9):
        channels.tick(store, channel, ChannelPart.CHAIN_ID, SUPPORT, at, is_done=True)
    channels.tick(store, test, ChannelPart.TAX, SUPPORT, now, is_done=True)
    with reading(store) as conn:
        ticks = channels.list_ticks(conn)
    assert channels.ticked_of(ticks, channel)["chain_id"].ticked_at == int(now)
    assert list(channels.ticked_of(ticks, test)) == ["tax"]
    for _ in range(2):
        channels.tick(store, channel, ChannelPart.CHAIN_ID, SUPPORT, now, is_done=False)
    with reading(store) as conn:
        assert channels.ticked_of(channels.list_ticks(conn), channel) == {}
