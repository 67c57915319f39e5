"""Escrow parcels: entered and changed once, whatever goes wrong; what each PG wants; whom they go to stands nowhere."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from services.errors import InvalidRequest, Unauthorized
from services.escrow.kept import last_sender
from services.operations import held
from services.operations.actions.escrow.forms import wanted_change, wanted_delivery
from services.operations.journal import audit, journal
from services.operations.journal.states import Why
from services.sandbox.faults import Fault
from services.store.engine import reading
from services.told_back import without_person
from tests.operations.parcels.desks import INVOICE, LINES, PARCEL, change, enter, form, kept, parcel
from tests.worlds.operations.desk import FINANCE, STRANGER, SUPPORT, Desk
from tests.worlds.operations.every_request import after_faults
from tests.worlds.operations.gate import FAULTS
from tests.worlds.operations.parcels import BUYER, SENDER, SOMEBODY, Delivering
from tests.worlds.operations.refusals import refused_at
from tests.worlds.operations.run import histories
from tests.worlds.operations.store import Journals
from tests.worlds.seeds import seeds

PERSON = ("name", "tel", "postcode", "addr")


def test_a_parcel_is_entered_with_what_inicis_wants_kept_and_changed(desk: Desk) -> None:
    payment = parcel(desk)
    number = enter(desk, payment)
    desk.run()
    sent_at = int(desk.times.at) - 60
    assert desk.get(number).state == "succeeded"
    assert json.loads(desk.bodies[0]) == {
        "logis": {"company": "CJGLS", "invoice": INVOICE, "sent_at": sent_at},
        "sender": SENDER,
        "receiver": {name: BUYER[f"buyer_{name}"] for name in PERSON},
    }
    made = kept(desk)
    assert made is not None
    assert (made.company, made.invoice, made.sent_at, made.operation_id, made.entered_by) == (
        "CJGLS", INVOICE, sent_at, number, SUPPORT.name,
    )  # fmt: skip
    again = change(desk, payment, company="EPOST", invoice="6889-0011-9999")
    desk.run()
    now = kept(desk)
    assert now is not None
    assert (desk.get(again).state, now.company, now.invoice, now.operation_id) == (
        "succeeded", "EPOST", "688900119999", again,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("pg", "sender", "receiver", "more"),
    [
        ("kcp", {"name"}, {"name"}, {}),
        ("daou", {"name", "relationship"}, {"name"}, {}),
        ("nice_v2", {"name"}, {"name"}, {"send_email": True}),
        ("welcome", {"name"}, {"name"}, {}),
        ("smartro_v2", {"name", "tel", "postcode", "formed_address"},
         {"name", "tel", "postcode", "formed_address"}, {}),
    ],
)  # fmt: skip
def test_a_pg_is_told_what_it_wants_and_no_more(
    desk: Desk, pg: str, sender: set[str], receiver: set[str], more: dict[str, Any]
) -> None:
    filled = form(desk, more={"receiving_at": "20991231", "address": "서울"}, receiver=SOMEBODY | LINES)
    number = enter(desk, parcel(desk, pg), filled=filled)
    desk.run()
    body = json.loads(desk.bodies[0])
    assert (desk.get(number).state, set(body["sender"]), set(body["receiver"])) == ("succeeded", sender, receiver)
    assert {name: body[name] for name in body if name not in ("sender", "receiver", "logis", "products")} == more
    products = [{"id": f"ORD{PARCEL[4:]}", "name": "머그컵", "amount": 30_000, "currency": "KRW", "quantity": 1}]
    assert body.get("products") == (products if pg == "welcome" else None)


def test_each_mistake_is_named_at_its_field(desk: Desk) -> None:
    payment = parcel(desk, "daou", buyer_name=None)
    filled = form(desk, company="FEDEX", invoice="1 2", sent_at=int(desk.times.at) + 200_000, sender={})
    with pytest.raises(InvalidRequest) as told:
        wanted_delivery("t", payment, filled, now=desk.times.at)
    fields = {one.values["field"] for one in (told.value, *told.value.also)}
    assert fields == {
        "company", "invoice", "sent_at", "receiving_at", "address", "sender_name", "sender_relationship",
        "receiver_name",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("pg", "more"),
    [("html5_inicis", {"escrow": False}), ("nice", {}), ("naverpay", {}), ("kcp", {"status": "ready", "paid_at": 0})],
)
def test_only_a_paid_escrow_payment_of_a_pg_that_can_is_asked_for(desk: Desk, pg: str, more: dict[str, Any]) -> None:
    payment = parcel(desk, pg, **more)
    with refused_at("imp_uid"):
        enter(desk, payment)


def test_at_nice_what_was_entered_is_not_changed_and_elsewhere_the_gateway_says_so(desk: Desk) -> None:
    payment = parcel(desk, "nice_v2")
    enter(desk, payment)
    desk.run()
    stands = kept(desk)
    assert stands is not None
    with refused_at("imp_uid"):
        wanted_change("c", payment, stands, form(desk), now=desk.times.at)


def test_a_refusal_of_the_pg_stands_in_its_words_without_the_receiver(desk: Desk) -> None:
    number = enter(desk, parcel(desk), filled=form(desk, invoice="12340404"))
    desk.run()
    words = "[html5_inicis] 운송장 번호(12340404)가 유효하지 않습니다."
    assert (desk.get(number).state, desk.get(number).message, kept(desk)) == ("refused", words, None)


def test_one_that_was_entered_elsewhere_is_found_before_anything_is_sent(desk: Desk) -> None:
    payment = parcel(desk)
    number = enter(desk, payment)
    told = {"company": "HANJIN", "invoice": "777", "sent_at": 5, "applied_at": 6, "entered_at": 6, "changes": 0}
    desk.sandbox.world.deliveries[PARCEL] = told
    desk.run()
    found = kept(desk)
    assert (desk.get(number).why, desk.gate.posts) == (Why.DELIVERY_STANDS, 0)
    assert found is not None
    assert (found.invoice, found.operation_id) == ("777", None)


def test_a_change_is_not_sent_over_another_one(desk: Desk) -> None:
    payment = parcel(desk)
    enter(desk, payment)
    desk.run()
    number = change(desk, payment, invoice="99990000")
    desk.sandbox.world.deliveries[PARCEL] |= {"invoice": "11112222"}
    desk.run()
    assert (desk.get(number).why, desk.gate.posts) == (Why.DELIVERY_DIFFERS, 1)


def test_ksnet_shows_half_an_hour_later_what_was_entered(desk: Desk) -> None:
    payment = parcel(desk, "ksnet")
    enter(desk, payment)
    desk.run()
    number = change(desk, payment, invoice="99990000")
    desk.run()
    assert (desk.get(number).why, desk.gate.posts) == (Why.DELIVERY_DIFFERS, 1)
    desk.wait(1_800)
    later = change(desk, payment, "c2", invoice="99990000")
    desk.run()
    assert desk.get(later).state == "succeeded"


@pytest.mark.parametrize("fault", [Fault.LOST_AFTER, Fault.BAD_GATEWAY_AFTER, Fault.BROKEN_JSON])
def test_a_lost_answer_is_settled_by_reading_what_stands(desk: Desk, fault: Fault) -> None:
    payment = parcel(desk)
    number = enter(desk, payment)
    desk.call_faults = [fault]
    desk.run(10)
    assert (desk.get(number).state, desk.gate.posts) == ("succeeded", 1)
    again = change(desk, payment, invoice="99990000")
    desk.call_faults = [fault]
    desk.run(10)
    now = kept(desk)
    assert now is not None
    assert (desk.get(again).state, desk.gate.posts, now.invoice) == ("succeeded", 2, "99990000")


def test_a_change_of_what_no_reading_shows_needs_a_person(desk: Desk) -> None:
    payment = parcel(desk)
    enter(desk, payment)
    desk.run()
    stands = kept(desk)
    assert stands is not None
    number = change(desk, payment, sent_at=stands.sent_at, receiver=SOMEBODY)
    desk.call_faults = [Fault.LOST_AFTER]
    desk.run(1_500, every=60)
    assert (desk.get(number).state, desk.get(number).why, desk.gate.posts) == ("needs_person", Why.NOT_SHOWN, 2)


def test_to_the_buyer_it_goes_after_a_restart_too_and_to_somebody_else_it_is_asked_for_anew(desk: Desk) -> None:
    numbers = [enter(desk, parcel(desk)), enter(desk, parcel(desk, imp_uid="imp_other"), "u",
                                                form(desk, receiver=SOMEBODY))]  # fmt: skip
    for token in ("t", "u"):
        held.forget(token)
    desk.run()
    assert [(desk.get(one).state, desk.get(one).why) for one in numbers] == [
        ("succeeded", None), ("refused", Why.RECEIVER_UNKNOWN),
    ]  # fmt: skip


def test_a_stranger_is_refused_and_a_refund_in_between_stops_it(desk: Desk) -> None:
    payment = parcel(desk)
    wanted = wanted_delivery("t", payment, form(desk), now=desk.times.at)
    assert desk.why_not(wanted, STRANGER) == (Why.NOT_ALLOWED, 0)
    number = enter(desk, payment, "u")
    desk.sandbox.refund(PARCEL, 30_000, "콘솔에서")
    desk.run()
    assert (desk.get(number).why, desk.gate.posts) == (Why.NOT_PAID, 0)


def test_the_sender_of_the_last_one_is_remembered(desk: Desk) -> None:
    enter(desk, parcel(desk))
    with reading(desk.engine) as conn:
        assert last_sender(conn) == {}
    desk.run()
    with reading(desk.engine) as conn:
        assert last_sender(conn) == SENDER


def test_words_of_a_401_say_nothing_back_of_whom_it_goes_to() -> None:
    held.hold("t401", {"name": "김받는", "tel": "010-7341-9999"})
    with pytest.raises(Unauthorized) as told, held.sending("t401"):
        raise Unauthorized("{message}", message="권한 없음 김받는 01073419999")
    assert str(told.value) == "권한 없음 *** ***"
    assert held.held("t401")
    held.forget("t401")


def test_a_name_and_an_address_are_hidden_however_they_are_spaced() -> None:
    told = without_person("수령인 김 받는, 서울  중구 1", {"name": "김받는", "addr": "서울 중구 1"})
    assert told == "수령인 ***, *******"


def test_whom_it_goes_to_stands_nowhere(sqlite_store: Engine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    desk, planted = Desk(sqlite_store), []
    for at, fault in enumerate((None, *FAULTS)):
        receiver = {"name": f"비밀{at}이름", "tel": f"010{at:03d}77{at:03d}", "postcode": f"9{at:04d}",
                    "addr": f"숨긴길 {at}번지"}  # fmt: skip
        planted += [value for name, value in receiver.items() if name != "postcode"]
        payment = parcel(desk, imp_uid=f"imp_hidden{at}")
        enter(desk, payment, f"t{at}", form(desk, receiver=receiver, invoice="12340404" if at % 2 else INVOICE))
        desk.call_faults = [fault] if fault else []
        desk.run(5)
    file = Path(str(sqlite_store.url.database))
    told = caplog.text + "".join(
        one.read_bytes().decode("utf-8", "replace") for one in file.parent.glob(f"{file.name}*")
    )
    assert not [one for one in planted if one in told]
    with reading(sqlite_store) as conn:
        assert audit.verify(conn).broken_at is None


def _entered(desk: Desk) -> int:
    return enter(desk, parcel(desk), filled=form(desk, receiver=SOMEBODY))


def _changed(desk: Desk) -> int:
    payment = parcel(desk)
    enter(desk, payment, "first")
    desk.run()
    return change(desk, payment, invoice="99990000", receiver=SOMEBODY)


def test_any_fault_at_any_request_ends_as_it_stands_at_the_gateway(tmp_path: Path) -> None:
    states = set()
    for ended in after_faults(tmp_path, (_entered, _changed), requests=7, least=24):
        states.add(ended.operation.state)
        ended.stands()
    assert "succeeded" in states
    assert states <= {"succeeded", "refused", "expired", "needs_person"}


def test_whatever_happens_parcels_are_entered_and_told_once_and_the_journal_says_so(tmp_path: Path) -> None:
    # By hand, and with what was seen: `python -m tests.worlds.operations.run 0 2000 parcels`.
    for found in histories(Journals(tmp_path), range(seeds(2_000, least=4)), kind=Delivering):
        assert not found.wrong, f"seed {found.seed}: {found.wrong}"


def test_what_a_person_says_of_one_that_was_lost_is_enough(desk: Desk) -> None:
    number = enter(desk, parcel(desk))
    desk.call_faults = [Fault.LOST_BEFORE]
    desk.run(1_500, every=60)
    assert desk.get(number).state == "needs_person"
    journal.send_again(desk.engine, number, FINANCE, "다시", desk.times.ours())
    desk.run(5)
    assert (desk.get(number).state, desk.gate.posts) == ("succeeded", 2)
