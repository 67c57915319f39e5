"""Booked payments: list, book, move, revoke, book again, charge now."""

from typing import Any

import httpx

from services.sandbox.charges import execute
from services.sandbox.envelope import No, answer, body_of, number, required
from services.sandbox.rows import schedule_row
from services.sandbox.world import Row, World

_SPAN = 93 * 86_400
_NOT_FOUND = "존재하지 않는 결제예약입니다."
_KEPT = ("buyer_name", "buyer_email", "buyer_tel", "buyer_addr", "buyer_postcode", "custom_data")


def listed(world: World, request: httpx.Request, *, paged: bool = True) -> httpx.Response:
    """GET /subscribe/payments/schedule: paged, or as the description says a plain array."""
    params = request.url.params
    return _page(world, request, ("schedule_from", "schedule_to"), params.get("schedule_status"), None, paged)


def of_customer(world: World, request: httpx.Request, customer_uid: str) -> httpx.Response:
    """GET …/schedule/customers/{uid} and /subscribe/customers/{uid}/schedules."""
    return _page(world, request, ("from", "to"), request.url.params.get("schedule-status"), customer_uid, True)


def one(world: World, merchant_uid: str) -> httpx.Response:
    """GET /subscribe/payments/schedule/{merchant_uid}."""
    return answer(_row(world, merchant_uid))


def book(world: World, request: httpx.Request, now: int) -> httpx.Response:
    """POST /subscribe/payments/schedule: all of them, or none."""
    body = body_of(request)
    required(body, "customer_uid", "schedules")
    uid = str(body["customer_uid"])
    if uid not in world.billing_keys:
        raise No(200, "등록되지 않은 빌링키입니다.")
    rows = [_booked(world, uid, entry, now) for entry in body["schedules"]]
    for row in rows:
        world.put_schedule(row)
    return answer(rows)


def unschedule(world: World, request: httpx.Request, now: int) -> httpx.Response:
    """POST …/unschedule: the named ones, or without a name all of the customer's."""
    body = body_of(request)
    uid, named = body.get("customer_uid"), body.get("merchant_uid") or []
    named = [named] if isinstance(named, str) else named
    if not uid and not named:
        raise No(400, "customer_uid 또는 merchant_uid가 필요합니다.")
    found = [
        row
        for row in world.schedules.values()
        if row["schedule_status"] == "scheduled"
        and (not uid or row["customer_uid"] == uid)
        and (not named or row["merchant_uid"] in named)
    ]
    if not found:
        raise No(200, "취소할 예약결제 기록이 존재하지 않습니다.")
    revoked = [row | {"schedule_status": "revoked", "revoked_at": now} for row in found]
    world.schedules.update({row["merchant_uid"]: row for row in revoked})
    return answer(revoked)


def move(world: World, request: httpx.Request, merchant_uid: str, now: int) -> httpx.Response:
    """PUT …/schedule/{merchant_uid}: 400 when executed, revoked or past."""
    row, at = _row(world, merchant_uid), _new_time(request, now)
    if row["schedule_status"] != "scheduled" or row["schedule_at"] <= now:
        raise No(400, "변경할 수 없는 상태의 결제예약입니다.")
    world.put_schedule(row | {"schedule_at": at})
    return one(world, merchant_uid)


def reschedule(world: World, request: httpx.Request, merchant_uid: str, now: int) -> httpx.Response:
    """POST …/reschedule: a failed or revoked one is booked again."""
    row, at = _row(world, merchant_uid), _new_time(request, now)
    if row["schedule_status"] != "revoked" and row["payment_status"] != "failed":
        raise No(400, "실패하거나 취소된 결제예약만 재예약할 수 있습니다.")
    cleared = {
        "executed_at": 0,
        "revoked_at": 0,
        "imp_uid": None,
        "payment_status": None,
        "fail_reason": None,
    }
    world.put_schedule(row | cleared | {"schedule_status": "scheduled", "schedule_at": at})
    return one(world, merchant_uid)


def retry(world: World, merchant_uid: str, now: int) -> httpx.Response:
    """POST …/retry: a failed one is charged now."""
    row = _row(world, merchant_uid)
    if row["payment_status"] != "failed":
        raise No(400, "실패한 결제예약만 재시도할 수 있습니다.")
    return answer(execute(world, row, now))


def _booked(world: World, uid: str, entry: dict[str, Any], now: int) -> Row:
    required(entry, "merchant_uid", "schedule_at", "amount")
    order, at = str(entry["merchant_uid"]), number(entry["schedule_at"], "schedule_at")
    if order in world.schedules or order in world.by_order:
        raise No(200, "이미 사용된 merchant_uid입니다.")
    if at <= now:
        raise No(400, "예약시각은 현재시각 이후여야 합니다.")
    person = {name: entry.get(name) for name in _KEPT}
    return schedule_row(uid, order, at, number(entry["amount"], "amount"), str(entry.get("name", "")), **person)


def _row(world: World, merchant_uid: str) -> Row:
    if merchant_uid not in world.schedules:
        raise No(404, _NOT_FOUND)
    return world.schedules[merchant_uid]


def _new_time(request: httpx.Request, now: int) -> int:
    body = body_of(request)
    required(body, "schedule_at")
    at = number(body["schedule_at"], "schedule_at")
    if at <= now:
        raise No(400, "예약시각은 현재시각 이후여야 합니다.")
    return at


def _page(
    world: World,
    request: httpx.Request,
    names: tuple[str, str],
    status: str | None,
    uid: str | None,
    paged: bool,
) -> httpx.Response:
    params = request.url.params
    first, last = (number(params.get(name), name) for name in names)
    if last - first > _SPAN:
        raise No(400, "조회기간은 최대 3개월까지 가능합니다.")
    found = [
        row
        for row in world.schedules.values()
        if first <= row["schedule_at"] <= last
        and (status in (None, "", row["schedule_status"]))
        and (uid in (None, row["customer_uid"]))
    ]
    found.sort(key=lambda row: (-row["schedule_at"], row["merchant_uid"]))
    if not paged:
        return answer(found)
    page, limit = number(params.get("page", 1), "page"), number(params.get("limit", 20), "limit")
    begin = (page - 1) * limit
    if page > 1 and begin >= len(found):
        raise No(400, "데이터 범위를 넘어선 page입니다.")
    following = page + 1 if begin + limit < len(found) else 0
    return answer({"total": len(found), "previous": page - 1, "next": following, "list": found[begin : begin + limit]})
