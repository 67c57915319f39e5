"""Virtual accounts and store numbers: issued, changed and revoked once, whatever goes wrong; whose they are nowhere."""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from services.clock import DAY
from services.errors import Busy, InvalidRequest
from services.gateway import Gateway
from services.operations.journal import audit, journal
from services.operations.journal.states import Why
from services.sandbox.credentials import IMP_KEY, IMP_SECRET, PG_API_KEY
from services.sandbox.faults import Fault
from services.store.engine import reading
from services.tables.journal import OperationKind
from services.vbanks.pg_rules import banks_of
from tests.operations.vbanks.desks import (
    ALL,
    BUYER,
    WAITING,
    changing,
    channel,
    form,
    issuing,
    issuing_number,
    revoking,
    waiting,
)
from tests.worlds.operations.desk import STRANGER, SUPPORT, Desk
from tests.worlds.operations.every_request import after_deaths, after_faults
from tests.worlds.operations.gate import FAULTS
from tests.worlds.operations.refusals import refused_at

ISSUERS = ("html5_inicis", "nice", "nice_v2", "tosspayments", "settle", "ksnet", "smartro_v2", "welcome")


@pytest.mark.parametrize("pg", ISSUERS)
def test_an_account_is_issued_at_every_pg_that_does_it(desk: Desk, pg: str) -> None:
    number = desk.ask(issuing(desk, pg=pg))
    desk.run()
    operation = desk.get(number)
    row = desk.sandbox.payments[operation.imp_uid or ""]
    assert (operation.state, row["status"], row["amount"], row["merchant_uid"]) == (
        "succeeded",
        "ready",
        33_000,
        "TEL1",
    )
    assert row["vbank_code"] == ("88" if pg == "html5_inicis" else "088")
    assert (row["vbank_name"], row["vbank_date"]) == ("신한은행", int(desk.times.ours()) + 7 * DAY)
    assert desk.queries == [{"pg_api_key": PG_API_KEY} if pg == "html5_inicis" else {}]


def test_without_an_order_number_one_is_made_up_and_kept(desk: Desk) -> None:
    numbers = [desk.ask(issuing(desk, token, order="")) for token in ("t", "u")]
    orders = {desk.get(one).merchant_uid or "" for one in numbers}
    assert len(orders) == 2
    assert all(one.isalnum() and len(one) <= 40 for one in orders)


@pytest.mark.parametrize(
    ("pg", "missing"),
    [("html5_inicis", {"vbank_holder", "buyer_name", "buyer_email"}), ("nice", {"vbank_holder"}), ("nice_v2", set()),
     ("tosspayments", {"buyer_name"}), ("settle", {"vbank_holder"}), ("ksnet", {"buyer_name", "product_type"}),
     ("smartro_v2", {"vbank_holder", "buyer_name", "buyer_email", "buyer_tel"}), ("welcome", {"buyer_name"})],
)  # fmt: skip
def test_what_a_pg_wants_is_named_at_each_field(desk: Desk, pg: str, missing: set[str]) -> None:
    if not missing:
        issuing(desk, pg=pg, more={})
        return
    with pytest.raises(InvalidRequest) as told:
        issuing(desk, pg=pg, more={})
    assert {one.values["field"] for one in (told.value, *told.value.also)} == missing


@pytest.mark.parametrize(
    ("given", "field"),
    [({"amount": None}, "amount"), ({"amount": 0}, "amount"), ({"name": " "}, "name"), ({"due": None}, "vbank_due"),
     ({"bank": "035"}, "vbank_code"), ({"bank": None}, "vbank_code"), ({"order": "주문 1"}, "merchant_uid"),
     ({"order": "a" * 41}, "merchant_uid"), ({"open_ones": ["imp_1"]}, "meant")],
)  # fmt: skip
def test_what_cannot_be_sent_is_told_beside_its_field(desk: Desk, given: dict[str, Any], field: str) -> None:
    with refused_at(field):
        issuing(desk, **given)


@pytest.mark.parametrize("days", [-1, 0, 31])
def test_a_time_that_is_past_or_further_than_30_days_is_asked_for_again(desk: Desk, days: int) -> None:
    with refused_at("vbank_due"):
        issuing(desk, due=int(desk.times.ours()) + days * DAY)


def test_banks_are_those_of_the_pg_and_an_unlisted_one_is_not_sent(desk: Desk) -> None:
    assert "090" in banks_of("tosspayments")
    assert "090" not in banks_of("nice_v2")
    assert len(banks_of("welcome")) == 12
    with refused_at("vbank_code"):
        issuing(desk, pg="nice_v2", bank="090")


def test_smartro_takes_order_numbers_of_letters_and_digits_alone(desk: Desk) -> None:
    with refused_at("merchant_uid"):
        issuing(desk, pg="smartro_v2", order="TEL-1")


def test_without_the_pgs_own_key_nothing_is_sent_to_it(desk: Desk) -> None:
    with refused_at("channel_key"):
        issuing(desk, pg="html5_inicis", has_key=False)
    waiting(desk, "html5_inicis")
    with refused_at("imp_uid"):
        revoking(desk, has_key=False)


@pytest.mark.parametrize(
    ("mixed", "tax_free", "state"),
    [(True, 3_000, "succeeded"), (True, None, "refused"), (False, 3_000, "refused"), (False, None, "succeeded")],
)
def test_nice_makes_no_account_against_the_taxes_of_its_contract(
    desk: Desk, mixed: bool, tax_free: int | None, state: str
) -> None:
    pg_id = channel(desk, "nice_v2").pg_id
    desk.sandbox.world.mixed_tax = {pg_id} if mixed else set()
    number = desk.ask(issuing(desk, pg="nice_v2", tax_free=tax_free))
    desk.run()
    assert desk.get(number).state == state
    assert ("과세 설정" in (desk.get(number).message or "")) == (state == "refused")


def test_an_order_that_is_paid_gets_no_account(desk: Desk) -> None:
    desk.sandbox.add_payment(33_000, merchant_uid="TEL1", pg_provider="settle")
    assert desk.why_not(issuing(desk)) == (Why.ORDER_PAID, 0)


def test_another_account_of_the_order_that_the_person_did_not_see_stops_it(desk: Desk) -> None:
    waiting(desk, merchant_uid="TEL1")
    assert desk.why_not(issuing(desk)) == (Why.ACCOUNT_OPEN, 0)
    number = desk.ask(issuing(desk, "u", open_ones=[WAITING], meant=True))
    desk.run()
    assert desk.get(number).state == "succeeded"
    assert desk.get(number).imp_uid != WAITING


def test_while_one_is_issued_for_an_order_nobody_issues_another(desk: Desk) -> None:
    desk.ask(issuing(desk))
    with pytest.raises(Busy):
        desk.ask(issuing(desk, "u"))


def test_a_stranger_is_refused_when_it_is_carried_out_too(desk: Desk) -> None:
    number = desk.ask(issuing(desk), STRANGER)
    desk.run()
    assert (desk.get(number).why, desk.gate.posts) == (Why.NOT_ALLOWED, 0)


def test_amount_and_term_are_changed_at_the_one_pg_that_takes_it(desk: Desk) -> None:
    waiting(desk)
    wanted = changing(desk, amount=40_000)
    number = desk.ask(wanted)
    desk.run()
    row = desk.sandbox.payments[WAITING]
    assert (desk.get(number).state, row["amount"], row["vbank_date"]) == (
        "succeeded", 40_000, int(desk.times.at) + 4 * DAY,
    )  # fmt: skip
    assert json.loads(desk.bodies[0]) == {"amount": 40_000, "vbank_due": int(desk.times.at) + 4 * DAY}
    waiting(desk, "tosspayments", "imp_toss")
    with refused_at("imp_uid"):
        changing(desk, "u", "imp_toss")


@pytest.mark.parametrize(("given", "field"), [({"amount": 0}, "amount"), ({"due": 1}, "vbank_due"),
                                              ({"due": 2_000_000_000}, "vbank_due")])  # fmt: skip
def test_a_change_that_makes_no_sense_is_told(desk: Desk, given: dict[str, int], field: str) -> None:
    waiting(desk)
    with refused_at(field):
        changing(desk, **given)
    with refused_at("amount"):
        changing(desk, due=desk.payment(WAITING).vbank_date)


@pytest.mark.parametrize("ask", [changing, revoking])
def test_what_was_paid_meanwhile_is_neither_changed_nor_revoked(desk: Desk, ask: Callable[[Desk], Any]) -> None:
    waiting(desk)
    wanted = ask(desk)
    desk.sandbox.deposit(WAITING)
    assert desk.why_not(wanted) == (Why.NOT_WAITING, 0)
    assert desk.sandbox.payments[WAITING]["status"] == "paid"


def test_what_changed_since_the_person_looked_is_not_changed_again(desk: Desk) -> None:
    waiting(desk)
    wanted = changing(desk)
    row = desk.sandbox.world.payments[WAITING]
    desk.sandbox.world.put_payment(row | {"amount": 50_000})
    assert desk.why_not(wanted) == (Why.ACCOUNT_CHANGED, 0)


@pytest.mark.parametrize("pg", [*ISSUERS, "kcp", "uplus", "kicc", "smartro", "danal"])
def test_an_account_is_revoked_where_the_pg_does_it(desk: Desk, pg: str) -> None:
    waiting(desk, pg)
    number = desk.ask(revoking(desk))
    desk.run()
    assert (desk.get(number).state, desk.get(number).kind) == (
        "succeeded",
        "revoke_vbank",
    )
    row = desk.sandbox.payments[WAITING]
    assert (row["status"], row["paid_at"]) == ("cancelled", 0)


def test_what_no_call_revokes_is_said_before(desk: Desk) -> None:
    waiting(desk, "payco")
    with refused_at("imp_uid"):
        revoking(desk)


def test_a_store_number_is_issued_and_its_unknown_fields_are_kept(desk: Desk) -> None:
    number = desk.ask(issuing_number(desk))
    desk.run()
    operation = desk.get(number)
    payment = desk.executor.gateway.payment(operation.imp_uid or "")
    assert (operation.state, operation.kind, payment.fields["status"]) == ("succeeded", "issue_cvs", "ready")
    assert str(payment.extra["barcode"]).startswith("88")
    revoked = desk.ask(revoking(desk, "u", operation.imp_uid or ""))
    desk.run()
    assert (desk.get(revoked).kind, desk.get(revoked).state) == (OperationKind.REVOKE_CVS, "succeeded")


def test_a_number_that_was_paid_at_the_till_is_not_revoked(desk: Desk) -> None:
    number = desk.ask(issuing_number(desk))
    desk.run()
    uid = desk.get(number).imp_uid or ""
    wanted = revoking(desk, "u", uid)
    desk.sandbox.deposit(uid)
    assert desk.why_not(wanted) == (Why.NOT_WAITING, 1)


def _issue(desk: Desk) -> int:
    return desk.ask(issuing(desk))


def _inicis(desk: Desk) -> int:
    return desk.ask(issuing(desk, pg="html5_inicis"))


def _second(desk: Desk) -> int:
    waiting(desk, merchant_uid="TEL1")
    return desk.ask(issuing(desk, open_ones=[WAITING], meant=True))


def _change(desk: Desk) -> int:
    waiting(desk)
    return desk.ask(changing(desk, amount=40_000))


def _revoke(desk: Desk) -> int:
    waiting(desk, "html5_inicis")
    return desk.ask(revoking(desk))


def _number(desk: Desk) -> int:
    return desk.ask(issuing_number(desk))


def _revoke_number(desk: Desk) -> int:
    waiting(desk, "galaxia", pay_method="cvs", vbank_num=None)
    return desk.ask(revoking(desk))


EVERY = (_issue, _inicis, _second, _change, _revoke, _number, _revoke_number)


def test_any_fault_at_any_request_ends_as_it_stands_at_the_gateway(tmp_path: Path) -> None:
    states = set()
    for ended in after_faults(tmp_path, EVERY, requests=7, least=28):
        states.add(ended.operation.state)
        ended.stands()
    assert "succeeded" in states
    assert states <= {"succeeded", "refused", "expired", "needs_person"}


def test_a_process_that_dies_at_any_request_leaves_nothing_done_twice(tmp_path: Path) -> None:
    for ended in after_deaths(tmp_path, EVERY, requests=6, least=14):
        ended.stands()
        assert ended.operation.state in ("succeeded", "refused", "needs_person"), ended.told


def test_the_pgs_key_stands_nowhere_and_whose_account_it_was_is_masked_in_the_end(
    sqlite_store: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    desk, secret = Desk(sqlite_store), "canary/INIAPI+4711=="
    transport = httpx.MockTransport(desk._answer)
    for at, fault in enumerate((None, *FAULTS)):
        desk.executor.gateway = Gateway(
            "http://gate", IMP_KEY, IMP_SECRET, transport=transport, clock=desk.times.ours, pg_api_key=secret
        )
        number = desk.ask(issuing(desk, f"t{at}", "html5_inicis", order=f"TEL{at}"))
        desk.call_faults = [fault] if fault else []
        desk.run(5)
        waiting(desk, "html5_inicis", f"imp_hidden{at}")
        desk.ask(revoking(desk, f"r{at}", f"imp_hidden{at}"))
        desk.run(5)
        if fault is None:
            assert (desk.get(number).state, desk.get(number).message) == (
                "refused", "[html5_inicis] hashData 불일치 (pg_api_key=***)",
            )  # fmt: skip
            assert not [one for one in BUYER.values() if one in desk.get(number).request]
    file = Path(str(sqlite_store.url.database))
    told = caplog.text + "".join(
        one.read_bytes().decode("utf-8", "replace") for one in file.parent.glob(f"{file.name}*")
    )
    assert "INIAPI+4711" not in told
    assert "INIAPI%2B4711" not in told
    with reading(sqlite_store) as conn:
        assert audit.verify(conn).broken_at is None


def test_a_lost_answer_is_read_back_and_never_sent_again(desk: Desk) -> None:
    number = desk.ask(issuing(desk))
    desk.call_faults = [Fault.LOST_AFTER]
    desk.run(30, every=5)
    assert (desk.get(number).state, desk.gate.posts) == ("succeeded", 1)
    assert desk.sandbox.payments[desk.get(number).imp_uid or ""]["vbank_num"]


def test_nobody_has_an_issuing_sent_once_more(desk: Desk) -> None:
    number = desk.ask(issuing(desk))
    desk.call_faults = [Fault.LOST_BEFORE]
    desk.run(1_500, every=60)
    assert desk.get(number).state == "needs_person"
    journal.send_again(desk.engine, number, SUPPORT, "다시", desk.times.ours())
    desk.run(60)
    assert (desk.get(number).state, desk.gate.posts) == ("needs_person", 1)
    journal.settle(desk.engine, number, SUPPORT, done=False, note="콘솔에 없음", now=desk.times.ours())
    again = desk.ask(issuing(desk, "u"))
    desk.run()
    assert (desk.get(again).state, desk.gate.posts) == ("succeeded", 2)


def test_a_form_that_lacks_everything_tells_everything(desk: Desk) -> None:
    with pytest.raises(InvalidRequest) as told:
        issuing(desk, pg="html5_inicis", amount=None, name="", due=None, bank=None, more={}, has_key=False)
    assert {one.values["field"] for one in (told.value, *told.value.also)} == {
        "channel_key", "vbank_code", "vbank_due", "buyer_name", "buyer_email", "vbank_holder", "amount", "name",
    }  # fmt: skip
    assert form(desk).more == ALL
