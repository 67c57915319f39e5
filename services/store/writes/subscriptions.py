"""Keeping subscriptions and what they moved: rows of a key are replaced, and the totals move by the difference."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Connection

from services.store.sql import column_names, fetch, in_dialect, one_of, upsert
from services.store.writes.chains import Row
from services.tables.revenue import CohortTotal, MrrMovement, MrrTotal, Subscription

_SUBSCRIPTION = column_names(Subscription)
_MOVEMENT = column_names(MrrMovement)
_TOTAL = column_names(MrrTotal)
_COHORT = column_names(CohortTotal)
_TOTAL_KEY, _COHORT_KEY = _TOTAL[:6], _COHORT[:3]
_SPLITS = ("", "pg_provider", "name")


def mark_due_subscriptions(conn: Connection, now: int) -> None:
    """Has those worked out anew that change by time alone."""
    conn.exec_driver_sql(
        in_dialect(
            conn,
            "INSERT INTO chain_change (customer_uid, changes) SELECT customer_uid, 1 FROM subscription "
            "WHERE review_at <= ? ON CONFLICT (customer_uid) DO UPDATE SET changes = chain_change.changes + 1",
        ),
        (now,),
    )


def keep_subscriptions(
    conn: Connection, settled: Collection[str], subscriptions: Iterable[Row], movements: Sequence[Row]
) -> None:
    """Replaces all that is kept of the settled keys."""
    condition, bound = one_of(conn, "customer_uid", settled)
    names = ", ".join(_MOVEMENT)
    before = [
        dict(zip(_MOVEMENT, row, strict=True))
        for row in fetch(conn, f"SELECT {names} FROM mrr_movement WHERE {condition}", (bound,))
    ]
    for table in ("subscription", "mrr_movement"):
        conn.exec_driver_sql(in_dialect(conn, f"DELETE FROM {table} WHERE {condition}"), (bound,))
    after = [row for row in movements if row["customer_uid"] in settled]
    _insert(conn, "subscription", _SUBSCRIPTION, [row for row in subscriptions if row["customer_uid"] in settled])
    _insert(conn, "mrr_movement", _MOVEMENT, after)
    _add_up(conn, before, after)


def _insert(conn: Connection, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    if rows:
        marks = ", ".join("?" for _ in columns)
        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
        conn.exec_driver_sql(in_dialect(conn, sql), [tuple(row[name] for name in columns) for row in rows])


def _add_up(conn: Connection, before: Iterable[Row], after: Iterable[Row]) -> None:
    totals: defaultdict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    cohorts: defaultdict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0])
    for rows, sign in ((before, -1), (after, 1)):
        for row in rows:
            if row["sandbox"]:
                continue
            subscribers, amount = sign * row["subscribers"], sign * row["amount"]
            for field in _SPLITS:
                value = row[field] if field else ""
                key = (field, row["currency"], row["month"], value, row["kind"], row["churn"])
                _add(totals[key], sign, amount, subscribers)
            _add(cohorts[row["currency"], row["cohort"], row["month"]], subscribers, amount)
    _upsert(conn, "mrr_total", _TOTAL, _TOTAL_KEY, totals)
    _upsert(conn, "cohort_total", _COHORT, _COHORT_KEY, cohorts)


def _add(sums: list[int], *more: int) -> None:
    for at, value in enumerate(more):
        sums[at] += value


def _upsert(
    conn: Connection,
    table: str,
    columns: Sequence[str],
    key: Sequence[str],
    sums: dict[tuple[object, ...], list[int]],
) -> None:
    rows = [(*at, *values) for at, values in sums.items() if any(values)]
    if rows:
        changes = [f"{name} = {table}.{name} + excluded.{name}" for name in columns if name not in key]
        conn.exec_driver_sql(in_dialect(conn, upsert(table, columns, key, changes)), rows)
