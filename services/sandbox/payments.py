"""Reading payments: one, several, under an order number, and pages of a window."""

from typing import Any

import httpx

from services.sandbox.envelope import No, answer, body_of, encoded, number, required
from services.sandbox.world import World

_WINDOW = 90 * 86_400
_STATUSES = ("all", "ready", "paid", "cancelled", "failed")
_SORTINGS = ("started", "paid", "updated")
_NOT_FOUND = "존재하지 않는 결제정보입니다."


def one(world: World, request: httpx.Request, imp_uid: str) -> httpx.Response:
    """GET /payments/{imp_uid}: a test-channel payment only with include_sandbox=true."""
    row = world.payments.get(imp_uid)
    if row is None or (row["sandbox"] and request.url.params.get("include_sandbox") != "true"):
        raise No(404, _NOT_FOUND)
    return encoded(world.encoded[imp_uid])


def several(world: World, request: httpx.Request) -> httpx.Response:
    """GET /payments?imp_uid[]=&merchant_uid[]=: 207 when some are missing."""
    params = request.url.params
    asked = params.get_list("imp_uid[]")
    orders = params.get_list("merchant_uid[]")
    if not asked and not orders:
        raise No(400, "imp_uid 또는 merchant_uid가 필요합니다.")
    if len(asked) + len(orders) > 100:
        raise No(400, "최대 100건까지 조회할 수 있습니다.")
    found = [uid for uid in asked if uid in world.payments]
    found += [world.by_order[order][-1] for order in orders if order in world.by_order]
    if not found:
        raise No(404, _NOT_FOUND)
    partial = len(found) < len(asked) + len(orders)
    return encoded(
        _array(world, found),
        207 if partial else 200,
        "일부 결제정보를 찾을 수 없습니다." if partial else None,
    )


def find(world: World, merchant_uid: str, status: str = "all") -> httpx.Response:
    """GET /payments/find/{merchant_uid}[/{status}]: the newest."""
    found = _under(world, merchant_uid, status)
    if not found:
        raise No(404, _NOT_FOUND)
    return encoded(world.encoded[found[0]])


def find_all(world: World, request: httpx.Request, merchant_uid: str, status: str = "all") -> httpx.Response:
    """GET /payments/findAll/{merchant_uid}[/{status}]: every attempt, paged."""
    found = _under(world, merchant_uid, status)
    if not found:
        raise No(404, _NOT_FOUND)
    return paged(world, found, request)


def by_status(world: World, request: httpx.Request, status: str, now: int) -> httpx.Response:
    """GET /payments/status/{status}: a window of at most 90 days, by the time of the final status."""
    params = request.url.params
    if status not in _STATUSES:
        raise No(400, "유효하지 않은 결제상태입니다.")
    last = number(params.get("to", now), "to")
    first = number(params.get("from", last - _WINDOW), "from")
    if last - first > _WINDOW:
        raise No(400, "조회기간은 최대 90일까지 가능합니다.")
    if first > last:
        raise No(400, "조회 시작시각이 종료시각보다 늦습니다.")
    sorting = params.get("sorting", "-started")
    if sorting.lstrip("-") not in _SORTINGS:
        raise No(400, "유효하지 않은 정렬기준입니다.")
    found = world.between(first, last)
    if status != "all":
        found = [uid for uid in found if world.payments[uid]["status"] == status]
    return paged(world, _sorted(world, found, sorting), request)


def paged(world: World, found: list[str], request: httpx.Request) -> httpx.Response:
    """A page of payments; 400 past the end."""
    page = number(request.url.params.get("page", 1), "page")
    limit = number(request.url.params.get("limit", 20), "limit")
    if not 1 <= limit <= 1000:
        raise No(400, "limit은 1에서 1000 사이여야 합니다.")
    begin = (page - 1) * limit
    if page < 1 or (page > 1 and begin >= len(found)):
        raise No(400, "데이터 범위를 넘어선 page입니다.")
    following = page + 1 if begin + limit < len(found) else 0
    head = b'{"total":%d,"previous":%d,"next":%d,"list":' % (len(found), page - 1, following)
    return encoded(head + _array(world, found[begin : begin + limit]) + b"}")


def balance(world: World, imp_uid: str) -> httpx.Response:
    """GET /payments/{imp_uid}/balance."""
    row = world.payments.get(imp_uid)
    if row is None:
        raise No(404, _NOT_FOUND)
    nothing = {"tax_free": 0, "supply": 0, "vat": 0, "service": 0}
    left = row["amount"] - row["cancel_amount"]
    vat = left // 11
    primary = {"tax_free": 0, "supply": left - vat, "vat": vat, "service": 0}
    parts = {"cash_receipt": nothing, "primary": primary, "secondary": nothing, "discount": nothing}
    return answer({"amount": row["amount"], **parts, "histories": []})


def prepare(world: World, request: httpx.Request, merchant_uid: str = "") -> httpx.Response:
    """POST, PUT and GET /payments/prepare: the amount that a payment must have."""
    if request.method == "GET":
        if merchant_uid not in world.prepared:
            raise No(404, "사전등록된 결제금액이 없습니다.")
        return answer(world.prepared[merchant_uid])
    body = body_of(request)
    required(body, "merchant_uid", "amount")
    order = str(body["merchant_uid"])
    if (request.method == "POST") == (order in world.prepared):
        known = request.method == "POST"
        raise No(200, "이미 등록된 merchant_uid입니다." if known else "사전등록된 결제금액이 없습니다.")
    world.prepared[order] = {
        "merchant_uid": order,
        "amount": number(body["amount"], "amount"),
        "currency": "KRW",
    }
    return answer(world.prepared[order])


def _under(world: World, merchant_uid: str, status: str) -> list[str]:
    found = world.by_order.get(merchant_uid, [])
    chosen = [uid for uid in found if status in ("all", "", world.payments[uid]["status"])]
    return _sorted(world, chosen, "-started")


def _sorted(world: World, found: list[str], sorting: str) -> list[str]:
    name = sorting.lstrip("-")
    if name == "updated":
        key: Any = world.changes.__getitem__
    else:

        def key(uid: str) -> tuple[int, str]:
            return world.payments[uid][f"{name}_at"], uid

    return sorted(found, key=key, reverse=sorting.startswith("-"))


def _array(world: World, found: list[str]) -> bytes:
    return b"[" + b",".join([world.encoded[uid] for uid in found]) + b"]"
