"""Payment links on the screens: made once, found, told to the buyer, taken back; nothing is made of what is wrong."""

import json
import time
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.process.resources import current_settings, use_settings
from dashboard.screens.links import link_desk, offer_desk
from dashboard.settings import Role
from dashboard.words.links.link_message import length_of
from services.checkout.link_list import LinkFilter, list_links
from services.operations.journal.audit import Actor
from services.store.engine import reading, writing
from services.store.writes.keys import replace_channels
from services.tables.checkouts import Checkout, CheckoutState
from tests.worlds.screens.links import SETTINGS, every_state, planted, stands, tried
from tests.worlds.screens.money_forms import CARD_KEY, GONE_KEY, NAVER, NAVER_KEY, field, fill, money_store
from tests.worlds.screens.screens import NASTY, channel, run_page, shows_markup_as_text, texts

FIRST_PRODUCT = "Only the name of the first product: Naver Pay itself adds how many others there are."
FAILED_WORDS = "  [한도초과] <b>카드</b> 이용한도를 초과하였습니다. "


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """The store of the forms that move money, of a shop that can make links."""
    return money_store(tmp_path, **SETTINGS)


def made(engine: Engine) -> list[Any]:
    with reading(engine) as conn:
        return list(list_links(conn, LinkFilter()).rows)


def request_of(engine: Engine) -> dict[str, Any]:
    with reading(engine) as conn:
        (text,) = conn.exec_driver_sql("SELECT request FROM checkout").one()
    found: dict[str, Any] = json.loads(text)
    return found


def form(role: Role | None = Role.SUPPORT, **query: str) -> AppTest:
    return run_page("new_link", role=role, query=query)


def send(at: AppTest) -> AppTest:
    return at.button(key="make_it").click().run()


def ways(at: AppTest) -> dict[str, dict[str, str]]:
    """The links to the form, by their words."""
    found = [link.proto for link in at.get("page_link") if link.proto.page == "new-link"]
    return {one.label: {name: value[0] for name, value in parse_qs(one.query_string).items()} for one in found}


def test_a_link_is_made_with_what_was_typed_and_its_page_opens(engine: Engine) -> None:
    typed = {"name": "추가 배송비", "amount": "3,000", "buyer_name": "홍길동", "buyer_tel": "010-1234-5678"}
    at = send(fill(form(), **typed, memo="전화 주문", days=2, uses=3, product="SHIP-1", count=2))
    (link,) = made(engine)
    assert (link.name, link.amount, link.uses, link.memo) == ("추가 배송비", 3_000, 3, "전화 주문")
    assert (link.buyer_name, link.made_by) == ("홍길동", "support@example.com")
    assert request_of(engine)["naverProducts"] == [
        {"categoryType": "PRODUCT", "categoryId": "GENERAL", "uid": "SHIP-1", "name": "추가 배송비", "count": 2}
    ]
    assert at.title[0].value == "Payment link"
    assert str(link.id) in at.query_params["link"]


def test_what_else_the_window_is_told_goes_with_the_link(engine: Engine) -> None:
    besides = {"tax_free": "1,000", "buyer_email": "gildong@example.com", "naverCultureBenefit": True}
    send(fill(form(), name="소설책", amount="3,000", **besides))
    told = request_of(engine)
    assert {name: told[name] for name in besides} == besides | {"tax_free": 1_000}
    assert not {"vbank_due", "biz_num", "naverUseCfm"} & told.keys()


def test_several_products_are_told_to_naver_pay_each_with_its_own_fields(engine: Engine) -> None:
    at = fill(form(), products=2).run()
    first = {"name": "사과", "amount": "30,000", "product": "A-1", "count": 3}
    second = {"name.1": "배", "product.1": "B-1", "startDate.1": date(2030, 1, 2), "endDate.1": date(2030, 1, 1)}
    at = send(fill(at, **first, **second))
    assert [error.value for error in at.error] == ["The last day is before the first."]
    assert made(engine) == []
    at = send(fill(at, **{"endDate.1": date(2030, 1, 3), "name.1": "배 외 2개"}))
    assert [error.value for error in at.error] == [FIRST_PRODUCT]
    at = send(fill(at, **{"name.1": "배"}))
    general = {"categoryType": "PRODUCT", "categoryId": "GENERAL"}
    assert request_of(engine)["naverProducts"] == [
        general | {"uid": "A-1", "name": "사과", "count": 3},
        general | {"uid": "B-1", "name": "배", "count": 1, "startDate": "20300102", "endDate": "20300103"},
    ]
    assert "사과 × 3 · 배 × 1" in texts(at)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"amount": ""}, "Type an amount."),
        ({"amount": "만원"}, "This is not an amount."),
        ({"amount": "99"}, "less than minimum amount (100 won)"),
        ({"name": " "}, "Say what it is for: the buyer sees this name."),
        (
            {"name": "사과 외 2개"},
            "Only the name of the first product: Naver Pay itself adds how many others there are.",
        ),
        ({"name": "가" * 41}, "At most 40 characters."),
        ({"buyer_tel": "전화"}, "A phone number like 010-1234-5678."),
        ({"product": "가" * 40}, "At most 100 bytes: a Korean syllable counts as three."),
        ({"tax_free": "3,001"}, "It must lie between 0 and the amount."),
        ({"tax_free": "과세"}, "This is not an amount."),
        ({"buyer_email": "gildong"}, "An e-mail address like name@example.com."),
        ({"memo": "4111 1111 1111 1111"}, "This looks like a card number, which must not be kept: take it out."),
    ],
)
def test_what_is_wrong_is_said_once_and_stays_typed(engine: Engine, typed: dict[str, Any], sentence: str) -> None:
    at = send(fill(form(), **({"name": "추가 배송비", "amount": "3,000"} | typed)))
    assert [error.value for error in at.error] == [sentence]
    assert {name: field(at, name).value for name in typed} == typed
    assert made(engine) == []


def test_a_second_click_finds_the_link_of_the_first_and_a_later_visit_an_empty_form(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offer_desk, "_JUST_NOW", 3_600)
    at = send(fill(form(), name="추가 배송비", amount="3,000"))
    at = at.switch_page("../pages/new_link.py").run()
    assert at.title[0].value == "Payment link"
    assert len(made(engine)) == 1
    monkeypatch.setattr(offer_desk, "_JUST_NOW", 0)
    at = at.switch_page("../pages/new_link.py").run()
    assert field(at, "name").value == ""


def test_a_registration_without_a_name_is_no_payment(engine: Engine) -> None:
    at = form()
    field(at, "kind").set_value("registration")
    at = send(fill(at.run(), name="월간 구독", amount="9,900", buyer_tel="010-1234-5678"))
    assert [error.value for error in at.error] == ["Name the billing key that is registered."]
    assert made(engine) == []


def test_a_registration_knows_its_buyer_and_keeps_the_phone_out_of_every_address(engine: Engine) -> None:
    at = form(customer_uid=NAVER_KEY)
    assert field(at, "kind").value == "registration"
    assert (field(at, "customer_uid").value, field(at, "buyer_tel").value) == (NAVER_KEY, "010-1234-5678")
    assert "is there already" in at.info[0].value
    send(at)
    (link,) = made(engine)
    assert (link.kind, link.customer_uid, link.uses) == ("registration", NAVER_KEY, 1)
    assert request_of(engine)["naverProductCode"] == "LINK"


def test_what_a_pg_asks_besides_has_its_field(engine: Engine) -> None:
    with writing(engine) as conn:
        replace_channels(conn, [channel() | {"pg_provider": "nice_v2"}])
    at = send(fill(form(), name="책", amount="3,000", pay_method="phone"))
    assert [error.value for error in at.error] == ["The payment window needs this."] * 2
    send(fill(at, customer_id="M-7", digital="content"))
    assert request_of(engine) | {"customer_id": "M-7", "digital": True, "pay_method": "phone"} == request_of(engine)


@pytest.mark.parametrize(("pg_provider", "marked"), [("naverpay", False), ("html5_inicis", True)])
def test_a_phone_that_the_pg_asks_for_is_marked(engine: Engine, pg_provider: str, marked: bool) -> None:
    with writing(engine) as conn:
        replace_channels(conn, [channel() | {"pg_provider": pg_provider}])
    assert field(form(), "buyer_tel").label.endswith("*") is marked


@pytest.mark.parametrize("pg_provider", ["kakaopay", "welcome"])
def test_a_registration_that_would_be_charged_begins_with_nothing(engine: Engine, pg_provider: str) -> None:
    assert (field(form(customer_uid=CARD_KEY), "amount").value) == "70,000"
    with writing(engine) as conn:
        replace_channels(conn, [channel() | {"pg_provider": pg_provider}])
    at = form(customer_uid=CARD_KEY)
    assert field(at, "amount").value == "0"
    assert not field(at, "amount").label.startswith("Amount that is shown")
    send(at)
    (link,) = made(engine)
    assert (link.kind, link.amount) == ("registration", 0)


def test_a_payment_leads_to_a_further_one_of_its_buyer(engine: Engine) -> None:
    at = run_page("payment", role=Role.SUPPORT, query={"imp_uid": NAVER})
    assert ways(at) == {"Send a payment link": {"imp_uid": NAVER}}
    at = form(imp_uid=NAVER)
    known = {name: field(at, name).value for name in ("kind", "name", "amount", "buyer_name", "buyer_tel")}
    assert known == {
        "kind": "payment", "name": "유기농 사과 5kg", "amount": "", "buyer_name": "홍길동",
        "buyer_tel": "010-1234-5678",
    }  # fmt: skip


@pytest.mark.parametrize("uid", [NAVER_KEY, CARD_KEY, GONE_KEY])
def test_a_billing_key_leads_to_its_registration_one_that_is_gone_too(engine: Engine, uid: str) -> None:
    at = run_page("billing_key", role=Role.SUPPORT, query={"customer_uid": uid})
    assert ways(at) == {"Send a registration link": {"customer_uid": uid}}
    assert ways(run_page("billing_key", role=Role.VIEWER, query={"customer_uid": uid})) == {}


@pytest.mark.parametrize("lacks", ["user_code", "public_url"])
def test_a_missing_setting_is_named_in_the_place_of_the_form(engine: Engine, lacks: str) -> None:
    use_settings(current_settings().model_copy(update={lacks: ""}))
    at = form(role=None)
    assert f"JANGBU_{lacks.upper()}" in at.info[0].value.replace("\\", "")
    assert "The person who runs Jangbu" in at.info[0].value
    assert not [button for button in at.button if button.key == "make_it"]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MANAGER])
def test_who_may_not_charge_makes_none_and_sees_no_address(engine: Engine, role: Role) -> None:
    with writing(engine) as conn:
        link = planted(conn, time.time())
    with pytest.raises(ValueError, match="page"):
        form(role)
    at = run_page("link", role=role, query={"link": str(link.id)})
    assert link.token not in texts(at)
    assert "010-1234-5678" not in texts(at) + texts(run_page("links", role=role))
    assert "010-****-5678" in texts(at)
    assert not [button for button in at.button if str(button.key).startswith("withdraw")]
    assert "Its address is for those who make links." in texts(at)
    assert "Its address is for those" not in texts(run_page("link", role=Role.SUPPORT, query={"link": str(link.id)}))


@pytest.mark.parametrize(("role", "offered"), [(Role.SUPPORT, ["New link", "Make a link"]), (Role.MANAGER, [])])
def test_a_list_without_links_leads_to_the_first_one(engine: Engine, role: Role, offered: list[str]) -> None:
    assert list(ways(run_page("links", role=role))) == offered


def test_the_payment_of_a_link_leads_to_it_and_the_link_says_what_went_back(engine: Engine) -> None:
    with writing(engine) as conn:
        (order,) = conn.exec_driver_sql("SELECT merchant_uid FROM payment WHERE imp_uid = ?", (NAVER,)).one()
        link = planted(conn, time.time())
        tried(conn, link, time.time(), state="surplus", imp_uid=NAVER, paid=12_000, currency="KRW", merchant_uid=order)
    at = run_page("payment", role=Role.VIEWER, query={"imp_uid": NAVER})
    told = {one.proto.label: one.proto.query_string for one in at.get("page_link")}
    assert told["Its payment link"] == f"link={link.id}"
    query = {"link": str(link.id)}
    assert "Not refunded yet" in texts(run_page("link", query=query))
    with writing(engine) as conn:
        conn.exec_driver_sql("UPDATE payment SET cancel_amount = 5000 WHERE imp_uid = ?", (NAVER,))
    told_now = texts(run_page("link", query=query))
    assert "₩5,000 refunded" in told_now
    assert "Not refunded yet" not in told_now


def test_a_file_of_links_names_the_payments_that_count(engine: Engine) -> None:
    with writing(engine) as conn:
        link = planted(conn, time.time(), uses=2)
        paid = [tried(conn, link, time.time(), state="paid", imp_uid=f"imp_{n}") for n in (1, 2)]
        tried(conn, link, time.time(), state="surplus", imp_uid="imp_3")
    file = link_desk.read_file(LinkFilter())
    assert [row.id for row in file.rows] == [link.id]
    assert sorted(file.paid[link.id]) == sorted((one.merchant_uid, f"imp_{n}") for n, one in enumerate(paid, 1))


def test_the_list_narrows_by_a_tile_and_a_text_that_stays_out_of_the_address(engine: Engine) -> None:
    every_state(engine)
    at = run_page("links")
    assert len(at.dataframe[0].value) == 8
    assert "4 links open **₩48,000** · 1 payment made **₩12,000**" in texts(at)
    at.button(key="tile_paid").click().run()
    assert list(at.dataframe[0].value["used"]) == ["1 of 1"]
    at = run_page("links")
    at.text_input[0].set_value("홍길동").run()
    assert len(at.dataframe[0].value) == 8
    assert "q" not in at.query_params


def test_what_became_of_a_link_is_told_with_the_gateways_words(engine: Engine) -> None:
    now = time.time()
    with writing(engine) as conn:
        link = planted(conn, now, name=NASTY)
        tried(conn, link, now - 60, state="mismatch", imp_uid=NAVER, paid=100, currency="KRW")
        tried(conn, link, now, state="failed", fail_reason=FAILED_WORDS)
        stands(conn, link, CheckoutState.FAILED)
    at = run_page("link", query={"link": str(link.id)})
    assert FAILED_WORDS in [block.value for block in at.code]
    told = texts(at)
    assert "₩100 instead of ₩12,000" in told
    assert told.index("✕ Failed") < told.index("Not as asked")
    assert ("Open the payment", f"imp_uid={NAVER}") in [
        (one.proto.label, one.proto.query_string) for one in at.get("page_link")
    ]
    shows_markup_as_text(at)


def test_a_withdrawal_ends_this_link_alone_and_takes_its_address_away(engine: Engine) -> None:
    with writing(engine) as conn:
        first, second = planted(conn, time.time()), planted(conn, time.time())
    at = run_page("link", role=Role.SUPPORT, query={"link": str(first.id)})
    at.button(key=f"withdraw_it_{first.id}").click().run()
    state = {one.id: one.state for one in made(engine)}
    assert state == {first.id: CheckoutState.WITHDRAWN, second.id: CheckoutState.OPEN}
    assert f"/pay/{first.token}" not in texts(at)


def test_a_text_message_is_as_long_as_carriers_count_it() -> None:
    assert (length_of("가" * 45).bytes, length_of("가" * 45).kind) == (90, "SMS")
    assert length_of("가" * 45 + "a").kind == "LMS"
    assert length_of("가" * 1_000).kind == "LMS"
    assert length_of("가" * 1_000 + "a").kind == ""
    assert (length_of("배송 🚚").unsendable, length_of("똠방").unsendable) == ("🚚", "")


def test_words_to_the_buyer_say_what_how_much_where_and_until_when(engine: Engine) -> None:
    with writing(engine) as conn:
        link: Checkout = planted(conn, 1_790_000_000, expires_at=1_890_000_000, actor=Actor("a@shop.kr", "screen"))
    at = run_page("link", language="ko", query={"link": str(link.id)})
    address = f"https://pay.shop.example/pay/{link.token}"
    blocks = [block.value for block in at.code]
    assert blocks[0] == address
    assert blocks[1] == f"[장부 상점] 결제해 주세요\n추가 배송비 12,000원\n{address}\n11-22 09:00까지"
    assert "KRW 12,000" in blocks[2]
