"""Charging a billing key: at once, or when a schedule is due."""

from typing import Any

import httpx

from services.sandbox.envelope import No, answer, body_of, number, required
from services.sandbox.rows import payment_row
from services.sandbox.world import Row, World

_PERSON = ("buyer_name", "buyer_email", "buyer_tel", "buyer_addr", "buyer_postcode", "custom_data")
_OF_KEY = ("pg_provider", "pg_id", "card_name", "card_code", "card_number", "card_type")


def again(world: World, request: httpx.Request, now: int) -> httpx.Response:
    """POST /subscribe/payments/again: 200 with a payment that is paid, or failed with its reason."""
    body = body_of(request)
    required(body, "customer_uid", "merchant_uid", "amount", "name")
    if str(body["customer_uid"]) not in world.billing_keys:
        raise No(200, "등록되지 않은 빌링키입니다.")
    order = str(body["merchant_uid"])
    if order in world.by_order or order in world.schedules:
        raise No(200, "이미 사용된 merchant_uid입니다.")
    if len(order) > 40:
        raise No(400, "merchant_uid는 40자를 넘을 수 없습니다.")
    amount = number(body["amount"], "amount")
    prepared = world.prepared.get(order)
    if amount <= 0 or (prepared and prepared["amount"] != amount):
        raise No(200, "결제금액이 올바르지 않습니다.")
    return answer(charge(world, body | {"amount": amount}, now, "payment"))


def charge(world: World, body: dict[str, Any], now: int, usage: str) -> Row:
    """Charges a key; a broken one, or an amount ending in 13, fails."""
    uid = str(body["customer_uid"])
    key = world.billing_keys.get(uid)
    reason = world.broken_keys.get(uid) or (None if key else "삭제된 빌링키입니다.")
    if reason is None and body["amount"] % 100 == 13:
        reason = "[잔액부족] 출금 가능 잔액이 부족합니다."
    more = {name: body.get(name) for name in _PERSON} | {name: (key or {}).get(name) for name in _OF_KEY}
    method = "naverpay" if more["pg_provider"] == "naverpay" else "card"
    more |= {"customer_uid": uid, "customer_uid_usage": usage, "name": body["name"], "pay_method": method}
    ended = (
        {"status": "failed", "failed_at": now, "fail_reason": reason} if reason else {"status": "paid", "paid_at": now}
    )
    row = payment_row(world.new_imp_uid(), str(body["merchant_uid"]), body["amount"], now, channel="api", **more)
    world.put_payment(row | ended)
    return world.payments[row["imp_uid"]]


def execute_due(world: World, now: int) -> None:
    """Charges every booked payment whose time has come."""
    while world.due and world.due[0][0] <= now:
        at, order = world.due.pop(0)
        row = world.schedules.get(order)
        if row and row["schedule_status"] == "scheduled" and row["schedule_at"] == at:
            execute(world, row, at)


def execute(world: World, row: Row, now: int) -> Row:
    """Charges one booked payment."""
    paid = charge(world, row, now, "payment.scheduled")
    world.schedules[row["merchant_uid"]] = row | {
        "schedule_status": "executed",
        "executed_at": now,
        "imp_uid": paid["imp_uid"],
        "payment_status": paid["status"],
        "fail_reason": paid["fail_reason"],
    }
    return paid
