"""Amounts that are registered before the payment window opens, which it then insists on."""

from services.sandbox.api.bodies import Call, money
from services.sandbox.api.envelope import Json, No, answer
from services.sandbox.window.switches import Switches
from services.sandbox.world.world import World

_NOTHING = "사전등록된 결제정보를 찾을 수 없습니다."


def prepare(world: World, call: Call, switches: Switches) -> Json:
    """POST and PUT /payments/prepare."""
    order, amount = call.text("merchant_uid"), money(call.text("amount"), "amount")
    if call.method == "POST" and order in world.prepared and not switches.prepare_again:
        raise No(200, "이미 등록된 merchant_uid입니다.")
    if call.method == "PUT" and order not in world.prepared:
        raise No(404, _NOTHING)
    if amount < 0 or (amount == 0 and not switches.prepare_zero):
        raise No(400, "amount는 0보다 커야 합니다.")
    world.prepared[order] = {"merchant_uid": order, "amount": amount, "currency": call.body.get("currency")}
    return answer(world.prepared[order])


def show(world: World, merchant_uid: str, switches: Switches) -> Json:
    """GET /payments/prepare/{merchant_uid}."""
    if merchant_uid not in world.prepared:
        raise No(404 if switches.prepare_missing_404 else 200, _NOTHING)
    return answer(world.prepared[merchant_uid])
