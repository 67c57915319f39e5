"""What Naver Pay was told: each link held against the rules of its parameters, and the day of use of each charge."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from services.checkout.offers import LATER
from services.checkout.parameters.case import NAVERPAY, Case, Merchant
from services.checkout.parameters.request import read_request
from services.checkout.parameters.rules import day_of_text
from services.clock import seoul
from services.errors import InvalidRequest, JangbuError
from services.inspection.findings import Check, Tally
from services.inspection.rows import Span, rows_of
from services.mistakes import Mistakes
from services.tables.checkouts import CheckoutKind

_LINKS = (
    "SELECT id, made_at, kind, customer_uid, sandbox, request FROM checkout "
    "WHERE made_at >= ? AND made_at < ? AND pg_provider = 'naverpay' ORDER BY made_at DESC, id DESC"
)
_CHARGES = (
    "SELECT o.id, o.asked_at, o.imp_uid, o.merchant_uid, o.customer_uid, o.request, k.sandbox "
    "FROM operation o JOIN billing_key k ON k.customer_uid = o.customer_uid "
    "WHERE o.kind = 'charge' AND o.state = 'succeeded' AND o.asked_at >= ? AND o.asked_at < ? "
    "AND k.pg_provider = 'naverpay' ORDER BY o.asked_at DESC, o.id DESC"
)
_CHECK_OF = {
    "amount": Check.MINIMUM,
    "name": Check.PRODUCTS,
    "naverProducts": Check.PRODUCTS,
    "naverProductCode": Check.PRODUCTS,
    "naverProductCount": Check.PRODUCTS,
    "naverUseCfm": Check.USE_DAY,
}
"""Parameters whose rules the inspector asks about."""
_RIGHT = {
    Check.MINIMUM: JangbuError("Not less than Naver Pay takes."),
    Check.PRODUCTS: JangbuError("Every product is named, and its name stands alone."),
    Check.USE_DAY: JangbuError("The day of use is as the contract says: told, or left out."),
}


def inspect_links(conn: Connection, span: Span, merchant: Merchant, tally: Tally) -> Sequence[Mapping[str, Any]]:
    """Judges every link that was made in the span; the products of the latest one."""
    products: Sequence[Mapping[str, Any]] = ()
    for row in rows_of(conn, _LINKS, span.from_at, span.to_at):
        told = json.loads(row.request)
        _judge(row, told, merchant, tally)
        products = products or told.get("naverProducts") or ()
    if not products:
        none = JangbuError("No link with products is recorded yet: make one in the test channel.")
        tally.missing(Check.PRODUCTS, none)
    return products


def inspect_charges(conn: Connection, span: Span, merchant: Merchant, tally: Tally) -> None:
    """Judges the day of use of every charge on a key in the span."""
    for row in rows_of(conn, _CHARGES, span.from_at, span.to_at):
        tally.looked(Check.USE_DAY)
        about = {
            "at": row.asked_at, "imp_uid": row.imp_uid or "", "merchant_uid": row.merchant_uid or "",
            "customer_uid": row.customer_uid, "operation": row.id, "sandbox": bool(row.sandbox),
        }  # fmt: skip
        day = json.loads(row.request).get("naver_use_cfm")
        if wrong := _wrong_day(day, row.asked_at, merchant):
            tally.violation(Check.USE_DAY, wrong, words=day or "", **about)
        else:
            tally.shown(Check.USE_DAY, _RIGHT[Check.USE_DAY], words=day or "", **about)


def _judge(row: Any, told: Mapping[str, Any], merchant: Merchant, tally: Tally) -> None:
    mistakes = Mistakes()
    read_request(Case(CheckoutKind(row.kind), NAVERPAY, merchant, row.made_at, told, LATER), mistakes)
    about = {
        "at": row.made_at, "link": row.id, "customer_uid": row.customer_uid or "", "sandbox": bool(row.sandbox),
    }  # fmt: skip
    wrong: dict[Check, list[InvalidRequest]] = {}
    for one in mistakes.told():
        if check := _CHECK_OF.get(str(one.values["field"]).split(".")[0]):
            wrong.setdefault(check, []).append(one)
    for check, right in _RIGHT.items():
        tally.looked(check)
        if check not in wrong:
            tally.shown(check, right, **about)
        for one in wrong.get(check, ()):
            tally.violation(check, one, words=_given(told, str(one.values["field"])), **about)


def _given(told: Any, field: str) -> str:
    """A parameter by its name, with what was told in its place."""
    found = told
    for part in field.split("."):
        found = found[int(part)] if isinstance(found, list) else found.get(part)
    if found is None:
        return field
    return f"{field}: {found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)}"


def _wrong_day(day: str | None, at: float, merchant: Merchant) -> JangbuError | None:
    if day is None:
        needed = JangbuError("The contract settles by the day of use, and none was told.")
        return needed if merchant.use_confirm_day else None
    if not merchant.use_confirm_day:
        return JangbuError("A day of use was told, and the contract does not settle by it.")
    found = day_of_text(day)
    early = found is None or found < seoul(at).date()
    return JangbuError("The day of use is the day of payment in Seoul or later.") if early else None
