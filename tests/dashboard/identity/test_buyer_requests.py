"""A buyer's request on the screen and at the command line: found whole, copied with a reason, erased as looked at."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.access import PERMISSIONS, Permission
from dashboard.locale import LANGUAGES
from dashboard.settings import Role
from services.store.engine import reading
from services.store.lists.records import RecordFilter, list_records
from services.store.sql import fetch
from tests.dashboard.identity.conftest import Office
from tests.privacy.planted import EMAIL, NAME, TEL, UID, plant
from tests.worlds.commands import make_shop
from tests.worlds.screens.screens import run_page, texts

_SECRET = "접수 31번"


@pytest.fixture
def planted(office: Office) -> Engine:
    plant(office.engine)
    return office.engine


def looked_for(at: AppTest, words: str) -> AppTest:
    at.text_input(key="buyer_requests.buyer").set_value(words)
    return at.button(key="find_buyer").click().run()


def asked(at: AppTest, button: str, reason: str = _SECRET) -> AppTest:
    at.text_input(key="buyer_requests.reason").set_value(reason)
    return at.button(key=button).click().run()


@pytest.mark.parametrize("role", Role)
def test_only_who_answers_for_personal_data_opens_it(planted: Engine, role: Role) -> None:
    assert (Permission.BUYER_REQUESTS in PERMISSIONS[role]) == (role == Role.ADMIN)
    if role == Role.ADMIN:
        assert run_page("buyer_requests", role=role).text_input
        return
    with pytest.raises(ValueError, match="navigation page"):
        run_page("buyer_requests", role=role)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_request_goes_from_the_search_to_an_erasure_that_the_audit_tells(planted: Engine, language: str) -> None:
    at = looked_for(run_page("buyer_requests", role=Role.ADMIN, language=language), TEL)
    rows = at.dataframe[0].value
    assert len(rows) == 7
    assert NAME in rows.to_string()
    at = asked(at, "copy_buyer")
    assert [one.proto.label for one in at.get("download_button")] == ["CSV", "JSON"]
    at = asked(at, "erase_buyer")
    assert at.warning
    at = at.button(key="erase_for_good").click().run()
    assert not at.exception
    assert at.success
    # The planted payment is of 2020: its terms are over.
    assert "7" in at.success[0].value
    with reading(planted) as conn:
        assert fetch(conn, "SELECT buyer_name FROM payment WHERE imp_uid = ?", (UID,)) == [(None,)]
        records = list_records(conn, RecordFilter()).rows
    assert [(one.action, one.actor, one.detail["reason"]) for one in records[:2]] == [
        ("buyer_erased", "admin@example.com", _SECRET),
        ("buyer_copied", "admin@example.com", _SECRET),
    ]
    told = texts(run_page("records", role=Role.ADMIN, language=language))
    assert NAME not in told
    assert _SECRET in told


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_written(planted: Engine) -> None:
    at = looked_for(run_page("buyer_requests", role=Role.ADMIN), "7")
    assert "whole phone" in at.error[0].value
    at = asked(looked_for(at, EMAIL), "erase_buyer", reason="")
    assert "Say why" in at.error[0].value
    at = asked(at, "copy_buyer", reason=f"{EMAIL} 요청")
    assert "must not stand in it" in at.error[0].value
    assert at.text_input(key="buyer_requests.reason").value == f"{EMAIL} 요청"
    with reading(planted) as conn:
        assert fetch(conn, "SELECT count(*) FROM audit_entry WHERE action LIKE 'buyer_%'") == [(0,)]


def test_nothing_is_kept_of_somebody_else(planted: Engine) -> None:
    at = looked_for(run_page("buyer_requests", role=Role.ADMIN), "010-0000-1111")
    assert "Nothing is kept" in at.info[0].value
    assert not at.dataframe


def test_commands_find_copy_and_erase_and_name_nobody(tmp_path: Path) -> None:
    with make_shop(tmp_path) as shop:
        plant(shop.engine)
        found = shop.run("buyer", "find", TEL, "--json")
        assert (found.status, len(found.told["rows"])) == (0, 7)
        assert NAME.encode() not in found.stdout
        out = tmp_path / "copy.json"
        words = ("--reason", _SECRET, "--json")
        copied = shop.run("buyer", "data", TEL, *words, "--out", str(out), "--format", "json")
        assert (copied.status, copied.told["rows"]) == (0, 7)
        assert NAME in out.read_text()
        assert out.stat().st_mode & 0o077 == 0
        assert len(json.loads(out.read_text())["rows"]) == 7
        assert shop.run("buyer", "erase", TEL, *words, "--dry-run").status == 0
        assert shop.run("buyer", "erase", TEL, *words).status == 1  # nobody can be asked
        erased = shop.run("buyer", "erase", TEL, *words, "--yes")
        assert (erased.status, erased.told["erased"], erased.told["rows"]) == (0, 7, [])
