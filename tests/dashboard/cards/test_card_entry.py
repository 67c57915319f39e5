"""Entering a card by hand: switched off, an admin's alone, only behind https; and the card nowhere once it is sent."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.access import PERMISSIONS, Permission
from dashboard.process import executor
from dashboard.process.executor import permits
from dashboard.settings import Role, Settings
from services.operations import held
from services.store.engine import writing
from services.store.writes.keys import replace_channels
from tests.operations.cards.desks import number
from tests.operations.journal.test_forbidden import everything
from tests.worlds.screens.money_forms import CARD_KEY, field, fill, money_store, operations, press
from tests.worlds.screens.screens import AUTH, run_page, texts

pytestmark = pytest.mark.usefixtures("gateway_is_read")
TYPED = {"card_number": number(), "expiry": "12/31", "birth": "900307", "pwd_2digit": "47"}
BUYER = {"buyer_name": "김장부", "buyer_tel": "010-7341-5678", "buyer_email": "kim@example.com"}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return store(tmp_path, allow_card_entry=True)


def store(folder: Path, **settings: Any) -> Engine:
    """A store with a channel that takes cards, and one that does not."""
    made = money_store(folder, **settings)
    own = {"pg_id": "MID2", "sandbox": False, "channel_name": "전화 주문", "channel_key": "key-1"}
    with writing(made) as conn:
        replace_channels(
            conn,
            [
                {"pg_provider": "html5_inicis", "type": "api_payment", **own},
                {"pg_provider": "kcp", "type": "payment", **own},
            ],
        )
    return made


def page(**options: Any) -> AppTest:
    return run_page("card_entry", **options)


def last_look(at: AppTest, **more: Any) -> AppTest:
    return press(fill(at, **({"amount": "60,000", "name": "전화 주문", **BUYER} | more)), "review_it")


def in_session(at: AppTest) -> str:
    return json.dumps([str(value) for value in at.session_state._state.filtered_state.values()], ensure_ascii=False)


def nowhere(at: AppTest, engine: Engine) -> None:
    told = in_session(at) + texts(at) + everything(engine)
    assert not [one for one in (*TYPED.values(), "4092-0230", "2031-12") if one in told and len(one) > 2]


def test_a_card_is_charged_by_one_click_and_is_nowhere_after_it(engine: Engine) -> None:
    at = last_look(page())
    assert "is charged at once to the card that you type now" in texts(at)
    assert field(at, "card_number").proto.autocomplete == "off"
    at = press(fill(at, **TYPED), "send")
    (operation,) = operations(engine)
    asked = json.loads(operation.request)
    assert (operation.kind, operation.amount, asked["card_end"]) == ("card_charge", 60_000, "1234")
    assert held.held(operation.token) == BUYER | {
        "card_number": "-".join(number()[at : at + 4] for at in (0, 4, 8, 12)), "expiry": "2031-12", "birth": "900307",
        "pwd_2digit": "47",
    }  # fmt: skip
    nowhere(at, engine)
    assert "kim@example.com" not in in_session(at) + everything(engine)
    held.forget(operation.token)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"card_number": "4092-0230-1007-1235"}, "This is no card's number: look at it again."),
        ({"expiry": "12/20"}, "The card has expired."),
        ({"birth": "901399"}, "The birthday as YYMMDD, or the business number of a company's card."),
    ],
)
def test_a_mistake_is_told_and_nothing_of_the_card_is_drawn_again(
    engine: Engine, values: dict[str, str], sentence: str
) -> None:
    at = press(fill(last_look(page()), **(TYPED | values)), "send")
    assert [error.value for error in at.error] == [sentence]
    assert [field(at, name).value for name in TYPED] == [""] * 4
    assert not operations(engine)
    assert not held._held
    nowhere(at, engine)


def test_an_amount_that_was_not_typed_alike_draws_no_card_again(engine: Engine) -> None:
    at = press(fill(last_look(page(), amount="50,000,000"), **TYPED), "send")
    assert [error.value for error in at.error] == ["Type the amount once more, as it stands above."]
    assert [field(at, name).value for name in TYPED] == [""] * 4
    assert not operations(engine)
    nowhere(at, engine)


def test_who_changes_something_types_the_card_anew(engine: Engine) -> None:
    at = press(fill(last_look(page()), **TYPED), "change")
    assert field(at, "amount").value == "60,000"
    nowhere(at, engine)


def test_what_the_pg_wants_is_said_beside_the_field_and_stays_typed(engine: Engine) -> None:
    at = last_look(page(), buyer_name="", amount="0")
    assert sorted(error.value for error in at.error) == ["This PG wants this field.", "Type an amount."]
    assert field(at, "name").value == "전화 주문"


def test_a_key_is_made_from_the_billing_keys_own_page(engine: Engine) -> None:
    at = page(query={"customer_uid": CARD_KEY})
    assert field(at, "customer_uid").value == CARD_KEY
    at = press(fill(press(fill(at, replaces=True), "review_it"), **TYPED), "send")
    (operation,) = operations(engine)
    assert (operation.kind, operation.customer_uid) == ("register_card", CARD_KEY)
    nowhere(at, engine)
    held.forget(operation.token)


def test_it_is_off_unless_the_settings_say_so_and_then_nothing_is_sent_either(tmp_path: Path) -> None:
    engine = store(tmp_path)
    at = page()
    assert [one.proto.title for one in at.info if "the person who runs Jangbu" in one.value]
    assert not at.text_input
    assert not operations(engine)


def test_nobody_but_an_admin_opens_it(engine: Engine) -> None:
    assert [role for role, may in PERMISSIONS.items() if Permission.CARD_ENTRY in may] == [Role.ADMIN]
    with pytest.raises(ValueError, match="page"):
        page(role=Role.FINANCE)


def test_without_https_in_front_no_card_is_taken(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(AUTH, "redirect_uri", "http://jangbu.example.com/oauth2callback")
    at = page(role=Role.ADMIN)
    assert "without https" in " ".join(error.value for error in at.error)
    assert not at.text_input


def test_what_was_asked_for_while_it_was_allowed_is_not_sent_after_that(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(fill(last_look(page()), **TYPED), "send")
    (operation,) = operations(engine)
    assert permits(operation)
    monkeypatch.setattr(executor, "current_settings", Settings)
    assert not permits(operation)
    held.forget(operation.token)


def test_an_old_click_leaves_no_card_behind(engine: Engine) -> None:
    at = last_look(page())
    draft = next(one for one in at.session_state["drafts"].values() if one.wanted)
    looking = draft.step
    at = press(fill(at, **TYPED), "send")
    draft.step = looking
    at = press(fill(at.run(), **TYPED), "send")
    assert len(operations(engine)) == 1
    held.forget(operations(engine)[0].token)
    nowhere(at, engine)
