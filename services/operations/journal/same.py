"""A command given twice: it finds what it asked for the first time, unless a second one is meant."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select

from services.amounts import read_amount
from services.clock import DAY
from services.errors import InvalidRequest
from services.operations.actions.refunds import ACCOUNT, FLAGS
from services.operations.journal.journal import asked, masked
from services.operations.journal.restoration import GATEWAY
from services.operations.journal.states import TERMINAL
from services.store.sql import read_all, table
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from services.typed_text import typed

_TABLE = table(Operation)
_CAME_TO_NOTHING = (State.REFUSED.value, State.EXPIRED.value)
_COMMAND = "command:"
_BANK, _BANK_DIGITS = ACCOUNT[0], 2
Differing = Callable[[Operation], Sequence[str] | None]
"""In which fields an operation is another wish than the command's; None where nobody would take one for the other."""


def never(_operation: Operation) -> None:
    """Other words are another wish."""


def same_command(
    conn: Connection, subject: str, words: Sequence[str], now: float, *, again: bool, differing: Differing = never
) -> tuple[Operation | None, str]:
    """What these words made within a day and did not come to nothing, or None; and the token of a new one.

    The token counts, so that two processes that both found nothing write down the same operation.
    Raises InvalidRequest where a command made one that differs in a part: that is another wish, or a mistake.
    """
    named = f"{_COMMAND}{sha256(chr(0).join((subject, *words)).encode()).hexdigest()[:32]}:"
    mine = (_TABLE.c.subject == subject) & _TABLE.c.token.startswith(named)
    latest = conn.execute(select(_TABLE.c.token).where(mine).order_by(_TABLE.c.id.desc()).limit(1)).scalar()
    token = f"{named}{int(latest.rpartition(':')[2]) + 1 if latest else 1}"
    return (None if again else _found(conn, subject, named, now, differing)), token


def _found(conn: Connection, subject: str, named: str, now: float, differing: Differing) -> Operation | None:
    by_command = _TABLE.c.token.startswith(_COMMAND) | (_TABLE.c.asked_from == GATEWAY)
    alive = _TABLE.c.state.not_in(_CAME_TO_NOTHING) & (_TABLE.c.asked_at > int(now) - DAY)
    wanted = select(_TABLE).where((_TABLE.c.subject == subject) & by_command & alive).order_by(_TABLE.c.id.desc())
    found = read_all(conn, Operation, wanted)
    if same := next((one for one in found if one.token.startswith(named)), None):
        return same
    told = [(one, differing(one)) for one in found]
    if same := next((one for one, fields in told if fields is not None and not fields), None):
        return same
    if other := next(((one, fields) for one, fields in told if fields), None):
        raise InvalidRequest(
            "This differs from operation {operation} in {fields}: --again sends a second one.",
            field="again", operation=other[0].id, fields=", ".join(other[1]),
        )  # fmt: skip
    return None


def refund_differs(operation: Operation, wished: Mapping[str, Any], *, full: bool) -> list[str] | None:
    """Fields of `wished`, by V1's names, in which a refund differs; another amount or reason is another wish.

    Of one that was found at the gateway only these two are known, and PGs change either: one of them is enough.
    """
    amount = operation.balance if full else wished["amount"]
    if operation.kind != OperationKind.REFUND:
        return None
    if operation.asked_from == GATEWAY:
        reason = operation.reason
        alike = {"amount": operation.amount == amount, "reason": bool(reason) and wished["reason"].startswith(reason)}
        return [name for name, same in alike.items() if not same] if any(alike.values()) else None
    if operation.amount != amount or operation.reason != wished["reason"]:
        return None
    had: dict[str, Any] = {"requester": operation.requester, **dict.fromkeys(FLAGS, False), **asked(operation)}
    # A tax part that nobody names is filled in where it is known: that is no other wish.
    taxes = [name for name in ("tax_free", "vat_amount") if wished.get(name) is not None]
    parts = ("requester", *taxes, *FLAGS)
    found = [name for name in parts if had.get(name) != wished.get(name)] + _account_differs(had, wished)
    # The words differ, or it would have been found by them: what is masked may hide in what.
    return found or (["refund_account"] if operation.state in TERMINAL and had.get("refund_account") else [])


def charge_differs(operation: Operation, wished: Mapping[str, Any]) -> list[str] | None:
    """Fields in which a charge differs, its amount too: any second one on a key is a decision; None: another kind."""
    if operation.kind != OperationKind.CHARGE:
        return None
    had = {"card_quota": 0, **asked(operation), "amount": operation.amount, "currency": operation.currency}
    known = ("amount", "currency", "name")
    if operation.asked_from == GATEWAY:
        return [name for name in known if had.get(name) != wished.get(name)]
    parts = (*known, "tax_free", "card_quota", "naver_use_cfm")
    order = operation.merchant_uid if had.get("own_order") else ""
    found = [name for name in parts if had.get(name) != wished.get(name)]
    found += ["merchant_uid"] if order != wished.get("merchant_uid", "") else []
    return found + _more_differs(had, wished, operation.currency)


def booking_differs(operation: Operation, wished: Sequence[Mapping[str, Any]]) -> list[str] | None:
    """Fields in which a booking differs, its days too; None: another kind of operation."""
    if operation.kind != OperationKind.BOOK:
        return None
    had = asked(operation)["schedules"]
    known = ("schedule_at", "amount", "currency", "name")
    parts = known if operation.asked_from == GATEWAY else (*known, "tax_free", "naver_use_cfm")
    days = [[one["schedule_at"] for one in several] for several in (had, wished)]
    others = [name for name in parts[1:] if {one.get(name) for one in had} != {one.get(name) for one in wished}]
    if operation.asked_from != GATEWAY:
        order = had[0]["merchant_uid"] if had[0].get("own_order") else ""
        others += ["merchant_uid"] if order != wished[0].get("merchant_uid", "") else []
        others += _more_differs(had[0], wished[0], operation.currency)
    return ["schedule_at", *others] if days[0] != days[1] else others


def _more_differs(had: Mapping[str, Any], wished: Mapping[str, Any], currency: str) -> list[str]:
    """What else goes along, by its names; who buys is not kept, and does not count."""
    given = {name: typed(text) for name, text in wished.get("more", {}).items() if typed(text)}
    kept = {name: "true" if value is True else str(value) for name, value in had.get("extras", {}).items()}
    if "vat_amount" in given:
        given["vat_amount"] = str(read_amount(given["vat_amount"], currency, "vat_amount"))
    names = sorted(name for name in kept.keys() | given.keys() if not name.startswith("buyer_"))
    return [name for name in names if kept.get(name) != given.get(name)]


def _account_differs(had: Mapping[str, Any], wished: Mapping[str, Any]) -> list[str]:
    """Of a refund that has ended the account is masked: only what is certain to be another one counts."""
    given = {name: wished[name] for name in ACCOUNT if wished.get(name)}
    plain = {name: value.replace("-", "") for name, value in given.items()}
    # The number of an account is kept without its dashes, a phone as it was typed; masked or not by now.
    ways = (given, plain, masked(dict(given)), masked(dict(plain)))
    # Each PG writes a bank in its own way, with the same two digits at the end.
    ends = {_BANK: _BANK_DIGITS}
    return [
        name
        for name in ACCOUNT
        if (had.get(name) or "")[-ends.get(name, 0) :]
        not in [(way.get(name) or "")[-ends.get(name, 0) :] for way in ways]
    ]
