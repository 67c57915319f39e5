"""Reading a billing key again: what was done to it elsewhere is in the store afterwards."""

import time

import pytest
from sqlalchemy import Engine

from services.clock import DAY
from services.gateway import Gateway
from services.gateway.requests import Booking, BookRequest, CancelRequest, DeleteKeyRequest, UnscheduleRequest
from services.mirror.keep import read_key_again
from services.mirror.sync import sync
from services.payment_states import PaymentKind
from services.sandbox.sandbox import Sandbox
from services.store.engine import reading
from services.store.lists.filters import Live, PaymentFilter
from services.store.lists.keys import get_key_summary
from services.store.lists.one import booked_on_key, get_billing_key, get_payment
from services.store.lists.payments import search_payments


@pytest.fixture
def uid(sandbox: Sandbox) -> str:
    """A Naver Pay key that was charged more often than a page of the gateway holds."""
    keys = sandbox.world.billing_keys
    charged = sandbox.world.charges.items()
    return next(uid for uid, paid in charged if len(paid) > 20 and keys.get(uid, {}).get("pg_provider") == "naverpay")


def test_a_booking_made_elsewhere_is_seen_however_far_ahead_and_one_revoked_elsewhere_is_gone(
    sqlite_store: Engine, gateway: Gateway, uid: str
) -> None:
    sync(gateway, sqlite_store)
    with reading(sqlite_store) as conn:
        before = {one.merchant_uid for one in booked_on_key(conn, uid)}
    far = Booking("far1", int(time.time()) + 4 * 366 * DAY, 5_000, "사과", "KRW", None, None)
    near = Booking("near1", int(time.time()) + 3 * DAY, 6_000, "배", "KRW", None, None)
    gateway.book_schedules(BookRequest(uid, (far, near)))
    read_key_again(gateway, sqlite_store, uid)
    with reading(sqlite_store) as conn:
        assert {one.merchant_uid for one in booked_on_key(conn, uid)} == before | {"far1", "near1"}
    gateway.unschedule(UnscheduleRequest(uid, ("near1",)))
    read_key_again(gateway, sqlite_store, uid)
    with reading(sqlite_store) as conn:
        assert {one.merchant_uid for one in booked_on_key(conn, uid)} == before | {"far1"}


def test_a_refund_made_elsewhere_is_seen_on_the_oldest_page_too(
    sqlite_store: Engine, gateway: Gateway, uid: str
) -> None:
    sync(gateway, sqlite_store)
    charged = frozenset({PaymentKind.RECURRING})
    chosen = PaymentFilter(customer_uid=uid, live=Live.ALL, states=frozenset({"paid"}), kinds=charged)
    with reading(sqlite_store) as conn:
        oldest = search_payments(conn, chosen, limit=500).rows[-1]
    gateway.cancel_payment(CancelRequest(oldest.imp_uid, 100, oldest.amount, "KRW", "변심", "customer"))
    read_key_again(gateway, sqlite_store, uid)
    with reading(sqlite_store) as conn:
        found = get_payment(conn, oldest.imp_uid)
    assert found is not None
    assert found.cancel_amount == 100


def test_a_key_deleted_elsewhere_is_marked_and_its_payments_stay(
    sqlite_store: Engine, gateway: Gateway, uid: str
) -> None:
    sync(gateway, sqlite_store)
    gateway.delete_billing_key(uid, DeleteKeyRequest("해지", "customer"))
    read_key_again(gateway, sqlite_store, uid)
    with reading(sqlite_store) as conn:
        key, summary = get_billing_key(conn, uid), get_key_summary(conn, uid)
    assert key is not None
    assert summary is not None
    assert key.deleted_at is not None
    assert (summary.state, summary.payments > 20) == ("deleted", True)


def test_a_key_that_is_new_comes_with_its_payments(sqlite_store: Engine, gateway: Gateway, uid: str) -> None:
    read_key_again(gateway, sqlite_store, uid)
    with reading(sqlite_store) as conn:
        summary = get_key_summary(conn, uid)
    assert summary is not None
    assert summary.payments > 10
