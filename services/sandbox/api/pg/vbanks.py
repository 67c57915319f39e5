"""Virtual accounts: each PG with what it wants, how it writes banks, and what it cannot do."""

from typing import Any

from services.sandbox.api.bodies import Call, money, texts, whole
from services.sandbox.api.charges import keep_taxes
from services.sandbox.api.envelope import Json, No, answer
from services.sandbox.api.parameters import refuse_parameters
from services.sandbox.api.payments import find_row
from services.sandbox.credentials import PG_API_KEY
from services.sandbox.world.codes import BANKS
from services.sandbox.world.rows import BUYER, payment_row, refund_row
from services.sandbox.world.shelf import Row
from services.sandbox.world.world import Event, World

_INICIS, _CHANGES = "html5_inicis", "settle"
_ISSUE = {
    "html5_inicis": ("vbank_holder", "buyer_name", "buyer_email"),
    "nice": ("vbank_holder",),
    "nice_v2": (),
    "tosspayments": ("buyer_name",),
    "settle": ("vbank_holder",),
    "ksnet": ("buyer_name", "product_type"),
    "smartro_v2": ("vbank_holder", "buyer_name", "buyer_email", "buyer_tel"),
    "welcome": ("buyer_name",),
}
_REVOKE = frozenset(_ISSUE) | {"kcp", "uplus", "kicc", "smartro", "danal"}
_OWN_HOLDER = {"tosspayments": None, "ksnet": "장부상점", "welcome": "장부상점"}
_FEW_BANKS = {
    "nice_v2": ["004", "023", "034", "003", "011", "031", "032", "088", "081", "020", "071", "089"],
    "welcome": ["004", "034", "039", "003", "031", "032", "007", "088", "081", "020", "037", "089"],
}
_UNLISTED = frozenset({"035"})
"""Banks that no PG issues by."""
_SPLIT = ("nice", "nice_v2")
"""PGs that ask for the tax-free part of a contract for mixed taxes, and of no other."""


def issue(world: World, call: Call) -> Json:
    """POST /vbanks: `ready`, until somebody pays into it."""
    channel = channel_of(world, call)
    pg, order = str(channel["pg_provider"]), call.text("merchant_uid")
    if pg not in _ISSUE:
        raise No(500, f"가상계좌 발급을 지원하지 않는 PG사입니다. ({pg})")
    amount, due = money(call.text("amount"), "amount"), whole(call.text("vbank_due"), "vbank_due")
    code = call.text("vbank_code")
    for name in _ISSUE[pg]:
        call.text(name)
    _require_key(pg, call)
    require_unpaid(world, order)
    bank = _bank(pg, code)
    if amount < 1 or due <= call.now:
        raise No(500, f"[{pg}] 입금금액 또는 입금기한이 올바르지 않습니다.")
    if pg == "smartro_v2" and not order.isalnum():
        raise No(500, "[smartro_v2] 주문번호에 특수문자를 사용할 수 없습니다.")
    if pg in _SPLIT and (call.body.get("tax_free") not in (None, "")) != (channel["pg_id"] in world.mixed_tax):
        raise No(500, f"[{pg}] 상점의 과세 설정과 맞지 않는 요청입니다.")
    account = {
        "vbank_code": code, "vbank_name": bank,
        "vbank_num": str(call.body.get("vbank_num") or f"{world.chance.randrange(10**13):014d}"),
        "vbank_holder": _OWN_HOLDER.get(pg, call.body.get("vbank_holder")),
        "vbank_date": due, "vbank_issued_at": call.now,
    }  # fmt: skip
    return answer(keep_waiting(world, call, channel, {"pay_method": "vbank", **account}))


def change(world: World, call: Call, imp_uid: str) -> Json:
    """PUT /vbanks/{imp_uid}: one PG alone."""
    row = _waiting(find_row(world, imp_uid))
    if row["pg_provider"] != _CHANGES:
        raise No(500, f"가상계좌 수정을 지원하지 않는 PG사입니다. ({row['pg_provider']})")
    amount, due = (call.body.get(name) for name in ("amount", "vbank_due"))
    if amount not in (None, ""):
        row["amount"] = whole(amount, "amount")
    if due not in (None, ""):
        row["vbank_date"] = whole(due, "vbank_due")
    if row["amount"] < 1 or row["vbank_date"] <= call.now:
        raise No(500, "[settle] 입금금액 또는 입금기한이 올바르지 않습니다.")
    world.put_payment(row)
    return answer(row)


def revoke(world: World, call: Call, imp_uid: str) -> Json:
    """DELETE /vbanks/{imp_uid}: cancelled, though nobody ever paid."""
    row = _waiting(find_row(world, imp_uid))
    if row["pg_provider"] not in _REVOKE:
        raise No(500, f"가상계좌 말소를 지원하지 않는 PG사입니다. ({row['pg_provider']})")
    _require_key(str(row["pg_provider"]), call)
    return answer(taken_back(world, row, "가상계좌 발급취소", call.now))


def channel_of(world: World, call: Call) -> Row:
    """The merchant's channel that a call names."""
    key = call.text("channel_key")
    channel = next((one for one in world.channels if one["channel_key"] == key), None)
    if channel is None:
        raise No(400, "channel_key에 해당하는 채널을 찾을 수 없습니다.")
    return channel


def require_unpaid(world: World, order: str) -> None:
    """Refuses an order that was ever paid; others may wait for it."""
    if len(order) > 40:
        raise No(400, "merchant_uid는 최대 40자입니다.")
    if any(world.payments[uid]["status"] in ("paid", "cancelled") and world.payments[uid]["paid_at"]
           for uid in world.attempts.get(order, ())):  # fmt: skip
        raise No(200, f"이미 결제가 이뤄진 merchant_uid입니다. ({order})")


def keep_waiting(world: World, call: Call, channel: Row, fields: dict[str, Any]) -> Row:
    """A payment that waits; what it said of taxes, and where its events go, is remembered. Raises No."""
    refuse_parameters(call.body, money(call.text("amount"), "amount"), str(channel["pg_provider"]))
    imp_uid = world.new_imp_uid()
    row = payment_row(
        imp_uid, call.text("merchant_uid"), money(call.text("amount"), "amount"), call.now,
        name=call.body.get("name"), custom_data=call.body.get("custom_data"), channel="api",
        **{name: channel[name] for name in ("pg_provider", "pg_id", "sandbox")},
        **{name: call.body.get(name) for name in BUYER}, **fields,
    )  # fmt: skip
    keep_taxes(world, imp_uid, call.body)
    if notice := texts(call.body.get("notice_url")):
        world.notice_urls[imp_uid] = tuple(notice)
    world.put_payment(row)
    world.events.append(Event.of(row))
    return row


def taken_back(world: World, row: Row, words: str, now: int) -> Row:
    """A payment that waits no more."""
    gone = refund_row(row, row["amount"], words, now)
    world.put_payment(gone)
    return gone


def _waiting(row: Row) -> Row:
    if row["pay_method"] != "vbank" or not row["vbank_num"]:
        raise No(400, "가상계좌 결제건이 아닙니다.")
    if row["status"] != "ready":
        raise No(400, "입금대기(ready) 상태의 가상계좌가 아닙니다.")
    return row


def _require_key(pg: str, call: Call) -> None:
    """It stands in the address; a wrong one is said back in the PG's words, as PGs do."""
    given = call.query.get("pg_api_key")
    if pg == _INICIS and given != PG_API_KEY:
        raise No(500, f"[html5_inicis] hashData 불일치 (pg_api_key={given})")


def _bank(pg: str, code: str) -> str:
    """The name of a bank that the PG issues by, by its own code."""
    digits = 2 if pg == _INICIS else 3
    listed = _FEW_BANKS.get(pg, [one for one in BANKS if one not in _UNLISTED])
    names = {one[-digits:]: BANKS[one] for one in listed}
    if code not in names:
        raise No(500, f"[{pg}] 지원하지 않는 은행코드입니다. ({code})")
    return names[code]
