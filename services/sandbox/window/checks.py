"""All that the vendor's server looks at before it opens a window."""

import re
from dataclasses import dataclass

from services.sandbox.window.asked import Asked, Stopped, missing
from services.sandbox.window.naver import check_naver
from services.sandbox.window.parameters import check_needed, check_types
from services.sandbox.window.sums import amount_of, currency_of
from services.sandbox.window.switches import Switches
from services.sandbox.world.rows import Money
from services.sandbox.world.shelf import Row
from services.sandbox.world.world import World

_BY_CALLBACK = ("payco", "danal", "danal_tpay", "paypal_v2")
"""PGs that answer the page itself on phones too."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A payment that may be asked for."""

    channel: Row
    amount: Money
    currency: str
    popup: bool
    """Else the page itself goes to the window, and from there to `m_redirect_url`."""


def check(world: World, asked: Asked, switches: Switches, now: int) -> Wanted:
    """What is wanted, where nothing speaks against it. Raises Stopped."""
    _check_shop(asked)
    param = asked.param
    check_types(param)
    channel = _channel(world, asked)
    pg = channel["pg_provider"]
    amount = amount_of(param, pg, switches)
    check_needed(param, pg)
    if pg == "naverpay":
        check_naver(param, now)
    popup = _by_popup(asked, pg)
    if not popup and not asked.text("m_redirect_url"):
        raise missing("m_redirect_url")
    currency = currency_of(param, pg)
    _check_order(world, asked.text("merchant_uid"), amount, currency, switches)
    return Wanted(channel, amount, currency, popup)


def _check_shop(asked: Asked) -> None:
    if not re.fullmatch(r"imp\d{8}", str(asked.user_code)):
        raise Stopped("고객사 식별코드가 올바르지 않습니다. IMP.init을 먼저 호출해 주세요.")
    if asked.tier_code is not None and not re.fullmatch(r"[A-Z0-9]{3}", str(asked.tier_code)):
        raise Stopped("하위 상점(Tier) 코드가 올바르지 않습니다.")


def _channel(world: World, asked: Asked) -> Row:
    """The new SDK goes by channelKey, the old one by `pg` alone: a code, or code.MID."""
    key, (pg, _, pg_id) = asked.text("channelKey"), asked.text("pg").partition(".")
    windows = [row for row in world.channels if row["type"] == "payment"]
    if key and not asked.old:
        found = [row for row in windows if row["channel_key"] == key]
    elif pg_id:
        found = [row for row in windows if (row["pg_provider"], row["pg_id"]) == (pg, pg_id)]
    else:
        found = [row for row in windows if row["pg_provider"] == pg and not row["sandbox"]]
    if len(found) != 1:
        raise Stopped("등록된 PG 설정 정보가 없습니다.", "F1001")
    return found[0]


def _by_popup(asked: Asked, pg: str) -> bool:
    if pg == "naverpay":
        return asked.param.get("naverPopupMode") is True
    return pg in _BY_CALLBACK or not asked.mobile


def _check_order(world: World, order: str, amount: Money, currency: str, switches: Switches) -> None:
    if any(world.payments[uid]["paid_at"] for uid in world.attempts.get(order, ())):
        raise Stopped("이미 결제가 이루어진 거래건입니다.", "F1002")
    prepared = world.prepared.get(order)
    if prepared is None or not switches.prepare_checked:
        return
    if prepared["amount"] != amount or prepared["currency"] not in (None, "", currency):
        raise Stopped(switches.prepare_words)
