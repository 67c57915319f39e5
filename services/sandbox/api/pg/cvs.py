"""Numbers to pay by at a convenience store: Galaxia alone."""

from services.sandbox.api.bodies import Call, money, whole
from services.sandbox.api.envelope import Json, No, answer
from services.sandbox.api.payments import find_row
from services.sandbox.api.pg.vbanks import channel_of, keep_waiting, require_unpaid, taken_back
from services.sandbox.world.world import World

_DAYS = 3


def issue(world: World, call: Call) -> Json:
    """POST /cvs. Where V1 shows the number is not described: here it stands beside the payment's fields."""
    channel = channel_of(world, call)
    if channel["pg_provider"] != "galaxia":
        raise No(200, f"편의점 결제를 지원하지 않는 PG사입니다. ({channel['pg_provider']})")
    require_unpaid(world, call.text("merchant_uid"))
    until = whole(call.body.get("expired_at") or call.now + _DAYS * 86_400, "expired_at")
    if money(call.text("amount"), "amount") < 1 or until <= call.now:
        raise No(200, "[galaxia] 수납금액 또는 수납기한이 올바르지 않습니다.")
    barcode = str(call.body.get("barcode") or f"88{world.chance.randrange(10**12):012d}")
    return answer(keep_waiting(world, call, channel, {"pay_method": "cvs", "barcode": barcode, "expired_at": until}))


def revoke(world: World, call: Call, imp_uid: str) -> Json:
    """DELETE /cvs/{imp_uid}: refusals come with HTTP 200."""
    row = find_row(world, imp_uid)
    if row["pay_method"] != "cvs" or row["status"] != "ready":
        raise No(200, "수납대기 상태의 편의점 결제건이 아닙니다.")
    return answer(taken_back(world, row, "수납취소", call.now))
