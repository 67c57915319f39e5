"""The table of docs/roles.md holds for screens, addresses, exports, and what is asked past them.

At the command line tests/people/test_command_person.py holds it.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard.access import PERMISSIONS, Permission, User
from dashboard.locale import set_language
from dashboard.navigation import Place, address_of, entry_of
from dashboard.process import roster
from dashboard.process.executor import permits
from dashboard.process.resources import current_settings
from dashboard.process.tickets import issue_ticket
from dashboard.routes.export import download
from dashboard.routes.guard import Guard
from dashboard.settings import Role
from services.errors import NotAllowed
from services.operations.actions.refunds import RefundForm, wanted_refund
from services.operations.journal.audit import Actor
from services.operations.journal.journal import record
from services.operations.journal.roster import seed_roster
from services.people import staff
from services.people.staff import Appointment
from services.store.engine import reading
from services.store.lists.one import get_payment
from tests.dashboard.process.test_routes import CHOSEN, cookie
from tests.worlds.screens.screens import AUTH, ROOT, filled_store, signed_in

COLUMNS = {
    "sees payments": {Permission.SEE_PAYMENTS},
    "sees buyers": {Permission.SEE_BUYERS},
    "exports": {Permission.EXPORT},
    "System": {Permission.SEE_SYSTEM},
    "refunds, charges, cash receipts, deliveries, virtual accounts": {Permission.REFUND, Permission.CHARGE},
    "confirms and credits Naver Pay orders": {Permission.NAVER_CONFIRM, Permission.NAVER_POINTS},
    "approves": {Permission.APPROVE},
    "settles what is unclear": {Permission.RESOLVE},
    "personal data, people, access log": {
        Permission.IDENTITY, Permission.BUYER_REQUESTS, Permission.MANAGE_PEOPLE, Permission.SEE_ACCESS,
    },
    "types cards": {Permission.CARD_ENTRY},
}  # fmt: skip
SCREENS = {
    Place.PAYMENTS: "sees payments",
    Place.SYSTEM: "System",
    Place.BULK_REFUNDS: "refunds, charges, cash receipts, deliveries, virtual accounts",
    Place.BULK_NAVER: "confirms and credits Naver Pay orders",
    Place.NEEDS_PERSON: "settles what is unclear",
    **dict.fromkeys(
        (Place.IDENTITY, Place.BUYER_REQUESTS, Place.PEOPLE, Place.ACCESS_LOG), "personal data, people, access log"
    ),
    Place.CARD_ENTRY: "types cards",
}
TABLE: dict[str, dict[str, bool]] = {}
for _line in (ROOT / "docs" / "roles.md").read_text().splitlines():
    _cells = [cell.strip() for cell in _line.strip("|").split("|")]
    if _line.startswith("| role"):
        _heads = _cells
    elif _line.startswith("|") and _cells[0] in set(Role):
        TABLE[_cells[0]] = {head: cell not in ("", "masked") for head, cell in zip(_heads[1:], _cells[1:], strict=True)}


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A store with payments, and one person of each role."""
    monkeypatch.setattr(st.secrets, "_secrets", {"auth": AUTH})
    made = filled_store(tmp_path)
    seed_roster(made, roster._roster_of(current_settings()), time.time())
    return made


@pytest.fixture
def client(engine: Engine) -> Iterator[TestClient]:
    app = Starlette(routes=[Route("/export/{token}", download)], middleware=[Middleware(Guard)])
    with TestClient(app, base_url="http://localhost:8501", client=("127.0.0.1", 5)) as found:
        yield found


def test_the_docs_tell_of_each_role_what_it_may() -> None:
    told = {role: {one for name, yes in row.items() if yes for one in COLUMNS[name]} for role, row in TABLE.items()}
    assert told == {role: PERMISSIONS[role] & set().union(*COLUMNS.values()) for role in Role}


@pytest.mark.parametrize("role", [None, *Role])
def test_a_screen_opens_by_its_address_for_those_alone_who_have_it_in_their_menu(
    engine: Engine, role: Role | None
) -> None:
    opened = {place for place in SCREENS if opens(place, role)}
    assert opened == {place for place, column in SCREENS.items() if role and TABLE[role][column]}


def opens(place: Place, role: Role | None) -> bool:
    """Whether its address shows the screen; without a session there is the door alone."""
    set_language("en")
    at = AppTest.from_file(str(ROOT / "dashboard" / "main.py"), default_timeout=120)
    at.secrets["auth"] = AUTH
    if role:
        at.user = signed_in(f"{role}@example.com", role)
    at._page_hash = calc_hash(address_of(entry_of(place)))
    at.run()
    assert not at.exception
    if role is None:
        assert [one.label for one in at.button] == ["Sign in"]
        assert not [one for kind in ("dataframe", "table", "metric", "text_input", "radio") for one in at.get(kind)]
        return False
    refused = [one for one in at.warning if "You may not open this screen" in one.value]
    if refused:
        assert not at.main.get("dataframe")
        with pytest.raises(ValueError, match=place):
            at.switch_page(f"../pages/{place}.py")
    return not refused


@pytest.mark.parametrize("role", Role)
def test_a_file_is_for_those_who_export(client: TestClient, role: Role) -> None:
    path = issue_ticket(CHOSEN, "csv", User(f"{role}@example.com", role), "en", reason="closing")
    assert client.get(path).status_code == 403, "nobody without a session"
    status = client.get(path, headers=cookie(f"{role}@example.com")).status_code
    assert status == (200 if TABLE[role]["exports"] else 403)


@pytest.mark.parametrize("role", Role)
def test_what_a_forged_widget_asks_for_goes_by_the_table_too(engine: Engine, role: Role) -> None:
    who, columns = Actor(f"{role}@example.com", "screen"), TABLE[role]
    with reading(engine) as conn:
        found = get_payment(conn, "imp_100000000001")
    assert found
    form = RefundForm(amount=1_000, balance=10_000, reason="변심", requester="customer")
    asked = record(engine, wanted_refund("forged", found, form, approval_from=None, alone=0), who, int(time.time()))
    assert permits(asked) == columns["refunds, charges, cash receipts, deliveries, virtual accounts"]
    given: Any = None
    try:
        staff.appoint(engine, Appointment("new@example.com", "admin", "사유"), who, time.time())
    except NotAllowed as error:
        given = error
    assert (given is None) == columns["personal data, people, access log"]
