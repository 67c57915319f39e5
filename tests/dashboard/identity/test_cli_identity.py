"""`jangbu identity`, `jangbu kcpquick`: shown for a reason that is kept, erased once, refused in V1's words."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.sandbox.faults import Fault, Plan, calls
from services.sandbox.world.known_people import put_known_people
from services.store.engine import reading
from services.store.lists.records import RecordFilter, list_records
from tests.worlds.commands import Shop, make_shop

VERIFIED = "imp_990000000001"
CODES = ("--site-code", "T0000", "--partner-type", "IX99", "--partner-subtype", "99IX", "--reason", "삭제 요청")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with make_shop(tmp_path) as made:
        put_known_people(made.sandbox.world, int(made.sandbox.clock()))
        yield made


def test_one_is_shown_for_a_reason_and_erased_for_good(shop: Shop) -> None:
    assert shop.run("identity", "show", VERIFIED, "--json").status == 1
    ended = shop.run("identity", "show", VERIFIED, "--reason", "고객 문의", "--json")
    assert (ended.status, ended.told["name"], ended.told["phone"]) == (0, "김서연", "010-****-8471")
    assert not {"unique_key", "unique_in_site", "birthday"} & ended.told.keys()
    with reading(shop.engine) as conn:
        (record,) = list_records(conn, RecordFilter()).rows
    assert (record.action, record.detail["reason"]) == ("identity_seen", "고객 문의")
    words = ("identity", "delete", VERIFIED, "--reason", "삭제 요청", "--json")
    first, again = shop.run(*words), shop.run(*words)
    assert [(one.status, one.told["state"], one.told["operation"]) for one in (first, again)] == [
        (0, "succeeded", 1)
    ] * 2
    ended = shop.run("identity", "show", VERIFIED, "--reason", "확인", "--json")
    assert (ended.status, ended.told["message"]) == (2, "존재하지 않는 본인인증 결과입니다.")
    assert "김서연".encode() not in Path(str(shop.engine.url.database)).read_bytes()


def test_a_member_is_erased_and_a_lost_answer_has_its_exit_status(shop: Shop) -> None:
    ended = shop.run("kcpquick", "delete", "quick_1", *CODES, "--json")
    assert (ended.status, ended.told["member_id"]) == (0, "*****_1")
    ended = shop.run("kcpquick", "delete", "nobody", *CODES, "--json")
    assert (ended.status, ended.told["message"]) == (2, "유효하지 않은 member_id입니다.")
    shop.sandbox.plans = [Plan(Fault.LOST_AFTER, picks=calls("DELETE", "/kcpquick/members/quick_2"))]
    ended = shop.run("kcpquick", "delete", "quick_2", *CODES, "--wait", "0", "--json")
    assert (ended.status, ended.told["state"]) == (3, "unknown")
