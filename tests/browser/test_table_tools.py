"""Tables hand nothing out by themselves: no download, no search of their own, no copy, for any role on any page."""

import json
from contextlib import suppress

import pytest
from playwright.sync_api import Page, TimeoutError, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.util import calc_hash

from dashboard.access import PERMISSIONS
from dashboard.navigation import ENTRIES
from dashboard.settings import Role
from tests.browser.till import PEOPLE, Till

_KEEP_SOCKET = """
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (bytes) { window.socket = this; return send.call(this, bytes); };
"""
_QUERY = {"payment": "imp_uid", "refund": "imp_uid"}


def test_no_table_on_any_page_offers_a_file_to_anybody(till: Till) -> None:
    imp_uid = next(uid for uid, one in till.sandbox.payments.items() if one["status"] == "paid")
    # Those who may do least, and for what they may not see those who see every page: no table knows who reads it.
    assert min(Role, key=lambda role: len(PERMISSIONS[role])) == Role.VIEWER
    assert {entry.permission for entry in ENTRIES} <= PERMISSIONS[Role.ADMIN]
    assert PERMISSIONS[Role.VIEWER] < PERMISSIONS[Role.ADMIN]
    seen = 0
    left = list(ENTRIES)
    for role in (Role.VIEWER, Role.ADMIN):
        email = next(one for one, its in PEOPLE.items() if its == role)
        page = till.signed_in(email, language="en")
        page.add_init_script(_KEEP_SOCKET)
        page.goto(f"{till.url}/nowhere")
        page.get_by_test_id("stSidebarNavLink").first.wait_for(timeout=60_000)
        sees = [entry for entry in left if entry.permission in PERMISSIONS[role]]
        left = [entry for entry in left if entry not in sees]
        for entry in sees:
            query = f"{_QUERY[entry.name]}={imp_uid}" if entry.name in _QUERY else ""
            _go(page, "" if entry.default else entry.address or entry.name.replace("_", "-"), query)
            tables = page.get_by_test_id("stDataFrame")
            for n in range(tables.count()):
                tables.nth(n).hover(force=True)
                tools = page.get_by_test_id("stElementToolbarButton").evaluate_all(
                    "all => all.filter(one => one.checkVisibility())"
                    ".map(one => one.querySelector('button').getAttribute('aria-label'))"
                )
                named = json.dumps(tools).lower()
                assert "as csv" not in named, (role, entry.name)
                assert "search" not in named, (role, entry.name)
                seen += 1
        page.close()
    assert not left
    assert seen > 10


def _go(page: Page, name: str, query: str) -> None:
    """To a page by the app's own socket, which spares loading the app anew: eight pages stand in no menu."""
    asked = BackMsg()
    asked.rerun_script.page_script_hash, asked.rerun_script.query_string = calc_hash(name), query
    at_rest = page.locator("[data-testid=stApp][data-test-script-state=notRunning]")
    for _attempt in range(10):
        at_rest.wait_for(timeout=60_000)
        page.evaluate("bytes => window.socket.send(new Uint8Array(bytes))", list(asked.SerializeToString()))
        # A run that the page asks for by itself at the same moment takes this one's place, and stays where it is.
        with suppress(TimeoutError):
            page.wait_for_function("path => location.pathname === path", arg=f"/{name}", timeout=5_000)
            break
    else:
        pytest.fail(f"{name or 'home'} was not opened")
    at_rest.wait_for(timeout=60_000)
    page.locator("[data-testid=stHeading]").first.wait_for(timeout=60_000)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)  # a table's code may still be loading
