"""Whom a screen shows is in the log: by one id each, whatever else the address carries, and before anybody is shown."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from dashboard.navigation import ENTRIES
from dashboard.process.access_log import note as notes
from dashboard.settings import Role
from services.errors import NotSaved
from services.operations.journal.audit import Actor
from services.people.access_log import Access
from services.people.whose import NOT_KEPT, kept_id
from services.store.engine import reading, writing
from services.store.sql import table
from services.tables.staff.access import AccessKind
from services.tables.unreadable import Unreadable
from tests.dashboard.screens.test_hostile import drawn
from tests.worlds.rows.recurring_rows import recurring_store
from tests.worlds.screens.screens import filled_store, run_page, texts
from tests.worlds.screens.words_store import words_store

ONE, KEYED = "imp_100000000001", "imp_100000000009"
BUYER = ("홍길동", "010-1234-5678", "hong@example.com")


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return filled_store(tmp_path)


def entries(engine: Engine) -> list[tuple[Any, ...]]:
    """What was done, where, and whose; oldest first."""
    with reading(engine) as conn:
        return [tuple(row) for row in conn.exec_driver_sql("SELECT kind, what, whose FROM access_entry ORDER BY id")]


@contextmanager
def locked(engine: Engine) -> Iterator[None]:
    """Somebody else writes, and does not come to an end."""
    begun, over = threading.Event(), threading.Event()

    def hold() -> None:
        with writing(engine):
            begun.set()
            over.wait(120)

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert begun.wait(60), "nobody holds the database"
        yield
    finally:
        over.set()
        holder.join(60)


def test_what_else_an_address_carries_hides_no_look(engine: Engine) -> None:
    run_page("payment", query={"imp_uid": ONE, "number": "9", "customer_uid": "key_2", "link": "3", "x": "y"})
    run_page("operation", query={"number": "7", "imp_uid": ONE})
    assert entries(engine) == [("seen", "payment", ONE), ("seen", "operation", "7")]


def test_a_page_of_two_ids_leaves_an_entry_for_each(engine: Engine) -> None:
    run_page("customer", query={"imp_uid": ONE, "customer_uid": "key_1"})
    assert entries(engine) == [("seen", "customer", ONE), ("seen", "customer", "key_1")]


def test_another_payment_on_the_same_page_is_another_look_and_the_first_again_is_none(engine: Engine) -> None:
    at = run_page("payment", query={"imp_uid": ONE})
    for imp_uid in (KEYED, ONE, KEYED):
        at.query_params["imp_uid"] = imp_uid
        at.run()
    assert entries(engine) == [("seen", "payment", ONE), ("seen", "payment", KEYED)]


@pytest.mark.parametrize("typed", [*BUYER, "4111111111111111", "900101-1234568", "홍길동 고객"])
def test_what_somebody_types_into_an_address_is_not_kept(engine: Engine, typed: str) -> None:
    run_page("payment", query={"imp_uid": typed})
    assert entries(engine) == [("seen", "payment", NOT_KEPT)]


def test_nobody_is_shown_while_the_log_cannot_be_written(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notes, "_WAITS", 300)
    with locked(engine):
        at = run_page("payment", query={"imp_uid": ONE})
        assert at.error[0].value.startswith("The access log cannot be written")
        assert not [one for one in BUYER if one in texts(at)]
    assert texts(run_page("payment", query={"imp_uid": ONE})).count("홍길동")


def test_nobody_waits_long_for_a_connection_when_the_log_is_to_be_written(
    postgres_store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL's pool hands out fifteen; half a minute would be waited for one more by default."""
    monkeypatch.setattr(notes, "open_store", lambda **_given: postgres_store)
    look = (Actor("hong@example.com", "screen"), Access(AccessKind.SEEN, "payments"))
    with ExitStack() as held:
        for _one in range(15):
            held.enter_context(postgres_store.connect())
        begun = time.monotonic()
        with pytest.raises(NotSaved):
            notes.note(*look)
        assert time.monotonic() - begun < 20
    notes.note(*look)
    assert entries(postgres_store) == [("seen", "payments", "")]


def test_a_stranger_who_connects_again_and_again_is_one_entry(engine: Engine) -> None:
    for email in ("a@elsewhere.example", "a@elsewhere.example", "b@elsewhere.example", "a@elsewhere.example"):
        at = run_page("overview", role=Role.ADMIN)
        at.user = {"is_logged_in": True, "email": email, "email_verified": True}
        assert "No access yet" in at.run().title[0].value
    with reading(engine) as conn:
        found = conn.exec_driver_sql("SELECT person FROM access_entry WHERE kind = 'refused' ORDER BY id").scalars()
        assert list(found) == ["a@elsewhere.example", "b@elsewhere.example"]


def test_in_the_search_of_every_screen_each_word_is_an_entry_and_its_letters_are_none(engine: Engine) -> None:
    at = run_page("overview")
    at.button(key="palette").click().run()
    for typed in ("홍", "홍길", "홍길동", "홍길", "김", "김철", "010", "01012345678"):
        at.text_input(key="palette.text").set_value(typed).run()
    with reading(engine) as conn:
        found = conn.exec_driver_sql("SELECT what, column_names FROM access_entry ORDER BY id").fetchall()
    # 홍길동 with all that leads to it, 김철 likewise, a number, which by its ninth digit is a phone.
    assert [tuple(one) for one in found] == [("everything", kind) for kind in ("words", "words", "number", "phone")]


def test_rows_that_could_not_be_read_are_looked_at_by_whoever_unfolds_them(engine: Engine) -> None:
    raw = json.dumps({"imp_uid": "imp_1", "buyer_name": BUYER[0]}, ensure_ascii=False).encode()
    row = Unreadable(
        kind="payment", uid="imp_1", digest="", reason="amount", raw=raw, seen=1, first_at=1, last_at=1
    )  # fmt: skip
    with writing(engine) as conn:
        conn.execute(table(Unreadable).insert().values(row.model_dump()))
    at = run_page("system", role=Role.ADMIN)
    assert entries(engine) == []
    at.session_state["raw_rows"] = True
    at.run().run()
    assert BUYER[0] in texts(at)
    assert entries(engine) == [("seen", "system", "")]
    with writing(engine) as conn:
        conn.exec_driver_sql("DROP TABLE access_entry")
    at = run_page("system", role=Role.ADMIN)
    at.session_state["raw_rows"] = True
    assert BUYER[0] not in texts(at.run())


@pytest.mark.parametrize(
    ("page", "opened"),
    [
        ("subscriptions", {"rows": [], "columns": [], "cells": [(0, "state")]}),
        ("radar", {"rows": [], "columns": [], "cells": [(0, "due_at")]}),
        ("recovery", {"rows": [0], "columns": [], "cells": []}),
    ],
)
def test_who_is_told_in_full_beside_a_list_is_looked_at_once(tmp_path: Path, page: str, opened: dict[str, Any]) -> None:
    engine = recurring_store(tmp_path)
    at = run_page(page, role=Role.SUPPORT)
    uid = at.dataframe[0].value["customer_uid"][0]
    assert entries(engine) == [("seen", page, "")]
    at.session_state[at.dataframe[0].proto.id.split("-", 2)[2]] = {"selection": opened}
    at.run().run()
    assert BUYER[2] in texts(at)
    assert entries(engine) == [("seen", page, ""), ("seen", page, kept_id(uid))]


def test_a_page_that_shows_nobody_draws_no_buyer(tmp_path: Path) -> None:
    said = " ".join(BUYER)
    engine = words_store(
        tmp_path, said, ("name", "fail_reason", "cancel_reason"), "key_1", "20261123-0000", refund={},
        of_key={"pg_provider": "naverpay"}, booked={}, reason="단순 변심", who=Actor("finance@example.com", "finance"),
    )  # fmt: skip
    with writing(engine) as conn:
        # What went wrong with a reading names no buyer.
        conn.exec_driver_sql("UPDATE sync_run SET error = 'The gateway did not answer in time.'")
    for entry in ENTRIES:
        if entry.shows_nobody:
            shown = " ".join(text for _kind, _field, text in drawn(run_page(entry.name, role=Role.ADMIN)))
            assert not [one for one in BUYER if one in shown], entry.name
    assert {kind for kind, *_rest in entries(engine)} <= {"seen"}
