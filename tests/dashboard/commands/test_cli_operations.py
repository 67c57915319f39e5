"""`jangbu operations` and `audit`: the journal listed, settled and proven."""

import csv
import io
from datetime import datetime, timedelta

import openpyxl
import pytest
from sqlalchemy import text

from dashboard.words.export_labels import labels_of
from services.sandbox.faults import Fault, Plan, calls
from services.store.engine import writing
from tests.worlds.commands import Shop

CANCEL = calls("POST", "/payments/cancel")


def lost(shop: Shop, fault: Fault = Fault.LOST_BEFORE) -> str:
    """A payment whose refund is unknown: operation 1."""
    paid = shop.pay(10_000)
    shop.sandbox.plans = [Plan(fault, picks=CANCEL)]
    assert shop.refund(paid, "--amount", "4000", "--wait", "0").status == 3
    return paid


def given_up(shop: Shop) -> str:
    """The same after all looks found nothing."""
    paid = lost(shop)
    with writing(shop.engine) as conn:
        conn.execute(text("UPDATE operation SET looks = 5, look_at = 0"))
    ended = shop.run("operations", "resolve", "1", "--json")
    assert (ended.status, ended.told["state"]) == (3, "needs_person")
    return paid


def test_operations_are_listed_by_state_and_kind_the_latest_first(shop: Shop) -> None:
    lost(shop)
    assert shop.refund(shop.pay(3_000), "--full").status == 0
    every = shop.run("operations", "list", "--json")
    assert [(one["operation"], one["state"]) for one in every.told["operations"]] == [(2, "succeeded"), (1, "unknown")]
    unknown = shop.run("operations", "list", "--state", "unknown", "--json").told["operations"]
    assert [(one["operation"], one["reason"], one["requester"]) for one in unknown] == [(1, "고객 변심", "customer")]
    assert shop.run("operations", "list", "--kind", "charge", "--json").told == {"operations": []}
    assert len(shop.run("operations", "list", "--limit", "1", "--json").told["operations"]) == 1
    assert shop.run("operations", "list", "--state", "lost").status == 1


def test_looking_too_often_uses_up_none_of_the_looks(shop: Shop) -> None:
    lost(shop)
    for _ in range(7):
        assert shop.run("operations", "resolve", "--json").told["operations"][0]["state"] == "unknown"


def test_what_a_person_says_settles_what_needs_one(shop: Shop) -> None:
    paid = given_up(shop)
    without = shop.run("operations", "resolve", "1", "--not-done")
    assert (without.status, without.stderr) == (1, "Say why with --note: it stays with the operation.\n")
    ended = shop.run("operations", "resolve", "1", "--not-done", "--note", "콘솔에서 확인", "--json")
    assert (ended.status, ended.told["state"]) == (2, "refused")
    assert (shop.operation(1).note, shop.operation(1).why) == ("콘솔에서 확인", "settled_by_person")
    again = shop.run("operations", "resolve", "1", "--done", "--note", "x")
    assert (again.status, again.stderr) == (1, "It is refused: this step is not open any more.\n")
    assert shop.refunds(paid) == []


def test_a_refund_with_a_shortened_reason_said_to_be_done_is_tied_to_what_the_gateway_shows(shop: Shop) -> None:
    paid = given_up(shop)
    made = shop.sandbox.refund(paid, 4_000, "고객")["cancel_history"][0]
    ended = shop.run("operations", "resolve", "1", "--done", "--note", "콘솔에서 확인", "--json")
    assert (ended.status, ended.told["state"], ended.told["cancel_amount"]) == (0, "succeeded", 4000)
    assert (shop.operation(1).cancellation_id, shop.operation(1).note) == (made["cancellation_id"], "콘솔에서 확인")


def test_what_the_gateway_does_not_show_is_done_on_a_persons_word_only(shop: Shop) -> None:
    given_up(shop)
    said = ("operations", "resolve", "1", "--done", "--note", "PG에 전화로 확인", "--json")
    ended = shop.run(*said)
    assert (ended.status, ended.told["state"]) == (3, "needs_person")
    assert "The gateway does not show that it was done" in ended.stderr
    assert "--unseen" in ended.stderr
    assert shop.run("operations", "resolve", "1", "--unseen").stderr == "--unseen goes with --done.\n"
    ended = shop.run(*said, "--unseen")
    assert (ended.status, shop.operation(1).note) == (0, "PG에 전화로 확인")


def test_sending_again_sends_once_with_the_first_balance(shop: Shop) -> None:
    paid = given_up(shop)
    ended = shop.run("operations", "resolve", "1", "--send-again", "--note", "도착하지 않음", "--json")
    assert (ended.status, ended.told["state"]) == (0, "succeeded")
    assert shop.refunds(paid) == [4000]


def test_sending_again_what_happened_after_all_sends_nothing(shop: Shop) -> None:
    paid = given_up(shop)
    shop.sandbox.refund(paid, 4_000, "고객 변심")
    ended = shop.run("operations", "resolve", "1", "--send-again", "--note", "다시", "--json")
    assert (ended.status, ended.told["state"]) == (0, "succeeded")
    assert shop.refunds(paid) == [4000]


def test_an_operation_that_nobody_has_is_a_sentence(shop: Shop) -> None:
    assert shop.run("operations", "resolve", "7").stderr == "There is no operation 7.\n"
    both = shop.run("operations", "resolve", "7", "--done", "--not-done", "--note", "x")
    assert both.stderr == "Only one of --send-again, --done and --not-done.\n"
    assert shop.run("operations", "resolve", "--done", "--note", "x").stderr == "Name the operation that is meant.\n"


def test_a_chain_that_holds_ends_with_0_and_its_length(shop: Shop) -> None:
    assert shop.refund(shop.pay(), "--full").status == 0
    ended = shop.run("audit", "verify", "--json")
    assert ended.status == 0
    assert ended.told["entries"] >= 3
    assert ended.told["broken_at"] is None


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE audit_entry SET actor = 'nobody' WHERE id = 2",
        "DELETE FROM audit_entry WHERE id = 2",
        "UPDATE audit_entry SET id = CASE id WHEN 2 THEN -3 ELSE -2 END WHERE id IN (2, 3)",
    ],
)
def test_the_first_entry_that_was_changed_removed_or_moved_is_named(shop: Shop, damage: str) -> None:
    assert shop.refund(shop.pay(), "--full").status == 0
    with writing(shop.engine) as conn:
        conn.execute(text("DROP TRIGGER audit_changes"))
        conn.execute(text("DROP TRIGGER audit_goes"))
        conn.execute(text(damage))
        conn.execute(text("UPDATE audit_entry SET id = -id WHERE id < 0"))
    ended = shop.run("audit", "verify", "--json")
    assert (ended.status, ended.told["broken_at"]) == (1, 2)
    assert "Entry 2 is not as it was written" in ended.stderr


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_operations_are_exported_without_the_account_number(shop: Shop, fmt: str) -> None:
    paid = shop.pay(10_000, pg_provider="html5_inicis", pay_method="vbank")
    account = ("--bank", "088", "--account", "110123456789", "--holder", "홍길동")
    assert shop.refund(paid, "--full", *account, reason="=1+1").status == 0
    out = shop.folder / f"operations.{fmt}"
    ended = shop.run("export", "operations", "--reason", "closing", "--format", fmt, "--out", str(out), "--json")
    assert (ended.status, ended.told["bytes"]) == (0, out.stat().st_size)
    if fmt == "csv":
        rows = list(csv.reader(io.StringIO(out.read_text("utf-8-sig"))))
    else:
        sheet = openpyxl.load_workbook(out).worksheets[0]
        rows = [[cell if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    headings, row = rows
    # A file for people says it in words and as a true date; one for scripts as the journal has it.
    names = {} if fmt == "csv" else {label: name for name, label in labels_of("operations").items()}
    told = dict(zip([names.get(str(one), str(one)) for one in headings], row, strict=True))
    assert list(told)[:7] == ["id", "kind", "state", "imp_uid", "merchant_uid", "customer_uid", "amount"]
    kind, state = ("refund", "succeeded") if fmt == "csv" else ("Refund", "Done")
    assert (told["id"], told["kind"], told["state"], told["amount"]) == ("1", kind, state, "10000")
    assert told["reason"] == ("'=1+1" if fmt == "csv" else "=1+1")
    moment = datetime.fromisoformat(str(told["asked_at"]))
    assert moment.utcoffset() == (timedelta(hours=9) if fmt == "csv" else None)
    assert not [
        cell for cell in row if cell and ("6789" in cell or "홍길동" in cell) and cell != told["cancellation_id"]
    ]
