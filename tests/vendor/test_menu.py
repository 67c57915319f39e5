"""docs/calls.md tells what there is: each method, screen, command and role, and all calls of the vendor's menu."""

import json
from collections import Counter
from inspect import getmembers, isfunction

import typer

from dashboard.access import Permission
from dashboard.cli import app
from dashboard.locale import set_language
from dashboard.navigation import ENTRIES
from services.gateway import Gateway
from tests.gateway.test_contract import FOUND
from tests.vendor.menu import PAGE, calls, page

CALLS = calls()
NO_CALL = {"asked_at", "close", "now", "now_between", "of"}
"""Methods of the client that ask nothing of their own."""
BESIDE = {"tier_name"}
"""Methods whose call stands in no menu."""
SAME_CALL = {"payment_as_it_came": "payment", "channels": "list_channels"}
"""Methods that make the call of another one."""
LEFT_OUT = {
    *(("POST", f"/kcpquick/{rest}") for rest in ("payment/money", "payment/autopay", "prepare/{merchant_uid}",
                                                 "members/{member_id}/fido/release")),
    ("PUT", "/kcpquick/prepare/{merchant_uid}"),
    ("DELETE", "/kcpquick/autopay/{customer_uid}"),
    ("POST", "/partners/receipts/{imp_uid}"),
    ("GET", "/tiers/{tier_code}"),
    ("POST", "/users/getToken"),
}  # fmt: skip


def commands() -> set[str]:
    """Every command as it is typed."""
    found = set()
    for name, one in getattr(typer.main.get_command(app), "commands", {}).items():
        found |= {f"{name} {sub}" for sub in getattr(one, "commands", {})} or {name}
    return found


def test_the_page_is_as_it_is_made() -> None:
    set_language("en")
    assert PAGE.read_text("utf-8") == page(), "python -m tests.vendor.menu"


def test_the_menu_has_57_calls_each_once() -> None:
    assert (len(CALLS), max(Counter(one.call for one in CALLS).values())) == (57, 1)


def test_every_method_of_the_client_stands_in_it_and_no_other() -> None:
    methods = {name for name, _method in getmembers(Gateway, isfunction) if not name.startswith("_")}
    assert {one.client for one in CALLS if one.client} == methods - NO_CALL - BESIDE - SAME_CALL.keys()


def test_every_screen_and_command_exists_and_the_screen_is_open_to_who_may() -> None:
    assert {one.command for one in CALLS if one.command} <= commands()
    needs = {entry.name: entry.permission for entry in ENTRIES}
    for one in CALLS:
        assert bool(one.client) == bool(one.screen or one.by_itself), one.call
        assert bool(one.left) != bool(one.client), one.call
        if one.method != "GET" and one.screen:
            # What changes a schedule, a receipt or an account is asked for on its own screen, which all may look at.
            own = (Permission.SCHEDULE, Permission.RECEIPT, Permission.VBANK)
            assert one.permission in (needs[one.screen], *own), one.call


if FOUND:

    def test_no_call_of_the_vendors_file_is_missing() -> None:
        paths = json.loads(FOUND.read_text("utf-8"))["paths"]
        described = {
            (method.upper(), path)
            for path, methods in paths.items()
            for method, operation in methods.items()
            if "naverco" not in operation.get("x-portone-supported-pgs", ())
        }
        assert {(one.method, one.path) for one in CALLS} == described - LEFT_OUT
        assert len(paths) > 50
