"""Billing keys: one, several, gone; their payments and schedules."""

import httpx

from services.sandbox.envelope import No, answer
from services.sandbox.payments import paged
from services.sandbox.world import World

_GONE = "존재하지 않는 빌링키입니다."


def one(world: World, customer_uid: str) -> httpx.Response:
    """GET /subscribe/customers/{uid}: 404 when it was deleted."""
    if customer_uid not in world.billing_keys:
        raise No(404, _GONE)
    return answer(world.billing_keys[customer_uid])


def several(world: World, request: httpx.Request) -> httpx.Response:
    """GET /subscribe/customers?customer_uid[]=: 207 when some are gone."""
    asked = request.url.params.get_list("customer_uid[]")
    if not asked or len(asked) > 100:
        raise No(400, "customer_uid는 1건 이상 100건 이하여야 합니다.")
    found = [world.billing_keys[uid] for uid in asked if uid in world.billing_keys]
    if not found:
        raise No(404, _GONE)
    return answer(found, 200 if len(found) == len(asked) else 207)


def delete(world: World, request: httpx.Request, customer_uid: str) -> httpx.Response:
    """DELETE /subscribe/customers/{uid}: Naver Pay wants reason and requester."""
    key = world.billing_keys.get(customer_uid)
    if key is None:
        raise No(404, _GONE)
    params = request.url.params
    if key["pg_provider"] == "naverpay" and not (params.get("reason") and params.get("extra[requester]")):
        raise No(200, "네이버페이 빌링키 삭제는 reason과 extra[requester]가 필수입니다.")
    return answer(world.billing_keys.pop(customer_uid))


def payments(world: World, request: httpx.Request, customer_uid: str) -> httpx.Response:
    """GET /subscribe/customers/{uid}/payments."""
    found = [uid for uid, row in world.payments.items() if row["customer_uid"] == customer_uid]
    return paged(world, found[::-1], request)
