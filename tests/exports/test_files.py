"""Exported files: no formula comes back, as many rows as promised, exact sums, the same from both databases."""

import csv
import io
import random
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine

from services.exports.columns import BY_KIND, Shape
from services.exports.export import count_export, export
from services.exports.query import ListFilter, columns_of, is_exact
from services.mirror.sync import sync
from services.operations.actions.refunds import RefundForm, wanted_refund
from services.operations.executor import Executor
from services.operations.journal.audit import Actor
from services.operations.journal.journal import record
from services.receipts.kept import keep_receipt
from services.receipts.receipt_list import ReceiptFilter
from services.store.engine import reading, writing
from services.store.lists.filters import Live, PaymentFilter
from services.store.lists.key_filters import KeyFilter
from services.store.lists.one import get_payment
from services.store.lists.payments import search_payments
from services.store.lists.refunds import search_refunds
from services.store.lists.schedule_filters import ScheduleFilter
from services.store.lists.subscriptions import SubscriptionFilter
from services.store.writes.payments import PaymentWrite, upsert_payments
from services.subscriptions.keep import refresh_chains
from services.vbanks.waiting_list import WaitingFilter
from tests.worlds.mirrors import make_gateway, make_sandbox
from tests.worlds.recount import charged
from tests.worlds.rows.page_walk import onwards
from tests.worlds.rows.payment_rows import EVERYTHING, fill, mixed, some_filter
from tests.worlds.screens.screens import payment as some_payment
from tests.worlds.stores import new_postgres, new_store

EVERY: dict[str, ListFilter] = {
    **dict.fromkeys(BY_KIND, EVERYTHING),
    "schedules": ScheduleFilter(live=Live.ALL),
    "billing-keys": KeyFilter(live=Live.ALL),
    "subscriptions": SubscriptionFilter(),
    "receipts": ReceiptFilter(),
    "waiting": WaitingFilter(int(time.time())),
}
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+09:00")
STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_COMMANDS = ("1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://evil.example","x")', "SUM(A1:A9)", "WEBSERVICE(A1)")
_WRAPS = ("{}", "{}\n=1", '"{}"', "{},=1")
PAYLOADS = [wrap.format(start + command) for start in STARTS for command in _COMMANDS for wrap in _WRAPS]
_HOSTILE = (
    "merchant_uid",
    "name",
    "buyer_name",
    "buyer_tel",
    "buyer_email",
    "buyer_addr",
    "apply_num",
    "cancel_reason",
)


def content(engine: Engine, fmt: str, chosen: ListFilter | None = None, kind: str = "payments", **more: Any) -> bytes:
    options = {"labels": None, "with_buyers": True} | more
    return b"".join(export(engine, kind, chosen or EVERY[kind], fmt=fmt, **options))


def csv_rows(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def cells(raw: bytes) -> Iterator[Any]:
    for sheet in openpyxl.load_workbook(io.BytesIO(raw)):
        for row in sheet.iter_rows():
            yield from row


def sheet_rows(raw: bytes) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(raw)).active.iter_rows(values_only=True))


def hostile(engine: Engine) -> None:
    plain = mixed(len(PAYLOADS))
    fill(
        engine,
        [
            PaymentWrite(
                one.values | {field: f"{payload}{number if field == 'merchant_uid' else ''}" for field in _HOSTILE},
                [entry | {"reason": payload} for entry in one.cancellations],
                None,
            )
            for number, (one, payload) in enumerate(zip(plain, PAYLOADS, strict=True))
        ],
    )


@pytest.mark.parametrize("kind", ["payments", "refunds"])
def test_of_two_hundred_hostile_texts_no_formula_is_read_back(store: Engine, kind: str) -> None:
    assert len(set(PAYLOADS)) == 200
    hostile(store)
    rows = csv_rows(content(store, "csv", kind=kind))
    risky = [cell for row in rows for cell in row if cell.startswith(STARTS)]
    assert risky == []
    assert kind == "refunds" or {cell.removeprefix("'") for row in rows for cell in row} >= set(PAYLOADS)
    found = list(cells(content(store, "xlsx", kind=kind)))
    assert not [cell.value for cell in found if cell.data_type == "f" or cell.hyperlink]
    # XML and the reader of it make one line end of all.
    texts = {str(cell.value).replace("\r", "\n").strip("\n") for cell in found if cell.data_type == "s"}
    assert kind == "refunds" or {one.replace("\r", "\n").strip("\n") for one in PAYLOADS} <= {
        text.replace("_x000D_", "\n").strip("\n") for text in texts
    }


def test_a_file_has_as_many_rows_as_was_promised_whatever_the_filter(store: Engine) -> None:
    writes, chance = mixed(), random.Random(21)
    fill(store, writes)
    counted = 0
    for kind in ("payments", "refunds"):
        for _ in range(25):
            chosen = some_filter(chance, writes)
            promised = count_export(store, kind, chosen)
            assert len(csv_rows(content(store, "csv", chosen, kind))) - 1 == promised, chosen
            counted += promised
    assert counted > 500


@pytest.mark.parametrize("text", ["김", "변심", "9,900", "김 변심"])
def test_a_file_of_refunds_that_hold_a_text_has_the_lists_rows(store: Engine, text: str) -> None:
    fill(store, mixed())
    chosen = PaymentFilter(text=text, live=Live.ALL)
    with reading(store) as conn:
        listed = search_refunds(conn, chosen, limit=500)
        assert listed.older is None
        numbers = [row.cancellation_id for row in listed.rows]
        own = search_refunds(conn, replace(chosen, text=str(numbers[0])))
    assert numbers
    heads, *rows = csv_rows(content(store, "csv", chosen, "refunds"))
    place = heads.index("cancellation_id")
    assert sorted(row[place] for row in rows) == sorted(map(str, numbers))
    one = csv_rows(content(store, "csv", replace(chosen, text=str(numbers[0])), "refunds"))[1:]
    assert [row[place] for row in one] == [row.cancellation_id for row in own.rows] == [numbers[0]]


def refund_some(executor: Executor, count: int = 25) -> None:
    """A won of some Naver Pay payments goes back, so that the journal has rows too."""
    chosen = PaymentFilter(
        states=frozenset({"paid"}), pg_providers=frozenset({"naverpay"}), kinds=frozenset({"one_off"})
    )
    with reading(executor.engine) as conn:
        found = [get_payment(conn, row.imp_uid) for row in search_payments(conn, chosen, limit=count).rows]
    for payment in filter(None, found):
        form = RefundForm(1, payment.amount - payment.cancel_amount, "단순 변심", "customer")
        wanted = wanted_refund(payment.imp_uid, payment, form, approval_from=None)
        operation = record(executor.engine, wanted, Actor("support", "screen"), executor.clock())
        assert executor.carry_out(operation.id).state == "succeeded"


def receipt_some(engine: Engine, count: int = 25) -> None:
    """Cash receipts of payments, each third one cancelled, and one of a sale made elsewhere."""
    with writing(engine) as conn:
        rows = search_payments(conn, PaymentFilter(states=frozenset({"paid"})), limit=count).rows
        about = [*((row.imp_uid, row.merchant_uid) for row in rows), (None, "CASH1")]
        for n, (imp_uid, order) in enumerate(about):
            told = {"apply_num": f"{n:09d}", "type": "person", "amount": 1_100, "vat": 100, "applied_at": 1_790_000_000}
            told |= {"cancelled_at": 1_790_000_100 if n % 3 == 0 else 0, "receipt_tid": None, "receipt_url": None}
            keep_receipt(conn, told, imp_uid=imp_uid, merchant_uid=order, issued=None, read_at=1_790_000_200)


def wait_some(engine: Engine) -> None:
    """Accounts that wait for money, one without a term."""
    with writing(engine) as conn:
        rows = [
            some_payment(f"imp_9{n:011d}", 1_790_000_000, "ready", 1_100, pay_method="vbank", vbank_num=f"562{n:09d}",
                    vbank_date=1_790_000_000 + n if n else None)
            for n in range(25)
        ]  # fmt: skip
        upsert_payments(conn, rows, as_of=1_790_000_000_000)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def busy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A mirror with rows of every kind; nobody writes to it."""
    engine = _new(request, tmp_path_factory, request.param, "busy")
    sandbox, clock = make_sandbox(payments=500)
    gateway = make_gateway(sandbox, clock)
    sync(gateway, engine)
    refresh_chains(engine, clock())
    refund_some(Executor(engine, gateway, lambda _operation: True, clock=clock))
    receipt_some(engine)
    wait_some(engine)
    yield engine
    engine.dispose()


def _new(request: pytest.FixtureRequest, folders: pytest.TempPathFactory, kind: str, name: str) -> Engine:
    if kind == "sqlite":
        return new_store(folders.mktemp(name) / "store.db")
    return new_postgres(request.getfixturevalue("postgres_url"), name)


@pytest.mark.parametrize("kind", list(BY_KIND))
def test_headings_are_v1s_names_and_cells_are_written_as_promised(busy: Engine, kind: str) -> None:
    header, *rows = csv_rows(content(busy, "csv", kind=kind))
    columns = columns_of(kind, with_buyers=True)
    assert header == [column.name for column in columns]
    assert len(rows) == count_export(busy, kind, EVERY[kind]) > 20
    for at, column in enumerate(columns):
        found = {row[at] for row in rows}
        if column.shape == Shape.TIME:
            assert all(cell == "" or _TIME.fullmatch(cell) for cell in found), column.name
        if column.shape == Shape.MONEY:
            assert all(cell == "" or re.fullmatch(r"\d+(\.\d\d)?", cell) for cell in found), column.name
        if column.shape == Shape.FLAG:
            assert found <= {"true", "false"}
    assert content(busy, "csv", kind=kind).startswith(b"\xef\xbb\xbf" + header[0].encode() + b",")


def test_each_payment_is_there_once_and_sums_equal_the_gateways_to_the_won(store: Engine) -> None:
    sandbox, clock = make_sandbox(payments=800)
    sync(make_gateway(sandbox, clock), store)
    theirs: dict[str, Decimal] = defaultdict(Decimal)
    for row in sandbox.world.payments.values():
        # What a registration only showed was not paid.
        theirs[row["currency"]] += Decimal(row["amount"] if charged(row) else 0)
        theirs[row["currency"] + " refunded"] += Decimal(row["cancel_amount"] if charged(row) else 0)
    for fmt, read in (("csv", csv_rows), ("xlsx", sheet_rows)):
        header, *rows = read(content(store, fmt))
        named = [dict(zip(header, row, strict=True)) for row in rows]
        assert sorted(row["imp_uid"] for row in named) == sorted(sandbox.world.payments)
        ours: dict[str, Decimal] = defaultdict(Decimal)
        for row in named:
            ours[row["currency"]] += Decimal(str(row["amount"]))
            ours[row["currency"] + " refunded"] += Decimal(str(row["cancel_amount"]))
        assert ours == theirs, fmt


def test_the_workbook_says_the_same_as_the_csv(sqlite_store: Engine) -> None:
    fill(sqlite_store, mixed(300))
    head, *plain = csv_rows(content(sqlite_store, "csv"))
    header, *sheet = sheet_rows(content(sqlite_store, "xlsx"))
    # A workbook is for people: its state is the one that the list shows, once.
    told = {"status": "payment_state"}
    assert header == tuple(name for name in head if name != "payment_state")
    shapes = {column.name: column.shape for column in BY_KIND["payments"]}
    for line, other in zip(plain, sheet, strict=True):
        row = dict(zip(head, line, strict=True))
        for name, value in zip(header, other, strict=True):
            cell = row[told.get(name, name)]
            if value is None:
                assert cell == ""
            elif shapes[name] in (Shape.MONEY, Shape.NUMBER):
                assert Decimal(cell) == Decimal(str(value)), name
            elif shapes[name] == Shape.TIME:
                assert cell == f"{value:%Y-%m-%dT%H:%M:%S}+09:00", name
            else:
                assert cell.removeprefix("'") == value, name


@pytest.mark.parametrize("kind", list(BY_KIND))
def test_both_databases_give_the_same_bytes(sqlite_store: Engine, postgres_store: Engine, kind: str) -> None:
    sandbox, clock = make_sandbox(payments=400)
    for engine in (sqlite_store, postgres_store):
        sync(make_gateway(sandbox, clock), engine)
        hostile(engine)
        refresh_chains(engine, clock())
        receipt_some(engine)
    assert content(sqlite_store, "csv", kind=kind) == content(postgres_store, "csv", kind=kind)
    assert sheet_rows(content(sqlite_store, "xlsx", kind=kind)) == sheet_rows(
        content(postgres_store, "xlsx", kind=kind)
    )


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", list(BY_KIND))
def test_an_empty_list_is_a_file_with_headings(store: Engine, kind: str, fmt: str) -> None:
    raw = content(store, fmt, kind=kind)
    rows = csv_rows(raw) if fmt == "csv" else [list(row) for row in sheet_rows(raw)]
    # A workbook says the state of a payment once, as the list has it.
    once = kind == "payments" and fmt == "xlsx"
    assert rows == [
        [one.name for one in columns_of(kind, with_buyers=True) if not (once and one.name == "payment_state")]
    ]
    assert count_export(store, kind, EVERY[kind]) == 0


def test_a_file_of_refunds_has_the_rows_of_the_list_whatever_text_was_typed(store: Engine) -> None:
    fill(store, mixed(400))
    with reading(store) as conn:
        (one, *_others) = search_refunds(conn, PaymentFilter(live=Live.ALL)).rows
        texts = [one.cancellation_id, one.imp_uid, one.merchant_uid, one.buyer_name, one.reason, "없는 말"]
        for chosen in [PaymentFilter(text=text or "", live=Live.ALL) for text in texts]:
            listed = onwards(partial(search_refunds, conn, chosen))
            assert count_export(store, "refunds", chosen) == len(listed), chosen.text
            assert bool(listed) == (chosen.text != "없는 말")
            assert is_exact(conn, "refunds", chosen) == (
                chosen.text in (one.cancellation_id, one.imp_uid, one.merchant_uid)
            )
