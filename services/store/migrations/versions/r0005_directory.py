"""The directory of billing keys, and facets, positions and a search index of schedules: filled from what is there."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_CHUNK = 1000
_FACET = ["state", "pg_provider", "sandbox", "duplicated"]
_SCHEDULE_FACET = ["schedule_status", "payment_status", "pg_provider", "sandbox", "currency"]
_KEY_TEXT = "customer_uid, buyer_name, buyer_tel, buyer_email, card_number"
_SCHEDULE_TEXT = "merchant_uid, customer_uid, imp_uid, buyer_name, buyer_tel, buyer_email, name, amount"
_NUMBERS = ("registered_at", "first_at", "paid_at", "paid_amount", "failed_at", "booked_won")
_TEXTS = ("buyer_name", "buyer_tel", "buyer_email", "card_name", "card_number", "same_tel", "same_card")

# A payment counts as the services of this revision count it: a registration is none, and what was paid did not fail.
_FILL = """
INSERT INTO key_summary (id, customer_uid, position, state, pg_provider, sandbox, duplicated, is_super, buyer_name,
    buyer_tel, buyer_email, card_name, card_number, registered_at, first_at, payments, failures, paid_at, paid_amount,
    paid_currency, paid_imp_uid, failed_at, fail_reason, failed_imp_uid, booked, booked_won, next_at, next_amount,
    next_currency, next_merchant_uid)
WITH uid AS (
    SELECT customer_uid, row_number() OVER (ORDER BY customer_uid) AS number FROM (
        SELECT customer_uid FROM billing_key
        UNION SELECT customer_uid FROM payment WHERE customer_uid IS NOT NULL AND customer_uid <> ''
        UNION SELECT customer_uid FROM schedule WHERE customer_uid IS NOT NULL AND customer_uid <> ''
    ) AS every
), counted AS (
    SELECT customer_uid, max(position) AS latest,
        coalesce(min(CASE WHEN started_at > 0 THEN started_at END), 0) AS first_at,
        sum(CASE WHEN charge AND paid_at > 0 THEN 1 ELSE 0 END) AS payments,
        sum(CASE WHEN charge AND paid_at = 0 AND failed_at > 0 THEN 1 ELSE 0 END) AS failures
    FROM (SELECT p.*, coalesce(customer_uid_usage, '') <> 'issue' AS charge FROM payment p) AS p
    WHERE customer_uid IS NOT NULL GROUP BY customer_uid
), paid AS (
    SELECT customer_uid, imp_uid, paid_at, amount, currency, row_number() OVER (
        PARTITION BY customer_uid ORDER BY paid_at DESC, imp_uid DESC) AS place
    FROM payment WHERE customer_uid IS NOT NULL AND paid_at > 0 AND coalesce(customer_uid_usage, '') <> 'issue'
), failed AS (
    SELECT customer_uid, imp_uid, failed_at, fail_reason, row_number() OVER (
        PARTITION BY customer_uid ORDER BY failed_at DESC, imp_uid DESC) AS place
    FROM payment WHERE customer_uid IS NOT NULL AND paid_at = 0 AND failed_at > 0
        AND coalesce(customer_uid_usage, '') <> 'issue'
), booked AS (
    SELECT s.*, count(*) OVER (PARTITION BY customer_uid) AS n,
        sum(CASE WHEN currency = 'KRW' THEN amount ELSE 0 END) OVER (PARTITION BY customer_uid) AS won,
        row_number() OVER (PARTITION BY customer_uid ORDER BY schedule_at, merchant_uid) AS place
    FROM schedule s WHERE customer_uid IS NOT NULL AND schedule_status = 'scheduled'
)
SELECT u.number, u.customer_uid, {registered} * 16777216 + u.number,
    CASE WHEN k.deleted_at IS NOT NULL THEN 'deleted'
        WHEN coalesce(f.failed_at, 0) > coalesce(d.paid_at, 0) THEN 'failing'
        WHEN d.paid_at > 0 OR b.n > 0 THEN 'active' ELSE 'unused' END,
    coalesce(nullif(k.pg_provider, ''), nullif(l.pg_provider, ''), b.pg_provider, ''),
    CASE WHEN k.checked_at IS NOT NULL AND NOT {is_super} THEN k.sandbox ELSE coalesce(l.sandbox, false) END, false,
    {is_super},
    {buyer_name}, {buyer_tel}, {buyer_email}, {card_name}, {card_number},
    {registered}, coalesce(c.first_at, 0), coalesce(c.payments, 0), coalesce(c.failures, 0), coalesce(d.paid_at, 0),
    coalesce(d.amount, 0), d.currency, coalesce(d.imp_uid, ''), coalesce(f.failed_at, 0), f.fail_reason,
    coalesce(f.imp_uid, ''), coalesce(b.n, 0), coalesce(b.won, 0), b.schedule_at, b.amount, b.currency, b.merchant_uid
FROM uid u LEFT JOIN billing_key k ON k.customer_uid = u.customer_uid
LEFT JOIN counted c ON c.customer_uid = u.customer_uid LEFT JOIN payment l ON l.position = c.latest
LEFT JOIN paid d ON d.customer_uid = u.customer_uid AND d.place = 1
LEFT JOIN failed f ON f.customer_uid = u.customer_uid AND f.place = 1
LEFT JOIN booked b ON b.customer_uid = u.customer_uid AND b.place = 1
"""
_NEIGHBOURS = """
UPDATE key_summary SET duplicated = true WHERE state <> 'deleted' AND (
    same_tel IN (SELECT same_tel FROM key_summary WHERE state <> 'deleted' AND same_tel IS NOT NULL
        GROUP BY same_tel HAVING count(*) > 1)
    OR same_card IN (SELECT same_card FROM key_summary WHERE state <> 'deleted' AND same_card IS NOT NULL
        GROUP BY same_card HAVING count(*) > 1))
"""
_KEY_TOTALS = """
INSERT INTO key_total (state, pg_provider, sandbox, duplicated, keys, booked_keys, booked, booked_won)
SELECT state, pg_provider, sandbox, duplicated, count(*), count(next_at), sum(booked), sum(booked_won)
FROM key_summary GROUP BY state, pg_provider, sandbox, duplicated
"""
_POSITIONS = """
UPDATE schedule SET position = schedule_at * 1048576 + (SELECT count(*) FROM schedule o
    WHERE o.schedule_at = schedule.schedule_at AND o.merchant_uid < schedule.merchant_uid)
"""
_TEST_ROWS = """
UPDATE schedule SET sandbox = EXISTS
    (SELECT 1 FROM key_summary k WHERE k.customer_uid = schedule.customer_uid AND k.sandbox)
"""
_SCHEDULE_FACETS = """
INSERT INTO schedule_facet (schedule_status, payment_status, pg_provider, sandbox, currency, schedules, amount)
SELECT schedule_status, coalesce(payment_status, ''), coalesce(pg_provider, ''), sandbox, currency, count(*),
    sum(amount)
FROM schedule GROUP BY schedule_status, coalesce(payment_status, ''), coalesce(pg_provider, ''), sandbox, currency
"""
_FACET_IDS = """
UPDATE schedule SET facet_id = (SELECT f.id FROM schedule_facet f WHERE f.schedule_status = schedule.schedule_status
    AND f.payment_status = coalesce(schedule.payment_status, '') AND f.pg_provider = coalesce(schedule.pg_provider, '')
    AND f.sandbox = schedule.sandbox AND f.currency = schedule.currency)
"""
_SCHEDULE_TOTALS = """
INSERT INTO schedule_total (day, facet_id, schedules, amount)
SELECT (schedule_at + 32400) / 86400 AS day, facet_id, count(*), sum(amount) FROM schedule GROUP BY day, facet_id
"""


def upgrade() -> None:
    _summary_table()
    op.create_table(
        "key_total",
        *(sa.Column(name, sa.String(), nullable=False) for name in _FACET[:2]),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in _FACET[2:]),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("keys", "booked_keys", "booked", "booked_won")),
        sa.PrimaryKeyConstraint(*_FACET),
    )
    lite = op.get_bind().dialect.name == "sqlite"
    for name in ("key_gram", "schedule_gram"):
        _gram_table(name, lite)
    _fill(lite)
    _summary_indexes()
    _schedules()
    _grams(lite, "key_gram", "key_summary", _KEY_TEXT, _key_text)
    _grams(lite, "schedule_gram", "schedule", _SCHEDULE_TEXT, _schedule_text)


def _gram_table(name: str, lite: bool) -> None:
    if lite:
        options = "content='', columnsize=0, detail=none, tokenize='trigram'"
        op.execute(f"CREATE VIRTUAL TABLE {name} USING fts5(t, {options})")
    else:
        op.execute(f"CREATE TABLE {name} (position BIGINT PRIMARY KEY, grams TEXT[] NOT NULL)")
        op.execute(f"CREATE INDEX {name}_grams ON {name} USING gin (grams)")


def _summary_table() -> None:
    op.create_table(
        "key_summary",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_uid", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("state", "pg_provider")),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("sandbox", "duplicated", "is_super")),
        *(sa.Column(name, sa.String(), nullable=True) for name in _TEXTS),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in _NUMBERS),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("payments", "failures", "booked")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("paid_imp_uid", "failed_imp_uid")),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("paid_currency", "fail_reason", "next_currency")),
        sa.Column("next_merchant_uid", sa.String(), nullable=True),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("next_at", "next_amount")),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("customer_uid"),
        sa.UniqueConstraint("position"),
    )


def _summary_indexes() -> None:
    op.create_index("key_facet_position", "key_summary", [*_FACET, "position"])
    _index_where_known("key_facet_next", [*_FACET, "next_at", "customer_uid"], "next_at")
    _index_where_known("key_next", ["next_at", "customer_uid"], "next_at")
    for name in ("same_tel", "same_card"):
        _index_where_known(f"key_{name}", [name], name)


def _index_where_known(index: str, columns: list[str], column: str) -> None:
    known = sa.text(f"{column} IS NOT NULL")
    op.create_index(index, "key_summary", columns, sqlite_where=known, postgresql_where=known)


def _schedules() -> None:
    op.create_table(
        "schedule_facet",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in _SCHEDULE_FACET[:3]),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("schedules", "amount")),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("schedule_facet_key", "schedule_facet", _SCHEDULE_FACET, unique=True)
    op.drop_table("schedule_total")
    op.create_table(
        "schedule_total",
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("day", "facet_id")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("schedules", "amount")),
        sa.PrimaryKeyConstraint("day", "facet_id"),
    )
    added: dict[str, Any] = {"position": sa.BigInteger(), "facet_id": sa.Integer(), "sandbox": sa.Boolean()}
    for name, kind in added.items():
        op.add_column("schedule", sa.Column(name, kind, nullable=True))
    for statement in (_POSITIONS, _TEST_ROWS, _SCHEDULE_FACETS, _FACET_IDS, _SCHEDULE_TOTALS):
        op.execute(statement)
    for name in ("schedule_time", "schedule_status_time", "ix_schedule_customer_uid"):
        op.drop_index(name, "schedule")
    with op.batch_alter_table("schedule") as batch:
        for name, kind in added.items():
            batch.alter_column(name, existing_type=kind, nullable=False)
    op.create_index("schedule_position", "schedule", ["position"], unique=True)
    op.create_index("schedule_facet_position", "schedule", ["facet_id", "position"])
    known = sa.text("customer_uid IS NOT NULL")
    columns = ["customer_uid", "position"]
    op.create_index("schedule_customer", "schedule", columns, sqlite_where=known, postgresql_where=known)


def _fill(lite: bool) -> None:
    texts = {
        name: f"coalesce(nullif(k.customer_{name[6:]}, ''), nullif(l.{name}, ''), b.{name})"
        for name in ("buyer_name", "buyer_tel", "buyer_email")
    } | {name: f"coalesce(nullif(k.{name}, ''), l.{name})" for name in ("card_name", "card_number")}
    is_super = "coalesce(k.extra LIKE '%channelGroupId%' OR k.extra LIKE '%succeededChannels%', false)"
    registered = "coalesce(nullif(k.inserted, 0), c.first_at, 0)"
    op.execute(_FILL.format(registered=registered, is_super=is_super, **texts))
    digits = "digits(buyer_tel)" if lite else "regexp_replace(buyer_tel, '[^0-9]', '', 'g')"
    if lite:
        driver: Any = op.get_bind().connection.driver_connection
        driver.create_function("digits", 1, lambda tel: "".join(filter(str.isdigit, tel or "")), deterministic=True)
    op.execute(f"UPDATE key_summary SET same_tel = {digits} WHERE buyer_tel IS NOT NULL")
    op.execute(
        "UPDATE key_summary SET same_tel = '0' || CASE WHEN substr(same_tel, 3, 1) = '0' THEN substr(same_tel, 4) "
        "ELSE substr(same_tel, 3) END WHERE substr(same_tel, 1, 2) = '82'"
    )
    op.execute(
        "UPDATE key_summary SET same_tel = NULL WHERE length(same_tel) < 8 "
        "OR replace(substr(same_tel, 4), substr(same_tel, 4, 1), '') = ''"
    )
    newline = "char(10)" if lite else "chr(10)"
    op.execute(
        f"UPDATE key_summary SET same_card = buyer_name || {newline} || card_number "
        "WHERE buyer_name <> '' AND card_number <> ''"
    )
    op.execute(_NEIGHBOURS)
    op.execute(_KEY_TOTALS)


def _grams(lite: bool, index: str, table: str, columns: str, text: Callable[..., str]) -> None:
    conn, after = op.get_bind(), -1
    while True:
        rows = conn.exec_driver_sql(
            f"SELECT position, {columns} FROM {table} WHERE position > {after} ORDER BY position LIMIT {_CHUNK}"
        ).fetchall()
        if not rows:
            return
        after = rows[-1][0]
        texts = [(row[0], text(*row[1:])) for row in rows]
        if lite:
            conn.exec_driver_sql(f"INSERT INTO {index} (rowid, t) VALUES (?, ?)", texts)
        else:
            pairs = [(at, list({text[here : here + 3] for here in range(len(text) - 2)})) for at, text in texts]
            conn.exec_driver_sql(f"INSERT INTO {index} (position, grams) VALUES (%s, %s)", pairs)


def _key_text(uid: str, name: str | None, tel: str | None, email: str | None, card: str | None) -> str:
    parts = [part for part in (uid, name, tel, email) if part]
    if tel:
        parts.append("".join(filter(str.isdigit, tel)))
    if card:
        parts.append(card[-4:])
    if name:
        parts.append("".join(_padded(name)))
    return "\n".join(parts).lower()


def _schedule_text(*values: Any) -> str:
    *plain, amount = values
    tel, spoken = plain[4], (plain[3], plain[6])
    parts = [part for part in plain if part]
    if tel:
        parts.append("".join(filter(str.isdigit, tel)))
    parts.append(str(amount))
    parts.extend("".join(_padded(part)) for part in spoken if part)
    return "\n".join(parts).lower()


def _padded(name: str) -> dict[str, None]:
    """Each syllable, and each with the next, filled up to three characters."""
    spoken = [char if "\u3040" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3" else " " for char in name]
    found: dict[str, None] = {}
    for run in "".join(spoken).split():
        for at, char in enumerate(run):
            found[char + "\x1f\x1f"] = None
            if at + 1 < len(run):
                found[run[at : at + 2] + "\x1f"] = None
    return found
