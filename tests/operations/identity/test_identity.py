"""Personal data at PortOne: erased once, begun and certified once, paid for once, whatever goes wrong between."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.errors import InvalidRequest
from services.identity.looks import is_verification, note_look
from services.identity.person import checked_person
from services.operations import held
from services.operations.actions.kcp.benepia import BenepiaForm, wanted_benepia
from services.operations.journal import journal
from services.operations.journal.states import Why
from services.sandbox.faults import Fault
from services.store.engine import reading
from services.store.lists.one import get_payment
from tests.operations.identity.desks import (
    MEMBER,
    PERSON,
    VERIFIED,
    begun,
    channel,
    confirm,
    erase,
    erase_member,
    pay,
    peopled,
    request_otp,
)
from tests.worlds.operations.desk import SUPPORT, Desk
from tests.worlds.operations.every_request import Ended, after_deaths, after_faults
from tests.worlds.operations.personal_data import Erasing
from tests.worlds.operations.refusals import refused_at
from tests.worlds.operations.run import histories
from tests.worlds.operations.store import Journals
from tests.worlds.seeds import seeds


@pytest.fixture(autouse=True)
def _people(desk: Desk) -> None:
    peopled(desk)


def test_a_verification_is_erased_for_good_and_its_second_erasure_is_not_sent(desk: Desk) -> None:
    number = erase(desk)
    desk.run()
    assert (desk.get(number).state, VERIFIED in desk.sandbox.world.verifications) == ("succeeded", False)
    again = erase(desk, token="u")
    desk.run()
    assert (desk.get(again).state, desk.get(again).why, desk.gate.posts) == ("refused", Why.IDENTITY_GONE, 1)
    assert desk.get(again).message == "존재하지 않는 본인인증 결과입니다."


def test_a_lost_answer_to_an_erasure_is_settled_by_reading(desk: Desk) -> None:
    number = erase(desk)
    desk.call_faults = [Fault.LOST_AFTER]
    desk.run(10)
    assert (desk.get(number).state, desk.gate.posts) == ("succeeded", 1)


def test_a_payments_imp_uid_is_no_verifications(desk: Desk) -> None:
    uid = desk.sandbox.add_payment(1_000, imp_uid="imp_paid")["imp_uid"]
    desk.refund(100, imp_uid=str(uid))
    desk.run()
    with refused_at("verification_uid"):
        erase(desk, "imp_paid")
    with refused_at("reason"):
        erase(desk, reason=" ")


def test_a_verifications_imp_uid_is_looked_for_among_no_payments(desk: Desk) -> None:
    number = request_otp(desk)
    desk.run()
    note_look(desk.engine, VERIFIED, "고객 문의", SUPPORT, desk.times.ours())
    with reading(desk.engine) as conn:
        known = [is_verification(conn, uid) for uid in (VERIFIED, desk.get(number).verification_uid or "", "imp_0")]
    assert known == [True, True, False]


def test_a_number_is_sent_and_confirmed_and_the_row_tells_nothing_of_the_person(desk: Desk) -> None:
    number = request_otp(desk)
    desk.run()
    uid = desk.get(number).verification_uid or ""
    assert json.loads(desk.bodies[0]) == {
        "channel_key": "channel-key-danal-certification", "merchant_uid": desk.get(number).merchant_uid,
        "name": "박하늘", "phone": "01073415678", "birth": "920417", "gender_digit": "2", "carrier": "SKT",
        "is_mvno": False,
    }  # fmt: skip
    confirmed = confirm(desk, uid)
    desk.run()
    assert [desk.get(one).state for one in (number, confirmed)] == ["succeeded", "succeeded"]
    assert desk.sandbox.world.verifications[uid]["certified"]
    again = confirm(desk, uid, token="u")
    desk.run()
    assert (desk.get(again).why, desk.gate.posts) == (Why.CERTIFIED_ALREADY, 2)


def test_a_wrong_number_is_refused_in_the_pgs_words_without_it(desk: Desk) -> None:
    uid = begun(desk)
    number = confirm(desk, uid, "000111")
    desk.run()
    assert (desk.get(number).state, desk.get(number).message) == (
        "refused", "[danal] 인증번호(***)가 일치하지 않습니다. (***)",
    )  # fmt: skip


def test_a_carriers_refusal_stands_without_whose_it_is(desk: Desk) -> None:
    number = request_otp(desk, phone="01012340404")
    desk.run()
    assert desk.get(number).message == "[danal] ***(***)님의 휴대폰번호(***)를 확인할 수 없습니다."


def test_only_kcps_app_is_asked_instead_of_a_number(desk: Desk) -> None:
    with refused_at("by_app"):
        request_otp(desk, by_app=True)
    number = request_otp(desk, pg="kcp_v2", by_app=True)
    desk.run()
    assert (desk.get(number).state, json.loads(desk.bodies[0])["verification_method"]) == ("succeeded", "APP")


@pytest.mark.parametrize(
    ("name", "typed"),
    [("phone", "02-123-4567"), ("birth", "921341"), ("gender_digit", "9"), ("carrier", "KTF"), ("name", " ")],
)
def test_what_no_carrier_takes_is_said_at_its_field(name: str, typed: str) -> None:
    with pytest.raises(InvalidRequest) as told:
        checked_person(PERSON | {name: typed})
    assert {one.values["field"] for one in (told.value, *told.value.also)} == {name}
    assert typed.strip() == "" or typed not in repr(told.value.values)


def test_a_member_is_erased_and_one_that_is_not_known_is_told_as_such(desk: Desk) -> None:
    number = erase_member(desk)
    desk.run()
    assert (desk.get(number).state, "quick_1" in desk.sandbox.world.quick_members) == ("succeeded", False)
    assert desk.queries[-1] == {name: value for name, value in MEMBER.items() if name != "member_id"}
    again = erase_member(desk, "u")
    desk.run()
    assert (desk.get(again).state, desk.get(again).why) == ("refused", Why.MEMBER_GONE)
    assert desk.get(again).message == "유효하지 않은 member_id입니다."


def test_after_a_lost_answer_a_person_says_that_a_member_who_is_gone_was_erased(desk: Desk) -> None:
    number = erase_member(desk)
    desk.call_faults = [Fault.LOST_AFTER]
    desk.run(3_000, every=300)
    assert (desk.get(number).state, desk.get(number).why, desk.gate.posts) == ("needs_person", Why.NOT_SHOWN, 1)
    journal.send_again(desk.engine, number, SUPPORT, "다시", desk.times.ours())
    desk.run(3_000, every=300)
    assert (desk.get(number).state, desk.get(number).message) == ("needs_person", "유효하지 않은 member_id입니다.")
    desk.executor.settle_done(number, SUPPORT, "삭제됨")
    assert desk.get(number).state == "succeeded"


def test_a_buyer_pays_by_points_once_and_the_payment_is_kept(desk: Desk) -> None:
    number = pay(desk)
    desk.run()
    made = desk.get(number)
    with reading(desk.engine) as conn:
        payment = get_payment(conn, made.imp_uid or "")
    assert payment is not None
    assert (made.state, payment.amount, payment.merchant_uid, payment.sandbox) == (
        "succeeded", 9_900, made.merchant_uid, False,
    )  # fmt: skip
    assert desk.sandbox.world.benepia["benepia"][1] == 40_100


def test_a_lost_answer_to_a_payment_is_settled_by_its_order_number(desk: Desk) -> None:
    number = pay(desk)
    desk.call_faults = [Fault.LOST_AFTER]
    desk.run(20)
    assert (desk.get(number).state, desk.gate.posts) == ("succeeded", 1)


def test_a_live_channel_wants_the_shops_code_and_a_test_channel_does_not(desk: Desk) -> None:
    with refused_at("benepia_member_code"):
        pay(desk, code="")
    number = pay(desk, code="", sandbox=True)
    desk.run()
    assert desk.get(number).state == "succeeded"
    form = BenepiaForm(channel(desk, "danal"), 0, "", "M1", "", "")
    with pytest.raises(InvalidRequest) as told:
        wanted_benepia("t", form)
    fields = {one.values["field"] for one in (told.value, *told.value.also)}
    assert fields == {"channel_key", "amount", "name", "benepia_user", "benepia_password"}


def test_a_refused_login_is_told_without_user_and_password(desk: Desk) -> None:
    number = pay(desk, user="hana", password="p-4711!")
    desk.run()
    assert (desk.get(number).state, desk.get(number).message) == (
        "refused", "[kcp] 베네피아 로그인에 실패하였습니다. (*** / ***)",
    )  # fmt: skip


@pytest.mark.parametrize("ask", [request_otp, pay])
def test_what_nobody_holds_any_more_is_not_sent(desk: Desk, ask: Any) -> None:
    number = ask(desk)
    held.forget("t")
    desk.run()
    assert (desk.get(number).state, desk.get(number).why, desk.gate.posts) == ("refused", Why.TYPED_GONE, 0)


def _confirmed(desk: Desk) -> int:
    return confirm(desk, begun(desk))


KINDS: tuple[Callable[[Desk], int], ...] = (erase, request_otp, _confirmed, erase_member, pay)
READ: tuple[Callable[[Desk], int], ...] = (erase, _confirmed, pay)
"""What a reading shows afterwards."""


def _right(ended: Ended) -> None:
    state, made, told = ended.operation.state, ended.desk.made(ended.operation.id), ended.told
    assert not ended.desk.gate.wrong, told
    assert len(made) <= 1, told
    assert state in ("succeeded", "refused", "expired", "needs_person"), told
    if state != "needs_person" or ended.ask in READ:
        assert (state == "succeeded") == bool(made), told
    assert held.held(ended.operation.token) is None or state not in ("succeeded", "unknown"), told


def test_any_fault_at_any_request_ends_as_it_stands_at_the_gateway(tmp_path: Path) -> None:
    states = set()
    for ended in after_faults(tmp_path, KINDS, requests=6, least=30, begin=peopled):
        states.add(ended.operation.state)
        _right(ended)
    assert "succeeded" in states


def test_random_histories_do_nothing_twice_and_lose_nothing(tmp_path: Path) -> None:
    # By hand, and with what was seen: `python -m tests.worlds.operations.run 0 2000 people`.
    for found in histories(Journals(tmp_path), range(seeds(2_000, least=4)), kind=Erasing):
        assert not found.wrong, f"seed {found.seed}: {found.wrong}"


def test_a_process_that_dies_at_any_request_leaves_nothing_done_twice(tmp_path: Path) -> None:
    for ended in after_deaths(tmp_path, KINDS, requests=5, least=15, begin=peopled):
        _right(ended)
