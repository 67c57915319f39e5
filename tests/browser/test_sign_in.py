"""Sign-in by OpenID Connect, with a provider of this machine: what a person then sees, and how it ends."""

import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dashboard.commands.demo import free_port
from tests.browser.servers import ending, serving, wait_for
from tests.browser.test_payments import rows_of
from tests.worlds.screens.screens import filled_store

PEOPLE = {"kim": "viewer", "park": "finance", "choi": "support", "lee": "admin"}
PAYMENT = "/payment?imp_uid=imp_100000000001"


@dataclass
class House:
    """A dashboard with [auth], and the file in which its roles stand."""

    url: str
    roles: Path

    def has(self, people: dict[str, str]) -> None:
        """Writes who may do what."""
        said = ",".join(f"{name}@example.com={role}" for name, role in people.items())
        self.roles.write_text(f"JANGBU_ROLES={said}\n")

    def status(self, path: str, context: BrowserContext, method: str = "GET") -> int:
        """What a program with that browser's cookies is answered."""
        cookies = "; ".join(f"{one['name']}={one['value']}" for one in context.cookies(self.url))
        asked = urllib.request.Request(self.url + path, method=method, headers={"cookie": cookies})
        try:
            with urllib.request.urlopen(asked) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """An identity provider that knows these people, one whose address is not verified, and a look-alike."""
    port = free_port()
    people: list[dict[str, Any]] = [
        {"sub": name, "email": f"{name}@example.com", "email_verified": True} for name in PEOPLE
    ]
    people += [
        {"sub": "unverified", "email": "kim@example.com", "email_verified": "true"},
        {"sub": "lookalike", "email": "\u212aim@example.com", "email_verified": True},
        {"sub": "usurper", "email": "park@example.com", "email_verified": True},
    ]
    command = [Path(sys.executable).with_name("oidc-provider-mock"), "--port", str(port)]
    command += [part for one in people for part in ("--user-claims", json.dumps(one))]
    process = subprocess.Popen(command)
    url = f"http://localhost:{port}"
    with ending(process):
        wait_for(f"{url}/.well-known/openid-configuration", lambda: process.poll() is None)
        yield url


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, provider: str) -> Iterator[House]:
    """A dashboard of theirs."""
    folder, port = tmp_path_factory.mktemp("house"), free_port()
    found = House(f"http://localhost:{port}", folder / ".env")
    found.has(PEOPLE)
    place = folder / "secrets.toml"
    place.write_text(
        f"""[auth]
redirect_uri = "{found.url}/oauth2callback"
cookie_secret = "{"c" * 32}"
client_id = "jangbu"
client_secret = "of no use elsewhere"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""
    )
    filled_store(folder)
    with serving(port, folder, cwd=folder, JANGBU_SECRETS_FILE=str(place)):
        yield found


def enter(page: Page, house: House, who: str, path: str = "/") -> None:
    """Somebody follows a link, signs in and is led back."""
    page.goto(house.url + path)
    page.get_by_role("button", name="로그인").click(timeout=60_000)
    page.get_by_role("button", name=who, exact=True).click()


def test_a_link_that_goes_through_sign_in_arrives_at_its_page(page: Page, house: House) -> None:
    enter(page, house, "kim", PAYMENT)
    expect(page.get_by_text("imp_100000000001").first).to_be_visible()
    assert page.url == house.url + PAYMENT
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="결제 내역").click()
    shown = "".join(rows_of(page))
    assert "홍*동" in shown
    assert "홍길동" not in shown
    expect(page.get_by_role("link", name="시스템")).to_have_count(0)
    expect(page.get_by_role("button", name="내보내기")).to_have_count(0)


def test_a_page_without_the_right_and_an_unknown_address_say_so(page: Page, house: House) -> None:
    enter(page, house, "kim", "/system")
    expect(page.get_by_text("이 화면을 볼 권한이 없습니다 (역할: 조회자). 역할은 장부")).to_be_visible()
    page.goto(f"{house.url}/no-such-page")
    expect(page.get_by_text("그런 화면이 없습니다")).to_be_visible()
    expect(page.get_by_text("Page not found")).to_have_count(0)


def test_signing_out_ends_every_tab_and_every_copy_of_the_cookie(page: Page, house: House, browser: Browser) -> None:
    enter(page, house, "kim", "/payments")
    rows_of(page)
    copy = browser.new_context(storage_state=page.context.storage_state(), locale="ko-KR")
    other = copy.new_page()
    other.goto(f"{house.url}/payments")
    rows_of(other)
    assert house.status("/media/x", copy) == 404
    assert house.status("/auth/logout", copy) == 405
    assert house.status("/auth/logout", copy, "POST") == 403
    page.get_by_role("button", name="로그아웃").click()
    expect(page.get_by_role("button", name="로그인")).to_be_visible()
    expect(other.get_by_role("button", name="로그인")).to_be_visible(timeout=4_000)
    expect(other.get_by_test_id("stDataFrame")).to_have_count(0)
    assert [house.status(path, copy) for path in ("/media/x", "/export/x")] == [403, 403]
    other.goto(f"{house.url}/payments")
    expect(other.get_by_role("button", name="로그인")).to_be_visible()
    copy.close()


def test_a_role_taken_away_in_the_file_ends_what_is_open(page: Page, house: House) -> None:
    enter(page, house, "choi", "/payments")
    rows_of(page)
    house.has({name: role for name, role in PEOPLE.items() if name != "choi"})
    try:
        expect(page.get_by_text("권한이 없습니다").first).to_be_visible(timeout=6_000)
        expect(page.get_by_test_id("stDataFrame")).to_have_count(0)
        assert house.status("/media/x", page.context) == 403
    finally:
        house.has(PEOPLE)
        time.sleep(2)


def test_a_session_that_an_administrator_ends_is_over_in_an_open_page_and_for_files(
    page: Page, house: House, browser: Browser
) -> None:
    enter(page, house, "choi", "/payments")
    rows_of(page)
    other = browser.new_context(locale="ko-KR", viewport={"width": 1280, "height": 900})
    admin = other.new_page()
    enter(admin, house, "lee", "/sessions")
    expect(admin.get_by_role("heading", name="다른 사용자의 세션")).to_be_visible()
    table = admin.get_by_test_id("stDataFrame").last
    table.click(position={"x": 16, "y": 16})
    ends = admin.get_by_role("button", name=re.compile("세션 .*개 끝내기"))
    ends.click()
    expect(page.get_by_role("button", name="로그인")).to_be_visible(timeout=10_000)
    expect(page.get_by_test_id("stDataFrame")).to_have_count(0)
    assert [house.status(path, page.context) for path in ("/media/x", "/export/x")] == [403, 403]
    expect(ends).to_have_count(0)
    other.close()


@pytest.mark.parametrize(("who", "words"), [("unverified", "확인되었다고"), ("lookalike", "ASCII")])
def test_who_is_not_who_they_say_gets_a_sentence(page: Page, house: House, who: str, words: str) -> None:
    _is_kept_out(page, house, who, words)


def test_an_address_is_that_of_the_account_which_signed_in_with_it_first(page: Page, house: House) -> None:
    enter(page, house, "park", "/payments")
    rows_of(page)
    page.context.clear_cookies()
    _is_kept_out(page, house, "usurper", "다른 계정이 먼저")


def _is_kept_out(page: Page, house: House, who: str, words: str) -> None:
    enter(page, house, who, "/payments")
    expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_test_id("stDataFrame")).to_have_count(0)
    assert house.status("/media/x", page.context) == 403
