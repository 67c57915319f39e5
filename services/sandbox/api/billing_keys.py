"""Billing keys: one, several, registering a card, deleting, what was charged."""

import re

from services.sandbox.api.bodies import Call, texts
from services.sandbox.api.envelope import Json, No, answer
from services.sandbox.api.pages import page
from services.sandbox.world.codes import CARDS
from services.sandbox.world.shelf import Row
from services.sandbox.world.world import World

_BATCH = 100
_PERSON = ("customer_name", "customer_tel", "customer_email", "customer_addr", "customer_postcode")
_REFUSED_CARD, _BROKEN_CARD = "0001", "0002"
"""Last four digits of test cards: one that cannot be registered, one whose charges fail."""


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


def register(world: World, call: Call, customer_uid: str) -> Json:
    """POST /subscribe/customers/{uid}: a card by its number; a key that exists is replaced without a word."""
    channel = _card_channel(world.channels, call.text("channel_key"))
    number = re.sub(r"\D", "", call.text("card_number"))
    if not re.fullmatch(r"\d{14,16}", number) or not re.fullmatch(r"\d{4}-?\d{2}", call.text("expiry")):
        raise No(200, "카드정보가 올바르지 않습니다.")
    if number.endswith(_REFUSED_CARD):
        raise No(200, "[거래거절] 카드사에서 빌링키 발급을 거절하였습니다.")
    world.broken_keys.pop(customer_uid, None)
    if number.endswith(_BROKEN_CARD):
        world.broken_keys[customer_uid] = "[한도초과] 카드 이용한도를 초과하였습니다."
    known = world.billing_keys.get(customer_uid)
    world.billing_keys[customer_uid] = {
        "customer_uid": customer_uid,
        **{name: channel[name] for name in ("pg_provider", "pg_id", "sandbox")},
        "customer_id": call.body.get("customer_id"),
        **_card(number),
        **{name: call.body.get(name) for name in _PERSON},
        "inserted": known["inserted"] if known else call.now,
        "updated": call.now,
    }
    return answer(world.billing_keys[customer_uid])


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


def _card(number: str) -> Row:
    code = list(CARDS)[int(number[:6]) % len(CARDS)]
    return {
        "card_name": CARDS[code], "card_code": code, "card_issuer_code": code, "card_issuer_name": CARDS[code],
        "card_publisher_code": code, "card_publisher_name": CARDS[code], "card_type": 0,
        "card_number": f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}",
    }  # fmt: skip


def _card_channel(channels: list[Row], channel_key: str) -> Row:
    for channel in channels:
        if channel["channel_key"] == channel_key and channel["type"] == "api_payment":
            return channel
    raise No(200, "해당 채널에서는 카드정보로 빌링키를 발급할 수 없습니다.")
