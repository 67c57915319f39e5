"""Deliveries of escrow payments: each PG with what it wants; what stands is read, never whom it went to."""

from collections.abc import Mapping
from typing import Any

from services.sandbox.api.bodies import Call, listed, whole
from services.sandbox.api.envelope import Json, No, answer
from services.sandbox.world.shelf import Row
from services.sandbox.world.world import World

COURIERS = frozenset(
    {
        "HYUNDAI", "HANARO", "SAGAWA", "KGB", "YELLOWCAP", "DONGBU", "EPOST", "CJGLS", "HANJIN", "DAESIN", "ETC",
    }
)  # fmt: skip
_ENTER = frozenset({"html5_inicis", "kcp", "daou", "ksnet", "smartro_v2", "nice_v2", "welcome"})
_CHANGE = _ENTER - {"nice_v2"}
_LOGIS = ("company", "invoice", "sent_at")
_PERSON = {"html5_inicis": ("name", "tel", "addr", "postcode"), "smartro_v2": ("name", "tel", "postcode")}
_FORMED = ("address_line_1", "address_line_2")
_HIDDEN = {"ksnet": 1_800}
"""Seconds for which a PG does not show what was entered, nor let it be changed."""
_REFUSED = "0404"
"""The end of an invoice's number that the PG does not take."""
_SHOWN = ("company", "invoice", "sent_at", "applied_at")


def one(world: World, call: Call, imp_uid: str) -> Json:
    """GET /escrows/logis/{imp_uid}."""
    pg = _pg_of(world, imp_uid, _ENTER)
    found = world.deliveries.get(imp_uid)
    if found is None or _is_hidden(found, pg, call.now):
        raise No(409, "등록된 배송정보가 존재하지 않습니다.")
    return _shown(found)


def enter(world: World, call: Call, imp_uid: str) -> Json:
    """POST /escrows/logis/{imp_uid}."""
    pg = _pg_of(world, imp_uid, _ENTER)
    _require(call, pg)
    row = world.payments[imp_uid]
    if not row["escrow"] or row["status"] != "paid":
        raise No(409, "배송정보를 등록할 수 없는 거래건입니다.")
    if imp_uid in world.deliveries:
        raise No(409, "이미 배송정보가 등록된 거래건입니다.")
    world.deliveries[imp_uid] = _delivery(call, pg, call.now)
    return _shown(world.deliveries[imp_uid])


def change(world: World, call: Call, imp_uid: str) -> Json:
    """PUT /escrows/logis/{imp_uid}."""
    pg = _pg_of(world, imp_uid, _ENTER)
    _require(call, pg)
    found = world.deliveries.get(imp_uid)
    if pg not in _CHANGE or found is None or _is_hidden(found, pg, call.now):
        raise No(409, "배송정보를 수정할 수 없는 거래건입니다.")
    world.deliveries[imp_uid] = _delivery(call, pg, found["entered_at"]) | {"changes": found["changes"] + 1}
    return _shown(world.deliveries[imp_uid])


def _pg_of(world: World, imp_uid: str, able: frozenset[str]) -> str:
    row = world.payments.get(imp_uid)
    if row is None:
        raise No(404, "존재하지 않는 결제정보입니다.")
    pg = str(row["pg_provider"])
    if pg not in able:
        raise No(400, f"에스크로 배송정보를 지원하지 않는 PG사입니다. ({pg})")
    return pg


def _require(call: Call, pg: str) -> None:
    parts = {name: _part(call, name) for name in ("sender", "receiver", "logis")}
    _all_of("logis", parts["logis"], (*_LOGIS, *(("receiving_at", "address") if pg == "daou" else ())))
    for side in ("sender", "receiver"):
        _all_of(side, parts[side], _PERSON.get(pg, ()))
        if pg == "smartro_v2":
            _all_of(f"{side}.formed_address", _mapping(parts[side].get("formed_address")), _FORMED)
    if pg == "daou":
        _all_of("sender", parts["sender"], ("relationship",))
    products = listed(call.body.get("products"))
    if pg == "welcome" and not products:
        raise No(400, "필수 파라미터가 누락되었습니다. (products)")
    for product in products:
        _all_of("products", _mapping(product), ("id", "name", "amount"))


def _part(call: Call, name: str) -> Mapping[str, Any]:
    found = call.body.get(name)
    if not isinstance(found, Mapping):
        raise No(400, f"필수 파라미터가 누락되었습니다. ({name})")
    return found


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _all_of(where: str, told: Mapping[str, Any], names: tuple[str, ...]) -> None:
    for name in names:
        if told.get(name) in (None, ""):
            raise No(400, f"필수 파라미터가 누락되었습니다. ({where}.{name})")


def _delivery(call: Call, pg: str, entered_at: int) -> Row:
    logis = _part(call, "logis")
    invoice, company = str(logis["invoice"]), str(logis["company"])
    if invoice.endswith(_REFUSED):
        raise No(500, f"[{pg}] 운송장 번호({invoice})가 유효하지 않습니다.")
    return {
        "company": company if company in COURIERS else "ETC",
        "invoice": invoice,
        "sent_at": whole(logis["sent_at"], "sent_at"),
        "applied_at": call.now,
        "entered_at": entered_at,
        "changes": 0,
        "receiver": dict(_part(call, "receiver")),
    }


def _is_hidden(found: Row, pg: str, now: int) -> bool:
    return now < int(found["entered_at"]) + _HIDDEN.get(pg, 0)


def _shown(found: Row) -> Json:
    return answer({name: found[name] for name in _SHOWN})
