"""Charging a billing key: at once, or when a schedule is due."""

from typing import Any

from services.clock import seoul
from services.sandbox.api.bodies import Call, money, texts, whole
from services.sandbox.api.envelope import Json, No, answer
from services.sandbox.api.parameters import refuse_parameters, require_product
from services.sandbox.world.catalog import DELETED_KEY
from services.sandbox.world.rows import BUYER, Money, approved, payment_row
from services.sandbox.world.shelf import Row
from services.sandbox.world.world import Event, Taxes, World

_OF_KEY = (
    "pg_provider", "pg_id", "sandbox", "card_name", "card_code", "card_issuer_code", "card_issuer_name",
    "card_publisher_code", "card_publisher_name", "card_number", "card_type",
)  # fmt: skip
_LONGEST_ORDER = 40
_SCHEDULED = "payment.scheduled"
_NAVERPAY_MINIMUM = 100
_INSTALMENTS_FROM = 50_000


def again(world: World, call: Call) -> Json:
    """POST /subscribe/payments/again: a payment that is paid, or failed with its reason; refused before it is tried."""
    uid, order = call.text("customer_uid"), call.text("merchant_uid")
    if not call.body.get("name"):
        raise No(200, "필수 파라미터가 누락되었습니다. (name)", -1)
    amount = checked_amount(call.body)
    require_new_order(world, order)
    if uid not in world.billing_keys:
        raise No(200, DELETED_KEY)
    pg = str(world.billing_keys[uid]["pg_provider"])
    require_product(call.body, pg)
    refuse_by_rules(call.body, amount, pg, call.now)
    return answer(charge_key(world, uid, order, amount, call.body, call.now, "payment"))


def charge_key(world: World, uid: str, order: str, amount: Money, source: Row, now: int, usage: str) -> Row:
    """Charges a key and keeps the payment; a key that is gone or broken fails."""
    key = world.billing_keys.get(uid, {})
    reason = world.broken_keys.get(uid) if key else DELETED_KEY
    return charge(world, uid, order, amount, source, now, usage, key, reason)


def charge(
    world: World,
    uid: str | None,
    order: str,
    amount: Money,
    source: Row,
    now: int,
    usage: str | None,
    key: Row,
    reason: str | None,
) -> Row:
    """Keeps the payment of a charge on what `key` says of the instrument; it fails where there is a reason."""
    imp_uid = world.new_imp_uid()
    row = payment_row(
        imp_uid, order, amount, now,
        name=source.get("name"), currency=source.get("currency") or "KRW", custom_data=source.get("custom_data"),
        channel="api", customer_uid=uid, customer_uid_usage=usage, card_quota=int(source.get("card_quota") or 0),
        pay_method="naverpay" if key.get("pg_provider") == "naverpay" else "card",
        **{name: source.get(name) or key.get(name.replace("buyer", "customer")) for name in BUYER},
        **{name: key.get(name) for name in _OF_KEY if name in key},
    )  # fmt: skip
    if reason is not None:
        row |= {"status": "failed", "failed_at": now, "fail_reason": reason}
    else:
        row = approved(row, now)
    keep_taxes(world, imp_uid, source)
    if notice := texts(source.get("notice_url")):
        world.notice_urls[imp_uid] = tuple(notice)
    world.put_payment(row)
    if reason is None or usage == _SCHEDULED:
        world.events.append(Event.of(row))
    return row


def checked_amount(body: dict[str, Any]) -> Money:
    """The amount of a charge or a schedule, with its taxes within it. Raises No."""
    if body.get("amount") in (None, ""):
        raise No(400, "필수 파라미터가 누락되었습니다. (amount)")
    amount = money(body["amount"], "amount")
    if (str(body.get("currency") or "KRW") == "KRW" and not isinstance(amount, int)) or amount <= 0:
        raise No(400, "amount 값이 올바르지 않습니다.")
    taxes = sum(money(body.get(name) or 0, name) for name in ("tax_free", "vat_amount"))
    if taxes > amount:
        raise No(400, "면세금액과 부가세의 합이 결제금액을 초과합니다.")
    return amount


def require_new_order(world: World, order: str) -> None:
    """Refuses an order number that was ever used, whatever became of it. Raises No."""
    if len(order) > _LONGEST_ORDER:
        raise No(400, f"merchant_uid는 최대 {_LONGEST_ORDER}자입니다.")
    if order in world.attempts or order in world.schedules:
        raise No(200, f"이미 사용된 merchant_uid입니다. ({order})")


def refuse_by_rules(body: dict[str, Any], amount: Money, pg: str, now: int) -> None:
    """What goes along, instalments, Naver Pay's minimum and its day of use. Raises No."""
    refuse_parameters(body, amount, pg)
    quota = whole(body.get("card_quota") or 0, "card_quota")
    if quota < 0 or quota == 1 or (quota >= 2 and amount < _INSTALMENTS_FROM):
        raise No(200, f"할부는 {_INSTALMENTS_FROM:,}원 이상부터 2개월 이상으로 가능합니다.")
    if pg != "naverpay":
        return
    if amount < _NAVERPAY_MINIMUM:
        raise No(200, f"최소 결제 금액은 {_NAVERPAY_MINIMUM}원입니다")
    extra = body.get("extra")
    day = extra.get("naverUseCfm") if isinstance(extra, dict) else None
    if day and not (len(str(day)) == 8 and str(day).isdecimal() and str(day) >= f"{seoul(now):%Y%m%d}"):
        raise No(200, "naverUseCfm은 결제일 당일 또는 미래의 날짜(yyyyMMdd)여야 합니다.")


def execute_due(world: World, now: int) -> None:
    """Charges every booked payment whose time has come, oldest first, each at its own time."""
    while row := world.next_due(now):
        execute(world, row, row["schedule_at"])


def execute(world: World, row: Row, at: int) -> Row:
    """Charges one booked payment and notes the outcome on it."""
    uid, order = row["customer_uid"], row["merchant_uid"]
    paid = charge_key(world, uid, order, row["amount"], row | world.unseen.get(order, {}), at, _SCHEDULED)
    outcome = {
        "schedule_status": "executed",
        "executed_at": at,
        "revoked_at": 0,
        "imp_uid": paid["imp_uid"],
        "payment_status": paid["status"],
        "fail_reason": paid["fail_reason"],
    }
    world.put_schedule(row | outcome)
    return paid


def keep_taxes(world: World, imp_uid: str, source: Row) -> None:
    """Remembers what a payment says about its taxes."""
    tax_free, vat = source.get("tax_free"), source.get("vat_amount")
    if tax_free not in (None, "") or vat not in (None, ""):
        vat_amount = None if vat in (None, "") else money(vat, "vat_amount")
        world.taxes[imp_uid] = Taxes(money(tax_free or 0, "tax_free"), vat_amount)
