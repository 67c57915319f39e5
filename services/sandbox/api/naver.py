"""Naver Pay's payment type: confirming an escrow order, crediting points, for how much a cash receipt may be issued."""

from services.sandbox.api.bodies import Call
from services.sandbox.api.envelope import Json, No, answer
from services.sandbox.api.payments import find_row
from services.sandbox.world.rows import Money
from services.sandbox.world.shelf import Row
from services.sandbox.world.world import World

_NAVERPAY = "naverpay"
_REQUESTERS = ("admin", "customer")


def confirm(world: World, call: Call, imp_uid: str) -> Json:
    """POST /payments/{imp_uid}/naver/confirm: for good; what Naver refuses is HTTP 500 with its words."""
    _require_paid(find_row(world, imp_uid))
    requester = call.body.get("requester") or "admin"
    if requester not in _REQUESTERS:
        raise No(500, "requester 값이 올바르지 않습니다. (admin, customer)")
    if imp_uid in world.naver_confirmed:
        raise No(500, "이미 거래완료 처리된 주문입니다.")
    world.naver_confirmed[imp_uid] = str(requester)
    return answer(None)


def credit_points(world: World, imp_uid: str) -> Json:
    """POST /payments/{imp_uid}/naver/point: no description says that a second call is refused, so none is."""
    _require_paid(find_row(world, imp_uid))
    world.naver_points[imp_uid] = world.naver_points.get(imp_uid, 0) + 1
    return answer(None)


def cash_amount(world: World, imp_uid: str) -> Json:
    """GET /payments/{imp_uid}/naver/cash-amount: what was paid in cash of what is left; nothing of a card."""
    row = find_row(world, imp_uid)
    if row["pg_provider"] != _NAVERPAY:
        raise No(400, "네이버페이 결제형 거래건이 아닙니다.")
    if imp_uid in world.naver_silent:
        raise No(500, "네이버페이 현금영수증 발급가용액 조회에 실패하였습니다.")
    return answer(_cash_of(row, world.naver_npoints.get(imp_uid, 0)))


def _cash_of(row: Row, npoints: Money) -> dict[str, Money]:
    left = row["amount"] - row["cancel_amount"] if row["status"] in ("paid", "cancelled") else 0
    by_npoint = min(npoints, left)
    by_primary = left - by_npoint if row["bank_code"] else 0
    total = by_npoint + by_primary
    return {
        "amount_total": total,
        "amount_by_npoint": by_npoint,
        "amount_by_primary": by_primary,
        "amount_supply": total - total // 11,
        "amount_vat": total // 11,
    }


def _require_paid(row: Row) -> None:
    if row["pg_provider"] != _NAVERPAY:
        raise No(500, "네이버페이 결제형 거래건이 아닙니다.")
    if row["status"] != "paid":
        raise No(500, "처리할 수 없는 주문 상태입니다. (결제완료 상태가 아닙니다)")
