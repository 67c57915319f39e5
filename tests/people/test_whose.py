"""What of a text may stand in the log for years: an id's shape, and nothing that leads to a person or a card."""

import pytest
from sqlalchemy import Engine

from services.errors import InvalidRequest
from services.operations.journal.audit import Actor
from services.people import access_log
from services.people.access_log import Access, checked_words
from services.people.whose import NOT_KEPT, kept_id, kept_person
from services.store.engine import reading, writing
from services.tables.staff.access import AccessKind

CARD, RESIDENT, PHONE, MAIL = "4111111111111111", "900101-1234568", "010-1234-5678", "hong@example.com"
PERSONAL = (
    "홍길동", "hong gildong", "hong", MAIL, PHONE, "01012345678", "+82-10-1234-5678", "821012345678", "02-123-4567",
    "kim-010-1234-5678", CARD, "4111-1111-1111-1111", f"key_{CARD}", RESIDENT, "<b>1</b>", "1 OR 1=1", "9" * 81, "a9\n",
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["imp_100000000001", "imps_400000000001", "ORD-000001", "20261123-000123", "key_1", "9", "sub.1:2026-11",
     "9f1c2d3e-4b5a-4c6d-8e7f-0a1b2c3d4e5f"],
)  # fmt: skip
def test_an_id_stays(text: str) -> None:
    assert kept_id(text) == text


@pytest.mark.parametrize("text", PERSONAL)
def test_what_may_be_a_persons_does_not(text: str) -> None:
    assert kept_id(text) == NOT_KEPT


def test_nothing_is_nothing() -> None:
    assert kept_id("") == ""


def test_who_did_it_is_an_address_or_a_user_of_the_machine() -> None:
    assert [kept_person(one) for one in (MAIL, "root", "uid 1000", "local")] == [MAIL, "root", "uid 1000", "local"]
    assert {kept_person(one) for one in (f"{CARD}@example.com", "a\nb", "a" * 321)} == {NOT_KEPT}


@pytest.mark.parametrize("text", [f"{PHONE} 고객", f"문의 {MAIL}", CARD, RESIDENT, "가" * 201])
def test_words_of_ones_own_hold_no_phone_no_address_and_no_card(text: str) -> None:
    with pytest.raises(InvalidRequest):
        checked_words(text, "note")
    assert checked_words(" 부가세 2기 신고 ", "note") == "부가세 2기 신고"


def test_the_chain_itself_takes_none_of_it(sqlite_store: Engine) -> None:
    with writing(sqlite_store) as conn:
        for text in PERSONAL:
            seen = Access(AccessKind.SEEN, "payment", text, reason=f"{PHONE} {CARD} {MAIL}")
            access_log.append(conn, Actor(CARD, "screen"), seen, 1_800_000_000)
    with reading(sqlite_store) as conn:
        found = conn.exec_driver_sql("SELECT DISTINCT person, whose, reason FROM access_entry").fetchall()
    assert [tuple(row) for row in found] == [(NOT_KEPT, NOT_KEPT, "010-****-5678 411111******1111 ho***@…")]
