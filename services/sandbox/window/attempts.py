"""One window: what it is for, and which of its buttons fit."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.sandbox.api.charges import keep_taxes
from services.sandbox.window.asked import Asked
from services.sandbox.window.checks import Wanted
from services.sandbox.window.sums import takes_money
from services.sandbox.world.rows import BUYER, payment_row
from services.sandbox.world.shelf import Row, encode
from services.sandbox.world.world import World


class Act(StrEnum):
    """What the buyer, or the one who tries things out, does in the window."""

    APPROVE = "approve"
    CANCEL = "cancel"
    FAIL = "fail"
    SILENT = "silent"
    """Approved, and the browser never goes back."""
    LATE = "late"
    """Ready or failed at first, paid some seconds later."""
    OTHER_AMOUNT = "other_amount"
    NO_IMP_UID = "no_imp_uid"
    TWICE = "twice"


_OF_REGISTRATIONS = (Act.APPROVE, Act.CANCEL, Act.FAIL, Act.SILENT, Act.NO_IMP_UID, Act.TWICE)


@dataclass
class Attempt:
    """A window that was opened for a payment."""

    imp_uid: str
    asked: Asked
    wanted: Wanted
    open: bool = True

    @property
    def address(self) -> str:
        """Where the window is."""
        return f"/window/{self.imp_uid}"

    @property
    def registers(self) -> bool:
        """Whether a billing key is made."""
        return "customer_uid" in self.asked.param

    @property
    def takes_money(self) -> bool:
        """Whether an approval moves money."""
        return takes_money(self.asked.param, self.wanted.channel["pg_provider"], self.wanted.amount)

    @property
    def acts(self) -> tuple[Act, ...]:
        """The buttons that fit."""
        if self.takes_money and not self.registers:
            return tuple(Act)
        return _OF_REGISTRATIONS


def begin(world: World, asked: Asked, wanted: Wanted, now: int) -> Attempt:
    """Makes the payment known as `ready`: a window stands open for it."""
    param, channel = asked.param, wanted.channel
    imp_uid, registers = world.new_imp_uid(), "customer_uid" in asked.param
    row = payment_row(
        imp_uid, param["merchant_uid"], wanted.amount, now,
        **{name: channel[name] for name in ("pg_provider", "pg_id", "sandbox")},
        pay_method=_method(param, channel), currency=wanted.currency, channel="mobile" if asked.mobile else "pc",
        name=param["name"], escrow=param.get("escrow", False), custom_data=_custom_data(param),
        customer_uid=param.get("customer_uid"), customer_uid_usage="issue" if registers else None,
        **{name: param.get(name) for name in BUYER},
    )  # fmt: skip
    notice = param.get("notice_url")
    if notice:
        world.notice_urls[imp_uid] = tuple(notice) if isinstance(notice, list) else (notice,)
    keep_taxes(world, imp_uid, param)
    world.put_payment(row)
    return Attempt(imp_uid, asked, wanted)


def _method(param: dict[str, Any], channel: Row) -> str:
    pg: str = channel["pg_provider"]
    if pg in ("naverpay", "kakaopay"):
        return pg
    asked = str(param.get("pay_method") or "card")
    return "samsung" if asked == "samsungpay" else asked


def _custom_data(param: dict[str, Any]) -> str | None:
    return encode(param["custom_data"]).decode() if "custom_data" in param else None
