"""What a buyer asks for: all of it in a file, and erased what nobody has to keep, noted without who it was."""

import json
import sqlite3

import pytest
from sqlalchemy import Engine, event, text

from services.errors import InvalidRequest, Moved
from services.operations.journal.audit import verify
from services.operations.journal.replay import differing
from services.privacy.erasure import copy_of, erase, note_copied
from services.privacy.find import Buyer, find_buyer
from services.privacy.rows import Kind, Stays, Terms
from services.store.engine import reading, writing
from services.store.writes.keys import upsert_billing_keys
from services.store.writes.payments import upsert_payments
from services.store.writes.schedules import upsert_schedules
from tests.privacy.planted import (
    EMAIL,
    KEY,
    KIM,
    NAME,
    PAID_AT,
    TEL,
    TERM,
    TOKENS,
    UID,
    buyer_of,
    found_in_rows,
    plant,
    planted_key,
    planted_payment,
    planted_schedule,
    put_unreadable,
)

YEAR = 366 * 86_400
NOW = PAID_AT + YEAR


def look(engine: Engine, words: str = TEL, now: float = NOW) -> Buyer:
    with reading(engine) as conn:
        return find_buyer(conn, words, Terms(now, 5))


def erased(engine: Engine, words: str = TEL, now: float = NOW, reason: str = "접수 31번") -> set[str]:
    gone = erase(engine, words, look(engine, words, now).seal, reason, KIM, Terms(now, 5))
    return {row.kind.value for row in gone}


@pytest.mark.parametrize("words", [TEL, "01073914286", "+82 10-7391-4286", EMAIL, EMAIL.upper(), KEY])
def test_a_buyer_is_found_by_each_of_the_three_however_it_is_written(store: Engine, words: str) -> None:
    plant(store)
    assert {row.kind for row in look(store, words).rows} == {*Kind} - {Kind.UNREADABLE}


@pytest.mark.parametrize("words", ["010-7391-4287", "73914286", "xqxwvu@example.com", "planted-ke", NAME])
def test_nobody_is_found_by_a_part_or_a_name(sqlite_store: Engine, words: str) -> None:
    plant(sqlite_store)
    assert look(sqlite_store, words).rows == []


def test_the_file_has_all_that_is_kept(sqlite_store: Engine) -> None:
    plant(sqlite_store)
    put_unreadable(sqlite_store)
    buyer = look(sqlite_store)
    told = copy_of(buyer, "json").decode().replace('\\"', '"')
    assert [one for one in TOKENS if one not in told] == ["01073914286"]  # that is how the index writes the phone
    payment = next(row for row in json.loads(copy_of(buyer, "json"))["rows"] if row["kind"] == "payment")
    assert (payment["buyer_name"], payment["amount"], payment["kept_until"]) == (NAME, 30_000, "2025-09-13")
    lines = copy_of(buyer, "csv").decode("utf-8-sig").splitlines()
    assert lines[0] == "kind,id,field,value"
    assert f"payment,{UID},buyer_name,{NAME}" in lines


def test_within_five_years_the_payment_keeps_its_buyer_and_the_rest_goes(store: Engine) -> None:
    plant(store)
    kept = {row.kind: (row.stays, str(row.until)) for row in look(store).rows if row.stays}
    assert kept == {
        Kind.PAYMENT: (Stays.PAID, "2025-09-13"),
        Kind.RECEIPT: (Stays.PAID, "2025-09-13"),
        Kind.NOTE: (Stays.DISPUTE, "2023-09-13"),
    }
    assert erased(store) == {"schedule", "billing_key", "operation", "link"}
    assert buyer_of(store) == (NAME, TEL, None)
    left = {row.kind for row in look(store).rows if row.can_go}
    assert left == set()
    with reading(store) as conn:
        assert conn.execute(text("SELECT customer_name FROM billing_key")).scalar_one() is None
        assert verify(conn).broken_at is None
        assert list(differing(conn)) == []
    with pytest.raises(InvalidRequest, match="Nothing of this buyer"):
        erased(store)


def test_after_the_terms_all_of_it_goes_and_the_audit_says_who_and_which_but_not_whose(sqlite_store: Engine) -> None:
    plant(sqlite_store)
    put_unreadable(sqlite_store)
    assert erased(sqlite_store, now=PAID_AT + TERM) == {kind.value for kind in Kind}
    assert found_in_rows(sqlite_store) == []
    with reading(sqlite_store) as conn:
        entry = conn.execute(text("SELECT actor, action, detail FROM audit_entry ORDER BY id DESC LIMIT 1")).one()
    detail = json.loads(entry.detail)
    assert (entry.actor, entry.action, detail["reason"], detail["payments"]) == (
        KIM.name, "buyer_erased", "접수 31번", [UID],
    )  # fmt: skip


def test_what_is_not_over_stays(sqlite_store: Engine) -> None:
    plant(sqlite_store)
    with writing(sqlite_store) as conn:
        booked = planted_schedule(
            merchant_uid="booked", schedule_status="scheduled", schedule_at=NOW + 60, executed_at=0
        )
        upsert_schedules(conn, [booked], as_of=NOW * 1000)
        waits = {"status": "ready", "paid_at": 0, "cancelled_at": 0, "cancel_amount": 0}
        upsert_payments(conn, [planted_payment("imp_777000000004", NOW - 60, **waits)], as_of=NOW * 1000)
        failed = {"status": "failed", "paid_at": 0, "cancelled_at": 0, "cancel_amount": 0, "failed_at": NOW}
        upsert_payments(conn, [planted_payment("imp_777000000005", NOW - 60, **failed)], as_of=NOW * 1000)
    stays = {row.uid for row in look(sqlite_store).rows if row.stays == Stays.UNDER_WAY}
    assert stays == {"booked", KEY, "imp_777000000004"}
    erased(sqlite_store)
    assert [buyer_of(sqlite_store, f"imp_77700000000{n}")[0] for n in (1, 4, 5)] == [NAME, NAME, None]


def test_a_reading_that_changed_nothing_is_no_change(sqlite_store: Engine) -> None:
    plant(sqlite_store)
    seal = look(sqlite_store).seal
    with writing(sqlite_store) as conn:
        upsert_billing_keys(conn, [planted_key()], checked_at=NOW)
        upsert_schedules(conn, [planted_schedule() | {"digest": None}], as_of=NOW * 1000)
    assert erase(sqlite_store, TEL, seal, "접수 31번", KIM, Terms(NOW, 5))


def test_what_has_changed_since_it_was_looked_at_is_looked_at_again(sqlite_store: Engine) -> None:
    plant(sqlite_store)
    seal = look(sqlite_store).seal
    with writing(sqlite_store) as conn:
        upsert_payments(conn, [planted_payment("imp_777000000006", NOW)], as_of=NOW * 1000)
    with pytest.raises(Moved):
        erase(sqlite_store, TEL, seal, "접수 31번", KIM, Terms(NOW, 5))
    assert found_in_rows(sqlite_store) == [*TOKENS]


@pytest.mark.parametrize("reason", ["", f"{TEL} 요청", "01073914286 전화", f"{EMAIL} 메일"])
def test_a_reason_is_asked_for_and_never_names_the_buyer(sqlite_store: Engine, reason: str) -> None:
    plant(sqlite_store)
    words = EMAIL if "@" in reason else TEL
    with pytest.raises(InvalidRequest):
        erased(sqlite_store, words, reason=reason)
    with pytest.raises(InvalidRequest):
        note_copied(sqlite_store, look(sqlite_store, words), reason, KIM, NOW)


def test_no_write_waits_until_links_are_read_through(sqlite_store: Engine) -> None:
    plant(sqlite_store)
    put_unreadable(sqlite_store)
    told: list[str] = []

    @event.listens_for(sqlite_store, "checkout")
    def _note(driver: sqlite3.Connection, *_given: object) -> None:
        driver.set_trace_callback(told.append)

    seal = look(sqlite_store).seal
    told.clear()
    erase(sqlite_store, TEL, seal, "접수 31번", KIM, Terms(NOW, 5))
    locked = told[next(place for place, sql in enumerate(told) if sql.startswith("BEGIN IMMEDIATE")) :]
    through = ("instr(raw", "FROM checkout WHERE buyer_tel")
    assert all(any(part in sql for sql in told) for part in through)
    assert [sql for sql in locked if any(part in sql for part in through)] == []


def test_a_link_that_names_them_only_in_what_was_asked_is_found(store: Engine) -> None:
    plant(store)
    with writing(store) as conn:
        conn.execute(text("DELETE FROM checkout_attempt"))
        conn.execute(text("UPDATE checkout SET buyer_tel = NULL"))
    assert Kind.LINK in {row.kind for row in look(store, EMAIL.upper()).rows}
    assert Kind.LINK in {row.kind for row in look(store).rows}
    put_unreadable(store)
    assert Kind.UNREADABLE in {row.kind for row in look(store).rows}
