"""What is kept of failed schedules: moved by the database itself, equal to a count of them whatever happens."""

import random

from sqlalchemy import Engine, text

from services.clock import DAY, day_of, day_start
from services.recovery.desk import RECENT, failed_by_action
from services.recovery.reports import recovered_by_month
from services.store.engine import reading, writing
from services.store.sql import in_dialect, upsert
from services.subscriptions.reasons import Action
from services.tables.chains import RecoveredBy

NOW = 1_790_000_000


def test_what_is_kept_of_failed_schedules_equals_a_count_of_them_after_any_change(store: Engine) -> None:
    chance = random.Random(11)
    columns = "merchant_uid, customer_uid, pg_provider, sandbox, amount, currency, failed_at, last_failed_at, action, "
    columns += "tries, ended, booked_at, recovered_at, recovered_month, recovered_amount, recovered_by"
    for number in range(150):
        paid = chance.random() < 0.4
        row = {
            "merchant_uid": f"s{chance.randrange(25)}", "customer_uid": "k", "pg_provider": "nice_v2",
            "sandbox": chance.random() < 0.2, "amount": chance.randrange(1, 99_999),
            "currency": chance.choice(("KRW", "USD")), "failed_at": NOW - chance.randrange(90) * DAY - number,
            "last_failed_at": NOW, "action": chance.choice(list(Action)), "tries": 0, "ended": False,
            "booked_at": chance.choice((None, NOW)), "recovered_at": NOW if paid else None,
            "recovered_month": chance.choice((202610, 202611)) if paid else None,
            "recovered_amount": 500 if paid else None,
            "recovered_by": chance.choice(list(RecoveredBy)) if paid else None,
        }  # fmt: skip
        with writing(store) as conn:
            if chance.random() < 0.2:
                conn.execute(text("DELETE FROM failed_schedule WHERE merchant_uid = :merchant_uid"), row)
            else:
                sql = upsert("failed_schedule", columns.split(", "), ("merchant_uid",))
                conn.exec_driver_sql(in_dialect(conn, sql), tuple(row.values()))
    with reading(store) as conn:
        rows = [one._mapping for one in conn.execute(text("SELECT * FROM failed_schedule WHERE NOT sandbox"))]
        kept = {(row[0], row[1]): row[2:] for row in conn.execute(text(
            "SELECT what, currency, sum(schedules), sum(amount), sum(booked) FROM failed_total "
            "WHERE kind = 'open' GROUP BY 1, 2 HAVING sum(schedules) > 0"
        ))}  # fmt: skip
        months = recovered_by_month(conn, 202601, 202612)
        recent = failed_by_action(conn, NOW)
    left = [row for row in rows if row["recovered_at"] is None]
    counted = {}
    for key in {(row["action"], row["currency"]) for row in left}:
        mine = [row for row in left if (row["action"], row["currency"]) == key]
        counted[key] = (len(mine), sum(row["amount"] for row in mine), sum(bool(row["booked_at"]) for row in mine))
    assert {key: tuple(map(int, sums)) for key, sums in kept.items()} == counted
    assert sum(one.schedules for one in months) == len(rows) - len(left)
    assert sum(one.amount for one in months) == 500 * (len(rows) - len(left))
    first = day_start(day_of(NOW) - RECENT)
    assert sum(one.schedules for one in recent) == sum(row["failed_at"] >= first for row in left) > 0
