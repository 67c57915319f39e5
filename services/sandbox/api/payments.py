"""Reading payments: one, several, under an order number, a window."""

from services.sandbox.api.bodies import Call, texts
from services.sandbox.api.envelope import Json, No
from services.sandbox.api.pages import page, window
from services.sandbox.world.shelf import Row
from services.sandbox.world.world import World

NOT_FOUND = "존재하지 않는 결제정보입니다."
_STATUSES = ("all", "ready", "paid", "cancelled", "failed")
_SORTINGS = ("started", "-started", "paid", "-paid", "updated", "-updated")
_WINDOW_DAYS = 90
_BATCH = 100


def one(world: World, call: Call, imp_uid: str) -> Json:
    """GET /payments/{imp_uid}: a test-channel payment only with include_sandbox=true."""
    row = find_row(world, imp_uid)
    if row["sandbox"] and call.query.get("include_sandbox") not in ("true", "1"):
        raise No(404, NOT_FOUND)
    return Json(world.payments.encoded(imp_uid))


def several(world: World, call: Call) -> Json:
    """GET /payments?imp_uid[]=&merchant_uid[]=: 207 when some are missing, 404 when all are."""
    uids, orders = texts(call.query.get("imp_uid")), texts(call.query.get("merchant_uid"))
    asked = len(uids) + len(orders)
    if not 1 <= asked <= _BATCH:
        raise No(400, f"imp_uid, merchant_uid는 합하여 1건 이상 {_BATCH}건 이하여야 합니다.")
    found = [uid for uid in uids if uid in world.payments]
    found += [world.attempts[order][-1] for order in orders if order in world.attempts]
    if not found:
        raise No(404, NOT_FOUND)
    raw = world.payments.array(world.payments.slots_of(found))
    return Json(raw) if len(found) == asked else Json(raw, 207, "일부 결제정보를 조회하지 못하였습니다.")


def find(world: World, call: Call, merchant_uid: str, status: str = "all") -> Json:
    """GET /payments/find/{merchant_uid}[/{status}]: the first in the order asked for, by default the newest."""
    slots = _under(world, call, merchant_uid, status)
    return Json(world.payments.array(slots[:1])[1:-1])


def find_all(world: World, call: Call, merchant_uid: str, status: str = "all") -> Json:
    """GET /payments/findAll/{merchant_uid}[/{status}]: every attempt, paged."""
    return page(world.payments, _under(world, call, merchant_uid, status), call)


def by_status(world: World, call: Call, status: str) -> Json:
    """GET /payments/status/{status}: a window of at most 90 days, by the time of the final status."""
    _known_status(status)
    first, last = window(call, ("from", "to"), _WINDOW_DAYS, defaults=True)
    slots = world.payments.cut(first, last, None if status == "all" else status, _sorting(call))
    return page(world.payments, slots, call)


def find_row(world: World, imp_uid: str) -> Row:
    """A payment's row. Raises No (404)."""
    if imp_uid not in world.payments:
        raise No(404, NOT_FOUND)
    return world.payments[imp_uid]


def _under(world: World, call: Call, merchant_uid: str, status: str) -> list[int]:
    _known_status(status)
    uids = world.attempts.get(merchant_uid, ())
    found = [uid for uid in uids if status in ("all", world.payments[uid]["status"])]
    if not found:
        raise No(404, NOT_FOUND)
    return world.payments.sorted_slots(found, _sorting(call))


def _known_status(status: str) -> None:
    if status not in _STATUSES:
        raise No(400, "유효하지 않은 payment_status입니다.")


def _sorting(call: Call) -> str:
    sorting = str(call.query.get("sorting") or "-started")
    if sorting not in _SORTINGS:
        raise No(400, "유효하지 않은 sorting입니다.")
    return sorting
