"""Cash receipts: issued and cancelled once, whatever goes wrong; refusals in the PG's words; whose it is nowhere."""

import json
import logging
import time
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import Engine

from services.errors import Busy, InvalidRequest
from services.gateway import Gateway
from services.gateway.pg_requests import ReceiptRequest
from services.mirror.receipts import read_external_receipt
from services.operations import held
from services.operations.actions.receipts import issues
from services.operations.actions.receipts.cancellations import cancel_then_refund, wanted_cancellation
from services.operations.actions.receipts.forms import Sale, wanted_receipt, wanted_sale_receipt
from services.operations.actions.refunds import RefundForm, wanted_refund
from services.operations.journal import audit, journal
from services.operations.journal.states import Why
from services.receipts.receipt_list import ReceiptFilter, receipt_totals
from services.sandbox.faults import Fault
from services.store.engine import reading
from services.tables.journal import Operation
from tests.operations.receipts.desks import (
    PAID,
    PLAIN,
    cancel,
    form,
    issue,
    issue_sale,
    kept,
    kept_of_sale,
    transfer,
)
from tests.worlds.operations.desk import SUPPORT, Desk
from tests.worlds.operations.every_request import after_deaths, after_faults
from tests.worlds.operations.gate import FAULTS
from tests.worlds.operations.receipts import Receipting
from tests.worlds.operations.refusals import refused_at
from tests.worlds.operations.run import histories
from tests.worlds.operations.simulator import Simulator
from tests.worlds.operations.store import Journals
from tests.worlds.seeds import seeds


def test_a_receipt_of_a_payment_is_issued_kept_and_cancelled(desk: Desk) -> None:
    transfer(desk)
    number = issue(desk, filled=form(tax_free=1_000))
    desk.run()
    made = kept(desk)[0]
    assert desk.get(number).state == "succeeded"
    assert json.loads(desk.bodies[0]) == {"type": "person", "tax_free": 1_000, "identifier": PLAIN}
    assert (made.amount, made.vat, made.tax_free, made.type, made.identifier_kind, made.identifier_end) == (
        11_000, (11_000 - 1_000) // 11, 1_000, "person", "phone", "5678",
    )  # fmt: skip
    assert (made.operation_id, made.issued_by, made.cancelled_at) == (number, SUPPORT.name, 0)
    cancel(desk)
    desk.run()
    (gone,) = kept(desk)
    assert (gone.apply_num, gone.cancelled_at, gone.identifier_end) == (made.apply_num, int(desk.times.at), "5678")


def test_a_receipt_of_a_sale_made_elsewhere_is_issued_by_a_channel(desk: Desk) -> None:
    number = issue_sale(desk, kind="business", number="220-81-62517", type="company")
    desk.run()
    (made,) = kept_of_sale(desk)
    assert (desk.get(number).state, made.amount, made.vat, made.name) == ("succeeded", 22_000, 2_000, "현장 판매")
    assert (made.external, made.imp_uid, made.identifier_end) == (True, None, "2517")
    desk.ask(wanted_cancellation("c", made))
    desk.run()
    assert kept_of_sale(desk)[0].cancelled_at


def test_after_a_part_was_refunded_the_receipt_is_over_the_rest(desk: Desk) -> None:
    transfer(desk)
    desk.sandbox.refund(PAID, 4_000, "단순 변심")
    issue(desk)
    desk.run()
    assert kept(desk)[0].amount == 7_000


@pytest.mark.parametrize(
    ("pg", "more", "message"),
    [
        ("html5_inicis", {"number": "010-1234-0404"}, "[html5_inicis] 식별번호(***********)가 유효하지 않습니다."),
        ("tosspayments", {"number": "010-1234-0404"}, None),
        ("nice_v2", {}, "[nice_v2] 승인 시 현금영수증 발급을 요청하지 않은 거래입니다."),
    ],
)
def test_a_refusal_of_the_pg_comes_with_500_and_stands_in_its_words_without_the_number(
    desk: Desk, pg: str, more: dict[str, str], message: str | None
) -> None:
    transfer(desk, pg)
    number = issue(desk, filled=form(**more))
    desk.run()
    state = "refused" if message else "succeeded"
    assert (desk.get(number).state, desk.get(number).message) == (state, message)


@pytest.mark.parametrize(
    ("pg", "more"),
    [("naverpay", {"pay_method": "naverpay"}), ("html5_inicis", {"pay_method": "card"}), ("danal", {}), ("uplus", {}),
     ("html5_inicis", {"status": "ready", "paid_at": 0})],
)  # fmt: skip
def test_what_gets_no_receipt_is_said_before_it_is_sent(desk: Desk, pg: str, more: dict[str, object]) -> None:
    transfer(desk, pg, **more)
    with refused_at("imp_uid"):
        issue(desk)


def test_at_kicc_a_receipt_can_be_issued_and_not_cancelled_here(desk: Desk) -> None:
    transfer(desk, "kicc")
    issue(desk)
    desk.run()
    assert json.loads(desk.bodies[0])["identifier_type"] == "phone"
    with refused_at("receipt"):
        cancel(desk)


@pytest.mark.parametrize(
    ("pg", "missing"),
    [("ksnet", {"product_type", "buyer_name"}), ("smartro_v2", {"buyer_name", "buyer_tel"}),
     ("welcome", {"buyer_tel", "corp_reg_no"}), ("daou", {"corp_reg_no", "company_name", "company_tel"})],
)  # fmt: skip
def test_what_a_pg_wants_is_named_at_each_field(desk: Desk, pg: str, missing: set[str]) -> None:
    payment = transfer(desk, pg)
    with pytest.raises(InvalidRequest) as told:
        wanted_receipt("t", payment, form(), residents=False)
    assert {one.values["field"] for one in (told.value, *told.value.also)} == missing


def test_a_second_receipt_is_not_sent_while_one_stands(desk: Desk) -> None:
    transfer(desk)
    issue(desk)
    desk.run()
    number = issue(desk, "u")
    desk.run()
    assert (desk.get(number).why, desk.gate.posts) == (Why.RECEIPT_STANDS, 1)


def test_while_a_refund_is_under_way_no_receipt_is_asked_for(desk: Desk) -> None:
    transfer(desk)
    desk.refund(imp_uid=PAID)
    with pytest.raises(Busy):
        issue(desk, "u")


def test_a_refund_in_the_console_meanwhile_stops_it(desk: Desk) -> None:
    transfer(desk)
    number = issue(desk)
    desk.sandbox.refund(PAID, 4_000, "콘솔에서")
    desk.run()
    assert (desk.get(number).why, desk.gate.posts) == (Why.BALANCE_CHANGED, 0)


def test_where_nobody_holds_the_number_any_more_nothing_is_sent(desk: Desk) -> None:
    transfer(desk)
    number = issue(desk)
    held.forget("t")
    desk.run()
    assert (desk.get(number).state, desk.get(number).why, desk.gate.posts) == ("refused", Why.NUMBER_GONE, 0)


def test_the_process_that_holds_the_number_sends_it_and_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    transfer(desk)
    number = issue(desk)
    personal = held.held("t") or {}
    held.forget("t")
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(held, "claimant_name", lambda: "elsewhere:1:1")
        elsewhere.setattr(held, "may_live", lambda *_names: True)
        desk.run(10)
    assert (desk.get(number).state, desk.gate.posts) == ("intent", 0)
    held.hold("t", personal)
    desk.run(10)
    assert (desk.get(number).state, desk.gate.posts) == ("succeeded", 1)


def test_it_is_sent_by_the_process_that_holds_the_number_while_another_one_holds_the_loops(desk: Desk) -> None:
    transfer(desk)
    number, stop, wake = issue(desk), Event(), Event()
    working = Thread(target=desk.executor.run_held, args=(stop, wake, lambda: False))
    working.start()
    until = time.monotonic() + 60
    while desk.get(number).state != "succeeded":
        assert time.monotonic() < until, desk.get(number).state
        time.sleep(0.05)
    stop.set()
    wake.set()
    working.join(60)
    assert desk.gate.posts == 1


def test_what_was_sent_and_lost_is_never_sent_again_without_the_number(desk: Desk) -> None:
    transfer(desk)
    number = issue(desk)
    desk.call_faults = [Fault.LOST_BEFORE]
    desk.run(3_000, every=60)
    assert (desk.get(number).state, desk.gate.posts) == ("needs_person", 1)
    journal.send_again(desk.engine, number, SUPPORT, "다시", desk.times.ours())
    desk.run(10)
    assert (desk.get(number).state, desk.get(number).why, desk.gate.posts) == ("needs_person", Why.NUMBER_GONE, 1)


@pytest.mark.parametrize("pg", ["kicc", "settle"])
def test_where_v1_shows_no_receipt_its_404_proves_nothing(desk: Desk, pg: str) -> None:
    transfer(desk, pg)
    number = issue(desk)
    desk.call_faults = [Fault.LOST_AFTER]
    desk.run(3_000, every=60)
    assert (desk.get(number).state, desk.get(number).why) == ("needs_person", Why.NOT_FOUND_AFTER_LOOKING)


def test_a_payments_receipt_is_cancelled_and_then_it_is_refunded(desk: Desk) -> None:
    payment = transfer(desk)
    issue(desk)
    desk.run()
    refund = _refund(desk, "r")
    number = cancel_then_refund(desk.engine, kept(desk)[0], refund, SUPPORT, desk.times.ours()).id
    desk.run(10)
    assert desk.get(number).state == "succeeded"
    assert kept(desk)[0].cancelled_at
    assert desk.sandbox.payments[payment.imp_uid]["cancel_amount"] == 4_000


def test_where_the_receipt_is_not_cancelled_nothing_is_refunded(desk: Desk) -> None:
    transfer(desk)
    issue(desk)
    desk.run()
    desk.sandbox.world.receipts[PAID]["pg_provider"] = "smartro"
    number = cancel_then_refund(desk.engine, kept(desk)[0], _refund(desk, "r"), SUPPORT, desk.times.ours()).id
    desk.run(10)
    assert (desk.get(number).state, desk.get(number).why) == ("refused", Why.FIRST_STEP_FAILED)
    assert desk.sandbox.payments[PAID]["cancel_amount"] == 0


def test_a_refund_that_waits_for_a_second_person_cancels_no_receipt(desk: Desk) -> None:
    transfer(desk)
    issue(desk)
    desk.run()
    with refused_at("receipt"):
        cancel_then_refund(desk.engine, kept(desk)[0], _refund(desk, "r", approval_from=1), SUPPORT, 1)


def test_any_fault_at_any_request_ends_as_it_stands_at_the_gateway(tmp_path: Path) -> None:
    states = set()
    for ended in after_faults(tmp_path, (_issued, _cancelled, _sale), requests=7, least=24, begin=transfer):
        states.add(ended.operation.state)
        ended.stands()
        state = ended.operation.state
        assert held.held(ended.operation.token) is None or state not in ("succeeded", "unknown"), ended.told
    assert "succeeded" in states
    assert states <= {"succeeded", "refused", "expired", "needs_person"}


def test_a_process_that_dies_at_any_request_leaves_nothing_done_twice(tmp_path: Path) -> None:
    for ended in after_deaths(tmp_path, (_issued, _cancelled, _sale), requests=6, least=12, begin=transfer):
        ended.stands()
        assert ended.operation.state in ("succeeded", "refused", "needs_person"), ended.told


def test_whatever_happens_a_receipt_is_issued_and_cancelled_once_and_the_journal_says_so(tmp_path: Path) -> None:
    # By hand, and with what was seen: `python -m tests.worlds.operations.run 0 2000 receipts`.
    for found in histories(Journals(tmp_path), range(seeds(2_000, least=4)), kind=Receipting):
        assert not found.wrong, f"seed {found.seed}: {found.wrong}"


def test_without_what_stood_there_before_the_simulator_turns_red(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare = issues.prepare

    def unknowing(gateway: Gateway, operation: Operation) -> str:
        prepare(gateway, operation)
        return "[]"

    monkeypatch.setattr(issues, "prepare", unknowing)
    # The first that shows it is 5; before it none does.
    found = histories(Journals(tmp_path), range(5, 60), lost_requests, kind=Receipting)
    assert any(one.wrong for one in found)


def lost_requests(simulator: Simulator) -> None:
    """Nothing else goes wrong, and people act quickly: an old receipt stands there when the next one is lost."""
    simulator.faults, simulator.trouble, simulator.stalls = [Fault.LOST_BEFORE], 0.15, 0.0
    simulator.weights = [60, 3, 30, 0, 0, 0, 0]


def test_whose_receipt_it_is_stands_nowhere(sqlite_store: Engine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    desk, numbers = Desk(sqlite_store), []
    for at, fault in enumerate((None, *FAULTS)):
        digits = f"0107{at:03d}{4_104 + at}"
        numbers += [digits, f"{digits[:3]}-{digits[3:7]}-{digits[7:]}"]
        transfer(desk, imp_uid=f"imp_hidden{at}")
        filled = form(number=digits, more={"buyer_name": f"비밀이름{at}", "buyer_tel": digits})
        issue(desk, f"t{at}", f"imp_hidden{at}", filled)
        desk.call_faults = [fault] if fault else []
        desk.run(5)
    told = caplog.text + _everything(sqlite_store)
    assert not [one for one in numbers if one in told]
    assert "비밀이름" not in told
    assert "비밀이름" not in repr(ReceiptRequest({"identifier": "비밀이름"}, {}))
    with reading(sqlite_store) as conn:
        assert audit.verify(conn).broken_at is None


def _refund(desk: Desk, token: str, approval_from: int | None = None) -> journal.Wanted:
    payment = desk.payment(PAID)
    filled = RefundForm(amount=4_000, balance=11_000, reason="단순 변심", requester="customer")
    return wanted_refund(token, payment, filled, approval_from=approval_from)


def _issued(desk: Desk) -> int:
    return issue(desk)


def _sale(desk: Desk) -> int:
    return issue_sale(desk)


def _cancelled(desk: Desk) -> int:
    issue(desk, "first")
    desk.run()
    return cancel(desk)


def _everything(engine: Engine) -> str:
    """The bytes of the database and of its log of writes."""
    file = Path(str(engine.url.database))
    return "".join(one.read_bytes().decode("utf-8", "replace") for one in file.parent.glob(f"{file.name}*"))


def test_a_test_channels_receipt_that_was_read_before_it_was_settled_is_in_no_sum(desk: Desk) -> None:
    number = issue_sale(desk, sandbox=True)
    desk.call_faults = [Fault.LOST_AFTER]
    desk.executor.turn()
    assert read_external_receipt(desk.executor.gateway, desk.engine, "CASH1")
    desk.wait(3)
    desk.run()
    with reading(desk.engine) as conn:
        sums = receipt_totals(conn, ReceiptFilter())
    assert (desk.get(number).state, kept_of_sale(desk)[0].sandbox, sums.amount) == ("succeeded", True, 0)


def test_a_receipt_over_another_sum_is_not_taken_for_the_sales(desk: Desk) -> None:
    number = issue_sale(desk)
    desk.call_faults = [Fault.LOST_BEFORE]
    desk.executor.turn()
    told = {"apply_num": "999999999", "type": "person", "amount": 5_000, "vat": 454, "cancelled_at": 0}
    own = {"merchant_uid": "CASH1", "applied_at": int(desk.times.at), "receipt_tid": None, "receipt_url": None}
    desk.sandbox.world.external_receipts["CASH1"] = told | own
    for _look in range(9):
        desk.run()
        desk.wait(1_000)
    assert (desk.get(number).state, kept_of_sale(desk)[0].identifier_end) == ("needs_person", None)


@pytest.mark.parametrize(("order", "name", "field"), [("010-7341-5678", "현장 판매", "merchant_uid"),
                                                      ("CASH1", "판매 010 7341 5678", "name")])  # fmt: skip
def test_the_number_stands_in_nothing_that_is_kept_of_a_sale(order: str, name: str, field: str) -> None:
    with refused_at(field):
        wanted_sale_receipt("t", Sale(order, name, 22_000, "html5_inicis", "key"), form(), residents=False)
