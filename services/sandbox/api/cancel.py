"""POST /payments/cancel, with the refusals of the contract."""

from typing import Any

from services.clock import seoul
from services.sandbox.api.bodies import Call, money
from services.sandbox.api.envelope import Json, No, answer
from services.sandbox.api.pages import DAY
from services.sandbox.world.channels import CHARGED_REGISTRATIONS, REFUND_DAYS
from services.sandbox.world.rows import Money, discount_of
from services.sandbox.world.shelf import Row
from services.sandbox.world.world import Event, World

_ACCOUNT = ("refund_holder", "refund_bank", "refund_account")
_USUAL_DAYS = 365
_WANT_TAX_FREE = ("kcp", "kcp_quick", "kicc", "nice", "payco")
"""PGs that take nothing for granted where the tax-free part of a mixed payment is not named."""


def cancel(world: World, call: Call) -> Json:
    """Refunds a part; with no amount or 0 everything that is left. A refusal is HTTP 200 with a code."""
    row = _row(world, call)
    _refuse_by_status(row)
    left = row["amount"] - row["cancel_amount"] - world.given_less.get(row["imp_uid"], 0)
    amount = _amount(call.body, "amount") or left
    _refuse_by_balance(call.body, amount, left)
    account = [name for name in _ACCOUNT if not call.body.get(name)]
    _refuse_by_deadline(row, call.now, to_account=not account)
    _refuse_by_method(row, call.body, amount)
    _refuse_by_account(row, call.body, account)
    _refuse_by_taxes(world, row, call.body, amount)
    reason = str(call.body.get("reason") or "취소요청api")
    if tax_free := _amount(call.body, "tax_free"):
        world.tax_free_back[row["imp_uid"]] = world.tax_free_back.get(row["imp_uid"], 0) + tax_free
    if call.body.get("retain_promotion") in (True, "true"):
        world.promotions_kept.add(row["imp_uid"])
    given = _less_the_discount(row, amount)
    refunded = world.refund(row["imp_uid"], given, reason, call.now)
    if call.body.get("enable_webhook") in (True, "true"):
        world.events.append(Event.of_refund(refunded))
    if given != amount:
        world.given_less[row["imp_uid"]] = world.given_less.get(row["imp_uid"], 0) + amount - given
    return answer(refunded)


def _less_the_discount(row: Row, amount: Money) -> Money:
    """What is given back of an order's part: a promotion is kept, as a share of the order's amount."""
    discount = discount_of(row)
    return amount - amount * discount // row["amount"] if discount else amount


def _row(world: World, call: Call) -> Row:
    imp_uid, order = call.body.get("imp_uid"), call.body.get("merchant_uid")
    if not imp_uid and not order:
        raise No(400, "imp_uid, merchant_uid 중 하나는 필수입니다.")
    if imp_uid:
        found = [str(imp_uid)] if str(imp_uid) in world.payments else []
    else:
        # Of several attempts the one that was paid is meant, else the newest.
        found = sorted(world.attempts.get(str(order), ()), key=lambda uid: world.payments[uid]["paid_at"])
    if not found:
        raise No(200, "취소할 결제건이 존재하지 않습니다.")
    return world.payments[found[-1]]


def _amount(body: dict[str, Any], name: str) -> Money | None:
    value = body.get(name)
    return None if value in (None, "") else money(value, name)


def _refuse_by_status(row: Row) -> None:
    if row["status"] == "cancelled":
        raise No(200, "이미 전액취소된 주문입니다.")
    if row["status"] != "paid":
        raise No(200, "결제완료 상태의 결제건만 취소할 수 있습니다.")
    if row["customer_uid_usage"] == "issue" and not (row["pg_provider"] in CHARGED_REGISTRATIONS and row["amount"]):
        raise No(200, "빌링키 발급 건은 취소할 수 없습니다.")


def _refuse_by_balance(body: dict[str, Any], amount: Money, left: Money) -> None:
    checksum = _amount(body, "checksum")
    if checksum is not None and checksum != left:
        raise No(200, f"취소 가능 잔액이 일치하지 않습니다. (checksum: {checksum}, 취소 가능 잔액: {left})")
    if amount < 0:
        raise No(400, "amount 값이 올바르지 않습니다.")
    if amount > left:
        raise No(200, f"취소 요청 금액이 취소 가능 잔액을 초과합니다. (취소 가능 잔액: {left})")


def _refuse_by_deadline(row: Row, now: int, *, to_account: bool) -> None:
    if row["pay_method"] == "phone":
        if row["pg_provider"] == "kcp" and to_account:
            return
        if seoul(row["paid_at"]).strftime("%Y%m") != seoul(now).strftime("%Y%m"):
            raise No(200, "휴대폰 소액결제는 결제한 당월에만 취소할 수 있습니다.")
        return
    days = REFUND_DAYS.get((row["pg_provider"], row["pay_method"]), _USUAL_DAYS)
    if now - row["paid_at"] > days * DAY:
        raise No(200, f"취소 가능 기간({days}일)이 지났습니다.")


def _refuse_by_method(row: Row, body: dict[str, Any], amount: Money) -> None:
    if row["pay_method"] == "phone" and amount != row["amount"] and row["pg_provider"] != "html5_inicis":
        raise No(200, "휴대폰 소액결제는 부분취소를 할 수 없습니다.")
    if row["pg_provider"] == "naverpay":
        extra = body.get("extra")
        requester = extra.get("requester") if isinstance(extra, dict) else None
        if not body.get("reason") or requester not in ("customer", "admin"):
            raise No(200, "네이버페이 취소 시 reason과 extra.requester(customer, admin)는 필수입니다.")


def _refuse_by_account(row: Row, body: dict[str, Any], missing: list[str]) -> None:
    if row["pay_method"] == "vbank" and missing:
        raise No(200, f"가상계좌 취소 시 환불계좌 정보가 필요합니다. ({', '.join(missing)} 누락)")
    if (row["pg_provider"], row["pay_method"]) == ("smartro_v2", "trans") and (missing or not body.get("refund_tel")):
        raise No(200, "계좌이체 취소 시 환불계좌 정보가 필요합니다.")


def _refuse_by_taxes(world: World, row: Row, body: dict[str, Any], amount: Money) -> None:
    tax_free, vat = _amount(body, "tax_free") or 0, _amount(body, "vat_amount")
    if tax_free + (vat or 0) > amount:
        raise No(200, "면세금액과 부가세의 합이 취소 요청 금액을 초과합니다.")
    taxes = world.taxes.get(row["imp_uid"])
    if taxes and taxes.vat_amount is not None and vat is None:
        raise No(200, "결제 시 부가세를 지정한 결제건은 취소 시에도 vat_amount가 필수입니다.")
    left = world.tax_free_left(row["imp_uid"])
    if tax_free > left:
        raise No(200, "취소 요청한 면세금액이 취소 가능한 면세금액을 초과합니다.")
    taxed = row["amount"] - row["cancel_amount"] - left
    if row["pg_provider"] in _WANT_TAX_FREE and left and amount - tax_free > taxed:
        raise No(200, f"취소 가능한 과세금액을 초과합니다. (취소 가능 과세금액: {taxed}, 면세금액: {left})")
