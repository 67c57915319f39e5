"""`jangbu receipt`: issued once however often it is said, cancelled, shown, listed; the number comes by a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.sandbox.faults import Fault, Plan, calls
from tests.worlds.commands import Ended, Shop, make_shop

PLAIN = "01073415678"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with make_shop(tmp_path) as made:
        yield made


def paid(shop: Shop, **more: object) -> str:
    own = {"pg_provider": "html5_inicis", "pay_method": "trans"} | more
    return str(shop.sandbox.add_payment(11_000, **own)["imp_uid"])


def run(shop: Shop, tmp_path: Path, what: str, *more: str, to: str = "010-7341-5678") -> Ended:
    number = tmp_path / "number"
    number.write_text(f"{to}\n")
    given = ("--to", "phone", "--number-from", str(number)) if what == "issue" else ()
    return shop.run("receipt", what, *more, *given, "--json")


def test_a_receipt_is_issued_shown_listed_and_cancelled(shop: Shop, tmp_path: Path) -> None:
    imp_uid = paid(shop)
    first = run(shop, tmp_path, "issue", imp_uid)
    assert (first.status, first.told["state"], first.told["amount"]) == (0, "succeeded", 11_000)
    again = run(shop, tmp_path, "issue", imp_uid)
    assert (again.status, again.told["operation"]) == (0, first.told["operation"])
    (shown,) = run(shop, tmp_path, "show", imp_uid).told["receipts"]
    assert (shown["state"], shown["vat"], shown["identifier_end"]) == ("live", 1_000, "5678")
    assert run(shop, tmp_path, "cancel", imp_uid).status == 0
    (listed,) = run(shop, tmp_path, "list").told["receipts"]
    assert (listed["state"], listed["apply_num"]) == ("cancelled", shown["apply_num"])
    files = [one for one in tmp_path.rglob("*") if one.is_file() and one.name != "number"]
    assert not [one for one in files if PLAIN.encode() in one.read_bytes()]


def test_a_command_that_lost_its_answer_reads_what_became_of_it(shop: Shop, tmp_path: Path) -> None:
    imp_uid = paid(shop)
    shop.sandbox.plans.append(Plan(Fault.LOST_AFTER, picks=calls("POST", "/receipts/")))
    ended = run(shop, tmp_path, "issue", imp_uid)
    assert (ended.status, ended.told["state"]) == (0, "succeeded")


def test_a_sale_made_elsewhere_wants_amount_name_and_channel(shop: Shop, tmp_path: Path) -> None:
    key = next(one["channel_key"] for one in shop.sandbox.world.channels if one["pg_provider"] == "html5_inicis")
    missing = run(shop, tmp_path, "issue", "--order", "CASH1")
    assert missing.status == 1
    sale = ("--order", "CASH1", "--amount", "22,000", "--name", "현장 판매", "--channel", key)
    assert run(shop, tmp_path, "issue", *sale).told["state"] == "succeeded"
    assert shop.sandbox.world.external_receipts["CASH1"]["amount"] == 22_000


def test_what_the_pg_refuses_ends_with_two_and_its_words(shop: Shop, tmp_path: Path) -> None:
    ended = run(shop, tmp_path, "issue", paid(shop, cash_receipt_issued=True))
    assert (ended.status, ended.told["message"]) == (2, "[html5_inicis] 이미 현금영수증이 발급된 거래입니다.")


def test_another_number_is_another_wish_and_not_what_was_done_for_the_first(shop: Shop, tmp_path: Path) -> None:
    imp_uid = paid(shop)
    assert run(shop, tmp_path, "issue", imp_uid).status == 0
    other = run(shop, tmp_path, "issue", imp_uid, to="010-9999-0000")
    assert (other.status, other.told["operation"], other.told["state"]) == (2, 2, "refused")
    assert run(shop, tmp_path, "issue", imp_uid, to="01073415678").told["operation"] == 1


def test_the_buyers_fields_come_by_the_file_too(shop: Shop, tmp_path: Path) -> None:
    imp_uid = paid(shop, pg_provider="smartro_v2")
    other = run(shop, tmp_path, "issue", imp_uid, to="010-7341-5678\n010-9999-0000")
    assert (other.status, other.told["error"]) == (1, "After the number each line is NAME=VALUE.")
    assert run(shop, tmp_path, "issue", imp_uid).status == 1
    told = run(shop, tmp_path, "issue", imp_uid, to="010-7341-5678\nbuyer_name=홍길동\nbuyer_tel=010-9999-0000")
    assert told.told["state"] == "succeeded"
