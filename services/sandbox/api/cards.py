"""Cards by their number: a charge without anything before it, and a billing key; PGs want different things with one."""

import re

from services.clock import seoul
from services.sandbox.api.bodies import Call
from services.sandbox.api.charges import charge, checked_amount, refuse_by_rules, require_new_order
from services.sandbox.api.envelope import Json, No, answer
from services.sandbox.world.codes import CARDS
from services.sandbox.world.shelf import Row
from services.sandbox.world.world import World

_PERSON = ("customer_name", "customer_tel", "customer_email", "customer_addr", "customer_postcode")
_UNSURE, _BROKEN, _REFUSED, _SAID_BACK = "0000", "0002", "0001", "0003"
"""Last four digits of test cards: wrong data, no money, no key, and words that say the card's data back."""
_NOT_CERTIFIED = "카드정보 인증에 실패하였습니다."
_NO_KEY = "카드정보 인증 및 빌키 발급에 실패하였습니다."
_LIMIT = "[한도초과] 카드 이용한도를 초과하였습니다."
_WANTS: dict[str, tuple[str, ...]] = {
    "html5_inicis": ("name", "buyer_name", "buyer_tel", "buyer_email"),
    "ksnet": ("buyer_name", "product_type"),
    "welcome": ("buyer_name",),
    "paymentwall": ("cvc", "browser_ip", "buyer_name"),
}
_WANTS_FOR_KEY: dict[str, tuple[str, ...]] = {
    "ksnet": ("birth", "pwd_2digit"),
    "tosspayments": (),
    "welcome": ("customer_name",),
}
_PGS = {"daou", "kcp", "nice", "nice_v2", "html5_inicis", "paymentwall", "settle", "tosspayments", "ksnet", "welcome"}
_PGS_OF_KEYS = _PGS - {"paymentwall", "settle"}
_KEEP_NO_KEY = {"ksnet", "tosspayments"}
_AT_ALL = "expiry"


def onetime(world: World, call: Call) -> Json:
    """POST /subscribe/payments/onetime: a payment that is paid, or failed with its reason; wrong data is code -1."""
    order, number = call.text("merchant_uid"), _number(call)
    amount = checked_amount(call.body)
    require_new_order(world, order)
    channel = _channel_of(world, str(call.body.get("pg") or ""), _PGS)
    _refuse_data(call, number, _NOT_CERTIFIED)
    pg = str(channel["pg_provider"])
    _require(call, _WANTS.get(pg, ()))
    refuse_by_rules(call.body, amount, pg, call.now)
    uid = str(call.body.get("customer_uid") or "")
    if uid and pg in _KEEP_NO_KEY:
        raise No(200, f"{pg}에서는 결제와 동시에 빌링키를 저장할 수 없습니다.", -1)
    how = _card(number) | {name: channel[name] for name in ("pg_provider", "pg_id", "sandbox")}
    reason = _LIMIT if number.endswith(_BROKEN) else _said_back(call, number)
    paid = charge(world, uid or None, order, amount, call.body, call.now, "payment" if uid else None, how, reason)
    if uid and reason is None:
        person = {name: call.body.get(name.replace("customer", "buyer")) for name in _PERSON}
        _keep(world, call, uid, channel, number, person)
    return answer(paid)


def register(world: World, call: Call, customer_uid: str) -> Json:
    """POST /subscribe/customers/{uid}: a card by its number; a key that exists is replaced without a word."""
    number = _number(call)
    _refuse_data(call, number, _NO_KEY)
    channel = _card_channel(world.channels, call.text("channel_key"))
    _require(call, _WANTS_FOR_KEY.get(str(channel["pg_provider"]), ()))
    if number.endswith(_REFUSED):
        raise No(200, "[거래거절] 카드사에서 빌링키 발급을 거절하였습니다.", -1)
    if said := _said_back(call, number):
        raise No(200, said, -1)
    _keep(world, call, customer_uid, channel, number, {name: call.body.get(name) for name in _PERSON})
    return answer(world.billing_keys[customer_uid])


def _number(call: Call) -> str:
    number = re.sub(r"\D", "", call.text("card_number"))
    if not re.fullmatch(r"\d{14,19}", number) or not re.fullmatch(r"\d{4}-?\d{2}", call.text(_AT_ALL)):
        raise No(200, "카드정보가 올바르지 않습니다.", -1)
    return number


def _refuse_data(call: Call, number: str, words: str) -> None:
    """An expired card, or data that the card company does not know."""
    expired = call.text(_AT_ALL).replace("-", "") < f"{seoul(call.now):%Y%m}"
    if expired or number.endswith(_UNSURE):
        raise No(200, words, -1)


def _said_back(call: Call, number: str) -> str | None:
    """A PG's words with all in them that was typed."""
    if not number.endswith(_SAID_BACK):
        return None
    told = [str(call.body.get(name) or "") for name in ("card_number", "birth", "pwd_2digit", "cvc", _AT_ALL)]
    return f"[카드오류] {number} / {' '.join(filter(None, told))}"


def _require(call: Call, names: tuple[str, ...]) -> None:
    for name in names:
        if call.body.get(name) in (None, ""):
            raise No(200, f"필수 파라미터가 누락되었습니다. ({name})", -1)


def _keep(world: World, call: Call, uid: str, channel: Row, number: str, person: Row) -> None:
    """The key, in the place of the one that may be there."""
    world.broken_keys.pop(uid, None)
    if number.endswith(_BROKEN):
        world.broken_keys[uid] = _LIMIT
    known = world.billing_keys.get(uid)
    world.registered[uid] = world.registered.get(uid, 0) + 1
    world.billing_keys[uid] = {
        "customer_uid": uid,
        **{name: channel[name] for name in ("pg_provider", "pg_id", "sandbox")},
        "customer_id": call.body.get("customer_id"),
        **_card(number),
        **person,
        "inserted": known["inserted"] if known else call.now,
        "updated": call.now,
    }


def _card(number: str) -> Row:
    code = list(CARDS)[int(number[:6]) % len(CARDS)]
    return {
        "card_name": CARDS[code], "card_code": code, "card_issuer_code": code, "card_issuer_name": CARDS[code],
        "card_publisher_code": code, "card_publisher_name": CARDS[code], "card_type": 0,
        "card_number": f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}",
    }  # fmt: skip


def _channel_of(world: World, pg: str, able: set[str]) -> Row:
    """By `pg` or `pg.pg_id`; what is missing or not known is the first one, as V1 does."""
    usable = [one for one in world.channels if one["type"] == "api_payment" and one["pg_provider"] in able]
    named = (one for one in usable if pg in (one["pg_provider"], f"{one['pg_provider']}.{one['pg_id']}"))
    if found := next(named, next(iter(usable), None)):
        return found
    raise No(200, "비인증 결제를 지원하는 PG설정이 없습니다.", -1)


def _card_channel(channels: list[Row], channel_key: str) -> Row:
    for channel in channels:
        able = channel["type"] == "api_payment" and channel["pg_provider"] in _PGS_OF_KEYS
        if channel["channel_key"] == channel_key and able:
            return channel
    raise No(200, "해당 채널에서는 카드정보로 빌링키를 발급할 수 없습니다.")
