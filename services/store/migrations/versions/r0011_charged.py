"""Registrations that charged become payments, and accounts that were revoked before a deposit no refunds.

Facets say so, rows of the others get the right one, and everything kept of money is counted anew.
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op
from services.store.migrations.versions.r0007_revenue import fill_revenue

revision = "0011"
down_revision = "0010"

_KEY = ["status", "state", "pg_provider", "pay_method", "customer_uid_usage", "registered", "sandbox", "currency"]
_REGISTERED = """(coalesce(p.customer_uid_usage, '') = 'issue' AND NOT (p.amount > 0 AND (
    coalesce(p.pg_provider, '') IN
        ('kakaopay', 'danal', 'danal_tpay', 'mobilians', 'mobilians_v2', 'settle_acc', 'paymentwall')
    OR (coalesce(p.pg_provider, '') IN ('galaxia', 'welcome') AND coalesce(p.pay_method, '') = 'phone')
    OR (coalesce(p.pg_provider, '') = 'html5_inicis' AND coalesce(p.channel, '') = 'api'))))"""
_STATE = f"""CASE WHEN p.status = 'cancelled' AND p.paid_at = 0 THEN 'revoked'
    WHEN p.status IN ('paid', 'cancelled') AND {_REGISTERED} THEN 'registered'
    WHEN p.status = 'paid' AND p.cancel_amount > 0 THEN 'partly_refunded' ELSE p.status END"""
_MOVED = f"(p.paid_at > 0 AND NOT {_REGISTERED})"
_AMOUNT = f"CASE WHEN {_REGISTERED} THEN 0 ELSE p.amount END"
_GIVEN = f"CASE WHEN {_MOVED} THEN p.cancel_amount ELSE 0 END"
_REFUND = """(
    SELECT imp_uid, cancelled_at AS at, amount, reason FROM cancellation
    UNION ALL SELECT imp_uid, CASE WHEN cancelled_at > 0 THEN cancelled_at ELSE paid_at END, cancel_amount,
        cancel_reason
    FROM payment q WHERE cancel_amount > 0 AND NOT EXISTS (SELECT 1 FROM cancellation c WHERE c.imp_uid = q.imp_uid)
) r JOIN payment p ON p.imp_uid = r.imp_uid"""
# A key's summary counts what was charged, as the services of this revision count it.
_CHARGES = f"""(SELECT p.* FROM payment p WHERE p.customer_uid IN (SELECT customer_uid FROM moved_key)
    AND NOT {_REGISTERED})"""
_COUNTED = f"""
UPDATE key_summary SET
    payments = (SELECT count(*) FROM {_CHARGES} c WHERE c.customer_uid = key_summary.customer_uid AND c.paid_at > 0),
    failures = (SELECT count(*) FROM {_CHARGES} c WHERE c.customer_uid = key_summary.customer_uid
        AND c.paid_at = 0 AND c.failed_at > 0)
WHERE customer_uid IN (SELECT customer_uid FROM moved_key)
"""
_LAST = f"""
SELECT customer_uid, at, imp_uid, amount, currency, fail_reason FROM (
    SELECT p.customer_uid, p.{{at}} AS at, p.imp_uid, p.amount, p.currency, p.fail_reason, row_number() OVER (
        PARTITION BY p.customer_uid ORDER BY p.{{at}} DESC, p.imp_uid DESC) AS place
    FROM {_CHARGES} p WHERE {{when}}) AS l
WHERE place = 1
"""
_STANDS = """
UPDATE key_summary SET state = CASE WHEN state = 'deleted' THEN state WHEN failed_at > paid_at THEN 'failing'
    WHEN paid_at > 0 OR booked > 0 THEN 'active' ELSE 'unused' END
WHERE customer_uid IN (SELECT customer_uid FROM moved_key)
"""
_KEY_TOTALS = """
INSERT INTO key_total (state, pg_provider, sandbox, duplicated, keys, booked_keys, booked, booked_won)
SELECT state, pg_provider, sandbox, duplicated, count(*), count(next_at), sum(booked), sum(booked_won)
FROM key_summary GROUP BY state, pg_provider, sandbox, duplicated
"""


def upgrade() -> None:
    _facets()
    count_days()
    op.execute("DELETE FROM split_total")
    op.execute("DELETE FROM bridge_total")
    fill_revenue(f"NOT p.sandbox AND NOT {_REGISTERED}", f"NOT p.sandbox AND {_MOVED}")
    _keys()


def _facets() -> None:
    op.drop_index("facet_key", "facet")
    op.add_column("facet", sa.Column("state", sa.String(), nullable=True))
    op.add_column("facet", sa.Column("registered", sa.Boolean(), nullable=True))
    op.execute(
        "UPDATE facet SET state = CASE WHEN partly_refunded THEN 'partly_refunded' ELSE status END, registered = false"
    )
    with op.batch_alter_table("facet") as batch:
        batch.drop_column("partly_refunded")
        batch.alter_column("state", existing_type=sa.String(), nullable=False)
        batch.alter_column("registered", existing_type=sa.Boolean(), nullable=False)
    op.create_index("facet_key", "facet", _KEY, unique=True)
    conn = op.get_bind()
    told = conn.exec_driver_sql(
        f"SELECT DISTINCT f.id, {_STATE}, {_REGISTERED}, f.state FROM facet f JOIN payment p ON p.facet_id = f.id "
        "WHERE f.customer_uid_usage = 'issue' OR f.status = 'cancelled'"
    ).fetchall()
    for facet, state, registered, before in told:
        if registered or state != before:
            _move(facet, state, bool(registered))
    op.execute("UPDATE facet SET payments = (SELECT count(*) FROM payment p WHERE p.facet_id = facet.id)")


def _move(facet: int, state: str, registered: bool) -> None:
    """Gives the rows of a facet that are in a state the facet of that state."""
    same = ("status", "pg_provider", "pay_method", "customer_uid_usage", "sandbox", "currency")
    names, flag = ", ".join(same), "true" if registered else "false"
    _run(
        f"INSERT INTO facet ({names}, state, registered, payments) SELECT {names}, ?, {flag}, 0 FROM facet "
        f"WHERE id = ? ON CONFLICT ({', '.join(_KEY)}) DO NOTHING",
        [(state, facet)],
    )
    both = " AND ".join(f"n.{name} = f.{name}" for name in same)
    _run(
        f"UPDATE payment SET facet_id = (SELECT n.id FROM facet n JOIN facet f ON {both} WHERE f.id = ? "
        f"AND n.state = ? AND n.registered = {flag}) WHERE id IN (SELECT p.id FROM payment p WHERE p.facet_id = ? "
        f"AND {_STATE} = ? AND {_REGISTERED} = {flag})",
        [(facet, state, facet, state)],
    )


def count_days() -> None:
    """Every kept sum of days, from the rows."""
    op.execute("DELETE FROM daily_total")
    sources = (
        ("status", "payment p", "p.status_at", _AMOUNT, _GIVEN, "1 = 1"),
        ("started", "payment p", "p.started_at", _AMOUNT, _GIVEN, "1 = 1"),
        ("paid", "payment p", "p.paid_at", _AMOUNT, _GIVEN, "p.paid_at <> 0"),
        ("failed", "payment p", "p.failed_at", _AMOUNT, "0", "p.failed_at <> 0 AND p.paid_at = 0"),
        ("refunded", _REFUND, "r.at", "r.amount", "0", _MOVED),
        ("refunded_part", _REFUND, "r.at", "r.amount", "0", f"{_MOVED} AND r.amount < p.amount"),
    )
    for basis, source, at, amount, given, when in sources:
        op.execute(
            "INSERT INTO daily_total (basis, day, facet_id, payments, amount, cancel_amount) "
            f"SELECT '{basis}', ({at} + 32400) / 86400 AS day, p.facet_id, count(*), sum({amount}), sum({given}) "
            f"FROM {source} WHERE {when} GROUP BY 2, 3"
        )


def _keys() -> None:
    """Keys with a registration that charged; what changed of them has their chains worked out anew."""
    op.execute("CREATE TEMPORARY TABLE moved_key (customer_uid VARCHAR PRIMARY KEY)")
    op.execute(
        "INSERT INTO moved_key SELECT DISTINCT p.customer_uid FROM payment p "
        f"WHERE p.customer_uid <> '' AND p.customer_uid_usage = 'issue' AND NOT {_REGISTERED}"
    )
    op.execute(_COUNTED)
    _last("paid_at", "p.paid_at > 0", ("paid_at", "paid_imp_uid", "paid_amount", "paid_currency"), (1, 2, 3, 4))
    _last("failed_at", "p.paid_at = 0 AND p.failed_at > 0", ("failed_at", "failed_imp_uid", "fail_reason"), (1, 2, 5))
    op.execute(_STANDS)
    op.execute("DELETE FROM key_total")
    op.execute(_KEY_TOTALS)
    op.execute(
        "INSERT INTO chain_change (customer_uid, changes) SELECT customer_uid, 1 FROM moved_key WHERE true "
        "ON CONFLICT (customer_uid) DO UPDATE SET changes = chain_change.changes + 1"
    )
    op.execute("DROP TABLE moved_key")


def _last(at: str, when: str, columns: Iterable[str], places: Iterable[int]) -> None:
    rows = op.get_bind().exec_driver_sql(_LAST.format(at=at, when=when)).fetchall()
    sets = ", ".join(f"{name} = ?" for name in columns)
    _run(
        f"UPDATE key_summary SET {sets} WHERE customer_uid = ?",
        [(*(row[one] for one in places), row[0]) for row in rows],
    )


def _run(sql: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        conn = op.get_bind()
        conn.exec_driver_sql(sql if conn.dialect.name == "sqlite" else sql.replace("?", "%s"), rows)
