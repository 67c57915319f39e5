"""A note on a payment's page: written by who may refund or charge, and told in its story."""

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.access import PERMISSIONS, Permission
from dashboard.settings import Role
from services.store.engine import reading
from services.store.lists.notes import notes_on
from tests.worlds.screens.money_forms import NAVER
from tests.worlds.screens.screens import run_page, story, texts


def written(text: str) -> AppTest:
    at = run_page("payment", role=Role.SUPPORT, query={"imp_uid": NAVER})
    at.text_area[0].set_value(text)
    next(button for button in at.button if button.label == "Keep the note").click().run()
    assert not at.exception
    return at


@pytest.mark.parametrize("role", Role)
def test_a_note_is_written_by_who_may_refund_or_charge_and_by_nobody_else(engine: Engine, role: Role) -> None:
    at = run_page("payment", role=role, query={"imp_uid": NAVER})
    assert bool(at.text_area) == bool(PERMISSIONS[role] & {Permission.REFUND, Permission.CHARGE})


def test_a_note_stands_on_top_of_the_story_with_who_wrote_it_and_the_field_is_empty(engine: Engine) -> None:
    at = written("통화함\n**내일** 다시")
    assert story(at)[0].endswith("**Note** · 통화함 **내일** 다시 · support@example.com")
    assert not [one for one in at.markdown if "통화함 **내일**" in one.value]
    assert at.text_area[0].value == ""


def test_a_card_number_is_refused_beside_the_field_and_what_was_typed_stays(engine: Engine) -> None:
    at = written("카드 4111 1111 1111 1111")
    assert "card number" in at.error[0].value
    assert at.text_area[0].value == "카드 4111 1111 1111 1111"
    with reading(engine) as conn:
        assert notes_on(conn, [NAVER]) == []


def test_a_phone_in_a_note_is_hidden_from_who_may_not_see_buyers(engine: Engine) -> None:
    written("010-9876-5432 로 전화")
    shown = texts(run_page("payment", role=Role.VIEWER, query={"imp_uid": NAVER})).replace("\\", "")
    assert "010-9876-5432" not in shown
    assert "010-****-5432" in shown
