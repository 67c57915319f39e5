"""A card or resident number goes nowhere: from no form, note, file, search or command, and not out of the gateway."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, inspect

from services.clock import system_clock
from services.errors import InvalidFilter, InvalidRequest
from services.mirror.keep import read_again
from services.operations.actions.bookings import BookingForm, wanted_booking
from services.operations.actions.charges import ChargeForm, wanted_charge
from services.operations.actions.schedule_changes import Change
from services.operations.files import batches, bulk
from services.operations.journal import journal
from services.revenue.closed_months import close_month
from services.store.engine import reading, writing
from services.store.lists.filters import PaymentFilter
from services.store.lists.key_filters import KeyFilter
from services.store.lists.keys import search_billing_keys
from services.store.lists.payments import search_payments
from services.store.lists.refunds import search_refunds
from services.store.lists.schedule_filters import ScheduleFilter
from services.store.lists.schedules import search_schedules
from services.store.writes.payments import upsert_payments
from services.tables.journal import OperationKind as Kind
from services.tables.v1 import BillingKey
from tests.worlds.operations.desk import SUPPORT, Desk
from tests.worlds.screens.screens import payment

CARD, RESIDENT = "4111-1111-1111-1111", "900101-1234567"
KEY = BillingKey(customer_uid="key0", pg_provider="html5_inicis")


@pytest.fixture
def desk(store: Engine) -> Desk:
    desk = Desk(store)
    read_again(desk.executor.gateway, desk.engine, "imp_0")
    return desk


def everything(engine: Engine) -> str:
    """Every row of every table."""
    with reading(engine) as conn:
        names = [name for name in inspect(conn).get_table_names() if "gram" not in name]
        return "".join(str(row) for name in names for row in conn.exec_driver_sql(f'SELECT * FROM "{name}"'))


WAYS: dict[str, Callable[[Desk, str], Any]] = {
    "refund": lambda desk, text: desk.refund(reason=f"변심 {text}"),
    "holder": lambda desk, text: desk.refund(account={"refund_account": "1", "refund_holder": text}),
    "charge": lambda desk, text: wanted_charge("t", KEY, ChargeForm(amount=900, name=text), minimum=1, now=0),
    "booking": lambda desk, text: wanted_booking(
        "t", KEY, [BookingForm(4_000_000_000, 900, text)], minimum=1, now=system_clock()
    ),
    "revoke": lambda desk, text: bulk_row(desk, Change(Kind.REVOKE, text)),
    "decline": lambda desk, text: journal.decline(desk.engine, waiting(desk), SUPPORT, text, desk.times.ours()),
    "put aside": lambda desk, text: journal.put_aside(desk.engine, waiting(desk), SUPPORT, text, desk.times.ours()),
    "file cell": lambda desk, text: dry(desk, f"imp_0,1000,{text},customer"),
    "file name": lambda desk, text: batches.submit(desk.engine, file(desk, "x", f"{text}.csv"), SUPPORT, 1),
    "closing": lambda desk, text: close_month(desk.engine, 202001, SUPPORT, text, desk.times.ours()),
}


def waiting(desk: Desk) -> int:
    return desk.refund(approval_from=1)


def file(desk: Desk, reason: str, name: str) -> batches.DryRun:
    with reading(desk.engine) as conn:
        content = f"imp_uid,amount,reason,requester\nimp_0,1000,{reason},customer\n"
        return batches.dry_run(conn, name, content.encode("utf-8", "surrogatepass"))


def dry(desk: Desk, row: str) -> None:
    problem = file(desk, row.split(",")[2], "x.csv").rows[0].problem
    assert problem is not None
    raise problem


def bulk_row(desk: Desk, change: Change) -> None:
    desk.booked()
    desk.mirrored("order0")
    with reading(desk.engine) as conn:
        run = bulk.dry_run(conn, "t", "x", change, bulk.selected(["order0"]), now=desk.times.ours())
    assert run.rows[0].problem is not None
    raise run.rows[0].problem


@pytest.mark.parametrize("text", [CARD, RESIDENT, "a\0b", "a\ud83d"])
def test_nothing_that_must_not_be_kept_is_written_or_sent_from_anywhere(desk: Desk, text: str) -> None:
    for way, ask in WAYS.items():
        with pytest.raises(InvalidRequest) as refused:
            ask(desk, text)
        assert refused.value.values.get("field"), way
        desk.times.at += 1
    kept = everything(desk.engine)
    assert CARD not in kept
    assert RESIDENT not in kept
    assert not [row for row in desk.sandbox.payments.values() if row["cancel_amount"]]


def test_a_search_refuses_them_but_finds_an_order_that_is_called_so(store: Engine) -> None:
    order = CARD.replace("-", "")
    with writing(store) as conn:
        upsert_payments(conn, [payment("imp_1", 1_790_000_000, "paid", 100, merchant_uid=order)], as_of=1)
    searches: list[Callable[..., Any]] = [
        lambda conn, text: search_payments(conn, PaymentFilter(text)),
        lambda conn, text: search_refunds(conn, PaymentFilter(text)),
        lambda conn, text: search_schedules(conn, ScheduleFilter(text)),
        lambda conn, text: search_billing_keys(conn, KeyFilter(text)),
    ]
    with reading(store) as conn:
        for search in searches:
            for text in (CARD, RESIDENT, "홍길동 " + RESIDENT):
                with pytest.raises(InvalidFilter, match="must not be kept"):
                    search(conn, text)
        assert [row.imp_uid for row in search_payments(conn, PaymentFilter(order)).rows] == ["imp_1"]
        assert not search_payments(conn, PaymentFilter("2026112800000012")).rows


def test_what_the_gateway_brings_is_stored_hidden(desk: Desk) -> None:
    said = {"name": f"사과 {CARD}", "buyer_name": RESIDENT, "fail_reason": f"한도 {CARD}", "cancel_reason": RESIDENT}
    desk.sandbox.world.put_payment(desk.sandbox.payments["imp_0"] | said)
    read_again(desk.executor.gateway, desk.engine, "imp_0")
    kept = everything(desk.engine)
    assert "사과 4111-11**-****-1111" in kept
    assert CARD not in kept
    assert RESIDENT not in kept
