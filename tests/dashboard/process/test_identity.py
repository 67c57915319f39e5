"""Who somebody is: verified means the boolean, an address is ASCII, and a session is looked at each time."""

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState

from dashboard.access import User
from dashboard.process.doors import Doors
from dashboard.process.identity import person_of
from dashboard.process.resources import current_settings, open_store, use_settings
from dashboard.process.sessions import end_all, user_of
from dashboard.routes.sign_in import _page_of, _Watched
from dashboard.settings import Role, Settings
from services.errors import SignInRefused
from services.people.lasting import Lasting
from services.people.sessions import find
from services.store.engine import reading
from services.tables.people import Ending
from tests.worlds.screens.screens import AUTH, empty_store, in_own_loop, run_page, signed_in

KIM = {"iss": "https://login.example.com", "sub": "1", "email": "finance@example.com", "email_verified": True}
TRUSTED = "https://quiet.example.com"


@pytest.fixture(autouse=True)
def _store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty_store(tmp_path, trusted_issuers=(TRUSTED,))
    monkeypatch.setattr(st.secrets, "_secrets", {"auth": AUTH})


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"email": "Finance@Example.COM"},
        {"iss": TRUSTED, "email_verified": None},
        {"iss": TRUSTED, "email_verified": "true"},
    ],
)
def test_a_verified_address_is_its_person_in_any_case(changed: dict[str, Any]) -> None:
    person = person_of(KIM | changed, current_settings(), current_settings().roles)
    assert person.user == User("finance@example.com", Role.FINANCE)


@pytest.mark.parametrize(
    "changed",
    [
        *({"email_verified": one} for one in (False, None, "true", "false", "True", 1, [True], {"a": 1})),
        *({"iss": TRUSTED, "email_verified": one} for one in (False, "false", 0)),
        *({"email": one} for one in (None, "", 7, ["finance@example.com"], "stranger@example.com")),
        *({"email": one} for one in ("\uff46inance@example.com", "f\u0131nance@example.com", "ﬁnance@example.com")),
        *({"email": one} for one in (" finance@example.com", "finance@example.com\n", "finance@example.com\u200b")),
    ],
)
def test_nobody_else_gets_a_role(changed: dict[str, Any]) -> None:
    with pytest.raises(SignInRefused):
        person_of(KIM | changed, current_settings(), current_settings().roles)


def test_a_kelvin_sign_makes_nobody_kim() -> None:
    use_settings(Settings(roles={"kim@example.com": Role.ADMIN}))
    with pytest.raises(SignInRefused, match="ASCII"):
        person_of(KIM | {"email": "\u212aim@example.com"}, current_settings(), current_settings().roles)


def test_a_session_is_over_for_its_screen_when_its_role_changes() -> None:
    session_id = signed_in("viewer@example.com", Role.VIEWER)["session"]
    assert user_of(session_id) == User("viewer@example.com", Role.VIEWER)
    settings = current_settings()
    changed = settings.model_copy(update={"roles": settings.roles | {"viewer@example.com": Role.ADMIN}})
    use_settings(changed)
    assert user_of(session_id) is None
    with reading(open_store()) as conn:
        assert find(conn, [session_id])[session_id].why == Ending.ROLE


def test_a_screen_whose_session_ended_shows_the_door() -> None:
    at = run_page("overview", role=Role.FINANCE)
    assert at.title[0].value == "Home"
    end_all("finance@example.com", Ending.SIGNED_OUT, "screen")
    at.run()
    assert [button.label for button in at.button] == ["Sign in"]
    assert not at.metric


def test_a_cookie_alone_opens_no_screen() -> None:
    at = run_page("overview", role=Role.FINANCE)
    at.user = KIM | {"is_logged_in": True}
    assert [button.label for button in at.run().button] == ["Sign in"]


@pytest.fixture
def doors() -> Doors:
    return Doors()


def test_an_open_connection_is_told_once_its_session_is_over(doors: Doors) -> None:
    mine, other = (signed_in(f"{role}@example.com", role)["session"] for role in (Role.VIEWER, Role.ADMIN))
    told: list[str] = []
    with doors.open(mine, lambda: told.append("mine")), doors.open(other, lambda: told.append("other")):
        doors.look()
        assert told == []
        end_all("viewer@example.com", Ending.OPERATOR, "cli root")
        doors.look()
    assert told == ["mine"]


def test_what_a_person_does_keeps_a_session_and_what_a_page_does_does_not(doors: Doors) -> None:
    session_id = signed_in("viewer@example.com", Role.VIEWER, at=time.time() - Lasting().idle + 5)["session"]
    told: list[str] = []
    with doors.open(session_id, lambda: told.append("over")):
        doors.saw(session_id)
        doors.look()
    assert told == []
    with reading(open_store()) as conn:
        assert find(conn, [session_id])[session_id].seen_at > time.time() - 60
    idle = signed_in("viewer@example.com", Role.VIEWER, at=time.time() - Lasting().idle)["session"]
    with doors.open(idle, lambda: told.append("over")):
        doors.look()
    assert told == ["over"]


def test_a_browser_whose_session_is_over_reruns_once_and_is_then_heard_again() -> None:
    click = BackMsg(rerun_script=ClientState(fragment_id="x")).SerializeToString()

    async def play() -> list[bytes | None]:
        sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        over = asyncio.Event()
        sent.put_nowait({"type": "websocket.connect"})
        watched = _Watched(sent.get, over, "id")
        heard = [await watched()]
        over.set()
        heard.append(await watched())
        sent.put_nowait({"type": "websocket.receive", "bytes": click})
        heard.append(await watched())
        watched.close()
        return [one.get("bytes") for one in heard]

    first, rerun, then = in_own_loop(play())
    assert first is None
    assert BackMsg.FromString(rerun or b"").HasField("rerun_script")
    assert then == click


@pytest.mark.parametrize(
    ("referer", "page"),
    [
        ("http://localhost:8501/payment?imp_uid=imp_1", "/payment?imp_uid=imp_1"),
        ("http://localhost:8501/refunds#x", "/refunds"),
        ("http://localhost:8501/", ""),
        ("http://localhost:8501//evil.example/x", ""),
        ("http://localhost:8501/\\evil.example", ""),
        ("http://localhost:8501/auth/login?provider=x", ""),
        ("http://localhost:8501/oauth2callback?code=1", ""),
        ("http://localhost:8501/payment?" + "x" * 2_000, ""),
        ("http://localhost:8502/payment", ""),
        ("https://localhost:8501/payment", ""),
        ("http://localhost:8501@evil.example/payment", ""),
        ("https://evil.example/payment", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_only_an_own_page_is_come_back_to(referer: str, page: str) -> None:
    assert _page_of(referer) == page
