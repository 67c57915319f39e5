"""A billing key that two people share: one who asks is told and erased without a word of the other."""

import json

import pytest
from sqlalchemy import Engine, text

from services.operations.journal.journal import Wanted, record
from services.privacy.erasure import copy_of, erase
from services.privacy.find import Buyer, find_buyer
from services.privacy.rows import Kind, Stays, Terms
from services.store.engine import reading, writing
from services.store.writes.payments import upsert_payments
from services.store.writes.schedules import upsert_schedules
from services.tables.journal import OperationKind
from tests.privacy.planted import EMAIL, KEY, KIM, PAID_AT, TEL, TERM, UID, buyer_of, plant, planted_payment
from tests.worlds.rows.key_rows import schedule

THEIRS = {"buyer_name": "여우비", "buyer_tel": "010-5550-1117", "buyer_email": "fox@example.net"}
ANOTHERS, NOBODYS, SAME_MAIL = "imp_777000000006", "imp_777000000007", "imp_777000000008"
NOBODY = {"buyer_tel": None, "buyer_email": None}
TERMS = Terms(PAID_AT + TERM, 5)


@pytest.fixture
def shared(sqlite_store: Engine) -> Engine:
    plant(sqlite_store)
    with writing(sqlite_store) as conn:
        others = [
            planted_payment(ANOTHERS, **THEIRS),
            planted_payment(NOBODYS, **NOBODY),
            planted_payment(SAME_MAIL, buyer_tel=None),
        ]
        upsert_payments(conn, others, as_of=PAID_AT * 1000)
        booked = schedule("theirs", **THEIRS, customer_uid=KEY, schedule_at=PAID_AT, schedule_status="executed")
        upsert_schedules(conn, [booked], as_of=PAID_AT * 1000)
    charge = Wanted("theirs", OperationKind.CHARGE, "charge:theirs", 100, "KRW", merchant_uid="theirs-2",
                    customer_uid=KEY, request=THEIRS)  # fmt: skip
    refund = Wanted("theirs-r", OperationKind.REFUND, f"payment:{ANOTHERS}", 100, "KRW", imp_uid=ANOTHERS,
                    customer_uid=KEY)  # fmt: skip
    for wanted in (charge, refund):
        record(sqlite_store, wanted, KIM, PAID_AT)
    return sqlite_store


def look(engine: Engine, words: str) -> Buyer:
    with reading(engine) as conn:
        return find_buyer(conn, words, TERMS)


@pytest.mark.parametrize("words", [TEL, EMAIL])
def test_rows_that_name_another_are_listed_without_what_they_hold(shared: Engine, words: str) -> None:
    buyer = look(shared, words)
    assert {row.uid for row in buyer.rows if row.kind == Kind.PAYMENT} == {UID, NOBODYS, SAME_MAIL}
    assert [(row.kind, row.stays, row.fields) for row in buyer.others] == [
        (kind, Stays.OTHER, {}) for kind in (Kind.PAYMENT, Kind.SCHEDULE, Kind.OPERATION, Kind.OPERATION)
    ]
    told = copy_of(buyer, "json").decode()
    assert [one for one in (*THEIRS.values(), ANOTHERS, "theirs") if one in told] == []
    assert {NOBODYS, SAME_MAIL} <= {row["id"] for row in json.loads(told)["rows"]}


def test_what_names_another_keeps_them(shared: Engine) -> None:
    erase(shared, TEL, look(shared, TEL).seal, "접수 31번", KIM, TERMS)
    assert buyer_of(shared)[0] is None
    assert buyer_of(shared, NOBODYS)[0] is None
    assert buyer_of(shared, ANOTHERS) == (THEIRS["buyer_name"], THEIRS["buyer_tel"], None)
    with reading(shared) as conn:
        kept = conn.execute(text("SELECT buyer_name FROM schedule WHERE merchant_uid = 'theirs'")).scalar_one()
    assert kept == THEIRS["buyer_name"]


def test_the_other_is_found_by_their_own_phone(shared: Engine) -> None:
    buyer = look(shared, THEIRS["buyer_tel"])
    mine = {row.uid for row in buyer.rows if row.kind == Kind.PAYMENT}
    assert mine == {ANOTHERS, NOBODYS}
    assert {row.uid for row in buyer.others if row.kind == Kind.PAYMENT} == {UID, SAME_MAIL}
    assert {row.kind for row in buyer.others} >= {Kind.BILLING_KEY, Kind.SCHEDULE}
    assert Kind.LINK not in {row.kind for row in buyer.rows}
