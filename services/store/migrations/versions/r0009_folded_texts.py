"""Texts are searched however they are written: kept folded beside the search index, which is made anew of them."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_CHUNK = 1000
_SPACES = "\t \u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
_DASHES = (
    "-\u058a\u05be\u1806" + "".join(map(chr, range(0x2010, 0x2016))) + "\u2043\u2212\u2e3a\u301c\ufe58\ufe63\uff0d"
)
_UNSEEN = "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\x1e"
_DROPPED = dict.fromkeys(map(ord, _SPACES + _DASHES + _UNSEEN))
_SYLLABLES = re.compile("[\u1100-\u11ff\u3040-\u9fff\uac00-\ud7a3]+")
_BUYER = "buyer_name, buyer_tel, buyer_email"
_PAYMENT = f"imp_uid, merchant_uid, apply_num, name, {_BUYER}, card_number, amount, cancel_reason"
_KEY = f"customer_uid, {_BUYER}, card_number"
_SCHEDULE = f"merchant_uid, customer_uid, imp_uid, name, {_BUYER}, amount"
_DUPLICATED = """
UPDATE key_summary SET duplicated = state <> 'deleted' AND (
    coalesce(same_tel IN (SELECT same_tel FROM key_summary WHERE state <> 'deleted' AND same_tel IS NOT NULL
        GROUP BY same_tel HAVING count(*) > 1), false)
    OR coalesce(same_card IN (SELECT same_card FROM key_summary WHERE state <> 'deleted' AND same_card IS NOT NULL
        GROUP BY same_card HAVING count(*) > 1), false))
"""
_KEY_TOTALS = """
INSERT INTO key_total (state, pg_provider, sandbox, duplicated, keys, booked_keys, booked, booked_won)
SELECT state, pg_provider, sandbox, duplicated, count(*), count(next_at), sum(booked), sum(booked_won)
FROM key_summary GROUP BY state, pg_provider, sandbox, duplicated
"""

Texts = tuple[str, str, str]
"""What everybody may search, what those may who see buyers, and the rest of the index's text."""


def upgrade() -> None:
    for name in ("payment_gram", "key_gram", "schedule_gram"):
        op.create_table(
            f"{name}_text",
            sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
            sa.Column("everybody", sa.String(), nullable=False),
            sa.Column("buyers", sa.String(), nullable=False),
            sa.PrimaryKeyConstraint("position"),
        )
        lite = op.get_bind().dialect.name == "sqlite"
        op.execute(f"INSERT INTO {name} ({name}) VALUES ('delete-all')" if lite else f"TRUNCATE {name}")
    _fill("payment", "payment_gram", _PAYMENT, _payment_texts)
    _fill("key_summary", "key_gram", _KEY, _key_texts)
    _fill("schedule", "schedule_gram", _SCHEDULE, _schedule_texts)
    _same_phones()


def _fill(table: str, gram: str, columns: str, texts: Callable[[list[Any]], list[Texts]]) -> None:
    conn, after = op.get_bind(), -1
    lite = conn.dialect.name == "sqlite"
    marks = "?, ?, ?" if lite else "%s, %s, %s"
    while True:
        sql = f"SELECT position, {columns} FROM {table} WHERE position > {after} ORDER BY position LIMIT {_CHUNK}"
        rows: list[Any] = list(conn.exec_driver_sql(sql))
        if not rows:
            return
        after = rows[-1][0]
        found = [(row[0], *text) for row, text in zip(rows, texts(rows), strict=True)]
        conn.exec_driver_sql(
            f"INSERT INTO {gram}_text (position, everybody, buyers) VALUES ({marks})", [one[:3] for one in found]
        )
        wholes = [(at, "\x1e".join(parts)) for at, *parts in found]
        if lite:
            conn.exec_driver_sql(f"INSERT INTO {gram} (rowid, t) VALUES (?, ?)", wholes)
        else:
            pairs = [(at, list({text[here : here + 3] for here in range(len(text) - 2)})) for at, text in wholes]
            conn.exec_driver_sql(f"INSERT INTO {gram} (position, grams) VALUES (%s, %s)", pairs)


def _payment_texts(rows: list[Any]) -> list[Texts]:
    refunds = op.get_bind().exec_driver_sql(
        "SELECT c.imp_uid, c.reason FROM cancellation c JOIN payment p ON p.imp_uid = c.imp_uid "
        f"WHERE p.position BETWEEN {rows[0][0]} AND {rows[-1][0]} ORDER BY c.imp_uid, c.seq"
    )
    reasons = {imp_uid: [one[1] for one in group] for imp_uid, group in groupby(refunds, key=itemgetter(0))}
    found = []
    for row in rows:
        *plain, buyer_name, tel, email, card, amount, reason = row[1:]
        told = [one for one in dict.fromkeys([reason, *reasons.get(row[1], [])]) if one]
        spoken = [buyer_name, plain[3], *told]
        found.append(_texts([*plain, *told], (buyer_name, tel, email), spoken, [str(amount), (card or "")[-4:]]))
    return found


def _key_texts(rows: list[Any]) -> list[Texts]:
    return [_texts([uid], buyer, [buyer[0]], [(card or "")[-4:]]) for _at, uid, *buyer, card in rows]


def _schedule_texts(rows: list[Any]) -> list[Texts]:
    return [
        _texts([order, uid, imp_uid, name], buyer, [buyer[0], name], [str(amount)])
        for _at, order, uid, imp_uid, name, *buyer, amount in rows
    ]


def _texts(everybody: Iterable[Any], buyer: Iterable[Any], spoken: Iterable[Any], rest: Iterable[str]) -> Texts:
    name, tel, email = buyer
    phones = dict.fromkeys((_phone(tel), _digits(tel))) if tel else ()
    buyers = [one for one in (name, tel, email) if one] + list(phones)
    padded = [one for one in rest if one] + [_padded(_folded(one)) for one in spoken if one]
    return _folded("\n".join(one for one in everybody if one)), _folded("\n".join(buyers)), "\n".join(padded)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text.translate(_DROPPED)).casefold()


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, unicodedata.normalize("NFKC", text)))


def _phone(text: str) -> str:
    number = _digits(text)
    plain = number.removeprefix("00")
    abroad = len(plain) < len(number) or text.lstrip(" (\u3000").startswith(("+", "\uff0b"))
    if plain.startswith("82") and (abroad or len(plain) >= 10):
        return "0" + plain[2:].lstrip("0")
    return "0" + number if len(number) == 10 and number.startswith("10") else number


def _padded(text: str) -> str:
    """Each syllable, and each with the next, filled up to three characters."""
    found: dict[str, None] = {}
    for run in _SYLLABLES.findall(text):
        for at, char in enumerate(run):
            found[char + "\x1f\x1f"] = None
            if at + 1 < len(run):
                found[run[at : at + 2] + "\x1f"] = None
    return "".join(found)


def _same_phones() -> None:
    """Two keys of one phone are duplicates, however each is written."""
    conn = op.get_bind()
    mark = "?" if conn.dialect.name == "sqlite" else "%s"
    moved = [
        (same, number)
        for number, tel, before in conn.exec_driver_sql(
            "SELECT id, buyer_tel, same_tel FROM key_summary WHERE buyer_tel IS NOT NULL"
        )
        if (same := _same(_phone(tel))) != before
    ]
    if moved:
        conn.exec_driver_sql(f"UPDATE key_summary SET same_tel = {mark} WHERE id = {mark}", moved)
        op.execute(_DUPLICATED)
        op.execute("DELETE FROM key_total")
        op.execute(_KEY_TOTALS)


def _same(number: str) -> str | None:
    return number if len(number) >= 8 and len(set(number[3:])) > 1 else None
