"""The refund's form fills in the tax-free part where it is known, and follows the amount until somebody types."""

import time
from pathlib import Path

import pytest
from sqlalchemy import Engine

from services.balances.kept import keep_balance
from services.exports.export import export
from services.operations.journal.journal import asked
from services.store.engine import writing
from services.store.lists.filters import PaymentFilter
from services.store.writes.payments import upsert_payments
from services.tables.balances import PaymentBalance
from tests.worlds.screens.money_forms import field, fill, money_store, operations, partial, press, refund_page
from tests.worlds.screens.screens import payment, run_page, texts

pytestmark = pytest.mark.usefixtures("gateway_is_read")

PAYCO = "imp_700000000009"
_NOTHING = dict.fromkeys(
    [f"{name}_{part}" for name in ("cash_receipt", "primary", "secondary", "discount")
     for part in ("tax_free", "supply", "vat", "service")], 0,
)  # fmt: skip


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """11,000 won by PAYCO, 3,300 of it tax-free; PAYCO bore 500 of it."""
    made, now = money_store(tmp_path), int(time.time())
    own = {"primary_tax_free": 3_300, "primary_supply": 6_545, "primary_vat": 655, "discount_supply": 455}
    kept = PaymentBalance(
        imp_uid=PAYCO, amount=11_000, cancel_amount=0, read_at=now, **(_NOTHING | own | {"discount_vat": 45})
    )
    with writing(made) as conn:
        upsert_payments(conn, [payment(PAYCO, now - 600, "paid", 11_000, pg_provider="payco")], as_of=now * 1000)
        keep_balance(conn, kept)
    return made


def test_everything_that_is_left_names_its_tax_free_part_without_typing(engine: Engine) -> None:
    at = refund_page(PAYCO)
    assert field(at, "tax_free").value == "3,300"
    at = press(fill(at, requester="customer", reason="mind"), "review_it")
    assert "Tax-free part: ₩3,300" in texts(at)
    press(at, "send")
    (operation,) = operations(engine)
    assert (operation.amount, asked(operation)["tax_free"]) == (11_000, 3_300)


def test_it_follows_the_amount_until_somebody_types_it(engine: Engine) -> None:
    at = fill(refund_page(PAYCO), amount="1,000").run()
    assert field(at, "tax_free").value == "300"
    fill(at, tax_free="1,000").run()
    at = fill(at, amount="2,000").run()
    assert field(at, "tax_free").value == "1,000"


def test_what_was_taken_out_stays_out(engine: Engine) -> None:
    at = fill(refund_page(PAYCO), tax_free="").run()
    assert field(fill(at, amount="2,000").run(), "tax_free").value == ""


def test_where_nothing_is_known_the_field_is_empty(engine: Engine) -> None:
    press(press(partial(refund_page()), "review_it"), "send")
    assert "tax_free" not in asked(operations(engine)[0])


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "₩500 (supply ₩455, VAT ₩45)"), ("ko", "500원 (공급가액 455원, 부가세 45원)")],
)
def test_the_payment_shows_its_parts_and_who_bore_the_discount(engine: Engine, language: str, words: str) -> None:
    at = run_page("payment", language=language, query={"imp_uid": PAYCO})
    assert words in texts(at)
    assert not [one for one in at.button if one.key == "read_balance"]


def test_a_promotion_can_be_kept_where_there_is_one_alone(engine: Engine) -> None:
    now, promoted = int(time.time()), "imp_700000000010"
    extra = '{"promotion": {"id": "promotion-id-1", "discount": 600}}'
    with writing(engine) as conn:
        upsert_payments(conn, [payment(promoted, now - 600, "paid", 6_000, extra=extra)], as_of=now * 1000)
    at = press(partial(refund_page(promoted), retain=True), "review_it")
    assert "Promotion: stays, whatever is left" in texts(at)
    press(at, "send")
    assert asked(operations(engine)[0])["retain_promotion"] is True
    assert not [one for one in refund_page(PAYCO).checkbox if str(one.key).endswith(".retain")]
    assert "₩600 off" in texts(run_page("payment", query={"imp_uid": promoted}))


def test_the_file_of_payments_tells_its_parts(engine: Engine) -> None:
    names = ["imp_uid", "balance_tax_free", "balance_supply", "balance_vat", "balance_secondary", "balance_discount"]
    chunks = export(engine, "payments", PaymentFilter(), fmt="csv", labels=None, with_buyers=False, names=names)
    lines = b"".join(chunks).decode("utf-8-sig").splitlines()
    assert f'"{PAYCO}","3300","7000","700","0","500"' in lines
    assert '"imp_100000000001",,,,,' in lines


def test_out_of_date_is_said_and_can_be_read_anew(engine: Engine) -> None:
    now = int(time.time())
    row = payment(PAYCO, now - 600, "paid", 11_000, pg_provider="payco", cancel_amount=1_000)
    with writing(engine) as conn:
        upsert_payments(conn, [row], as_of=now * 1000 + 5_000)
    at = run_page("payment", query={"imp_uid": PAYCO})
    assert [one for one in at.button if one.key == "read_balance"]
    assert any("before the latest refund" in one.value for one in at.caption)


def test_other_pgs_have_no_such_part(engine: Engine) -> None:
    at = run_page("payment", query={"imp_uid": "imp_100000000001"})
    assert not [one for one in at.subheader if one.value == "What it is made up of"]
