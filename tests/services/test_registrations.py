"""Registrations of billing keys: what one charged counts as money everywhere, and what it only showed nowhere."""

import csv
import io
import itertools
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from services.clock import SEOUL, date_to_day, day_of
from services.exports.export import export
from services.gateway import Gateway
from services.mirror.sync import sync
from services.operations.actions.refund_rules import Level, verdict
from services.payment_states import PaymentKind
from services.registrations import took_money
from services.revenue.bridge import bridge
from services.revenue.figures import figures
from services.revenue.mrr import mrr_months
from services.revenue.periods import Period
from services.store.engine import create_store, reading
from services.store.lists.filters import PaymentFilter
from services.store.lists.key_filters import KeyFilter
from services.store.lists.keys import get_key_summary
from services.store.lists.one import get_payment, list_charged
from services.store.lists.payments import search_payments
from services.store.lists.refunds import refund_totals, search_refunds
from services.store.lists.subscriptions import SubscriptionFilter, list_subscriptions
from services.store.lists.totals import filter_totals, tiles
from services.store.migrations import migrate
from services.subscriptions.keep import refresh_chains
from services.tables.v1 import Basis
from tests.worlds.key_recount import require_whole, rows_of
from tests.worlds.plain_reader import KEY, PAYMENT
from tests.worlds.recount import index_kept, index_rebuilt, totals_kept, totals_recounted
from tests.worlds.revenue_recount import revenue_kept, revenue_recounted
from tests.worlds.rows.older_rows import copy_into
from tests.worlds.rows.payment_rows import EVERYTHING, fill, listed, mixed
from tests.worlds.rows.times import at
from tests.worlds.screens.screens import payment
from tests.worlds.servers import v1_server

FROM, TO = datetime(2026, 10, 1, tzinfo=SEOUL), datetime(2026, 11, 28, 12, tzinfo=SEOUL)
SPAN = Period(date_to_day(FROM.date()), date_to_day(TO.date()))
CHOSEN = PaymentFilter(from_day=SPAN.from_day, to_day=SPAN.to_day)


def row(imp_uid: str, uid: str, usage: str | None, paid: str, **more: Any) -> v1_server.Row:
    """A payment of 5,900 won as V1 tells it."""
    return dict.fromkeys(PAYMENT) | {
        "imp_uid": imp_uid, "merchant_uid": f"order_{imp_uid}", "customer_uid": uid, "customer_uid_usage": usage,
        "pg_provider": "kakaopay", "pay_method": "point", "status": "paid", "currency": "KRW", "amount": 5900,
        "cancel_amount": 0, "name": "월간 구독", "started_at": at(paid) - 30, "paid_at": at(paid), "failed_at": 0,
        "cancelled_at": 0, "cancel_history": [],
    } | more  # fmt: skip


def given_back(when: str) -> dict[str, Any]:
    entry = {"pg_tid": "t", "amount": 5900, "cancelled_at": at(when), "reason": "단순 변심", "receipt_url": None}
    return {"status": "cancelled", "cancel_amount": 5900, "cancelled_at": at(when), "cancel_history": [entry]}


CHARGED = [
    row("imp_000000000001", "4", "issue", "2026-10-10 10:00"),
    row("imps_000000000002", "4", "payment.scheduled", "2026-11-10 10:00"),
    row("imp_000000000003", "5", "issue", "2026-11-20 10:00", **given_back("2026-11-21 09:00")),
]
NAVER = {"pg_provider": "naverpay", "pay_method": "card"}
FOR_SHOW = [
    row("imp_000000000004", "6", "issue", "2026-11-02 10:00", **NAVER),
    row("imp_000000000005", "7", "issue", "2026-11-03 10:00", **NAVER, **given_back("2026-11-04 10:00")),
    row("imp_000000000006", "8", None, "2026-11-05 10:00", pg_provider="nice_v2", pay_method="vbank",
        customer_uid=None) | given_back("2026-11-06 10:00") | {"paid_at": 0},
]  # fmt: skip


def mirror(engine: Engine, rows: list[v1_server.Row]) -> None:
    """Reads a stand-in of the gateway over HTTP."""
    now = TO.timestamp()
    keys = [dict.fromkeys(KEY) | {"customer_uid": uid, "pg_provider": "kakaopay"} for uid in "4567"]
    with v1_server.serving(v1_server.Gateway(rows, [], keys, lambda: int(now))) as address:
        gateway = Gateway(address, v1_server.KEY, v1_server.SECRET, clock=lambda: now)
        sync(gateway, engine, full=True)
    refresh_chains(engine, now)


@pytest.mark.parametrize("rows", [CHARGED, CHARGED + FOR_SHOW], ids=["charged", "and what was shown beside it"])
def test_the_money_counted_is_the_money_that_moved(sqlite_store: Engine, rows: list[v1_server.Row]) -> None:
    mirror(sqlite_store, rows)
    with reading(sqlite_store) as conn:
        sums = figures(conn, SPAN)
        assert (sums.gross, sums.refunds, sums.net, sums.payments, sums.refund_count) == (17_700, 5_900, 11_800, 3, 1)
        assert sums.recurring_gross == 17_700
        october, november = mrr_months(conn, 202610, 202611)
        assert (october.mrr, november.mrr) == (5_900, 5_900)
        (subscription,) = list_subscriptions(conn, SubscriptionFilter()).rows
        assert (subscription.customer_uid, subscription.since) == ("4", at("2026-10-10 10:00"))
        fifth = get_key_summary(conn, "5")
        assert fifth is not None
        assert (fifth.payments, fifth.paid_amount, fifth.state) == (1, 5_900, "active")
        refunds = search_refunds(conn, CHOSEN).rows
        assert [(one.imp_uid, one.amount) for one in refunds] == [("imp_000000000003", 5_900)]
        assert search_refunds(conn, PaymentFilter(text="imp_000000000005")).rows == ()
        assert [(one.rows, one.amount) for one in refund_totals(conn, CHOSEN)] == [(1, 5_900)]
        first = get_payment(conn, "imp_000000000001")
        assert first is not None
        told = verdict(first, TO.timestamp())
        assert (told.level, "registered a billing key" in told.because) == (Level.ALLOWED, False)
        assert [one.imp_uid for one in list_charged(conn, "5", at("2026-11-20 00:00"))] == ["imp_000000000003"]
        gross, back = bridge(conn, 202611)
        assert (gross.by_event.amount, back.by_event.amount) == (11_800, 5_900)


def test_what_took_nothing_is_registered_and_what_nobody_paid_into_is_revoked(sqlite_store: Engine) -> None:
    mirror(sqlite_store, CHARGED + FOR_SHOW)
    with reading(sqlite_store) as conn:
        for basis in (Basis.PAID, Basis.STATUS, Basis.STARTED):
            counts = tiles(conn, PaymentFilter(basis=basis, from_day=SPAN.from_day, to_day=SPAN.to_day))
            assert counts == {"paid": 2, "cancelled": 1, "registered": 2, "revoked": 1}
        kinds = Counter(facet for facet in (PaymentKind.REGISTRATION, PaymentKind.RECURRING) for _row in
                        search_payments(conn, PaymentFilter(kinds=frozenset({facet}))).rows)  # fmt: skip
        assert kinds == {PaymentKind.REGISTRATION: 2, PaymentKind.RECURRING: 3}
        states = {one.imp_uid: one.state for one in search_payments(conn, PaymentFilter()).rows}
        sixth = get_key_summary(conn, "6")
        assert sixth is not None
        assert (sixth.payments, sixth.state) == (0, "unused")
        shown = get_payment(conn, "imp_000000000004")
        assert shown is not None
        assert "registered a billing key" in verdict(shown, TO.timestamp()).because
    assert [states[f"imp_{number:012d}"] for number in (4, 5, 6)] == ["registered", "registered", "revoked"]
    rows = exported(sqlite_store, "payments")
    amounts = {one["imp_uid"]: (one["payment_state"], one["amount"], one["cancel_amount"]) for one in rows}
    assert amounts == {
        "imp_000000000001": ("paid", "5900", "0"),
        "imps_000000000002": ("paid", "5900", "0"),
        "imp_000000000003": ("cancelled", "5900", "5900"),
        "imp_000000000004": ("registered", "0", "0"),
        "imp_000000000005": ("registered", "0", "0"),
        "imp_000000000006": ("revoked", "5900", "0"),
    }
    assert [one["imp_uid"] for one in exported(sqlite_store, "refunds")] == ["imp_000000000003"]
    keys = {one["customer_uid"]: one["payments"] for one in exported(sqlite_store, "billing-keys", KeyFilter())}
    assert keys == {"4": "2", "5": "1", "6": "0", "7": "0"}


def exported(engine: Engine, kind: str, chosen: Any = CHOSEN) -> list[dict[str, str]]:
    file = b"".join(export(engine, kind, chosen, fmt="csv", labels=None, with_buyers=True))
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"))))


# (PG, methods that it charges): everything else that registers a key shows its amount only.
CHARGING = {
    "kakaopay": ("card", "point", "phone"), "danal": ("card", "phone"), "danal_tpay": ("card",),
    "mobilians": ("card", "phone"), "mobilians_v2": ("card", "phone"), "settle_acc": ("trans",),
    "paymentwall": ("card",), "galaxia": ("phone",), "welcome": ("phone",),
}  # fmt: skip
FOR_SHOW_ONLY = (
    "naverpay", "html5_inicis", "kcp", "kcp_billing", "payco", "kicc", "tosspayments", "tosspay_v2", "smartro_v2",
    "paypal_v2", "galaxia", "welcome", "nice",
)  # fmt: skip


def test_each_pg_charges_a_registration_by_its_own_guide() -> None:
    for pg, methods in CHARGING.items():
        for method in methods:
            assert took_money(pg, method, "issue", 100), (pg, method)
            assert not took_money(pg, method, "issue", 0), (pg, method)
    for pg in FOR_SHOW_ONLY:
        assert not took_money(pg, "card", "issue", 5_900, "pc"), pg
    assert not took_money(None, None, "issue", 5_900)
    assert took_money("html5_inicis", "card", "issue", 5_900, "api")
    for usage in (None, "payment", "payment.scheduled"):
        assert took_money("naverpay", "card", usage, 5_900), usage


def test_a_registration_that_turns_out_to_be_a_charge_moves_everything_kept(store: Engine) -> None:
    now = at("2026-11-20 10:00")
    pairs = itertools.product(("naverpay", "kakaopay"), (0, 5_900))
    for number, (pg, amount) in enumerate(pairs):
        own = {"customer_uid": "k", "customer_uid_usage": "issue", "pg_provider": pg}
        fill(store, [payment("imp_1", now, "paid", amount, **own)._replace(digest=bytes([number]))])
        require_whole(store, pg)
        assert totals_kept(store) == totals_recounted(store)
        assert revenue_kept(store) == revenue_recounted(store)
    with reading(store) as conn:
        total = filter_totals(conn, PaymentFilter(from_day=day_of(now), to_day=day_of(now)))
        assert total is not None
        assert [one.gross for one in total] == [5_900]


def test_a_database_of_before_is_counted_anew(tmp_path: Path) -> None:
    older, newer = (create_store(f"sqlite:///{tmp_path / name}.db") for name in ("older", "newer"))
    migrate(newer)
    fill(newer, mixed(800, seed=11))
    with reading(newer) as conn:
        rows = {table: rows_of(conn, table) for table in ("facet", "payment", "cancellation")}
    migrate(older, "0004")
    copy_into(older, rows)
    migrate(older)
    assert len({row["state"] for row in rows["facet"]} & {"registered", "revoked"}) == 2
    assert totals_kept(older) == totals_recounted(older)
    assert by_facet(older) == by_facet(newer)
    assert revenue_kept(older) == revenue_recounted(older) == revenue_kept(newer)
    require_whole(older, "migrated")
    assert [one.imp_uid for one in listed(older, EVERYTHING)] == [one.imp_uid for one in listed(newer, EVERYTHING)]
    assert index_kept(older) == index_rebuilt(older)
    for engine in (older, newer):
        engine.dispose()


def by_facet(engine: Engine) -> dict[str, tuple[Any, ...]]:
    """Each payment's facet, whatever its number."""
    names = "status, state, f.pg_provider, f.pay_method, f.card_name, f.customer_uid_usage, registered, f.sandbox"
    with reading(engine) as conn:
        sql = f"SELECT imp_uid, f.currency, f.{names} FROM payment p JOIN facet f ON f.id = p.facet_id"
        return {one[0]: tuple(one[1:]) for one in conn.exec_driver_sql(sql)}
