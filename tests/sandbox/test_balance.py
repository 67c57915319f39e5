"""What a payment is made up of: told of PAYCO alone, after refunds, and held to by them."""

from tests.worlds.sandboxes import DAY, UNTIL, Caller, make_caller

_PARTS = ("primary", "secondary", "discount")


def mixed(caller: Caller) -> tuple[str, int, int]:
    """A payment by PAYCO of taxed and tax-free goods, nothing refunded: its id, amount and tax-free part."""
    rows = (caller.world.payments[uid] for uid in caller.world.payco_parts)
    row = next(
        row for row in rows
        if row["status"] == "paid" and not row["cancel_amount"] and row["paid_at"] > UNTIL - 300 * DAY
    )  # fmt: skip
    uid = row["imp_uid"]
    return uid, int(caller.world.payments[uid]["amount"]), int(caller.world.taxes[uid].tax_free)


def refund(caller: Caller, uid: str, amount: int, **more: int) -> int:
    return caller.post("/payments/cancel", {"imp_uid": uid, "amount": amount, **more})[1]


def test_its_parts_come_to_what_is_left_and_only_payco_tells_them() -> None:
    caller = make_caller()
    uid, amount, tax_free = mixed(caller)
    assert refund(caller, uid, 1_000, tax_free=300) == 0
    answer = caller.get(f"/payments/{uid}/balance")[1]
    assert answer["amount"] == amount
    assert sum(sum(answer[name].values()) for name in _PARTS) == amount - 1_000
    assert sum(answer[name]["tax_free"] for name in _PARTS) == tax_free - 300
    other = caller.some(lambda row: row["pg_provider"] == "kakaopay" and not row["sandbox"])
    assert caller.get(f"/payments/{other['imp_uid']}/balance")[0] == 404


def test_a_whole_refund_of_mixed_goods_has_to_name_the_tax_free_part_and_no_more_of_it() -> None:
    caller = make_caller()
    uid, amount, tax_free = mixed(caller)
    assert refund(caller, uid, amount) == 1
    assert refund(caller, uid, amount, tax_free=tax_free + 1) == 1
    assert refund(caller, uid, tax_free, tax_free=tax_free) == 0
    assert refund(caller, uid, 1_000, tax_free=1) == 1
    assert refund(caller, uid, amount - tax_free) == 0
