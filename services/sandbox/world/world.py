"""A merchant as the gateway knows it: payments, billing keys, schedules, channels, and the truth of it."""

import heapq
import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from services.sandbox.world.plans import Subscription
from services.sandbox.world.rows import (
    Money,
    approved,
    discount_of,
    payment_facts,
    payment_row,
    refund_row,
    schedule_facts,
)
from services.sandbox.world.shelf import Row, Shelf


@dataclass(frozen=True, slots=True)
class Taxes:
    """What a payment said about its taxes when it was made; V1 shows it nowhere, but refunds must name it."""

    tax_free: Money
    vat_amount: Money | None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that the gateway tells the merchant of by itself."""

    imp_uid: str
    merchant_uid: str
    status: str
    cancellation_id: str | None = None

    @classmethod
    def of(cls, row: Row) -> "Event":
        """A payment has come to this."""
        return cls(row["imp_uid"], row["merchant_uid"], row["status"])

    @classmethod
    def of_refund(cls, row: Row) -> "Event":
        """The latest refund of a payment: `cancelled`, of a part of it too."""
        refund = row["cancel_history"][-1]
        return cls(row["imp_uid"], row["merchant_uid"], "cancelled", refund["cancellation_id"])

    def body(self) -> dict[str, str]:
        """What is sent."""
        told = {"imp_uid": self.imp_uid, "merchant_uid": self.merchant_uid, "status": self.status}
        return told | ({"cancellation_id": self.cancellation_id} if self.cancellation_id else {})


@dataclass
class World:
    """Everything the sandbox knows, in V1's spelling. Won are int, dollars Decimal; times are UNIX seconds."""

    payments: Shelf = field(default_factory=lambda: Shelf(payment_facts, ("started", "paid")))
    schedules: Shelf = field(default_factory=lambda: Shelf(schedule_facts, ("scheduled",)))
    billing_keys: dict[str, Row] = field(default_factory=dict)
    channels: list[Row] = field(default_factory=list)
    prepared: dict[str, Row] = field(default_factory=dict)
    taxes: dict[str, Taxes] = field(default_factory=dict)
    receipts: dict[str, Row] = field(default_factory=dict)
    """imp_uid -> the latest cash receipt that was issued for it through V1."""
    external_receipts: dict[str, Row] = field(default_factory=dict)
    """merchant_uid -> the latest cash receipt of a sale made elsewhere, with the PG that issued it."""
    broken_keys: dict[str, str] = field(default_factory=dict)
    """customer_uid -> why its next charge fails."""
    registered: dict[str, int] = field(default_factory=dict)
    """customer_uid -> how often a card was registered under it by its number."""
    unseen: dict[str, Row] = field(default_factory=dict)
    """merchant_uid -> fields of a schedule that V1 takes but never shows; they go into its payment."""
    subscriptions: list[Subscription] = field(default_factory=list)
    chance: random.Random = field(default_factory=random.Random)
    attempts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """merchant_uid -> imp_uids, oldest first."""
    charges: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """customer_uid -> imp_uids, oldest first."""
    bookings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """customer_uid -> merchant_uids of its schedules."""
    spoilt: Mapping[bytes, bytes] = field(default_factory=dict)
    """What rows hold in place of bytes that no row here can hold, and these bytes."""
    late: list[tuple[int, str]] = field(default_factory=list)
    """When a payment that failed turns out paid, and its imp_uid."""
    given_less: dict[str, Money] = field(default_factory=dict)
    """imp_uid -> how much less than was asked for was refunded of a payment with a promotion."""
    tax_free_back: dict[str, Money] = field(default_factory=dict)
    """imp_uid -> what refunds gave back of the tax-free part."""
    payco_parts: dict[str, tuple[Money, Money]] = field(default_factory=dict)
    """imp_uid -> what was paid of it in points, and what PAYCO took off by itself."""
    promotions_kept: set[str] = field(default_factory=set)
    """Payments whose refund asked to keep the promotion, whatever is left."""
    events: list[Event] = field(default_factory=list)
    """What the merchant has still to be told of."""
    notice_urls: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """imp_uid -> where a payment's events go instead of the console's address."""
    naver_confirmed: dict[str, str] = field(default_factory=dict)
    """imp_uid -> who asked to have Naver Pay's escrow order confirmed."""
    naver_points: dict[str, int] = field(default_factory=dict)
    """imp_uid -> how often Naver Pay credited its buyer's points."""
    naver_npoints: dict[str, Money] = field(default_factory=dict)
    """imp_uid -> what was paid of it in points that were bought, for which a cash receipt is due."""
    naver_silent: set[str] = field(default_factory=set)
    """Payments of which Naver Pay says nothing that can be used."""
    deliveries: dict[str, Row] = field(default_factory=dict)
    """imp_uid -> the delivery that is entered for an escrow payment."""
    payco_told: dict[str, list[str]] = field(default_factory=dict)
    """imp_uid -> what PAYCO was told of the order, in turn."""
    paymentwall_told: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """imp_uid -> what Paymentwall was told of its delivery, in turn: the state, and the carrier's number."""
    mixed_tax: set[str] = field(default_factory=set)
    """pg_ids of contracts for mixed taxes, whose accounts say how much of them is tax-free."""
    verifications: dict[str, Row] = field(default_factory=dict)
    """imp_uid -> identity verification; no payment has such an id."""
    otps: dict[str, str] = field(default_factory=dict)
    """imp_uid -> the one-time number that was sent for it; empty where an app is asked instead."""
    quick_members: dict[str, Row] = field(default_factory=dict)
    """member_id -> a buyer registered at KCP Quick, with KCP's codes."""
    benepia: dict[str, tuple[str, Money]] = field(default_factory=dict)
    """User name -> password and points of a buyer's account at Benepia."""
    _due: list[tuple[int, str]] = field(default_factory=list)

    def put_payment(self, row: Row) -> None:
        """Adds or changes a payment; it is now the one that changed last."""
        if row["imp_uid"] not in self.payments:
            self.note_payment(row["imp_uid"], row["merchant_uid"], row["customer_uid"])
        self.payments.put(row["imp_uid"], row)

    def note_payment(self, imp_uid: str, merchant_uid: str, customer_uid: str | None) -> None:
        """Makes a new payment known under its order number and its billing key."""
        self.attempts[merchant_uid] = (*self.attempts.get(merchant_uid, ()), imp_uid)
        if customer_uid is not None:
            self.charges[customer_uid] = (*self.charges.get(customer_uid, ()), imp_uid)

    def put_schedule(self, row: Row) -> None:
        """Adds or changes a booked payment."""
        order, uid = row["merchant_uid"], row["customer_uid"]
        if order not in self.schedules:
            self.bookings[uid] = (*self.bookings.get(uid, ()), order)
        self.schedules.put(order, row)
        if row["schedule_status"] == "scheduled":
            heapq.heappush(self._due, (row["schedule_at"], order))

    def next_due(self, now: float) -> Row | None:
        """The booked payment that is due longest, taken off the queue."""
        while self._due and self._due[0][0] <= now:
            at, order = heapq.heappop(self._due)
            row = self.schedules[order]
            # A moved or revoked one left its old time behind in the queue.
            if row["schedule_status"] == "scheduled" and row["schedule_at"] == at:
                return row
        return None

    def add_payment(self, amount: Money, started_at: int, **fields: object) -> Row:
        """A payment with the fields named; an id and an order number are made up where they are missing."""
        imp_uid = str(fields.pop("imp_uid", None) or self.new_imp_uid())
        order = str(fields.pop("merchant_uid", None) or f"ORD{imp_uid[4:]}")
        row = payment_row(imp_uid, order, amount, started_at, **fields)
        self.put_payment(row)
        return row

    def refund(self, imp_uid: str, amount: Money, reason: str, at: int) -> Row:
        """Refunds without asking whether V1 would; a schedule's payment_status goes along."""
        before = self.payments[imp_uid]
        row = refund_row(before, amount, reason, at, discount=discount_of(before))
        self.put_payment(row)
        booked = self.schedules.get(row["merchant_uid"])
        if row["status"] == "cancelled" and booked and booked["imp_uid"] == imp_uid:
            self.put_schedule(booked | {"payment_status": "cancelled"})
        return row

    def tax_free_left(self, imp_uid: str) -> Money:
        """What of a payment's tax-free part was not refunded."""
        taxes = self.taxes.get(imp_uid)
        return taxes.tax_free - self.tax_free_back.get(imp_uid, 0) if taxes else 0

    def approve_late(self, now: float) -> None:
        """Turns paid what a PG agrees to after all."""
        while self.late and self.late[0][0] <= now:
            at, imp_uid = self.late.pop(0)
            self._approve(imp_uid, at)

    def deposit(self, imp_uid: str, at: int) -> Row:
        """Somebody pays into a virtual account."""
        return self._approve(imp_uid, at)

    def take_events(self) -> list[Event]:
        """What the merchant has to be told of now, and not again."""
        taken, self.events = self.events, []
        return taken

    def new_imp_uid(self) -> str:
        """An id that nobody has yet."""
        while True:
            imp_uid = f"imp_{self.chance.randrange(10**12):012d}"
            if imp_uid not in self.payments and imp_uid not in self.verifications:
                return imp_uid

    def _approve(self, imp_uid: str, at: int) -> Row:
        row = approved(self.payments[imp_uid], at)
        if row["vbank_num"]:
            entry = {"pg_tid": row["pg_tid"], "amount": row["amount"], "reason": "입금"}
            row["deposit_history"] = [entry | {"depositor_name": row["buyer_name"], "deposited_at": at}]
        self.put_payment(row)
        self.events.append(Event.of(row))
        return row


@dataclass(frozen=True, slots=True)
class SubStore:
    """A sub-store of the merchant's (V1's tier): what is bought, registered and booked there is in it alone."""

    name: str
    world: World
