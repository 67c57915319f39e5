"""POST /payments/cancel, with the refusals of the contract."""

from decimal import Decimal, InvalidOperation
from typing import Any

import httpx

from services.sandbox.envelope import No, answer, body_of
from services.sandbox.rows import refund_row
from services.sandbox.world import Row, World


def cancel(world: World, request: httpx.Request, now: int) -> httpx.Response:
    """Refunds a part, or with no amount or 0 everything that is left."""
    body = body_of(request)
    row = _row(world, body)
    _refuse_by_state(row)
    left = row["amount"] - row["cancel_amount"]
    amount = _money(body.get("amount")) or left
    if body.get("checksum") not in (None, "") and _money(body["checksum"]) != left:
        raise No(200, "취소 가능 금액이 일치하지 않습니다. (checksum 불일치)")
    if amount < 0 or amount > left:
        raise No(200, "취소 요청 금액이 취소 가능 금액을 초과합니다.")
    if row["pay_method"] == "phone" and amount != row["amount"] and row["pg_provider"] != "html5_inicis":
        raise No(200, "휴대폰 소액결제는 부분취소가 불가능합니다.")
    _refuse_by_method(row, body)
    changed = refund_row(row, amount, str(body.get("reason") or "취소요청api"), now, len(row["cancel_history"]) + 1)
    world.put_payment(changed)
    return answer(changed)


def _row(world: World, body: dict[str, Any]) -> Row:
    imp_uid = body.get("imp_uid") or next(iter(world.by_order.get(str(body.get("merchant_uid")), [])), None)
    if imp_uid is None and not body.get("merchant_uid"):
        raise No(400, "imp_uid 또는 merchant_uid가 필요합니다.")
    row = world.payments.get(str(imp_uid))
    if row is None:
        raise No(200, "취소할 결제건이 존재하지 않습니다.")
    return row


def _refuse_by_state(row: Row) -> None:
    if row["status"] == "cancelled":
        raise No(200, "이미 전액취소된 주문입니다.")
    if row["status"] != "paid":
        raise No(200, "결제완료 상태의 결제건만 취소할 수 있습니다.")


def _refuse_by_method(row: Row, body: dict[str, Any]) -> None:
    if row["pay_method"] == "vbank" and not all(body.get(f"refund_{name}") for name in ("holder", "bank", "account")):
        raise No(200, "가상계좌 환불은 환불계좌 정보(예금주, 은행코드, 계좌번호)가 필요합니다.")
    extra = body.get("extra") if isinstance(body.get("extra"), dict) else {}
    if row["pg_provider"] == "naverpay" and (not body.get("reason") or not extra or "requester" not in extra):
        raise No(200, "네이버페이 취소는 reason과 extra.requester가 필수입니다.")


def _money(value: Any) -> Any:
    try:
        number = Decimal(str(value or 0))
    except InvalidOperation:
        raise No(400, "amount 값이 올바르지 않습니다.") from None
    return int(number) if number == number.to_integral_value() else number
