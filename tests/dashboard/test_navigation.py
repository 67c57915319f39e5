"""The menu goes by jobs: few entries, and for every role each page it may open is an entry or a tab of one."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.access import User
from dashboard.menu import tabs_of
from dashboard.navigation import ENTRIES, address_of
from dashboard.settings import Role

MOST = 9


def menu_of(role: Role, waiting: int = 0) -> dict[str, str]:
    """The entries of a role's menu: title by address."""

    def script(role: str, waiting: int) -> None:
        import streamlit as st

        from dashboard.access import User
        from dashboard.menu import pages_for
        from dashboard.settings import Role

        pages = [page for made in pages_for(User("", Role(role)), waiting=waiting).values() for page in made]
        st.session_state["menu"] = {page.url_path: page.title for page in pages if page.visibility == "visible"}

    at = AppTest.from_function(script, kwargs={"role": role.value, "waiting": waiting}).run()
    assert not at.exception
    found: dict[str, str] = at.session_state["menu"]
    return found


@pytest.mark.parametrize("role", Role)
def test_few_entries_lead_to_every_page_that_the_role_may_open(role: Role) -> None:
    user, entries = User("", role), menu_of(role)
    assert 0 < len(entries) <= MOST
    for entry in ENTRIES:
        if user.may(entry.permission) and not entry.hidden:
            first = tabs_of(entry.name, user)[0]
            assert next("" if one.default else address_of(one) for one in ENTRIES if one.name == first) in entries


def test_the_count_of_what_needs_a_person_stands_beside_work_for_those_who_settle_it() -> None:
    assert menu_of(Role.ADMIN, 1_234)["needs-person"] == "Work (1,234)"
    assert "Work" in menu_of(Role.SUPPORT).values()
    assert not any("(" in title for title in menu_of(Role.VIEWER, 5).values())
