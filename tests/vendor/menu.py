"""Every call of the vendor's menu: the client's method, where a person finds it, the command, and who may.

The one declaration behind docs/calls.md: `python -m tests.vendor.menu` writes it anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dashboard.access import PERMISSIONS, Permission
from dashboard.navigation import Place, title

PAGE = Path(__file__).parents[2] / "docs" / "calls.md"
_HEAD = """# Calls of V1

What of PortOne's V1 API Jangbu can do, where a person finds it, and who may. Made by `python -m tests.vendor.menu`
and held by a test. “Left” says why a call is not made though the sandbox answers it; what is “by itself” no person
has to ask for.

The menu has {n} calls: Jangbu makes {made} of them, and {left} are left, because another call tells the same. Beside
them stands `POST /users/getToken`, which every call needs. Not in the menu, and all but one left out on purpose, are

- the fourteen calls of Naver Pay's order type (`…/naver/ship`, `/naver/reviews`, …), another product;
- six of KCP Quick's seven, `POST /partners/receipts/{{imp_uid}}`: for agencies and wallets;
- `GET /tiers/{{tier_code}}`, by which `jangbu doctor` names the sub-stores of `JANGBU_TIERS`;
- `GET /kakao/payment/orders`, which the vendor withdrew (`jangbu sandbox` answers 410), and `GET /vbanks/holder`,
  which it hides.

A card's number, a one-time number and a password at Benepia have no command: at a command line they would stand in a
history, a file or a list of processes. They are typed on *Card entry*, *Verify by a one-time number* and *Benepia
payment* alone, each of which is off until `JANGBU_ALLOW_CARD_ENTRY`, `JANGBU_ALLOW_IDENTITY_OTP` or
`JANGBU_ALLOW_BENEPIA` switches it on.
"""


@dataclass(frozen=True, slots=True)
class Call:
    """One call; what is empty it has none of. `by_itself` says when Jangbu makes it without a person."""

    call: str
    what: str
    client: str = ""
    screen: Place | None = None
    command: str = ""
    permission: Permission | None = None
    by_itself: str = ""
    left: str = ""
    """Why Jangbu does not make it, though the sandbox answers it."""

    @property
    def method(self) -> str:
        return self.call.partition(" ")[0]

    @property
    def path(self) -> str:
        return self.call.partition(" ")[2]


_KEY, _KEYS = "/subscribe/customers/{customer_uid}", "/subscribe/customers"
_SCHEDULE = "/subscribe/payments/schedule"
_ONE = f"{_SCHEDULE}/{{merchant_uid}}"
_ORDER = "/payments/{imp_uid}/naver"
_SEE, _READ, _BOOK = Permission.SEE_PAYMENTS, Permission.READ_AGAIN, Permission.SCHEDULE
_PRIVACY = Permission.IDENTITY
_SYNC, _LINKS = "at each sync", "as a link is opened"
_MONTHLY, _UNKNOWN = "once a month", "where a payment is read whose code has no name"

MENU: dict[str, Sequence[Call]] = {
    "Payments": (
        Call("GET /payments/{imp_uid}", "one payment", "payment", Place.PAYMENT, permission=_READ),
        Call("GET /payments", "several payments", "payments", Place.PAYMENTS, permission=_READ,
             by_itself="where rows could not be read"),
        Call("GET /payments/find/{merchant_uid}/{payment_status}", "the payment of an order number",
             left="the call below tells it too, with every other attempt"),
        Call("GET /payments/findAll/{merchant_uid}/{payment_status}", "every attempt of an order number",
             "find_all_payments", Place.PAYMENTS, permission=_READ, by_itself="where a charge's answer was lost"),
        Call("GET /payments/status/{payment_status}", "payments of a time", "payments_by_status", Place.PAYMENTS,
             "sync", _SEE, _SYNC),
        Call("GET /payments/{imp_uid}/balance", "what a payment by PAYCO is made up of", "balance", Place.PAYMENT,
             permission=_READ, by_itself="after each sync, and before a refund"),
        Call("POST /payments/cancel", "refund", "cancel_payment", Place.REFUND, "refund", Permission.REFUND),
        Call("POST /payments/prepare", "the amount, before the window opens", "prepare", by_itself=_LINKS),
        Call("PUT /payments/prepare", "another amount", "prepare", by_itself=_LINKS),
        Call("GET /payments/prepare/{merchant_uid}", "the amount that was registered", "prepared", by_itself=_LINKS),
    ),
    "Billing keys": (
        Call(f"GET {_KEYS}", "several billing keys", "billing_keys", Place.BILLING_KEYS, "sync", _SEE, _SYNC),
        Call(f"GET {_KEY}", "one billing key", "billing_key", Place.BILLING_KEY, permission=_READ),
        Call(f"POST {_KEY}", "a billing key by a card's number", "register_card", Place.CARD_ENTRY,
             permission=Permission.CARD_ENTRY),
        Call(f"DELETE {_KEY}", "delete a billing key", "delete_billing_key", Place.KEY_DELETION, "key delete",
             Permission.DELETE_KEY),
        Call(f"GET {_KEY}/payments", "payments of a billing key", "customer_payments", Place.BILLING_KEY,
             permission=_READ),
        Call(f"GET {_KEY}/schedules", "what is booked on a billing key",
             left="the vendor describes it as the same call as the last one of the next table"),
    ),
    "Charges and schedules": (
        Call("POST /subscribe/payments/again", "charge a billing key", "charge_again", Place.CHARGE, "charge",
             Permission.CHARGE),
        Call("POST /subscribe/payments/onetime", "a charge by a card's number", "charge_onetime", Place.CARD_ENTRY,
             permission=Permission.CARD_ENTRY),
        Call(f"GET {_SCHEDULE}", "schedules of a time", "schedules", Place.SCHEDULES, "sync", _SEE, _SYNC),
        Call(f"POST {_SCHEDULE}", "book payments", "book_schedules", Place.BOOK_SCHEDULE, "schedule add", _BOOK),
        Call("POST /subscribe/payments/unschedule", "revoke schedules", "unschedule", Place.SCHEDULE,
             "schedule cancel", _BOOK),
        Call(f"GET {_ONE}", "one schedule", "schedule", Place.SCHEDULE, permission=_READ),
        Call(f"PUT {_ONE}", "move a schedule", "move_schedule", Place.SCHEDULE, "schedule move", _BOOK),
        Call(f"POST {_ONE}/reschedule", "book a failed one again", "reschedule", Place.SCHEDULE, "schedule rebook",
             _BOOK),
        Call(f"POST {_ONE}/retry", "charge a failed one now", "retry_schedule", Place.SCHEDULE, "schedule retry",
             _BOOK),
        Call(f"GET {_SCHEDULE}/customers/{{customer_uid}}", "schedules of a billing key", "customer_schedules",
             Place.BILLING_KEY, permission=_READ),
    ),
    "Naver Pay, payment type": (
        Call(f"POST {_ORDER}/confirm", "confirm an escrow order", "confirm_naver", Place.NAVER_CONFIRM,
             "naver confirm", Permission.NAVER_CONFIRM),
        Call(f"POST {_ORDER}/point", "credit points", "credit_naver_points", Place.NAVER_POINTS, "naver points",
             Permission.NAVER_POINTS),
        Call(f"GET {_ORDER}/cash-amount", "for how much a cash receipt may be issued", "naver_cash_amount",
             Place.PAYMENT, "naver cash-amount", _READ),
    ),
    "Cash receipts": (
        Call("GET /receipts/{imp_uid}", "the receipt of a payment", "receipt", Place.RECEIPT, "receipt show",
             _READ),
        Call("POST /receipts/{imp_uid}", "issue one", "issue_receipt", Place.RECEIPT, "receipt issue",
             Permission.RECEIPT),
        Call("DELETE /receipts/{imp_uid}", "cancel it", "cancel_receipt", Place.RECEIPT, "receipt cancel",
             Permission.RECEIPT),
        Call("GET /receipts/external/{merchant_uid}", "the receipt of cash taken elsewhere", "external_receipt",
             Place.RECEIPT, "receipt show",
             _READ),
        Call("POST /receipts/external/{merchant_uid}", "issue one", "issue_external_receipt",
             Place.NEW_RECEIPT, "receipt issue",
             Permission.RECEIPT),
        Call("DELETE /receipts/external/{merchant_uid}", "cancel it", "cancel_external_receipt",
             Place.RECEIPT, "receipt cancel",
             Permission.RECEIPT),
    ),
    "Virtual accounts": (
        Call("POST /vbanks", "issue one", "issue_vbank", Place.NEW_VBANK, "vbank issue", Permission.VBANK),
        Call("PUT /vbanks/{imp_uid}", "another amount or term", "change_vbank", Place.VBANK, "vbank change",
             Permission.VBANK),
        Call("DELETE /vbanks/{imp_uid}", "revoke it", "revoke_vbank", Place.VBANK, "vbank revoke", Permission.VBANK),
    ),
    "Escrow": (
        Call("POST /escrows/logis/{imp_uid}", "enter a delivery", "enter_delivery", Place.DELIVERY, "escrow enter",
             Permission.DELIVERY),
        Call("PUT /escrows/logis/{imp_uid}", "change it", "change_delivery", Place.DELIVERY, "escrow change",
             Permission.DELIVERY),
        Call("GET /escrows/logis/{imp_uid}", "read it", "delivery", Place.DELIVERY, "escrow show", _READ),
    ),
    "Identity verification": (
        Call("GET /certifications/{imp_uid}", "read one", "verification", Place.IDENTITY, "identity show", _PRIVACY),
        Call("DELETE /certifications/{imp_uid}", "delete one", "delete_verification", Place.IDENTITY,
             "identity delete", _PRIVACY),
        Call("POST /certifications/otp/request", "ask for one by OTP (off until switched on)", "request_otp",
             Place.IDENTITY_OTP, permission=_PRIVACY),
        Call("POST /certifications/otp/confirm/{imp_uid}", "confirm it (off until switched on)", "confirm_otp",
             Place.IDENTITY_OTP, permission=_PRIVACY),
    ),
    "Single PGs": (
        Call("POST /payco/orders/status/{imp_uid}", "PAYCO: state of an order", "tell_payco", Place.PAYCO_STATUS,
             "payco status", Permission.DELIVERY),
        Call("POST /paymentwall/delivery", "Paymentwall: a delivery", "tell_paymentwall", Place.PAYMENTWALL_DELIVERY,
             "paymentwall delivery", Permission.DELIVERY),
        Call("DELETE /kcpquick/members/{member_id}", "KCP Quick: delete a member", "delete_quick_member",
             Place.QUICK_MEMBER, "kcpquick delete", _PRIVACY),
        Call("POST /cvs", "Galaxia: a number to pay by at a convenience store", "issue_cvs", Place.NEW_CVS,
             "cvs issue", Permission.VBANK),
        Call("DELETE /cvs/{imp_uid}", "Galaxia: take it back", "revoke_cvs", Place.VBANK, "cvs revoke",
             Permission.VBANK),
        Call("POST /benepia/point", "Benepia: points of a member (off until switched on)", "benepia_points",
             Place.BENEPIA, permission=Permission.CHARGE),
        Call("POST /benepia/payment", "Benepia: pay by points (off until switched on)", "pay_by_benepia",
             Place.BENEPIA, permission=Permission.CHARGE),
    ),
    "Codes and channels": (
        Call("GET /banks", "banks", "codes", by_itself=_MONTHLY),
        Call("GET /banks/{bank_standard_code}", "one bank", "code", by_itself=_UNKNOWN),
        Call("GET /cards", "card companies", "codes", by_itself=_MONTHLY),
        Call("GET /cards/{card_standard_code}", "one card company", "code", by_itself=_UNKNOWN),
        Call("GET /users/pg", "the shop's channels", "list_channels", Place.SYSTEM, "sync", Permission.SEE_SYSTEM,
             _SYNC),
    ),
}  # fmt: skip


def calls() -> list[Call]:
    """All of them."""
    return [one for several in MENU.values() for one in several]


def page() -> str:
    """docs/calls.md."""
    left = sum(bool(one.left) for one in calls())
    parts = [_HEAD.format(n=len(calls()), made=len(calls()) - left, left=left)]
    for name, several in MENU.items():
        rows = ["| call | what | client | screen | command | roles |", "|---|---|---|---|---|---|"]
        rows += [f"| {' | '.join(_cells(one))} |" for one in several]
        parts.append(f"## {name}\n\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def _cells(one: Call) -> tuple[str, ...]:
    if one.left:
        return f"`{one.call}`", one.what, f"left: {one.left}", "", "", ""
    screen = f"*{title(one.screen)}*" if one.screen else ""
    screen = ", ".join(part for part in (screen, one.by_itself and f"by itself {one.by_itself}") if part)
    command = f"`jangbu {one.command}`" if one.command else ""
    return f"`{one.call}`", one.what, f"`{one.client}`", screen, command, _roles(one.permission)


def _roles(permission: Permission | None) -> str:
    if permission is None:
        return ""
    return ", ".join(role.value for role, may in PERMISSIONS.items() if permission in may)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
