"""What was erased as nothing had come of it, and then was paid, booked or registered after all, has its buyer."""

import pytest
from sqlalchemy import Engine, text

from services.clock import DAY
from services.privacy import retention
from services.privacy.erasure import erase
from services.privacy.find import find_buyer
from services.privacy.retention import anonymise
from services.privacy.rows import Stays, Terms
from services.privacy.terms import past_before
from services.store.engine import reading, writing
from services.store.writes.keys import upsert_billing_keys
from services.store.writes.payments import upsert_payments
from services.store.writes.schedules import upsert_schedules
from tests.privacy.planted import (
    BOOKED,
    KEY,
    KIM,
    NAME,
    PAID_AT,
    TEL,
    TERM,
    UID,
    buyer_of,
    found_in_rows,
    planted_key,
    planted_payment,
    planted_schedule,
)
from tests.worlds.key_recount import require_whole
from tests.worlds.recount import index_kept, index_rebuilt, totals_kept, totals_recounted

NOW = PAID_AT + 3_600
NOTHING_CAME = {"paid_at": 0, "cancelled_at": 0, "cancel_amount": 0}
FAILED = {**NOTHING_CAME, "status": "failed", "failed_at": PAID_AT}
PAID = {"cancelled_at": 0, "cancel_amount": 0}


def erased(engine: Engine) -> None:
    terms = Terms(NOW, 5)
    with reading(engine) as conn:
        seal = find_buyer(conn, TEL, terms).seal
    erase(engine, TEL, seal, "접수 31번", KIM, terms)


@pytest.mark.parametrize("paid_at", [NOW + 60, NOW - 60])  # what is paid may be read some time later
def test_a_payment_that_failed_and_was_erased_has_its_buyer_once_it_is_paid(store: Engine, paid_at: int) -> None:
    with writing(store) as conn:
        upsert_payments(conn, [planted_payment(**FAILED)], as_of=PAID_AT * 1000)
    erased(store)
    assert buyer_of(store) == (None, None, NOW)
    with writing(store) as conn:
        upsert_payments(conn, [planted_payment(at=paid_at, digest=b"paid", **PAID)], as_of=(NOW + 120) * 1000)
    assert buyer_of(store) == (NAME, TEL, None)
    assert totals_kept(store) == totals_recounted(store)
    assert index_kept(store) == index_rebuilt(store)
    assert anonymise(store, NOW + TERM, 5)["payments"] == 1
    assert buyer_of(store) == (None, None, NOW + TERM)


def test_one_that_was_paid_longer_ago_than_the_term_is_gone_through_once_more(sqlite_store: Engine) -> None:
    with writing(sqlite_store) as conn:
        upsert_payments(conn, [planted_payment(**FAILED)], as_of=PAID_AT * 1000)
    anonymise(sqlite_store, PAID_AT + TERM, 5)
    with writing(sqlite_store) as conn:
        upsert_payments(conn, [planted_payment(digest=b"paid", **PAID)], as_of=(PAID_AT + TERM) * 1000)
    assert anonymise(sqlite_store, PAID_AT + TERM + 60, 5) == {"payments": 1}
    assert found_in_rows(sqlite_store) == []


@pytest.mark.parametrize("changes", [FAILED | {"fail_reason": "한도 초과"}, PAID | {"sandbox": True}])
def test_what_failed_once_more_or_was_paid_for_show_stays_anonymous(
    sqlite_store: Engine, changes: dict[str, object]
) -> None:
    with writing(sqlite_store) as conn:
        upsert_payments(conn, [planted_payment(**FAILED)], as_of=PAID_AT * 1000)
    erased(sqlite_store)
    with writing(sqlite_store) as conn:
        upsert_payments(conn, [planted_payment(UID, digest=b"again", **changes)], as_of=(NOW + 120) * 1000)
    assert buyer_of(sqlite_store) == (None, None, NOW)
    assert found_in_rows(sqlite_store) == []


@pytest.mark.parametrize(("inserted", "kept"), [(NOW + 60, (NAME, None)), (PAID_AT, (None, NOW))])
def test_a_key_has_its_customer_once_it_is_registered_anew(
    store: Engine, inserted: int, kept: tuple[str | None, int | None]
) -> None:
    with writing(store) as conn:
        upsert_billing_keys(conn, [planted_key()], checked_at=PAID_AT)
    erased(store)
    told = planted_key() | {"inserted": inserted, "updated": NOW + 60}
    with writing(store) as conn:
        upsert_billing_keys(conn, [told], checked_at=NOW + 120)
    with reading(store) as conn:
        row = conn.execute(text("SELECT customer_name, anonymous_at FROM billing_key WHERE customer_uid = :uid"),
                           {"uid": KEY}).one()  # fmt: skip
    assert tuple(row) == kept
    require_whole(store, "registered anew")


@pytest.mark.parametrize(("status", "kept"), [("scheduled", (NAME, None)), ("executed", (None, NOW))])
def test_a_schedule_has_its_buyer_once_it_is_booked_anew(
    store: Engine, status: str, kept: tuple[str | None, int | None]
) -> None:
    with writing(store) as conn:
        upsert_schedules(conn, [planted_schedule(schedule_status="revoked")], as_of=PAID_AT * 1000)
    erased(store)
    told = planted_schedule(schedule_status=status, schedule_at=NOW + 600, executed_at=0, digest=b"anew")
    with writing(store) as conn:
        upsert_schedules(conn, [told], as_of=(NOW + 120) * 1000)
    with reading(store) as conn:
        row = conn.execute(text("SELECT buyer_name, anonymous_at FROM schedule WHERE merchant_uid = :uid"),
                           {"uid": BOOKED}).one()  # fmt: skip
    assert tuple(row) == kept
    require_whole(store, "booked anew")


def test_what_has_no_time_at_all_waits_until_it_has_one(sqlite_store: Engine) -> None:
    timeless = {"started_at": 0, "paid_at": 0, "cancelled_at": 0}
    late = planted_payment("imp_777000000002", PAID_AT + TERM - 60)
    with writing(sqlite_store) as conn:
        upsert_payments(conn, [planted_payment(**timeless), late], as_of=PAID_AT * 1000)
    assert anonymise(sqlite_store, PAID_AT + TERM, 5) == {}
    with reading(sqlite_store) as conn:
        held = find_buyer(conn, TEL, Terms(PAID_AT + TERM, 5)).rows
    row = next(row for row in held if row.uid == UID)
    assert (row.stays, row.until) == (Stays.PAID, None)
    with writing(sqlite_store) as conn:
        upsert_payments(conn, [planted_payment(digest=b"with its time")], as_of=PAID_AT * 2000)
    assert anonymise(sqlite_store, PAID_AT + TERM, 5) == {"payments": 1}
    assert buyer_of(sqlite_store)[0] is None


def test_what_comes_behind_a_pass_that_runs_is_found_by_the_next(
    sqlite_store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    rows = [planted_payment(f"imp_7770000001{n:02d}", PAID_AT + n) for n in range(6)]
    with writing(sqlite_store) as conn:
        upsert_payments(conn, rows, as_of=1)

    def comes() -> bool:
        with writing(sqlite_store) as conn:
            upsert_payments(conn, [planted_payment("imp_777000000003", PAID_AT - 900 * DAY)], as_of=1)
        return False

    assert anonymise(sqlite_store, PAID_AT + TERM, 5, comes) == {"payments": 6}
    assert anonymise(sqlite_store, PAID_AT + TERM + DAY, 5) == {"payments": 1}


def test_what_nobody_can_read_is_deleted_when_it_came_last_longer_ago_than_the_term(
    store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    last = past_before(PAID_AT + TERM, 5)
    with writing(store) as conn:
        for number, at in enumerate([last - 1, last - 2, last - 3, last]):
            values = {"uid": f"imp_{number}", "at": at, "raw": NAME.encode()}
            conn.execute(text("INSERT INTO unreadable_row (kind, uid, digest, reason, raw, seen, first_at, last_at) "
                              "VALUES ('payment', :uid, '', 'amount', :raw, 1, 1, :at)"), values)  # fmt: skip
    assert anonymise(store, PAID_AT + TERM, 5) == {"unreadables": 3}
    with reading(store) as conn:
        assert conn.execute(text("SELECT uid FROM unreadable_row")).scalars().all() == ["imp_3"]
