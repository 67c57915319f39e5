"""Alarms on System, at the command line, in metrics and in the log: what is told, and that no secret is."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from dashboard.alarms.words import kind_word
from dashboard.cli import app as command
from dashboard.locale import LANGUAGES, in_language
from dashboard.process.resources import current_settings, use_settings
from dashboard.routes.metrics import metrics
from dashboard.settings import Role, Settings
from services.alarms.matters import begin_test, lasting
from services.backup.kept import note_taken
from services.store.engine import reading
from services.tables.alarms import MatterKind
from tests.alarms.conftest import FINANCE, MANAGER, SUPPORT, House
from tests.worlds.screens.screens import ROOT, filled_store, run_page, texts

BUYER = "카나리아4711"
GRAFANA = ROOT / "docs" / "grafana.json"


def jangbu(house: House, *words: str) -> tuple[int, Any]:
    """`jangbu alarms … --json` of the house: its status, and what it says."""
    told = {"JANGBU_DATABASE_URL": house.url, "JANGBU_HEAD_FOLDER": str(house.folder),
            "JANGBU_ALARM_SMTP": f"smtp://127.0.0.1:{house.box.port}",
            "JANGBU_ALARM_MAIL_TO": f"{FINANCE}=finance,{SUPPORT}=support",
            "JANGBU_ALARM_WEBHOOK": house.hook.address}  # fmt: skip
    found = CliRunner().invoke(command, ["alarms", *words, "--json"], env=told)
    assert "secret-canary" not in found.output
    return found.exit_code, json.loads(found.stdout)


def test_no_buyer_and_no_address_of_a_receiver_stands_in_a_message_or_the_log(
    small_house: House, capfd: pytest.CaptureFixture[str]
) -> None:
    house = small_house
    house.ask(state="needs_person", reason=BUYER, request={"buyer_name": BUYER, "name": BUYER})
    house.turn()
    assert len(house.hook.posts) == 1
    house.hook.status = 500
    house.ask(reason=BUYER)
    house.turn(60)
    logged = "".join(capfd.readouterr())
    assert "an alarm did not arrive" in logged
    sent = [mail.as_string() + mail.get_content() for mail in house.box.mails]
    assert len(sent) == 3
    for text in (*sent, json.dumps(house.hook.posts, ensure_ascii=False), logged):
        assert BUYER not in text
        assert "secret-canary" not in text
    assert "secret-canary" not in repr(current_settings())


def test_the_command_tells_what_is_the_matter_and_who_was_told(small_house: House) -> None:
    house = small_house
    waits = house.ask()
    house.turn()
    status, told = jangbu(house)
    assert status == 0, told
    assert [(one["kind"], one["key"], one["since"]) for one in told["matters"]] == [
        ("approval", f"operation {waits}", int(house.now))
    ]
    assert [(one["receiver"], one["told_at"], one["error"]) for one in told["receivers"]] == [
        (f"mail:{FINANCE}", int(house.now), None),
        (f"mail:{SUPPORT}", None, None),
        ("webhook", int(house.now), None),
    ]


def test_the_command_sends_a_test_to_all_and_fails_where_one_does_not_arrive(small_house: House) -> None:
    house = small_house
    assert jangbu(house, "test") == (0, {"receivers": [
        {"receiver": name, "error": None} for name in (f"mail:{FINANCE}", f"mail:{SUPPORT}", "webhook")
    ]})  # fmt: skip
    assert [one["kind"] for one in house.hook.posts] == ["test"]
    assert [mail["To"] for mail in sorted(house.box.mails, key=lambda mail: str(mail["To"]))] == [FINANCE, SUPPORT]
    house.hook.status = 404
    status, told = jangbu(house, "test")
    assert status == 1
    assert {one["receiver"]: one["error"] for one in told["receivers"]}["webhook"] == "refused"
    assert len(house.box.mails) == 4


def test_a_test_reaches_everybody_in_quiet_hours_too_and_two_clicks_are_one(small_house: House) -> None:
    house = small_house
    house.start(alarm_quiet=(0, 23))
    begin_test(house.engine, house.now)
    begin_test(house.engine, house.now + 1)
    house.turn(2)
    house.turn(60)
    assert [one["kind"] for one in house.hook.posts] == ["test"]
    assert {mail["To"] for mail in house.box.mails} == {FINANCE, SUPPORT, MANAGER}
    house.turn(3_600)
    house.turn(60)
    with reading(house.engine) as conn:
        assert [one for one in lasting(conn) if one.gone_at is None] == []


def buttons(at: AppTest) -> list[str]:
    return [one.label for one in at.button]


def test_system_says_what_is_the_matter_and_an_admin_alone_sends_a_test(tmp_path: Path) -> None:
    engine = filled_store(tmp_path, alarm_smtp="smtp://127.0.0.1:1", alarm_webhook="http://127.0.0.1:1/secret-canary")
    house = in_house(engine)
    house.ask(state="needs_person")  # beside what its store says: the mirror is old, and rows differed
    house.turn()
    at = run_page("system", role=Role.MANAGER)
    assert "Send a test alarm" not in buttons(at)
    shown = "".join(one.value.to_string() for one in (*at.dataframe, *at.table)).replace("\\", "")
    assert "Needs a person" in shown
    assert "cannot be reached: 3 alarms wait" in shown
    assert "secret-canary" not in shown + texts(at)
    at = run_page("system", role=Role.ADMIN)
    next(one for one in at.button if one.label == "Send a test alarm").click().run()
    with reading(engine) as conn:
        assert MatterKind.TEST in [one.kind for one in lasting(conn)]
    assert "A test was sent" in texts(at)
    assert next(one for one in at.button if one.label == "Send a test alarm").disabled


def in_house(engine: Engine) -> House:
    """The house of a store that screens use, with receivers that are not there."""
    house = House.__new__(House)
    house.engine, house.since, house.now = engine, 0, 2_000_000_000
    return house


def test_the_grafana_dashboard_names_metrics_that_there_are(tmp_path: Path) -> None:
    engine = filled_store(tmp_path, alarm_webhook="http://127.0.0.1:1/secret-canary")
    note_taken(engine, tmp_path / "x.backup", 1)
    with TestClient(Starlette(routes=[Route("/metrics", metrics)])) as client:
        told = client.get("/metrics").text
    there = set(re.findall(r"^# TYPE (\w+) gauge$", told, re.M))
    panels = json.loads(GRAFANA.read_text("utf-8"))["panels"]
    named = {name for panel in panels for one in panel["targets"] for name in re.findall(r"jangbu_\w+", one["expr"])}
    assert named == there
    assert 'jangbu_alarms{kind="gateway"} 0.0' in told
    assert 'jangbu_waiting{kind="approval"} 0.0' in told
    assert "secret-canary" not in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_a_word(language: str) -> None:
    use_settings(Settings())
    with in_language(language):
        assert all(kind_word(kind) != kind.value for kind in MatterKind)
