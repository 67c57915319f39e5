"""Billing keys: one, several, deleting, what was charged; cards.py registers them."""

from services.sandbox.api.bodies import Call, texts
from services.sandbox.api.envelope import Json, No, answer
from services.sandbox.api.pages import page
from services.sandbox.world.shelf import Row
from services.sandbox.world.world import World

_BATCH = 100


def one(world: World, customer_uid: str) -> Json:
    """GET /subscribe/customers/{uid}: 404 when it was deleted."""
    return answer(find_key(world, customer_uid))


def several(world: World, call: Call) -> Json:
    """GET /subscribe/customers?customer_uid[]=: 207 when some are gone, 404 when all are."""
    asked = texts(call.query.get("customer_uid"))
    if not 1 <= len(asked) <= _BATCH:
        raise No(400, f"customer_uid는 1건 이상 {_BATCH}건 이하여야 합니다.")
    found = [world.billing_keys[uid] for uid in asked if uid in world.billing_keys]
    if not found:
        raise No(404, "요청하신 customer_uid로 등록된 정보를 찾을 수 없습니다.")
    if len(found) < len(asked):
        return answer(found, 207, "일부 빌링키를 조회하지 못하였습니다.")
    return answer(found)


def delete(world: World, call: Call, customer_uid: str) -> Json:
    """DELETE /subscribe/customers/{uid}: cannot be undone; Naver Pay wants reason and requester."""
    key = find_key(world, customer_uid)
    extra = call.query.get("extra")
    requester = extra.get("requester") if isinstance(extra, dict) else None
    told = call.query.get("reason") and requester in ("customer", "admin")
    if key["pg_provider"] == "naverpay" and not told:
        raise No(200, "네이버페이 빌링키 삭제 시 reason과 extra[requester](customer, admin)는 필수입니다.")
    return answer(world.billing_keys.pop(customer_uid))


def payments(world: World, call: Call, customer_uid: str) -> Json:
    """GET /subscribe/customers/{uid}/payments: newest first; 404 where the uid was never used."""
    uids = world.charges.get(customer_uid, ())
    if not uids and customer_uid not in world.billing_keys:
        find_key(world, customer_uid)
    return page(world.payments, world.payments.sorted_slots(uids, "-started"), call)


def find_key(world: World, customer_uid: str) -> Row:
    """A billing key's row. Raises No (404)."""
    if customer_uid not in world.billing_keys:
        raise No(404, f"요청하신 customer_uid({customer_uid})로 등록된 정보를 찾을 수 없습니다.")
    return world.billing_keys[customer_uid]
