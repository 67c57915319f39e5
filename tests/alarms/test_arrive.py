"""Alarms arrive at a real mail server and a real HTTP receiver, each matter once with each receiver."""

from threading import Barrier
from typing import Any

from dashboard.process.resources import open_store
from services.alarms.matters import SETTLED
from services.alarms.tellings import state_of
from services.operations.journal.roster import Roster, keep_roster
from services.store.engine import reading
from services.tables.alarms import MatterKind
from tests.alarms.conftest import FINANCE, MANAGER, SUPPORT, House
from tests.worlds.forks import forks

_HOUR = 3600


def test_each_role_is_told_of_its_own_once_also_after_a_restart(house: House) -> None:
    waits, open_still = house.ask(50_000), house.ask(70_000, "needs_person")
    for _ in range(3):
        house.turn(60)
    house.start()
    house.turn(60)
    assert [mail["Subject"] for mail in house.box.to(FINANCE)] == ["[장부] 확인 필요", "[장부] 승인 대기"]
    assert [mail["Subject"] for mail in house.box.to(SUPPORT)] == ["[장부] 확인 필요"]
    assert house.box.to(MANAGER) == []
    assert house.posted("approval") == [("begin", [f"operation {waits}"])]
    assert house.posted("needs_person") == [("begin", [f"operation {open_still}"])]
    assert len(house.hook.posts) == 2
    approval = house.box.to(FINANCE)[1].get_content()
    assert f"빌링키 결제 {waits}, 50,000원" in approval


def test_what_begins_together_is_one_message_and_what_follows_another(small_house: House) -> None:
    house = small_house
    first = [house.ask() for _ in range(12)]
    house.turn()
    later = house.ask()
    house.turn(60)
    assert house.posted("approval") == [
        ("begin", [f"operation {one}" for one in first]),
        ("begin", [f"operation {later}"]),
    ]
    mail = house.box.to(FINANCE)[0]
    assert mail["Subject"] == "[장부] 승인 대기 (12)"
    assert "외 2건" in mail.get_content()


def test_two_processes_at_once_tell_each_matter_once(house: House) -> None:
    states = ("awaiting_approval", "needs_person") * 5
    asked, at_once = {f"operation {house.ask(state=state)}" for state in states}, forks.Barrier(2)
    given = (house.settings_of(), house.now, at_once)
    processes = [forks.Process(target=work, args=given) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(300)
        assert process.exitcode == 0, "it hangs or failed"
    told = [matter["key"] for one in house.hook.posts for matter in one["matters"]]
    assert sorted(told) == sorted(asked)
    assert len(house.box.to(FINANCE)) == len({mail["Message-ID"] for mail in house.box.to(FINANCE)})
    named = "".join(mail.get_content() for mail in house.box.to(FINANCE))
    assert all(named.count(f" {key.split()[1]}, 50,000원") == 1 for key in asked)


def work(settings: dict[str, Any], now: float, at_once: Barrier) -> None:
    """Another process of the app: four turns."""
    house = House.elsewhere(settings, now)
    at_once.wait(200)
    for _ in range(4):
        house.turn()


def test_a_receiver_that_is_down_is_told_when_it_is_up_and_holds_nobody_up(house: House) -> None:
    house.hook.status = 503
    waits = house.ask()
    house.turn()
    assert len(house.box.to(FINANCE)) == 1
    with reading(open_store()) as conn:
        state = state_of(conn, "webhook")
    assert (state.failing, state.error, state.told_at) == (1, "refused", None)
    house.hook.status = 200
    house.turn(30)
    assert house.posted("approval") == []  # tried again a minute after it failed
    house.turn(60)
    assert house.posted("approval") == [("begin", [f"operation {waits}"])]
    house.turn(_HOUR)
    assert len(house.hook.posts) == len(house.box.to(FINANCE)) == 1
    with reading(open_store()) as conn:
        assert state_of(conn, "webhook").failing == 0


def test_tries_come_ever_later_up_to_an_hour(small_house: House) -> None:
    house, waits = small_house, [1, 2, 4, 8, 16, 32, 60, 60]
    house.hook.status = 500
    house.ask()
    house.turn()
    for tries, minutes in enumerate(waits, start=1):
        house.turn(minutes * 60 - 1)
        assert house.hook.asked == tries
        house.turn(1)
        assert house.hook.asked == tries + 1


def test_what_was_over_before_anybody_was_reached_is_told_as_over(small_house: House) -> None:
    house = small_house
    house.hook.status = 503
    house.fail_readings(3)
    house.turn(60)
    house.read_well()
    house.turn(60)
    house.turn(SETTLED)
    house.hook.status = 200
    house.turn(_HOUR)
    assert [event for event, _keys in house.posted("gateway")] == ["end"]
    (told,) = [one for one in house.hook.posts if one["kind"] == "gateway"]
    assert told["matters"][0]["ended_at"] - told["matters"][0]["since"] == 60


def test_a_mail_server_that_is_away_gets_it_once_it_is_back(small_house: House) -> None:
    house = small_house
    port = house.box.port
    house.start(alarm_smtp="smtp://127.0.0.1:1")
    house.ask()
    house.turn()
    assert house.box.mails == []
    assert len(house.hook.posts) == 1
    house.start(alarm_smtp=f"smtp://127.0.0.1:{port}")
    house.turn(60)
    assert len(house.box.to(FINANCE)) == 1


def test_one_person_that_the_server_does_not_know_holds_up_nobody_else(small_house: House) -> None:
    house = small_house
    house.box.refuses.add(FINANCE)
    house.ask(state="needs_person")
    house.turn()
    house.turn(60)
    assert len(house.box.to(SUPPORT)) == 1
    assert house.box.to(FINANCE) == []


def test_nobody_is_told_in_quiet_hours_over_midnight_in_korea(small_house: House) -> None:
    house = small_house
    house.start(alarm_quiet=(22, 8))
    midnight = house.now - house.now % 86_400 + 15 * _HOUR  # 00:00 in Korea
    early = house.ask()
    house.turn_at(midnight - 2 * _HOUR - 1)  # 21:59:59
    late, passing = house.ask(), house.ask()
    for at in (midnight - 2 * _HOUR, midnight, midnight + 5 * _HOUR, midnight + 8 * _HOUR - 1):
        house.turn_at(at)
        assert house.posted("approval") == [("begin", [f"operation {early}"])]
    house.put(passing, "refused")
    house.turn_at(midnight + 8 * _HOUR)
    assert house.posted("approval") == [("begin", [f"operation {early}"]), ("begin", [f"operation {late}"])]
    assert len(house.box.to(FINANCE)) == 2


def test_a_matter_that_ends_and_comes_again_is_told_again(house: House) -> None:
    for _ in range(2):
        house.fail_readings(3)
        house.turn(60)
        house.turn(60)
        house.read_well()
        house.turn(60)
        house.turn(SETTLED)
        house.turn(60)
    assert [event for event, _keys in house.posted("gateway")] == ["begin", "end", "begin", "end"]
    assert [mail["Subject"] for mail in house.box.to(MANAGER)] == [
        "[장부] 포트원 조회 불가",
        "[장부] 해소: 포트원 조회 불가",
    ] * 2


def test_what_comes_and_goes_within_ten_minutes_is_one_matter(small_house: House) -> None:
    house = small_house
    for _ in range(4):
        house.fail_readings(3)
        house.turn(60)
        house.read_well()
        house.turn(60)
    assert [event for event, _keys in house.posted("gateway")] == ["begin"]


def test_somebody_who_is_named_later_is_told_of_what_lasts(small_house: House) -> None:
    house = small_house
    house.start(alarm_mail_to={SUPPORT: "support"})
    house.ask()
    house.turn()
    assert house.box.mails == []
    house.start(alarm_mail_to={FINANCE: "finance"})
    house.turn(60)
    assert len(house.box.to(FINANCE)) == 1
    assert {kind.value for kind in MatterKind} >= {one["kind"] for one in house.hook.posts}


def test_those_who_sign_in_are_told_by_what_their_own_role_may(small_house: House) -> None:
    house = small_house
    here, there = {FINANCE: "finance", SUPPORT: "support", MANAGER: "manager"}, {f"{SUPPORT}/ABC": "finance"}
    keep_roster(house.engine, Roster(here, {}, there), house.now)
    house.start(alarm_mail_to={})
    house.ask()
    house.turn()
    assert {mail["To"] for mail in house.box.mails} == {FINANCE}
