"""A click is never swallowed by a reading that ends while the page is drawn for it."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest


def _reread() -> None:
    import streamlit as st

    from dashboard.access import LOCAL_USER
    from dashboard.kit.reread import reread_button
    from dashboard.locale import set_language
    from dashboard.process.rereads import Reading

    set_language(st.session_state.setdefault("language", "en"))
    st.session_state["user"] = LOCAL_USER
    reread_button(Reading("over by now", lambda: None, runs=True))
    if st.button("Refund"):
        st.text("The form opens")


def _strip() -> None:
    import streamlit as st

    from dashboard.access import LOCAL_USER
    from dashboard.kit.frame import strip
    from dashboard.locale import set_language
    from services.store.lists.system import Freshness

    set_language(st.session_state.setdefault("language", "en"))
    st.session_state["user"] = LOCAL_USER
    # The mirror moves on while the page is drawn for the click.
    strip(Freshness(1, True, None), lambda: Freshness(2, True, None), sandbox=True)
    if st.button("Refund"):
        st.text("The form opens")


@pytest.mark.parametrize("page", [_reread, _strip])
def test_a_click_counts_though_something_ended_while_the_page_was_drawn(page: Callable[[], None]) -> None:
    at = AppTest.from_function(page).run()
    at.button[-1].click().run()
    assert [text.value for text in at.text] == ["The form opens"]
    assert not at.exception
