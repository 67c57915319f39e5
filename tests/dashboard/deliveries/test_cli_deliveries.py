"""`jangbu escrow`, `payco` and `paymentwall`: entered once however often it is said, changed, shown, listed; told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.sandbox.faults import Fault, Plan, calls
from tests.worlds.commands import Ended, Shop, make_shop
from tests.worlds.operations.parcels import BUYER, SENDER

INVOICE = "688900112233"
SENT_BY = tuple(part for name, value in SENDER.items() for part in ("--sender", f"{name}={value}"))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with make_shop(tmp_path) as made:
        yield made


def parcel(shop: Shop, **more: object) -> str:
    own = {"pg_provider": "html5_inicis", "pay_method": "trans", "escrow": True}
    return str(shop.sandbox.add_payment(30_000, **(own | BUYER | more))["imp_uid"])


def enter(shop: Shop, imp_uid: str, *more: str, invoice: str = INVOICE, what: str = "enter") -> Ended:
    given = ("--courier", "CJ대한통운", "--invoice", invoice, *SENT_BY)
    return shop.run("escrow", what, imp_uid, *given, *more, "--json")


def test_a_parcel_is_entered_once_shown_listed_and_changed(shop: Shop) -> None:
    imp_uid = parcel(shop)
    first = enter(shop, imp_uid)
    assert (first.status, first.told["state"], first.told["company"]) == (0, "succeeded", "CJGLS")
    assert enter(shop, imp_uid).told["operation"] == first.told["operation"]
    assert shop.run("escrow", "show", imp_uid, "--json").told["invoice"] == INVOICE
    assert enter(shop, imp_uid, invoice="99990000", what="change").told["state"] == "succeeded"
    (listed,) = shop.run("escrow", "list", "--state", "entered", "--json").told["deliveries"]
    assert (listed["imp_uid"], listed["invoice"]) == (imp_uid, "99990000")


def test_the_last_sender_is_taken_and_a_lost_answer_is_read_back(shop: Shop) -> None:
    enter(shop, parcel(shop))
    shop.sandbox.plans.append(Plan(Fault.LOST_AFTER, picks=calls("POST", "/escrows/")))
    ended = shop.run("escrow", "enter", parcel(shop), "--courier", "EPOST", "--invoice", "1112223334445", "--json")
    assert (ended.status, ended.told["state"]) == (0, "succeeded")


def test_a_receiver_by_a_file_stands_in_nothing_that_is_kept(shop: Shop, tmp_path: Path) -> None:
    whom = tmp_path / "whom"
    whom.write_text("name=비밀이웃\ntel=010-7777-1234\npostcode=04524\naddr=숨긴길 7\n")
    imp_uid = parcel(shop)
    assert enter(shop, imp_uid, "--receiver-from", str(whom)).status == 0
    assert shop.sandbox.world.deliveries[imp_uid]["receiver"]["name"] == "비밀이웃"
    files = [one for one in tmp_path.rglob("*") if one.is_file() and one != whom]
    assert not [one for one in files if "비밀이웃".encode() in one.read_bytes()]


def test_what_the_pg_refuses_ends_with_two_and_what_is_no_courier_with_one(shop: Shop) -> None:
    ended = enter(shop, parcel(shop), invoice="12340404")
    assert (ended.status, ended.told["message"]) == (2, "[html5_inicis] 운송장 번호(12340404)가 유효하지 않습니다.")
    other = shop.run("escrow", "enter", parcel(shop), "--courier", "FEDEX", "--invoice", INVOICE, *SENT_BY, "--json")
    assert other.status == 1


def test_payco_and_paymentwall_are_told_in_turn(shop: Shop) -> None:
    payco = str(shop.sandbox.add_payment(9_000, pg_provider="payco", pay_method="payco")["imp_uid"])
    assert shop.run("payco", "status", payco, "confirmed", "--json").status == 1
    for state in ("shipped", "confirmed"):
        assert shop.run("payco", "status", payco, state, "--json").told["state"] == "succeeded"
    wall = str(shop.sandbox.add_payment(9_000, pg_provider="paymentwall", buyer_email="b@shop.example")["imp_uid"])
    told = shop.run("paymentwall", "delivery", wall, "--type", "digital", "--status", "delivered", "--json").told
    assert (told["state"], told["status"]) == ("succeeded", "delivered")
