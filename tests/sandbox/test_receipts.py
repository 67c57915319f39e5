"""Cash receipts of the sandbox: which PG can what, what it wants, and each refusal with its status."""

import pytest

from tests.worlds.sandboxes import Caller, make_caller

PHONE = {"identifier": "01012345678"}


@pytest.fixture(scope="module")
def caller() -> Caller:
    return make_caller(10)


def paid(caller: Caller, pg: str = "html5_inicis", **more: object) -> str:
    fields = {"pg_provider": pg, "pay_method": "vbank"} | more
    return str(caller.sandbox.add_payment(11_000, **fields)["imp_uid"])


# Read off the contract's table of PGs, by hand: issue, cancel, read of a payment's receipt.
TABLE = {
    "html5_inicis": "yyy", "kcp": "yyy", "nice": "yyy", "tosspayments": "yyy", "kicc": "y--", "settle": "yy-",
    "daou": "yyy", "ksnet": "yyy", "smartro_v2": "yyy", "smartro": "y-y", "welcome": "yyy", "danal": "---",
    "naverpay": "---", "kakaopay": "---",
}  # fmt: skip
ALL = PHONE | {
    "identifier_type": "phone", "type": "person", "product_type": "real", "buyer_name": "홍길동",
    "buyer_tel": "01012345678", "corp_reg_no": "2208162517", "company_name": "장부", "company_tel": "0212345678",
}  # fmt: skip


@pytest.mark.parametrize("pg", TABLE)
def test_each_pg_can_what_the_contract_says(caller: Caller, pg: str) -> None:
    imp_uid = paid(caller, pg)
    issued = caller.post(f"/receipts/{imp_uid}", ALL)[0]
    read = caller.get(f"/receipts/{imp_uid}")[0]
    cancelled = caller.send("DELETE", f"/receipts/{imp_uid}")[0]
    known = {"y": 200, "-": 501}
    can = TABLE[pg]
    assert issued == known[can[0]]
    assert read == (200 if can[2] == "y" and issued == 200 else 404)
    assert cancelled == (known[can[1]] if issued == 200 else 400)


@pytest.mark.parametrize(
    ("fields", "body", "status"),
    [
        ({}, {}, 400),
        ({"pay_method": "card"}, PHONE, 400),
        ({"status": "ready"}, PHONE, 400),
        ({"cash_receipt_issued": True}, PHONE, 500),
        ({}, {"identifier": "01012340404"}, 500),
        ({}, PHONE | {"type": "shop"}, 400),
        ({}, PHONE | {"tax_free": 11_001}, 400),
    ],
)
def test_a_receipt_that_is_not_issued_says_why(
    caller: Caller, fields: dict[str, object], body: dict[str, object], status: int
) -> None:
    imp_uid = paid(caller, **fields)
    found = caller.post(f"/receipts/{imp_uid}", body)
    assert (found[0], found[3]) == (status, None)
    assert caller.get(f"/receipts/{imp_uid}")[0] == 404


def test_one_at_a_time_and_after_a_cancellation_another(caller: Caller) -> None:
    path = f"/receipts/{paid(caller)}"
    first = caller.post(path, PHONE)[3]
    assert (first["amount"], first["vat"], first["type"]) == (11_000, 1_000, "person")
    assert caller.post(path, PHONE)[0] == 400
    assert caller.send("DELETE", path)[3]["cancelled_at"] == int(caller.clock.at)
    assert caller.send("DELETE", path)[0] == 500
    assert caller.post(path, PHONE)[3]["apply_num"] != first["apply_num"]


def test_a_refund_leaves_the_receipt_as_it_is(caller: Caller) -> None:
    imp_uid = paid(caller)
    caller.post(f"/receipts/{imp_uid}", PHONE)
    caller.sandbox.refund(imp_uid, 11_000, "단순 변심")
    assert caller.get(f"/receipts/{imp_uid}")[1]["cancelled_at"] == 0


def test_of_a_sale_made_elsewhere_a_cancellation_of_none_is_404(caller: Caller) -> None:
    path = "/receipts/external/nobody"
    assert [caller.send(method, path)[0] for method in ("GET", "DELETE")] == [404, 404]
    assert caller.post(path, PHONE)[0] == 400
    key = {"channel_key": next(one["channel_key"] for one in caller.world.channels if one["pg_provider"] == "danal")}
    assert caller.post(path, PHONE | key | {"name": "x", "amount": 1_000})[0] == 501
