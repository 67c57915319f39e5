"""What of the rest of a payment is tax-free: the PG's word, else what made the payment here less what went back."""

import pytest
from sqlalchemy import Engine

from services.balances.left import Known, Share, TaxesLeft, taxes_left
from services.errors import NotFound, Refusal
from services.gateway.payloads import Balance
from services.mirror.keep import read_again
from services.mirror.single.balances import read_balance, read_due_balances
from services.operations.actions.charges import ChargeForm, wanted_charge
from services.operations.files import batches
from services.sandbox.world.world import Taxes
from services.store.engine import reading
from services.store.lists.one import get_payment
from services.tables.v1 import BillingKey
from tests.operations.cards.desks import charge
from tests.operations.vbanks.desks import issuing
from tests.worlds.operations.desk import Desk

MIXED = "imp_mixed"


def known(desk: Desk, imp_uid: str) -> TaxesLeft | None:
    with reading(desk.engine) as conn:
        payment = get_payment(conn, imp_uid)
        assert payment is not None
        return taxes_left(conn, payment)


def payco(desk: Desk, *, tax_free: int = 3_000, imp_uid: str = MIXED) -> None:
    """10,000 won by PAYCO, here and at the gateway, 500 of it the PG's own discount."""
    own = {"pg_provider": "payco", "pay_method": "payco", "status": "paid", "paid_at": int(desk.times.at) - 60}
    desk.sandbox.add_payment(10_000, imp_uid=imp_uid, **own)
    desk.sandbox.world.taxes[imp_uid] = Taxes(tax_free, None)
    desk.sandbox.world.payco_parts[imp_uid] = (1_000, 500)
    read_again(desk.executor.gateway, desk.engine, imp_uid)


def charged(desk: Desk, tax_free: int) -> str:
    """A charge of 9,900 won of which so much is tax-free; its payment."""
    form = ChargeForm(amount=9_900, name="구독", tax_free=tax_free)
    key = BillingKey(customer_uid="key0", pg_provider="html5_inicis")
    number = desk.ask(wanted_charge("charge", key, form, minimum=100, now=desk.times.ours()))
    desk.run()
    imp_uid = desk.get(number).imp_uid
    assert imp_uid
    return imp_uid


@pytest.mark.parametrize(
    ("amount", "share"),
    [
        (10_000, Share(3_000, None)),  # all that is left
        (5_000, Share(1_500, None)),  # in proportion
        (999, Share(299, None)),  # to the won below
        (9_999, Share(2_999, None)),  # no more than 7,000 of it can be taxed
    ],
)
def test_a_part_is_shared_in_proportion_and_the_last_won_takes_all(amount: int, share: Share) -> None:
    assert TaxesLeft(10_000, 3_000, None, Known.BALANCE, 0).of(amount) == share


@pytest.mark.parametrize(
    ("amount", "share"),
    [(11_000, Share(0, 1_000)), (5_500, Share(0, 500)), (1, Share(0, 0))],
)
def test_the_vat_follows_the_taxed_part(amount: int, share: Share) -> None:
    assert TaxesLeft(11_000, 0, 1_000, Known.CHARGE, 0).of(amount) == share


def test_no_share_ever_takes_more_than_there_is() -> None:
    for left, free in ((10, 3), (10, 10), (7, 0), (1_001, 999)):
        taxes = TaxesLeft(left, free, (left - free) // 11, Known.CHARGE, 0)
        for amount in range(1, left + 1):
            share = taxes.of(amount)
            assert 0 <= share.tax_free <= min(amount, free)
            assert amount - share.tax_free <= left - free
            assert share.vat_amount is not None
            assert 0 <= share.vat_amount <= amount - share.tax_free


def test_payco_tells_it_and_a_refund_makes_it_out_of_date_until_it_is_read_again(desk: Desk) -> None:
    payco(desk)
    assert known(desk, MIXED) is None
    assert read_due_balances(desk.executor.gateway, desk.engine) == 1
    first = known(desk, MIXED)
    assert first is not None
    assert (first.left, first.tax_free, first.known, first.certain) == (10_000, 3_000, Known.BALANCE, True)
    number = desk.refund(4_000, imp_uid=MIXED, tax_free=1_200)
    desk.run()
    assert desk.get(number).state == "succeeded"
    # Its own refund named it, but what it was made with nobody here knows.
    assert known(desk, MIXED) is None
    assert read_due_balances(desk.executor.gateway, desk.engine) == 1
    assert read_due_balances(desk.executor.gateway, desk.engine) == 0
    after = known(desk, MIXED)
    assert after is not None
    assert (after.left, after.tax_free) == (6_000, 1_800)


def test_other_pgs_are_not_asked(desk: Desk) -> None:
    read_again(desk.executor.gateway, desk.engine, "imp_0")
    before = desk.requests
    assert read_balance(desk.executor.gateway, desk.engine, "imp_0") is False
    assert (read_due_balances(desk.executor.gateway, desk.engine), desk.requests) == (0, before)


def test_those_that_the_gateway_refuses_stand_in_nobodys_way(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    gateway, asked = desk.executor.gateway, []
    payco(desk)
    for number in range(20):
        payco(desk, imp_uid=f"imp_gone{number}")
    tells = gateway.balance

    def balance(imp_uid: str) -> Balance:
        asked.append(imp_uid)
        if imp_uid.startswith("imp_gone"):
            raise NotFound(Refusal(404, -1, None))
        return tells(imp_uid)

    monkeypatch.setattr(gateway, "balance", balance)
    assert sum(read_due_balances(gateway, desk.engine) for _again in range(2)) == 1
    assert (known(desk, MIXED) is None, len(asked)) == (False, 21)
    assert (read_due_balances(gateway, desk.engine), len(asked)) == (0, 21)


def test_a_gateway_that_is_silent_holds_nothing_up(desk: Desk) -> None:
    payco(desk)
    desk.faults.update(dict.fromkeys(range(desk.requests, desk.requests + 20), "lost_before"))
    assert read_due_balances(desk.executor.gateway, desk.engine) == 0


def test_a_charge_of_ours_is_remembered_less_what_our_refunds_named(desk: Desk) -> None:
    imp_uid = charged(desk, 4_400)
    found = known(desk, imp_uid)
    assert found is not None
    assert (found.left, found.tax_free, found.known, found.certain) == (9_900, 4_400, Known.CHARGE, True)
    desk.refund(5_000, imp_uid=imp_uid, tax_free=2_000)
    desk.run()
    found = known(desk, imp_uid)
    assert found is not None
    assert (found.left, found.tax_free, found.certain) == (4_900, 2_400, True)


def test_the_vat_that_a_charge_was_made_with_is_remembered_too(desk: Desk) -> None:
    form = ChargeForm(amount=9_900, name="구독", tax_free=1_100, more={"vat_amount": "800"})
    key = BillingKey(customer_uid="key0", pg_provider="html5_inicis")
    number = desk.ask(wanted_charge("charge", key, form, minimum=100, now=desk.times.ours()))
    desk.run()
    found = known(desk, desk.get(number).imp_uid or "")
    assert found is not None
    assert (found.tax_free, found.vat_amount) == (1_100, 800)


def test_what_a_card_was_charged_with_is_remembered(desk: Desk) -> None:
    number = charge(desk, tax_free=4_400, vat_amount=5_000)
    desk.run()
    found = known(desk, desk.get(number).imp_uid or "")
    assert found is not None
    assert (found.left, found.tax_free, found.vat_amount, found.known) == (60_000, 4_400, 5_000, Known.CARD)


def test_what_an_account_was_issued_with_is_remembered(desk: Desk) -> None:
    number = desk.ask(issuing(desk, pg="welcome", tax_free=4_400))
    desk.run()
    imp_uid = desk.get(number).imp_uid or ""
    desk.sandbox.deposit(imp_uid)
    read_again(desk.executor.gateway, desk.engine, imp_uid)
    found = known(desk, imp_uid)
    assert found is not None
    assert (found.tax_free, found.known) == (4_400, Known.ACCOUNT)


def test_after_a_refund_elsewhere_it_is_no_longer_certain(desk: Desk) -> None:
    imp_uid = charged(desk, 4_400)
    desk.sandbox.refund(imp_uid, 1_000, "콘솔에서 환불")
    read_again(desk.executor.gateway, desk.engine, imp_uid)
    found = known(desk, imp_uid)
    assert found is not None
    assert (found.tax_free, found.certain) == (4_400, False)


def test_of_a_payment_that_was_made_elsewhere_nothing_is_known(desk: Desk, sqlite_store: Engine) -> None:
    read_again(desk.executor.gateway, sqlite_store, "imp_0")
    assert known(desk, "imp_0") is None


def test_parts_that_do_not_come_to_the_rest_are_not_trusted(desk: Desk) -> None:
    payco(desk)
    desk.sandbox.world.payco_parts[MIXED] = (-2_000, 0)  # more than was paid, by another instrument
    read_balance(desk.executor.gateway, desk.engine, MIXED)
    found = known(desk, MIXED)
    assert found is None or found.left == 10_000


def test_a_file_fills_in_what_is_known_for_sure_where_nobody_typed_it(desk: Desk) -> None:
    """As the form of one refund does: 1,000 of 10,000 won with 3,000 tax-free gives back 300 of them."""
    payco(desk)
    read_balance(desk.executor.gateway, desk.engine, MIXED)
    read_again(desk.executor.gateway, desk.engine, "imp_0")
    paid = charged(desk, 3_300)
    head = "imp_uid,amount,reason,requester,tax_free\n"
    lines = [f"{MIXED},1000,변심,customer,", f"{paid},3000,변심,customer,", "imp_0,1000,변심,customer,"]
    typed = [f"{MIXED},1000,변심,customer,0"]
    found = []
    for content in (lines, typed):
        with reading(desk.engine) as conn:
            run = batches.dry_run(conn, "x.csv", (head + "\n".join(content) + "\n").encode())
        assert run.ready, [row.problems for row in run.rows]
        found += [row.wanted.request.get("tax_free") for row in run.rows if row.wanted]
    assert found == [300, 1_000, None, 0]
