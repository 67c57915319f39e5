"""Booked payments: list, book, move, revoke, book again, charge now."""

from typing import Any

from services.sandbox.api.billing_keys import find_key
from services.sandbox.api.bodies import Call, listed, texts, whole
from services.sandbox.api.charges import checked_amount, execute, refuse_by_rules, require_new_order
from services.sandbox.api.envelope import Json, No, answer
from services.sandbox.api.pages import page, plain_page, window
from services.sandbox.api.parameters import require_product
from services.sandbox.world.catalog import NO_KEY_TO_BOOK
from services.sandbox.world.rows import BUYER, schedule_row
from services.sandbox.world.shelf import Row
from services.sandbox.world.world import World

_STATUSES = ("scheduled", "executed", "revoked")
_WINDOW_DAYS = 92
_NOTHING_BOOKED = "취소할 예약결제 기록이 존재하지 않습니다."
_NOT_EXECUTED = {
    "schedule_status": "scheduled", "executed_at": 0, "revoked_at": 0, "imp_uid": None, "payment_status": None,
    "fail_reason": None,
}  # fmt: skip
_OF_PAYMENT = (*BUYER, "name", "custom_data", "promotion_id")
_KEPT_UNSEEN = ("tax_free", "vat_amount", "card_quota", "notice_url")


def every(world: World, call: Call, *, paged: bool) -> Json:
    """GET /subscribe/payments/schedule: paged as the service does, or an array as the description says."""
    first, last = window(call, ("schedule_from", "schedule_to"), _WINDOW_DAYS)
    sorting = "scheduled" if call.query.get("sorting") == "scheduled" else "-scheduled"
    slots = world.schedules.cut(first, last - 1, _status(call, "schedule_status"), sorting)
    return (page if paged else plain_page)(world.schedules, slots, call)


def of_customer(world: World, call: Call, customer_uid: str, *, paged: bool) -> Json:
    """GET …/schedule/customers/{uid} and /subscribe/customers/{uid}/schedules: newest first."""
    first, last = window(call, ("from", "to"), _WINDOW_DAYS)
    status = _status(call, "schedule-status")
    found = [
        order
        for order in world.bookings.get(customer_uid, ())
        if first <= (row := world.schedules[order])["schedule_at"] < last and status in (None, row["schedule_status"])
    ]
    slots = world.schedules.sorted_slots(found, "-scheduled")
    return (page if paged else plain_page)(world.schedules, slots, call)


def one(world: World, merchant_uid: str) -> Json:
    """GET /subscribe/payments/schedule/{merchant_uid}."""
    _row(world, merchant_uid)
    return Json(world.schedules.encoded(merchant_uid))


def book(world: World, call: Call) -> Json:
    """POST /subscribe/payments/schedule: all of them, or none."""
    uid, entries = call.text("customer_uid"), listed(call.body.get("schedules"))
    if not entries or not all(isinstance(entry, dict) for entry in entries):
        raise No(400, "필수 파라미터가 누락되었습니다. (schedules)")
    if uid not in world.billing_keys:
        raise No(200, NO_KEY_TO_BOOK)
    rows = [_booked(world, world.billing_keys[uid], entry, call.now) for entry in entries]
    if len({row["merchant_uid"] for row in rows}) < len(rows):
        raise No(200, "merchant_uid가 중복되었습니다.")
    for row, entry in zip(rows, entries, strict=True):
        world.put_schedule(row)
        world.unseen[row["merchant_uid"]] = {name: entry[name] for name in _KEPT_UNSEEN if name in entry}
    return answer(rows)


def unschedule(world: World, call: Call) -> Json:
    """POST …/unschedule: the named ones, or without a name all of the customer's."""
    uid = str(call.body.get("customer_uid") or "")
    named = texts(call.body.get("merchant_uid"))
    if not uid and not named:
        raise No(400, "customer_uid, merchant_uid 중 하나는 필수입니다.")
    asked = dict.fromkeys(named or world.bookings.get(uid, ()))
    rows = [world.schedules[order] for order in asked if order in world.schedules]
    found = [row for row in rows if row["schedule_status"] == "scheduled" and uid in ("", row["customer_uid"])]
    if not found:
        raise No(200, _NOTHING_BOOKED)
    revoked = [row | {"schedule_status": "revoked", "revoked_at": call.now} for row in found]
    for row in revoked:
        world.put_schedule(row)
    return answer(revoked)


def move(world: World, call: Call, merchant_uid: str) -> Json:
    """PUT …/schedule/{merchant_uid}: 400 when executed, revoked or past."""
    row, at = _row(world, merchant_uid), _new_time(call)
    if row["schedule_status"] != "scheduled":
        raise No(400, "이미 실행되었거나 취소된 결제예약입니다.")
    world.put_schedule(row | {"schedule_at": at})
    return one(world, merchant_uid)


def reschedule(world: World, call: Call, merchant_uid: str) -> Json:
    """POST …/reschedule: a failed or revoked one is booked again."""
    row, at = _failed_or_revoked(world, merchant_uid), _new_time(call)
    world.put_schedule(row | _NOT_EXECUTED | {"schedule_at": at})
    return one(world, merchant_uid)


def retry(world: World, call: Call, merchant_uid: str) -> Json:
    """POST …/retry: a failed or revoked one is charged now; the answer is a payment, paid or failed."""
    row = _failed_or_revoked(world, merchant_uid)
    find_key(world, row["customer_uid"])
    return answer(execute(world, row, call.now))


def _booked(world: World, key: Row, entry: dict[str, Any], now: int) -> Row:
    order = str(entry.get("merchant_uid") or "")
    if not order or entry.get("schedule_at") in (None, ""):
        raise No(400, "필수 파라미터가 누락되었습니다. (merchant_uid, schedule_at)")
    at, amount = whole(entry["schedule_at"], "schedule_at"), checked_amount(entry)
    require_new_order(world, order)
    require_product(entry, key["pg_provider"])
    refuse_by_rules(entry, amount, key["pg_provider"], now)
    _refuse_past(at, now)
    fields = {name: entry.get(name) for name in _OF_PAYMENT}
    fields |= {name: fields[name] or key.get(name.replace("buyer", "customer")) for name in BUYER}
    fields |= {name: key[name] for name in ("pg_provider", "pg_id")}
    fields["currency"] = entry.get("currency") or "KRW"
    return schedule_row(key["customer_uid"], order, at, amount, **fields)


def _row(world: World, merchant_uid: str) -> Row:
    if merchant_uid not in world.schedules:
        raise No(404, "존재하지 않는 결제예약입니다.")
    return world.schedules[merchant_uid]


def _failed_or_revoked(world: World, merchant_uid: str) -> Row:
    row = _row(world, merchant_uid)
    if row["schedule_status"] == "scheduled" or row["payment_status"] in ("paid", "cancelled"):
        raise No(400, "아직 실행되지 않았거나 이미 승인된 결제예약입니다.")
    return row


def _new_time(call: Call) -> int:
    at = whole(call.text("schedule_at"), "schedule_at")
    _refuse_past(at, call.now)
    return at


def _refuse_past(at: int, now: int) -> None:
    if at <= now:
        raise No(400, "예약시각(schedule_at)은 현재 시각 이후여야 합니다.")


def _status(call: Call, name: str) -> str | None:
    status = call.query.get(name) or None
    if status is not None and status not in _STATUSES:
        raise No(400, f"유효하지 않은 {name}입니다.")
    return status
