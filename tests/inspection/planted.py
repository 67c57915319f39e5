"""The demo's world with what Naver Pay's inspector would object to, planted by the functions that everybody uses."""

import time
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Engine

from services.checkout import attempts, checkouts
from services.checkout.checkouts import Channel, Offer
from services.checkout.parameters.case import Merchant
from services.checkout.policy import Refunds
from services.checkout.verify import verify
from services.gateway import Gateway
from services.inspection.findings import Check, Finding
from services.inspection.inspection import Report, inspect
from services.inspection.rows import Span
from services.mirror.keep import read_again, read_billing_key
from services.mirror.sync import sync
from services.operations.actions.key_deletions import wanted_deletion
from services.operations.actions.refunds import RefundForm, wanted_refund
from services.operations.executor import Executor
from services.operations.journal import journal
from services.operations.journal.audit import Actor
from services.operations.journal.journal import Wanted
from services.sandbox.sandbox import Sandbox
from services.store.engine import reading, writing
from services.store.lists.one import get_billing_key, get_payment
from services.tables.checkouts import CheckoutKind
from services.tables.journal import OperationState as State

SUPPORT = Actor("support@shop.example", "screen")
NAVER = Channel("channel-key-naverpay-payment-test", "naverpay", "np_jangbu00001_test", sandbox=True)
PRODUCT = {"categoryType": "PRODUCT", "categoryId": "GENERAL", "uid": "P1", "name": "추가 배송비", "count": 1}
RIGHT = {
    "channelKey": NAVER.key, "name": "추가 배송비", "amount": 12_000, "currency": "KRW", "naverPopupMode": False,
    "naverProducts": [PRODUCT],
}  # fmt: skip
MERCHANT = Merchant(minimums={"naverpay": 100})


@dataclass
class Shop:
    """A merchant whose mirror is up to date; what is done here is done as everybody does it."""

    store: Engine
    gateway: Gateway
    sandbox: Sandbox
    now: float = field(default_factory=time.time)
    tokens: int = 0

    def mirror(self) -> None:
        """Reads the whole world."""
        sync(self.gateway, self.store, days=400)

    def pay(self, amount: int = 20_000, **about: Any) -> str:
        """A payment by Naver Pay in the mirror."""
        own: dict[str, Any] = {"pg_provider": "naverpay", "pay_method": "naverpay", "paid_at": int(self.now) - 3_600}
        imp_uid = str(self.sandbox.add_payment(amount, **(own | about))["imp_uid"])
        read_again(self.gateway, self.store, imp_uid)
        return imp_uid

    def refund(self, amount: int, reason: str, requester: str = "customer", **about: Any) -> str:
        """A refund of a new payment that Jangbu makes."""
        imp_uid = self.pay(**about)
        journal.record(self.store, self.wanted(imp_uid, amount, reason, requester), SUPPORT, self.now)
        self.carry_out()
        return imp_uid

    def refund_of_nobody(self, amount: int, reason: str) -> str:
        """One that went through without a requester."""
        imp_uid = self.pay()
        wanted = replace(self.wanted(imp_uid, amount, reason, "customer"), requester=None)
        operation = journal.record(self.store, wanted, SUPPORT, self.now)
        self.sandbox.world.refund(imp_uid, amount, reason, int(self.now))
        read_again(self.gateway, self.store, imp_uid)
        made = self.sandbox.payments[imp_uid]["cancel_history"][-1]["cancellation_id"]
        with journal.saving(self.store) as conn:
            sent = journal.move(conn, operation, State.SENT, SUPPORT, "sent", self.now)
            journal.move(conn, sent, State.SUCCEEDED, SUPPORT, "succeeded", self.now, cancellation_id=made)
        return imp_uid

    def wanted(self, imp_uid: str, amount: int, reason: str, requester: str) -> Wanted:
        """What the form of a refund makes."""
        with reading(self.store) as conn:
            payment = get_payment(conn, imp_uid)
        assert payment
        form = RefundForm(amount, payment.amount, reason, requester)
        return wanted_refund(self.token(), payment, form, approval_from=None)

    def refund_elsewhere(self, amount: int, reason: str) -> str:
        """One that the console makes."""
        imp_uid = self.pay()
        self.sandbox.world.refund(imp_uid, amount, reason, int(self.now))
        read_again(self.gateway, self.store, imp_uid)
        return imp_uid

    def delete_key(self, reason: str) -> str:
        """A key of Naver Pay that Jangbu deletes."""
        uid, known = f"own-{self.token()}", next(iter(self.sandbox.world.billing_keys.values()))
        self.sandbox.world.billing_keys[uid] = known | {"customer_uid": uid, "pg_provider": "naverpay"}
        read_billing_key(self.gateway, self.store, uid)
        with reading(self.store) as conn:
            key = get_billing_key(conn, uid)
        assert key
        wanted = wanted_deletion(self.token(), key, reason=reason, requester="customer", booked=0)
        journal.record(self.store, wanted, SUPPORT, self.now)
        self.carry_out()
        return uid

    def link(self, **changed: Any) -> int:
        """A link that asks for what is right, changed."""
        request = {name: value for name, value in (RIGHT | changed).items() if value is not None}
        kind = CheckoutKind.REGISTRATION if "customer_uid" in request else CheckoutKind.PAYMENT
        offer = Offer(kind, NAVER, request, "KRW", int(self.now) + 3_600, uses=10)
        with writing(self.store) as conn:
            return checkouts.make(conn, offer, SUPPORT, self.now).id

    def order(self, link: int, amount: int, refunds: Refunds | None = None, **about: Any) -> str:
        """An order under a link that ended so at the gateway; its payment's id."""
        with writing(self.store) as conn:
            order = attempts.begin(conn, link, self.now).merchant_uid
        own = {"pg_provider": "naverpay", "pay_method": "naverpay", "merchant_uid": order, "sandbox": True}
        imp_uid = str(self.sandbox.add_payment(amount, **(own | about))["imp_uid"])
        verify(self.gateway, self.store, order, self.now, imp_uid=imp_uid, refunds=refunds or Refunds())
        self.carry_out()
        return imp_uid

    def carry_out(self) -> None:
        """The executor's turn."""
        Executor(self.store, self.gateway, lambda _operation: True).turn()

    def token(self) -> str:
        """A form's."""
        self.tokens += 1
        return f"t{self.tokens}"

    def inspected(self, merchant: Merchant = MERCHANT, days: int = 400) -> tuple[Report, list[Finding]]:
        """The report, and every finding."""
        found: list[Finding] = []
        span = Span(int(self.now) - days * 86_400, int(self.now) + 60)
        return inspect(self.store, span, merchant, self.now, found.append), found


def subject(one: Finding) -> tuple[Check, str]:
    """What a finding is about."""
    return one.check, one.imp_uid or one.customer_uid or str(one.link)
