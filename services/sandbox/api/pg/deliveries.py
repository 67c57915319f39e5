"""What PAYCO and Paymentwall are told of a delivery; refusals come under HTTP 200."""

from services.sandbox.api.bodies import Call, whole
from services.sandbox.api.envelope import Json, No, answer
from services.sandbox.world.world import World

_STATUSES = ("DELIVERY_START", "PURCHASE_DECISION", "CANCELED")
_TYPES = ("physical", "digital")
_STATES = ("order_placed", "order_shipped", "delivering", "delivered")
_ALWAYS = ("imp_uid", "merchant_uid", "type", "status", "refundable", "shipping_address_email")
_TIMES = ("estimated_delivery_datetime", "estimated_update_datetime")
_ADDRESS = ("country", "city", "zip", "state", "street", "phone", "firstname", "lastname")
_PHYSICAL = ("carrier_tracking_id", "carrier_type", *(f"shipping_address_{name}" for name in _ADDRESS))
_LONGEST = {"carrier_tracking_id": 64, "carrier_type": 64, "reason": 64, "details": 400} | {
    name: 40 for name in _PHYSICAL if name.startswith("shipping")
}


def payco_status(world: World, call: Call, imp_uid: str) -> Json:
    """POST /payco/orders/status/{imp_uid}: nothing leads back, and every refusal is a code under HTTP 200."""
    row = world.payments.get(imp_uid)
    if row is None:
        raise No(200, "존재하지 않는 결제정보입니다.")
    status = call.body.get("status")
    if row["pg_provider"] != "payco" or row["status"] != "paid":
        raise No(200, "주문상태를 변경할 수 없는 결제건입니다.")
    if status not in _STATUSES:
        raise No(200, "status 값이 올바르지 않습니다.")
    told = world.payco_told.setdefault(imp_uid, [])
    if status in told or (told and _STATUSES.index(status) < _STATUSES.index(told[-1])):
        raise No(200, f"[PAYCO] 이미 처리된 주문상태입니다. ({status})")
    told.append(str(status))
    return answer({"status": status})


def paymentwall(world: World, call: Call) -> Json:
    """POST /paymentwall/delivery: of fields that it does not take the PG tells inside of an answer that says yes."""
    imp_uid = str(call.body.get("imp_uid") or "")
    row = world.payments.get(imp_uid)
    if row is None or row["merchant_uid"] != call.body.get("merchant_uid") or row["pg_provider"] != "paymentwall":
        raise No(200, "존재하지 않는 결제정보입니다.")
    if notices := _notices(call):
        return answer({"error_code": 3, "error": "Delivery data is not valid", "notices": notices})
    told = (str(call.body["status"]), str(call.body.get("carrier_tracking_id") or ""))
    world.paymentwall_told.setdefault(imp_uid, []).append(told)
    return answer({"success": 1})


def _notices(call: Call) -> list[str]:
    body = call.body
    wanted = (*_ALWAYS, *_TIMES, *(_PHYSICAL if body.get("type") == "physical" else ()))
    found = [f"{name} is required" for name in wanted if body.get(name) in (None, "")]
    known = {"type": _TYPES, "status": _STATES, "refundable": ("yes", "no")}
    found += [f"{name} is not valid" for name, values in known.items() if body.get(name) not in values]
    found += [f"{name} is too long" for name, most in _LONGEST.items() if len(str(body.get(name) or "")) > most]
    for name in _TIMES:
        try:
            whole(body.get(name), name)
        except No:
            found.append(f"{name} is not valid")
    return found
