"""Screens on what is not here (yet): the gateway is asked once a minute, and a first pass says how far it is."""

import time
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.process import answers, rereads
from dashboard.process.answers import Answer, lookups
from dashboard.process.resources import current_settings, use_settings
from dashboard.settings import Role, Settings
from dashboard.words.formats import mask_phone
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.sandbox import Sandbox
from services.sandbox.server import served
from services.sandbox.world.build import build_world
from services.store.engine import writing
from services.store.writes.sync import begin_run, end_run, set_mark
from tests.worlds.screens.answers import answered
from tests.worlds.screens.screens import COMES_BY_ITSELF, empty_store, filled_store, run_page, texts


def test_the_audit_is_gone_through_once_for_a_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    monkeypatch.setattr(answers, "is_verification", lambda _conn, uid: looked.append(uid))
    empty_store(tmp_path)
    for _run in range(3):
        lookups.ask("imp_000000000001")
    lookups.ask("홍길동")
    assert looked == ["imp_000000000001"]


def test_one_question_a_minute_and_no_more_than_so_many_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookups, "_kept", {})  # what other tests asked for in this minute
    sandbox = Sandbox(build_world(1, payments=20, days=10, until=time.time()))
    old = sandbox.add_payment(1_000, started_at=int(time.time()) - 900 * 86_400)["imp_uid"]
    empty_store(tmp_path)
    with served(sandbox) as url:
        use_settings(Settings(**(current_settings().model_dump() | account(url))))
        lookups.ask(old)
        assert answered(lookups, old).found is True
        first = lookups.ask(old)
        assert first == answered(lookups, old)
        lookups.ask("imp_000000000000")
        assert answered(lookups, "imp_000000000000").found is False
        for number in range(100):
            lookups.ask(f"imp_1{number:011d}")
        asked = [f"imp_1{number:011d}" for number in range(100) if lookups.told(f"imp_1{number:011d}")]
        assert len(asked) == 28
        for text in asked:
            answered(lookups, text)
        assert lookups.ask("김민서") is None
    assert old in texts(run_page("payment", query={"imp_uid": old}))


def account(url: str) -> dict[str, Any]:
    return {"imp_api_url": url, "imp_key": IMP_KEY, "imp_secret": IMP_SECRET}


def test_a_gateway_that_does_not_answer_is_said_beside_the_empty_page_and_nobody_asks_who_may_not(
    tmp_path: Path,
) -> None:
    filled_store(tmp_path)
    uid = "imp_222222222222"
    assert "Asked the gateway" not in texts(run_page("payment", role=Role.VIEWER, query={"imp_uid": uid}))
    assert lookups.told(uid) is None
    run_page("payment", role=Role.SUPPORT, query={"imp_uid": uid})
    assert answered(lookups, uid).error
    seen = run_page("payment", role=Role.SUPPORT, query={"imp_uid": uid})
    assert [one for one in seen.warning if "JANGBU" in one.value or "gateway" in one.value]
    assert not rereads.is_reading(uid)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("ord-000001", False),
        ("ＯＲＤ-000001", False),
        ("ORD000001", False),
        ("IMP_100000000004", False),
        ("ord00000", True),  # a part of some, and the name of none
        ("ord-000099", True),
    ],
)
@pytest.mark.parametrize("days", [{}, {"from": "2020-01-01", "to": "2020-01-02"}])
def test_what_is_here_is_not_asked_for_however_it_is_spelt(
    tmp_path: Path, text: str, asked: bool, days: dict[str, str]
) -> None:
    filled_store(tmp_path)
    run_page("payments", role=Role.SUPPORT, query={"q": text, **days})
    assert (lookups.told(text) is not None) == asked
    if asked:
        answered(lookups, text)


def test_an_answer_that_the_store_has_overtaken_is_not_told(tmp_path: Path) -> None:
    filled_store(tmp_path)
    lookups._kept["ORD-000001"] = Answer(time.time(), found=False)
    seen = texts(run_page("payments", role=Role.SUPPORT, query={"q": "ORD-000001"}))
    assert "ORD-000001" in seen
    assert "knows no such payment" not in seen


@pytest.mark.parametrize(("screen", "query"), [("payment", {"imp_uid": "qq"}), ("schedule", {"merchant_uid": "qq"})])
def test_an_answer_that_is_a_no_is_not_called_a_silence(tmp_path: Path, screen: str, query: dict[str, str]) -> None:
    empty_store(tmp_path)
    sandbox = Sandbox(build_world(1, payments=20, days=10, until=time.time()))
    name = "qq" if screen == "payment" else rereads.schedule_name("qq")
    before = current_settings()
    with served(sandbox) as url:
        use_settings(Settings(**(before.model_dump() | account(url))))
        assert run_button(run_page(screen, query=query), name) == "The gateway knows nothing of this id"
        use_settings(Settings(**(before.model_dump() | account(url) | {"imp_secret": "wrong"})))
        assert run_button(run_page(screen, query=query), name) == "The gateway refused"
    assert run_button(run_page(screen, query=query), name) == "The gateway did not give an answer"


def test_a_reading_that_the_database_cannot_keep_is_told_as_that(tmp_path: Path) -> None:
    engine = filled_store(tmp_path)
    name = "imp_100000000004"

    def keep() -> None:
        with writing(engine) as conn:
            conn.exec_driver_sql("INSERT INTO a_table_that_is_none VALUES (1)")

    rereads.start(name, keep)
    answered_by = time.monotonic() + 20
    while rereads.is_reading(name) and time.monotonic() < answered_by:
        time.sleep(0.01)
    (told,) = [one for one in run_page("payment", query={"imp_uid": name}).warning if "database" in one.value]
    assert (told.proto.title, told.value) == ("Nothing is saved", r"The database could not save it\. Try again\.")
    at = run_page("refund", query={"imp_uid": name})
    assert not at.exception


def run_button(at: AppTest, name: str) -> str:
    """The title over what became of reading again."""
    next(one for one in at.button if one.label == "Refresh").click().run()
    until = time.monotonic() + 20
    while rereads.is_reading(name) and time.monotonic() < until:
        time.sleep(0.01)
    (told,) = [one for one in at.run().warning if one.value]
    return str(told.proto.title)


@pytest.mark.parametrize("page", ["overview", "revenue", "payments", "subscriptions", "system"])
def test_a_first_pass_tells_months_and_rows_and_what_is_missing(tmp_path: Path, page: str) -> None:
    engine = filled_store(tmp_path)
    with writing(engine) as conn:
        set_mark(conn, "filling", "180/1125", int(time.time()))
    seen = texts(run_page(page))
    assert "5 of 37 months" in seen
    assert "9 payments so far" in seen
    assert "Until the older months are read" in seen
    with writing(engine) as conn:
        set_mark(conn, "filling", "1125/1125", int(time.time()))
    assert "months" not in "".join(one.value for one in run_page(page).caption if "Until" in one.value)


@pytest.mark.parametrize("page", ["overview", "revenue"])
def test_before_the_first_run_has_ended_nobody_is_told_that_nothing_came(tmp_path: Path, page: str) -> None:
    with writing(empty_store(tmp_path)) as conn:
        set_mark(conn, "filling", "90/1125", int(time.time()))
    at = run_page(page)
    assert [one.proto.title for one in at.info] == ["The first pass is under way"]
    assert "Nothing mirrored yet" not in texts(at)


def test_where_the_gateway_refuses_nobody_is_told_to_wait(tmp_path: Path) -> None:
    engine = empty_store(tmp_path)
    waiting = texts(run_page("payments"))
    assert COMES_BY_ITSELF["en"] in waiting
    with writing(engine) as conn:
        run = begin_run(conn, "sync", int(time.time()))
        end_run(conn, run, int(time.time()), {}, "The key or secret is wrong.")
    refused = texts(run_page("payments"))
    assert "The key or secret is wrong" in refused
    assert COMES_BY_ITSELF["en"] not in refused


@pytest.mark.parametrize(
    "tel", ["+82 10-4321-8765", "010-4321-8765", "01043218765", "0082 10 4321 8765", "０１０－４３２１－８７６５"]
)
def test_a_masked_phone_looks_the_same_however_it_is_written(tel: str) -> None:
    assert mask_phone(tel) == "010-****-8765"
