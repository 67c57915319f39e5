"""Ordinary orders: several attempts, virtual accounts, refunds, test channels, a little in dollars."""

import random
from collections.abc import Iterator
from decimal import Decimal

from services.sandbox.world.buyers import Buyer
from services.sandbox.world.catalog import PRODUCTS, REFUND_REASONS, WINDOW_FAILURES
from services.sandbox.world.channels import ROUTES, SHARES, Route, instrument, virtual_account
from services.sandbox.world.numbers import Numbers
from services.sandbox.world.rows import Money, payment_row, refund_row
from services.sandbox.world.shelf import Row

_DAY = 86_400
_WON_A_DOLLAR = 1_380


class Shopping:
    """Makes the rows of one order after another."""

    def __init__(self, chance: random.Random, numbers: Numbers) -> None:
        self._chance, self._numbers, self._until = chance, numbers, numbers.until

    def order(self, buyer: Buyer, at: int) -> Iterator[Row]:
        """Every attempt to pay one order, begun at `at`."""
        chance = self._chance
        route = chance.choices(ROUTES, SHARES)[0]
        sandbox = chance.random() < 0.02
        name, amount = self._basket(route)
        common = {"name": name, "channel": "pc" if chance.random() < 0.35 else "mobile", **buyer.fields()}
        order = self._numbers.order("ORD", at)
        while True:
            own = {**common, **instrument(chance, route, sandbox=sandbox)}
            row = payment_row(self._numbers.imp_uid(), order, amount, at, **own)
            ended = self._ended(row, at)
            yield ended
            at += chance.randrange(40, 900)
            if ended["status"] != "failed" or chance.random() < 0.45 or at >= self._until:
                return

    def refunded(self, row: Row) -> Row:
        """The payment as it stands after the refunds that life brought, if any."""
        chance = self._chance
        luck = chance.random()
        if luck > 0.065:
            return row
        at, row_at = row["paid_at"], row["paid_at"]
        if luck > 0.026 or row["amount"] < 100 or row["pay_method"] == "phone" or row["currency"] != "KRW":
            at += min(self._delay(), 14 * _DAY if row["pay_method"] == "phone" else 10**9)
            return self._refund(row, row["amount"], at)
        for _ in range(1 if luck > 0.006 else chance.randrange(2, 4)):
            left = row["amount"] - row["cancel_amount"]
            at = max(at, row_at) + self._delay()
            row = self._refund(row, max(10, left * chance.randrange(1, 6) // 100 * 10), at)
        return row

    def _refund(self, row: Row, amount: Money, at: int) -> Row:
        return row if at >= self._until else refund_row(row, amount, self._chance.choice(REFUND_REASONS), at)

    def _delay(self) -> int:
        """Mostly days, sometimes months."""
        usual = 6 * _DAY if self._chance.random() < 0.9 else 70 * _DAY
        return 600 + int(self._chance.expovariate(1 / usual))

    def _basket(self, route: Route) -> tuple[str, Money]:
        chance = self._chance
        name, price = PRODUCTS[int(chance.random() * len(PRODUCTS))]
        count = 1 if chance.random() < 0.7 else chance.randrange(2, 5)
        title = name if count == 1 else f"{name} 외 {count - 1}건"
        amount = price * count + (3_000 if chance.random() < 0.4 else 0)
        if route.currency == "USD":
            return title, Decimal(amount * 100 // _WON_A_DOLLAR) / 100
        return title, amount

    def _ended(self, row: Row, at: int) -> Row:
        chance, luck = self._chance, self._chance.random()
        at += chance.randrange(15, 240)
        if at >= self._until or luck < 0.015:
            return row
        if luck < 0.075:
            return row | {"status": "failed", "failed_at": at, "fail_reason": chance.choice(WINDOW_FAILURES)}
        if row["pay_method"] == "vbank":
            return self._deposit(row, at)
        return self.refunded(row | self._numbers.approval(row["pg_provider"], at))

    def _deposit(self, row: Row, issued_at: int) -> Row:
        """A virtual account: paid into within days, or not (yet)."""
        row = row | virtual_account(self._chance, issued_at, 3)
        at = issued_at + int(self._chance.expovariate(1 / (12 * 3600)))
        if at >= min(self._until, row["vbank_date"]) or self._chance.random() < 0.2:
            return row
        paid = row | self._numbers.approval(row["pg_provider"], at)
        entry = {
            "pg_tid": paid["pg_tid"], "amount": row["amount"], "reason": "입금", "depositor_name": row["buyer_name"],
            "deposited_at": at,
        }  # fmt: skip
        receipt = self._chance.random() < 0.5
        return self.refunded(paid | {"deposit_history": [entry], "cash_receipt_issued": receipt})
