"""Cash receipts: of payments, and of sales made elsewhere; each PG with what it wants and what it cannot do."""

import re
from hashlib import sha256

from services.sandbox.api.bodies import Call, whole
from services.sandbox.api.envelope import Json, No, answer
from services.sandbox.world.rows import Money
from services.sandbox.world.shelf import Row
from services.sandbox.world.world import World

_ISSUE = frozenset(
    {
        "html5_inicis", "kcp", "nice", "nice_v2", "tosspayments", "kicc", "settle", "daou", "ksnet", "smartro",
        "smartro_v2", "welcome",
    }
)  # fmt: skip
_CANCEL = _ISSUE - {"kicc", "smartro"}
_READ = _ISSUE - {"kicc", "settle"} | {"uplus", "payco"}
_ISSUE_EXTERNAL = _ISSUE - {"daou"}
_CANCEL_EXTERNAL = _CANCEL - {"daou"}
_KINDS, _TYPES = ("person", "business", "phone", "taxcard"), ("person", "company")
_WANTS = {
    "kicc": ("identifier_type",),
    "settle": ("identifier_type",),
    "nice_v2": ("identifier_type", "type"),
    "ksnet": ("product_type", "buyer_name"),
    "smartro_v2": ("type", "buyer_name", "buyer_tel"),
    "welcome": ("type", "buyer_tel", "corp_reg_no"),
    "daou": ("corp_reg_no", "company_name", "company_tel"),
}
_WANTS_EXTERNAL = _WANTS | {"welcome": (*_WANTS["welcome"], "pay_method")}
_REFUSED = "0404"
"""The last four digits of an identifier that the PG does not take."""
_SHOWN = ("receipt_tid", "apply_num", "type", "amount", "vat", "receipt_url", "applied_at", "cancelled_at")


def one(world: World, imp_uid: str) -> Json:
    """GET /receipts/{imp_uid}: only what was issued through V1, and of some PGs not even that."""
    found = world.receipts.get(imp_uid)
    if found is None or found["pg_provider"] not in _READ:
        raise No(404, "현금영수증 발행 내역을 찾을 수 없습니다.")
    return _shown(found, "imp_uid")


def issue(world: World, call: Call, imp_uid: str) -> Json:
    """POST /receipts/{imp_uid}: over what is left of the payment."""
    row = world.payments.get(imp_uid)
    if row is None or row["status"] != "paid":
        raise No(400, "결제완료(paid) 상태의 결제건이 아닙니다.")
    pg = str(row["pg_provider"])
    if row["pay_method"] not in ("trans", "vbank"):
        raise No(400, "현금성 거래(계좌이체, 가상계좌)가 아닙니다.")
    _refuse(call, pg, _ISSUE, _WANTS)
    _refuse_twice(world.receipts.get(imp_uid))
    if row["cash_receipt_issued"]:
        raise No(500, f"[{pg}] 이미 현금영수증이 발급된 거래입니다.")
    if pg == "nice_v2":
        raise No(500, "[nice_v2] 승인 시 현금영수증 발급을 요청하지 않은 거래입니다.")
    _refuse_at_pg(call, pg)
    left, before = row["amount"] - row["cancel_amount"], world.receipts.get(imp_uid)
    world.receipts[imp_uid] = _receipt(call, {"imp_uid": imp_uid}, pg, left, before)
    return _shown(world.receipts[imp_uid], "imp_uid")


def cancel(world: World, call: Call, imp_uid: str) -> Json:
    """DELETE /receipts/{imp_uid}."""
    found = world.receipts.get(imp_uid)
    if found is None:
        raise No(400, "포트원으로 발급된 현금영수증이 없습니다.")
    world.receipts[imp_uid] = _cancelled(found, call, _CANCEL)
    return _shown(world.receipts[imp_uid], "imp_uid")


def one_external(world: World, order: str) -> Json:
    """GET /receipts/external/{merchant_uid}."""
    if order not in world.external_receipts:
        raise No(404, "현금영수증 발행 내역을 찾을 수 없습니다.")
    return _shown(world.external_receipts[order], "merchant_uid")


def issue_external(world: World, call: Call, order: str) -> Json:
    """POST /receipts/external/{merchant_uid}: by a channel of the merchant's."""
    key, amount, _name = call.text("channel_key"), whole(call.text("amount"), "amount"), call.text("name")
    channel = next((one for one in world.channels if one["channel_key"] == key), None)
    if channel is None:
        raise No(400, "channel_key에 해당하는 채널을 찾을 수 없습니다.")
    pg = str(channel["pg_provider"])
    _refuse(call, pg, _ISSUE_EXTERNAL, _WANTS_EXTERNAL)
    if amount <= 0:
        raise No(400, "amount는 0보다 커야 합니다.")
    _refuse_twice(world.external_receipts.get(order))
    if pg == "nice_v2" or (pg == "smartro_v2" and not order.isalnum()):
        raise No(500, f"[{pg}] 현금영수증을 발급할 수 없는 거래입니다.")
    _refuse_at_pg(call, pg)
    world.external_receipts[order] = _receipt(
        call, {"merchant_uid": order}, pg, amount, world.external_receipts.get(order)
    )
    return _shown(world.external_receipts[order], "merchant_uid")


def cancel_external(world: World, call: Call, order: str) -> Json:
    """DELETE /receipts/external/{merchant_uid}."""
    found = world.external_receipts.get(order)
    if found is None:
        raise No(404, "현금영수증이 발급된 적이 없는 merchant_uid입니다.")
    world.external_receipts[order] = _cancelled(found, call, _CANCEL_EXTERNAL)
    return _shown(world.external_receipts[order], "merchant_uid")


def _refuse(call: Call, pg: str, supported: frozenset[str], wants: dict[str, tuple[str, ...]]) -> None:
    if pg not in supported:
        raise No(501, f"현금영수증을 지원하지 않는 PG사입니다. ({pg})")
    for name in ("identifier", *wants.get(pg, ())):
        call.text(name)
    for name, known in (("identifier_type", _KINDS), ("type", _TYPES)):
        if call.body.get(name, known[0]) not in known:
            raise No(400, f"{name} 값이 올바르지 않습니다.")


def _refuse_twice(known: Row | None) -> None:
    if known and not known["cancelled_at"]:
        raise No(400, "이미 현금영수증이 발급된 거래입니다.")


def _refuse_at_pg(call: Call, pg: str) -> None:
    """Toss Payments takes whatever it is given."""
    number = call.text("identifier")
    if pg != "tosspayments" and re.sub(r"\D", "", number).endswith(_REFUSED):
        raise No(500, f"[{pg}] 식별번호({number})가 유효하지 않습니다.")


def _receipt(call: Call, about: Row, pg: str, amount: Money, before: Row | None) -> Row:
    tax_free = whole(call.body.get("tax_free") or 0, "tax_free")
    if not 0 <= tax_free <= amount:
        raise No(400, "tax_free 값이 올바르지 않습니다.")
    vat = call.body.get("vat_amount")
    number = int(sha256(f"{about} {before and before['apply_num']}".encode()).hexdigest(), 16) % 10**9
    return about | {
        "pg_provider": pg,
        "receipt_tid": f"cash{pg[:6]}{number:09d}",
        "apply_num": f"{number:09d}",
        "type": call.body.get("type", "person"),
        "amount": int(amount),
        "vat": (int(amount) - tax_free) // 11 if vat is None else whole(vat, "vat_amount"),
        "receipt_url": f"https://receipts.example.com/cash/{number:09d}",
        "applied_at": call.now,
        "cancelled_at": 0,
    }


def _cancelled(found: Row, call: Call, able: frozenset[str]) -> Row:
    if found["pg_provider"] not in able:
        raise No(501, f"현금영수증 취소를 지원하지 않는 PG사입니다. ({found['pg_provider']})")
    if found["cancelled_at"]:
        raise No(500, "이미 취소된 현금영수증입니다.")
    return found | {"cancelled_at": call.now}


def _shown(found: Row, about: str) -> Json:
    return answer({name: found[name] for name in (about, *_SHOWN)})
