"""Each order under a link of Naver Pay: errors as they came, and what was altered on its way."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from services.errors import JangbuError
from services.inspection.findings import Check, Tally
from services.inspection.rows import Span, count_of, rows_of
from services.tables.checkouts import AttemptState, CheckoutKind

_ORDERS = (
    "SELECT c.id, c.kind, c.amount, c.currency, c.sandbox, a.merchant_uid, a.state, a.state_at, a.imp_uid, a.paid, "
    "a.currency AS paid_in, a.fail_reason, p.fail_reason AS said, p.cancel_reason AS cancelled_for, "
    "p.amount AS taken, p.cancel_amount AS returned "
    "FROM checkout c JOIN checkout_attempt a ON a.checkout_id = c.id "
    "LEFT JOIN payment p ON p.imp_uid = a.imp_uid "
    "WHERE c.made_at >= ? AND c.made_at < ? AND c.pg_provider = 'naverpay' "
    "AND a.state IN ('failed', 'mismatch', 'paid') ORDER BY c.made_at DESC, c.id DESC"
)
_REFUSALS = (
    "SELECT o.id, o.state_at, o.imp_uid, o.merchant_uid, o.customer_uid, o.message, t.message AS said, "
    "coalesce(p.sandbox, k.sandbox) AS sandbox "
    "FROM operation o JOIN attempt t ON t.operation_id = o.id AND t.fence = o.fence AND t.outcome = 'refused' "
    "LEFT JOIN payment p ON p.imp_uid = o.imp_uid LEFT JOIN billing_key k ON k.customer_uid = o.customer_uid "
    "WHERE o.state = 'refused' AND o.asked_at >= ? AND o.asked_at < ? "
    "AND coalesce(p.pg_provider, k.pg_provider) = 'naverpay' ORDER BY o.asked_at DESC, o.id DESC"
)
_WEBHOOKS = (
    "SELECT count(*) FROM webhook w JOIN payment p ON p.imp_uid = w.imp_uid WHERE w.read_at >= ? AND w.read_at < ? "
    "AND w.outcome IN ('changed', 'unchanged') AND p.pg_provider = 'naverpay'"
)
_UNKNOWN = "SELECT count(*) FROM webhook WHERE read_at >= ? AND read_at < ? AND outcome = 'unknown'"


@dataclass(frozen=True, slots=True)
class Webhooks:
    """Calls that were read back, and those that named a payment which the gateway does not know."""

    read: int
    unknown: int


def inspect_orders(conn: Connection, span: Span, tally: Tally) -> None:
    """Judges every order of the links that were made in the span, and what the gateway refused of operations."""
    failed = forged = 0
    for row in rows_of(conn, _ORDERS, span.from_at, span.to_at):
        if row.state == AttemptState.FAILED:
            failed += 1
            _judge_words(row, tally)
        elif row.state == AttemptState.MISMATCH:
            forged += _judge_altered(row, tally)
        elif row.kind == CheckoutKind.PAYMENT:
            _judge_paid(row, tally)
    for row in rows_of(conn, _REFUSALS, span.from_at, span.to_at):
        failed += 1
        tally.looked(Check.ERRORS)
        _tell_words(tally, row.message, row.said, _about_operation(row))
    if not failed:
        tally.missing(Check.ERRORS, JangbuError(
            "No error is recorded yet: in the test channel open a link and press cancel, and pay once over the limit "
            "and once without enough money."
        ))  # fmt: skip
    if not forged:
        tally.missing(Check.AMOUNT, JangbuError(
            "Not shown yet: in the test channel change the amount, and then the quantity, in the browser's tools "
            "before the click."
        ))  # fmt: skip


def webhooks_of(conn: Connection, span: Span) -> Webhooks:
    """How many calls were read back in the span."""
    at = (span.from_at, span.to_at)
    return Webhooks(count_of(conn, _WEBHOOKS, *at), count_of(conn, _UNKNOWN, *at))


def _about(row: Any, words: str = "") -> dict[str, Any]:
    return {
        "at": row.state_at, "imp_uid": row.imp_uid or "", "merchant_uid": row.merchant_uid, "link": row.id,
        "words": words, "sandbox": bool(row.sandbox),
    }  # fmt: skip


def _about_operation(row: Any) -> dict[str, Any]:
    return {
        "at": row.state_at, "imp_uid": row.imp_uid or "", "merchant_uid": row.merchant_uid or "",
        "customer_uid": row.customer_uid or "", "operation": row.id, "words": row.message or "",
        "sandbox": bool(row.sandbox),
    }  # fmt: skip


def _judge_words(row: Any, tally: Tally) -> None:
    tally.looked(Check.ERRORS)
    _tell_words(tally, row.fail_reason, row.said or row.cancelled_for, _about(row, row.fail_reason or ""))


def _tell_words(tally: Tally, kept: str | None, said: str | None, about: dict[str, Any]) -> None:
    if (kept or "") == (said or ""):
        tally.shown(Check.ERRORS, JangbuError("Kept and shown as it came."), **about)
    else:
        tally.violation(Check.ERRORS, JangbuError("What is kept is not what the gateway said: “{said}”.",
                                                  said=said or ""), **about)  # fmt: skip


def _judge_altered(row: Any, tally: Tally) -> bool:
    """Whether the amount was altered; another mode, channel or key is a person's to settle."""
    tally.looked(Check.AMOUNT)
    about = _about(row)
    if not _is_altered(row):
        other = JangbuError(
            "A payment of another mode, channel or key: the order was not completed, and a person sees to it."
        )
        tally.shown(Check.AMOUNT, other, **about)
        return False
    if row.taken is not None and row.returned >= row.taken:
        back = JangbuError(
            "Ordered {asked}, paid {paid}: the order was not completed, and all of it went back.", **_amounts(row)
        )
        tally.shown(Check.AMOUNT, back, **about)
    else:
        held = JangbuError("Ordered {asked}, paid {paid}: it has not gone back.", **_amounts(row))
        tally.violation(Check.AMOUNT, held, **about)
    return True


def _judge_paid(row: Any, tally: Tally) -> None:
    tally.looked(Check.AMOUNT)
    if _is_altered(row):
        done = JangbuError("Ordered {asked}, paid {paid}: the order was completed all the same.", **_amounts(row))
        tally.violation(Check.AMOUNT, done, **_about(row))


def _is_altered(row: Any) -> bool:
    return (row.paid, row.paid_in) != (row.amount, row.currency)


def _amounts(row: Any) -> dict[str, object]:
    return {"asked": f"{row.amount:,} {row.currency}", "paid": f"{row.paid:,} {row.paid_in}"}
