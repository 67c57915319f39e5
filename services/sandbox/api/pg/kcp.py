"""KCP Quick's members, and Benepia's points, which only KCP takes."""

from services.sandbox.api.bodies import Call, whole
from services.sandbox.api.envelope import Json, No, answer
from services.sandbox.api.parameters import refuse_parameters
from services.sandbox.world.rows import Money
from services.sandbox.world.shelf import Row
from services.sandbox.world.world import World

_CODES = ("site_code", "partner_type", "partner_subtype")


def delete_member(world: World, call: Call, member_id: str) -> Json:
    """DELETE /kcpquick/members/{member_id}: only for who accepts JSON by that name."""
    if "application/json" not in call.accept:
        raise No(400, "Accept 헤더가 올바르지 않습니다. (application/json)")
    for name in _CODES:
        if not call.query.get(name):
            raise No(400, f"필수 파라미터가 누락되었습니다. ({name})")
    found = world.quick_members.get(member_id)
    if found is None or any(found[name] != call.query[name] for name in _CODES):
        raise No(404, "유효하지 않은 member_id입니다.")
    del world.quick_members[member_id]
    return answer({name: value for name, value in found.items() if name not in _CODES})


def points(world: World, call: Call) -> Json:
    """POST /benepia/point."""
    _channel(world, call)
    return answer({"point": _account(world, call)[1]})


def pay(world: World, call: Call) -> Json:
    """POST /benepia/payment: without the shop's own code a test payment."""
    channel, order = _channel(world, call), call.text("merchant_uid")
    amount, name = whole(call.text("amount"), "amount"), call.text("name")
    refuse_parameters(call.body, amount, "kcp")
    if any(world.payments[uid]["status"] in ("paid", "cancelled") for uid in world.attempts.get(order, ())):
        raise No(400, "이미 결제가 이뤄진 merchant_uid입니다.")
    password, left = _account(world, call)
    if not 0 < amount <= left:
        raise No(500, f"[kcp] 포인트가 부족합니다. ({call.body['benepia_user']}, 보유 {left}P)")
    world.benepia[str(call.body["benepia_user"])] = (password, left - amount)
    is_test = channel["sandbox"] or not call.body.get("benepia_member_code")
    row = world.add_payment(
        amount, call.now, merchant_uid=order, name=name, pg_provider="kcp", pg_id=channel["pg_id"], status="paid",
        pay_method="point", channel="api", paid_at=call.now, sandbox=is_test,
        **{field: call.body[field] for field in ("buyer_name", "buyer_tel", "buyer_email") if call.body.get(field)},
    )  # fmt: skip
    return answer(row)


def _channel(world: World, call: Call) -> Row:
    key = call.text("channel_key")
    found = next((one for one in world.channels if one["channel_key"] == key), None)
    if found is None or found["pg_provider"] != "kcp":
        raise No(400, "channel_key에 해당하는 KCP 채널을 찾을 수 없습니다.")
    return found


def _account(world: World, call: Call) -> tuple[str, Money]:
    user, password = call.text("benepia_user"), call.text("benepia_password")
    known = world.benepia.get(user)
    if known is None or known[0] != password:
        raise No(500, f"[kcp] 베네피아 로그인에 실패하였습니다. ({user} / {password})")
    return known
