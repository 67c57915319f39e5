"""The same command means the same wish: with any other option it is another one, and says in what it differs."""

import io
import time
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest

from dashboard.commands.wishes.money import ChargeOrder, RefundOrder, ask_charge, ask_refund
from dashboard.commands.wishes.more import given_more, sealed_more
from dashboard.commands.wishes.schedules import BookOrder, ask_booking
from dashboard.process.executor import make_executor
from dashboard.process.resources import use_settings
from dashboard.settings import Settings
from services.clock import DAY, seoul
from services.errors import InvalidRequest
from tests.worlds.commands import Shop, make_shop

ACCOUNT = {
    "refund_bank": "088", "refund_account": "110-123-456789", "refund_holder": "홍길동", "refund_tel": "01012345678",
}  # fmt: skip
AT = f"{seoul(time.time() + 30 * DAY):%Y-%m-%d} 10:00"
LATER = f"{seoul(time.time() + 31 * DAY):%Y-%m-%d} 10:00"
REFUND = RefundOrder("", "3000", full=False, reason="변심", requester="customer", account=ACCOUNT)
CHARGE = ChargeOrder("", "9900", "추가")
BOOK = BookOrder("", "9900", "구독료", at=AT)

REFUNDS: list[tuple[dict[str, Any], str]] = [
    ({"requester": "admin"}, "requester"),
    ({"tax_free": "100"}, "tax_free"),
    ({"vat_amount": "100"}, "vat_amount"),
    ({"enable_webhook": True}, "enable_webhook"),
    ({"retain_promotion": True}, "retain_promotion"),
    ({"account": ACCOUNT | {"refund_bank": "004"}}, "refund_bank"),
    ({"account": ACCOUNT | {"refund_account": "110-123-456780"}}, "refund_account"),
    # Of an account that is masked by now only the length and the last four digits are left.
    ({"account": ACCOUNT | {"refund_account": "999-999-996789"}}, "refund_account"),
    ({"account": ACCOUNT | {"refund_holder": "김철수"}}, "refund_holder"),
    ({"account": ACCOUNT | {"refund_tel": "01099990000"}}, "refund_tel"),
    ({"account": {}}, "refund_bank, refund_account, refund_holder, refund_tel"),
    ({"tax_free": "100", "enable_webhook": True}, "tax_free, enable_webhook"),
]
CHARGES: list[tuple[dict[str, Any], str]] = [
    ({"amount": "9800"}, "amount"),
    ({"name": "다른"}, "name"),
    ({"currency": "USD", "amount": "99.00"}, "currency"),
    ({"tax_free": "100"}, "tax_free"),
    ({"card_quota": 3}, "card_quota"),
    ({"naver_use_cfm": f"{seoul(time.time() + DAY):%Y%m%d}"}, "naver_use_cfm"),
    ({"order": "SHOP-1"}, "merchant_uid"),
    ({"more": {"vat_amount": "900", "custom_data": "매장 3"}}, "custom_data, vat_amount"),
]
BOOKS: list[tuple[dict[str, Any], str]] = [
    ({"at": LATER}, "schedule_at"),
    ({"amount": "9800"}, "amount"),
    ({"name": "다른"}, "name"),
    ({"currency": "USD", "amount": "99.00"}, "currency"),
    ({"tax_free": "100"}, "tax_free"),
    ({"naver_use_after": 1}, "naver_use_cfm"),
    ({"every": "1m", "count": 2}, "schedule_at"),
    ({"every": "1w", "until": f"{seoul(time.time() + 37 * DAY):%Y-%m-%d}"}, "schedule_at"),
    ({"every": "1m", "count": 2, "month_day": int(AT[8:10])}, "schedule_at"),
    ({"order": "SHOP-1"}, "merchant_uid"),
    ({"more": {"notice_url": "https://shop.example/hook"}}, "notice_url"),
]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder: Path = tmp_path_factory.mktemp("same")
    with make_shop(folder) as made:
        use_settings(made.settings())
        yield made
        use_settings(Settings())


def said(ask: Any, order: Any) -> str:
    with pytest.raises(InvalidRequest) as refused:
        ask(order)
    return str(refused.value)


@pytest.fixture(scope="module")
def refund(shop: Shop) -> RefundOrder:
    """A refund of a virtual account that was made: whose account it was is masked."""
    return replace(REFUND, imp_uid=shop.pay(10_000, pg_provider="html5_inicis", pay_method="vbank"))


@pytest.fixture(scope="module")
def keys(shop: Shop) -> list[str]:
    return shop.keys()


@pytest.fixture(scope="module", autouse=True)
def numbers(shop: Shop, refund: RefundOrder, keys: list[str]) -> list[int]:
    """The operations that were asked for and made: 1, 2 and 3."""
    found = [
        ask_refund(refund).operation.id,
        ask_charge(replace(CHARGE, customer_uid=keys[0])).operation.id,
        ask_booking(replace(BOOK, customer_uid=keys[1])).operation.id,
    ]
    make_executor().turn()
    assert [shop.operation(number).state for number in found] == ["succeeded"] * 3
    return found


def test_the_same_wish_is_found_however_it_is_spelt(
    numbers: list[int | None], refund: RefundOrder, keys: list[str]
) -> None:
    spelt = [
        ask_refund(replace(refund, amount="3,000", reason=" 변심 ")),
        ask_charge(replace(CHARGE, customer_uid=keys[0], amount="9,900", name="추가 ")),
        ask_booking(replace(BOOK, customer_uid=keys[1], amount="9,900", every="1m", count=1)),
    ]
    assert [(one.operation.id, one.before) for one in spelt] == [(number, True) for number in numbers]


@pytest.mark.parametrize("sign", ["\u200b", "\u3164", "\ufeff"])
def test_words_in_letters_or_with_unseen_signs_around_are_the_same_wish(
    numbers: list[int | None], refund: RefundOrder, keys: list[str], sign: str
) -> None:
    """A Mac's terminal writes Hangul in letters (NFD): the second command must not send a second refund."""

    def spelt(text: str) -> str:
        return sign + normalize("NFD", text) + sign

    holder = {**ACCOUNT, "refund_holder": spelt(ACCOUNT["refund_holder"])}
    again = [
        ask_refund(replace(refund, reason=spelt(refund.reason), account=holder)),
        ask_charge(replace(CHARGE, customer_uid=keys[0], name=spelt(CHARGE.name))),
        ask_booking(replace(BOOK, customer_uid=keys[1], name=spelt(BOOK.name))),
    ]
    assert [(one.operation.id, one.before) for one in again] == [(number, True) for number in numbers]


def test_a_phone_with_dashes_is_no_difference_beside_another_one(shop: Shop, numbers: list[int | None]) -> None:
    account = ACCOUNT | {"refund_tel": "010-1234-5678"}
    paid = shop.pay(10_000, pg_provider="html5_inicis", pay_method="vbank")
    order = replace(REFUND, imp_uid=paid, account=account)
    made = ask_refund(order).operation.id
    for _when in ("waiting", "done"):
        found = said(ask_refund, replace(order, account=account | {"refund_bank": "004"}))
        assert found == f"This differs from operation {made} in refund_bank: --again sends a second one."
        make_executor().turn()


def test_a_reason_that_nobody_can_see_is_none(refund: RefundOrder) -> None:
    assert said(ask_refund, replace(refund, reason="\u3164\u200b ", again=True)).startswith("Say why")


@pytest.mark.parametrize(("changes", "names"), REFUNDS)
def test_another_part_of_a_refund_is_another_wish(refund: RefundOrder, changes: dict[str, Any], names: str) -> None:
    found = said(ask_refund, replace(refund, **changes))
    assert found == f"This differs from operation 1 in {names}: --again sends a second one."


@pytest.mark.parametrize(("changes", "names"), CHARGES)
def test_another_part_of_a_charge_is_another_wish(keys: list[str], changes: dict[str, Any], names: str) -> None:
    found = said(ask_charge, replace(CHARGE, customer_uid=keys[0], **changes))
    assert found == f"This differs from operation 2 in {names}: --again sends a second one."


@pytest.mark.parametrize(("changes", "names"), BOOKS)
def test_another_part_of_a_booking_is_another_wish(keys: list[str], changes: dict[str, Any], names: str) -> None:
    found = said(ask_booking, replace(BOOK, customer_uid=keys[1], **changes))
    assert found == f"This differs from operation 3 in {names}: --again sends a second one."


def test_every_option_of_each_command_stands_in_its_table() -> None:
    """A new option has to say whether it makes another wish."""
    whole = {"imp_uid", "customer_uid", "again", "full", "reason"}
    for order, table, more in ((RefundOrder, REFUNDS, {"amount"}), (ChargeOrder, CHARGES, ()), (BookOrder, BOOKS, ())):
        told = {name for changes, _names in table for name in changes}
        assert {one.name for one in fields(order)} == told | (whole & {one.name for one in fields(order)}) | set(more)


def test_what_else_goes_along_is_told_by_name_and_who_buys_by_a_file_alone() -> None:
    told = given_more(
        ["custom_data=a=b", "vat_amount=1,000"], io.StringIO("buyer_name=김장부\nbuyer_tel=010-7341-5678\n")
    )
    assert told == {"custom_data": "a=b", "vat_amount": "1,000", "buyer_name": "김장부", "buyer_tel": "010-7341-5678"}
    for more, file in (
        (["buyer_tel=010-7341-5678"], None),
        (["color=red"], None),
        (None, io.StringIO("custom_data=a")),
    ):
        with pytest.raises(InvalidRequest) as refused:
            given_more(more, file)
        assert "7341" not in str(refused.value)
    assert sealed_more({}) == ()
    assert "7341" not in str(sealed_more(told))


def test_the_command_ends_with_1_and_moves_nothing(shop: Shop) -> None:
    paid = shop.pay(10_000)
    assert shop.refund(paid, "--amount", "1000").status == 0
    ended = shop.refund(paid, "--amount", "1000", "--webhook")
    words = "--again sends a second one."
    assert (ended.status, ended.told["error"].endswith(words), shop.refunds(paid)) == (1, True, [1000])
    assert shop.refund(paid, "--amount", "1000", "--webhook", "--again").status == 0
    assert shop.refunds(paid) == [1000, 1000]
