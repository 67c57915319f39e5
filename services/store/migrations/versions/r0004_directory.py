"""The directory of billing keys beside their rows, and totals of schedules by PG: filled from what is there."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_CHUNK = 1000
_FACET = ["state", "pg_provider", "sandbox", "duplicated"]
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
    CASE WHEN k.checked_at IS NOT NULL THEN k.sandbox ELSE coalesce(l.sandbox, {no}) END, {no},
    coalesce(k.extra LIKE {super_group} OR k.extra LIKE {super_channels}, {no}),
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
UPDATE key_summary SET duplicated = {yes} WHERE state <> 'deleted' AND (
    same_tel IN (SELECT same_tel FROM key_summary WHERE state <> 'deleted' AND same_tel IS NOT NULL
        GROUP BY same_tel HAVING count(*) > 1)
    OR same_card IN (SELECT same_card FROM key_summary WHERE state <> 'deleted' AND same_card IS NOT NULL
        GROUP BY same_card HAVING count(*) > 1))
"""
_KEY_TOTALS = """
INSERT INTO key_total SELECT state, pg_provider, sandbox, duplicated, count(*), sum(booked), sum(booked_won)
FROM key_summary GROUP BY state, pg_provider, sandbox, duplicated
"""
_SCHEDULE_TOTALS = """
INSERT INTO schedule_total (day, schedule_status, payment_status, pg_provider, currency, schedules, amount)
SELECT (schedule_at + 32400) / 86400 AS day, schedule_status, coalesce(payment_status, ''), coalesce(pg_provider, ''),
    currency, count(*), sum(amount)
FROM schedule GROUP BY day, schedule_status, coalesce(payment_status, ''), coalesce(pg_provider, ''), currency
"""


def upgrade() -> None:
    _summary_table()
    op.create_table(
        "key_total",
        *(sa.Column(name, sa.String(), nullable=False) for name in _FACET[:2]),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in _FACET[2:]),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("keys", "booked", "booked_won")),
        sa.PrimaryKeyConstraint(*_FACET),
    )
    lite = op.get_bind().dialect.name == "sqlite"
    if lite:
        options = "content='', columnsize=0, detail=none, tokenize='trigram'"
        op.execute(f"CREATE VIRTUAL TABLE key_gram USING fts5(t, {options})")
    else:
        op.execute("CREATE TABLE key_gram (position BIGINT PRIMARY KEY, grams TEXT[] NOT NULL)")
        op.execute("CREATE INDEX key_gram_grams ON key_gram USING gin (grams)")
    op.drop_index("ix_schedule_customer_uid", "schedule")
    op.create_index("schedule_customer", "schedule", ["customer_uid", "schedule_status", "schedule_at", "merchant_uid"])
    facet = ["schedule_status", "payment_status", "pg_provider", "currency", "schedule_at", "merchant_uid"]
    op.create_index("schedule_facet_time", "schedule", facet)
    _schedule_totals()
    _fill(lite)
    _summary_indexes()


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


def _schedule_totals() -> None:
    op.drop_table("schedule_total")
    names = ("schedule_status", "payment_status", "pg_provider", "currency")
    op.create_table(
        "schedule_total",
        sa.Column("day", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in names),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("schedules", "amount")),
        sa.PrimaryKeyConstraint("day", *names),
    )
    op.execute(_SCHEDULE_TOTALS)


def _fill(lite: bool) -> None:
    no, yes = ("0", "1") if lite else ("false", "true")
    texts = {
        name: f"coalesce(nullif(k.customer_{name[6:]}, ''), nullif(l.{name}, ''), b.{name})"
        for name in ("buyer_name", "buyer_tel", "buyer_email")
    } | {name: f"coalesce(nullif(k.{name}, ''), l.{name})" for name in ("card_name", "card_number")}
    marks = {"super_group": "'%channelGroupId%'", "super_channels": "'%succeededChannels%'"}
    registered = "coalesce(nullif(k.inserted, 0), c.first_at, 0)"
    op.execute(_FILL.format(registered=registered, no=no, **texts, **marks))
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
    op.execute(_NEIGHBOURS.format(yes=yes))
    op.execute(_KEY_TOTALS)
    _grams(lite)


def _grams(lite: bool) -> None:
    names = "position, customer_uid, buyer_name, buyer_tel, buyer_email, card_number"
    conn, after = op.get_bind(), -1
    while True:
        rows = conn.exec_driver_sql(
            f"SELECT {names} FROM key_summary WHERE position > {after} ORDER BY position LIMIT {_CHUNK}"
        ).fetchall()
        if not rows:
            return
        after = rows[-1][0]
        texts = [(row[0], _text(*row[1:])) for row in rows]
        if lite:
            conn.exec_driver_sql("INSERT INTO key_gram (rowid, t) VALUES (?, ?)", texts)
        else:
            pairs = [(at, list({text[here : here + 3] for here in range(len(text) - 2)})) for at, text in texts]
            conn.exec_driver_sql("INSERT INTO key_gram (position, grams) VALUES (%s, %s)", pairs)


def _text(uid: str, name: str | None, tel: str | None, email: str | None, card: str | None) -> str:
    parts = [part for part in (uid, name, tel, email) if part]
    if tel:
        parts.append("".join(filter(str.isdigit, tel)))
    if card:
        parts.append(card[-4:])
    if name:
        parts.append("".join(_padded(name)))
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
