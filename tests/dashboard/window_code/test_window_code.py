"""Code for the shop's own site: what was typed is what the window is told, and a mistake stands beside its field."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.kit import session
from dashboard.process.resources import current_settings, use_settings
from dashboard.settings import Role
from services.checkout.javascript.syntax import named, parsed, text_of
from services.store.engine import writing
from services.store.writes.keys import replace_channels
from tests.worlds.screens.money_forms import field, fill, money_store
from tests.worlds.screens.screens import run_page, texts

_CHANNELS = [
    {"pg_provider": "naverpay", "pg_id": "np_1", "sandbox": False, "type": "payment", "channel_name": "네이버페이",
     "channel_key": "channel-key-1"},
    {"pg_provider": "html5_inicis", "pg_id": "MOI1", "sandbox": True, "type": "PAYMENT", "channel_name": "이니시스",
     "channel_key": "channel-key-2"},
    {"pg_provider": "html5_inicis", "pg_id": "MOI2", "sandbox": True, "type": "api_payment", "channel_name": "키",
     "channel_key": "channel-key-3"},
]  # fmt: skip
FILLED = {"name": "한국사", "amount": "60,000", "naverProducts.0.uid": "107922211", "naverProducts.0.name": "한국사"}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = money_store(tmp_path, user_code="imp12345678")
    with writing(made) as conn:
        replace_channels(conn, _CHANNELS)
    return made


def page(part: str = "write", language: str = "en") -> AppTest:
    at = run_page("window_code", role=Role.ADMIN, language=language)
    if part == "write":
        return at
    found: AppTest = next(one for one in at.get("button_group") if one.key == "code_part").set_value(part).run()
    return found


def choose(at: AppTest, name: str, code: str) -> AppTest:
    found: AppTest = field(at, name).set_value(code).run()
    return found


def write(at: AppTest) -> AppTest:
    return at.button(key="write_code").click().run()


def told(at: AppTest) -> dict[str, Any]:
    """What the written code tells the window, read by a parser of JavaScript."""
    found: dict[str, Any] = json.loads(text_of(named(parsed(at.code[0].value), "request")))
    return found


@pytest.mark.usefixtures("engine")
class TestWriting:
    """The form, drawn from the table of parameters."""

    def test_what_was_typed_is_what_the_window_is_told(self) -> None:
        at = write(fill(page(), **FILLED, m_redirect_url="https://shop.example/back"))
        assert not at.error
        product = {"categoryType": "PRODUCT", "categoryId": "GENERAL", "uid": "107922211", "name": "한국사", "count": 1}
        assert told(at) == {
            "channelKey": "channel-key-1", "merchant_uid": "ORDER-1", "name": "한국사", "amount": 60_000,
            "m_redirect_url": "https://shop.example/back", "naverPopupMode": False, "naverProducts": [product],
        }  # fmt: skip

    def test_a_toast_says_where_the_code_stands(self) -> None:
        at = write(page())
        assert not at.toast
        at = write(fill(at, **FILLED, m_redirect_url="https://shop.example/back"))
        assert [one.value for one in at.toast] == ["The code stands below the form."]

    def test_each_mistake_stands_beside_its_field_and_what_was_typed_stays(self) -> None:
        typed = FILLED | {"amount": "99", "name": "한국사 외 2개", "naverProducts.0.uid": ""}
        at = write(fill(page(), **typed))
        assert not at.code
        said = [one.value for one in at.error]
        assert "less than minimum amount (100 won)" in said
        assert len(said) == 4, "amount, name, m_redirect_url and the product's number"
        assert field(at, "name").value == "한국사 외 2개"

    def test_the_old_sdk_names_the_pg_and_a_popup_needs_no_way_back(self) -> None:
        at = choose(choose(page(), "sdk", "old"), "window", "popup")
        at = write(fill(at, **FILLED))
        assert not at.error
        assert (told(at)["pg"], told(at)["naverPopupMode"], "channelKey" in told(at)) == ("naverpay.np_1", True, False)
        assert "iamport.payment-1.2.0.js" in at.code[0].value
        # Something else is chosen: that code is no more.
        assert not choose(at, "sdk", "").code

    def test_a_registration_asks_for_a_key_and_no_products(self) -> None:
        at = choose(choose(page(), "kind", "key"), "window", "popup")
        with pytest.raises(AssertionError):
            field(at, "naverProducts.0.uid")
        given = {"name": "정기배송", "amount": "10,000", "customer_uid": "buyer-1", "buyer_tel": "010-1234-5678"}
        at = write(fill(at, **given, naverProductCode="P1"))
        assert not at.error
        assert (told(at)["customer_uid"], told(at)["naverProductCount"]) == ("buyer-1", 1)

    def test_what_may_be_left_out_is_there_at_a_click_and_json_is_read(self) -> None:
        at = choose(page(), "window", "popup")
        at = next(one for one in at.get("toggle") if one.key == "code.all").set_value(True).run()
        at = write(fill(at, **FILLED, custom_data='{"a": [1'))
        assert ["This is no JSON" in one.value for one in at.error] == [True]
        at = write(fill(at, custom_data='{"a": [1]}', notice_url="https://a.example/1, https://a.example/2"))
        assert not at.error
        assert (told(at)["custom_data"], len(told(at)["notice_url"])) == ({"a": [1]}, 2)


@pytest.mark.usefixtures("engine")
def test_a_pasted_one_is_told_parameter_by_parameter() -> None:
    at = fill(page("check"), snippet="IMP.request_pay({pg: 'naverpay', amount: '1000', nmae: '책'}, function (rsp) {})")
    at = at.button(key="check_code").click().run()
    rows = {
        row[0].replace("\\", ""): row[2].replace("\\", "").partition(":")[0] for row in at.table[0].value.to_numpy()
    }
    assert (rows["pg"], rows["amount"], rows["nmae"]) == ("⊘ withdrawn", "✕ wrong", "✕ unknown")
    assert {rows["merchant_uid"], rows["name"], rows["naverProducts"]} == {"✕ missing"}
    at = fill(at, snippet="alert(1)").button(key="check_code").click().run()
    assert [one.value for one in at.error] == [
        "Nothing in it opens a payment window: paste the part with IMP.request_pay."
    ]
    assert not at.table
    assert field(at, "snippet").value == "alert(1)"


@pytest.mark.usefixtures("engine")
def test_the_pack_is_made_at_a_click() -> None:
    at = page("inspection")
    assert not at.get("download_button")
    at = at.button(key="make_pack").click().run()
    assert not at.exception
    (made,) = at.get("download_button")
    assert made.proto.label.startswith("Download naverpay-inspection-")
    # It is written in the reader's language: after another is chosen it is made anew.
    chosen = next(one for one in at.get("button_group") if one.key == session.LANGUAGE.name)
    assert not chosen.set_value("ko").run().get("download_button")


@pytest.mark.usefixtures("engine")
def test_a_channel_is_called_as_on_a_new_link() -> None:
    use_settings(current_settings().model_copy(update={"public_url": "https://pay.shop.example"}))
    names = ["Naver Pay (payment) · np_1 · Live", "KG Inicis · MOI1 · Test"]
    assert field(page(), "channel").options == names
    assert field(run_page("new_link", role=Role.ADMIN), "channel").options == names


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("part", ["write", "check", "inspection"])
def test_it_speaks_korean(part: str) -> None:
    at = page(part, "ko")
    assert at.title[0].value == "내 사이트에 붙일 코드"
    assert not at.exception


def test_without_a_channel_it_says_what_is_missing(tmp_path: Path) -> None:
    made = money_store(tmp_path)
    with writing(made) as conn:
        replace_channels(conn, [])
    assert "No channel that opens a payment window" in texts(page())
