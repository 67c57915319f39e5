"""What is kept of billing keys and schedules, worked out anew from their rows in plain Python."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine

from services.clock import day_of
from services.store.engine import reading
from services.store.grams import key_gram_text, schedule_gram_text
from tests.worlds.recount import charged, index_kept, indexed

Rows = list[dict[str, Any]]
_TEXTS = ("buyer_name", "buyer_tel", "buyer_email", "card_name", "card_number")


def rows_of(conn: Connection, table: str) -> Rows:
    return [dict(row) for row in conn.exec_driver_sql(f"SELECT * FROM {table}").mappings()]


def summaries_kept(engine: Engine) -> dict[str, dict[str, Any]]:
    """The kept rows by customer_uid, with the time instead of the position."""
    with reading(engine) as conn:
        found = rows_of(conn, "key_summary")
    assert len({row["position"] for row in found}) == len({row["id"] for row in found}) == len(found)
    left_out = ("id", "same_tel", "same_card")
    return {
        row["customer_uid"]: {name: value for name, value in row.items() if name not in left_out}
        | {"position": row["position"] >> 24}
        for row in found
    }


def summaries_recounted(engine: Engine) -> dict[str, dict[str, Any]]:
    """The same from payments, schedules and billing keys alone."""
    with reading(engine) as conn:
        keys = {row["customer_uid"]: row for row in rows_of(conn, "billing_key")}
        payments, schedules = (_by_key(rows_of(conn, table)) for table in ("payment", "schedule"))
    uids = keys.keys() | payments.keys() | schedules.keys()
    found = {uid: _summary(uid, keys.get(uid, {}), payments[uid], schedules[uid]) for uid in uids}
    for row in found.values():
        others = [other for other in found.values() if other is not row and other["state"] != "deleted"]
        row["duplicated"] = row["state"] != "deleted" and any(_same_buyer(row, other) for other in others)
    return found


def _by_key(rows: Rows) -> defaultdict[str, Rows]:
    found: defaultdict[str, Rows] = defaultdict(list)
    for row in rows:
        if row["customer_uid"]:
            found[row["customer_uid"]].append(row)
    return found


def _summary(uid: str, key: Mapping[str, Any], payments: Rows, schedules: Rows) -> dict[str, Any]:
    charges = [one for one in payments if charged(one)]
    paid = sorted((one["paid_at"], one["imp_uid"], one["amount"], one["currency"]) for one in charges if one["paid_at"])
    failed = sorted(
        ((one["failed_at"], one["imp_uid"], one["fail_reason"]) for one in charges
         if one["failed_at"] and not one["paid_at"]), key=lambda one: one[:2],
    )  # fmt: skip
    booked = sorted((one for one in schedules if one["schedule_status"] == "scheduled"), key=_due)
    latest = max(payments, key=lambda one: one["position"], default={})
    following = booked[0] if booked else {}
    is_super = "channelGroupId" in (key.get("extra") or "")
    first = min((one["started_at"] for one in payments if one["started_at"]), default=0)
    registered = key.get("inserted") or first
    texts = {
        name: key.get(name.replace("buyer", "customer")) or latest.get(name) or following.get(name)
        if name.startswith("buyer")
        else key.get(name) or latest.get(name)
        for name in _TEXTS
    }
    last_paid, last_failed = paid[-1] if paid else (0, "", 0, None), failed[-1] if failed else (0, "", None)
    return texts | {
        "customer_uid": uid,
        "position": registered,
        "state": _state(key, last_paid[0], last_failed[0], bool(booked)),
        "pg_provider": key.get("pg_provider") or latest.get("pg_provider") or following.get("pg_provider") or "",
        "sandbox": bool((key if key.get("checked_at") and not is_super else latest).get("sandbox")),
        "is_super": is_super,
        "registered_at": registered,
        "first_at": first,
        "payments": len(paid),
        "failures": len(failed),
        "paid_at": last_paid[0],
        "paid_imp_uid": last_paid[1],
        "paid_amount": last_paid[2],
        "paid_currency": last_paid[3],
        "failed_at": last_failed[0],
        "failed_imp_uid": last_failed[1],
        "fail_reason": last_failed[2],
        "booked": len(booked),
        "booked_won": sum(one["amount"] for one in booked if one["currency"] == "KRW"),
        "next_at": following.get("schedule_at"),
        "next_amount": following.get("amount"),
        "next_currency": following.get("currency"),
        "next_merchant_uid": following.get("merchant_uid"),
    }


def _due(row: Mapping[str, Any]) -> tuple[int, str]:
    return row["schedule_at"], row["merchant_uid"]


def _state(key: Mapping[str, Any], paid_at: int, failed_at: int, booked: bool) -> str:
    if key.get("deleted_at") is not None:
        return "deleted"
    if failed_at > paid_at:
        return "failing"
    return "active" if paid_at or booked else "unused"


def _same_buyer(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    tel = _phone(one["buyer_tel"])
    if tel and tel == _phone(other["buyer_tel"]):
        return True
    card = (one["buyer_name"], one["card_number"])
    return all(card) and card == (other["buyer_name"], other["card_number"])


def _phone(text: str | None) -> str | None:
    number = "".join(char for char in text or "" if char in "0123456789")
    if number.startswith("82"):
        number = "0" + number[2:].removeprefix("0")
    return None if len(number) < 8 or number[3:] == number[3] * len(number[3:]) else number


def key_totals_kept(engine: Engine) -> dict[Any, tuple[int, ...]]:
    with reading(engine) as conn:
        rows = rows_of(conn, "key_total")
    found = {_facet(row): (row["keys"], row["booked_keys"], row["booked"], row["booked_won"]) for row in rows}
    return {facet: sums for facet, sums in found.items() if any(sums)}


def key_totals_recounted(engine: Engine) -> dict[Any, tuple[int, ...]]:
    sums: dict[Any, Counter[str]] = defaultdict(Counter)
    for row in summaries_recounted(engine).values():
        sums[_facet(row)].update(keys=1, some=int(row["booked"] > 0), booked=row["booked"], won=row["booked_won"])
    return {facet: (one["keys"], one["some"], one["booked"], one["won"]) for facet, one in sums.items()}


def _facet(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["state"], row["pg_provider"], bool(row["sandbox"]), bool(row["duplicated"])


def schedule_totals_kept(engine: Engine) -> dict[Any, Any]:
    """Kept totals by day and facet, and the sizes of facets; what is zero is left out."""
    with reading(engine) as conn:
        facets = {row["id"]: row for row in rows_of(conn, "schedule_facet")}
        totals = rows_of(conn, "schedule_total")
    found: dict[Any, Any] = {
        (row["day"], *_schedule_facet(facets[row["facet_id"]])): (row["schedules"], row["amount"]) for row in totals
    }
    found |= {_schedule_facet(row): (row["schedules"], row["amount"]) for row in facets.values()}
    return {where: sums for where, sums in found.items() if any(sums)}


def schedule_totals_recounted(engine: Engine) -> dict[Any, Any]:
    """The same from the schedules and the summaries of their keys, whose facet each schedule points to."""
    sums: dict[Any, Counter[str]] = defaultdict(Counter)
    tests = {uid for uid, row in summaries_recounted(engine).items() if row["sandbox"]}
    with reading(engine) as conn:
        facets = {row["id"]: _schedule_facet(row) for row in rows_of(conn, "schedule_facet")}
        rows = rows_of(conn, "schedule")
    for row in rows:
        facet = _schedule_facet(row | {"sandbox": row["customer_uid"] in tests})
        assert facets[row["facet_id"]] == facet
        assert row["position"] >> 20 == row["schedule_at"]
        sums[facet].update(schedules=1, amount=row["amount"])
        sums[(day_of(row["schedule_at"]), *facet)].update(schedules=1, amount=row["amount"])
    return {where: (one["schedules"], one["amount"]) for where, one in sums.items()}


def _schedule_facet(row: Mapping[str, Any]) -> tuple[Any, ...]:
    plain = (row["schedule_status"], row["payment_status"] or "", row["pg_provider"] or "")
    return (*plain, bool(row["sandbox"]), row["currency"])


def indexes_rebuilt(engine: Engine) -> dict[str, Any]:
    """The search indexes of keys and schedules from the rows alone."""
    with reading(engine) as conn:
        keys = [(row["position"], key_gram_text(row)) for row in rows_of(conn, "key_summary")]
        schedules = [(row["position"], schedule_gram_text(row)) for row in rows_of(conn, "schedule")]
        return {"key_gram": indexed(conn, keys), "schedule_gram": indexed(conn, schedules)}


def require_whole(engine: Engine, trial: object) -> None:
    """Everything kept is what the rows say."""
    assert summaries_kept(engine) == summaries_recounted(engine), trial
    assert key_totals_kept(engine) == key_totals_recounted(engine), trial
    assert schedule_totals_kept(engine) == schedule_totals_recounted(engine), trial
    for index, rebuilt in indexes_rebuilt(engine).items():
        assert index_kept(engine, index) == rebuilt, trial
