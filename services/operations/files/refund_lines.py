"""A row of a file of refunds: what it would do, or everything that stands in its way."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from services.amounts import read_amount
from services.balances.left import TaxesLeft
from services.errors import InvalidRequest, JangbuError
from services.operations.actions.refunds import ACCOUNT, RefundForm, subject_of, wanted_refund
from services.operations.journal.journal import Wanted
from services.store.lists.one import Refundable
from services.tables.v1 import PaymentStatus

_ANY = 10**15
"""As much as a cell can hold: against it no amount is too much."""
RETAIN = "retain_promotion"
_YES, _NO = ("yes", "true", "1", "예", "y"), ("no", "false", "0", "아니요", "n")
_MENDED: Mapping[str, Callable[[RefundForm], RefundForm]] = {
    "reason": lambda form: replace(form, reason="-"),
    "requester": lambda form: replace(form, requester="admin"),
    "tax_free": lambda form: replace(form, tax_free=None),
    "vat_amount": lambda form: replace(form, vat_amount=None),
    RETAIN: lambda form: replace(form, retain_promotion=False),
}
_ACCOUNT = {"refund_bank": "088", "refund_account": "10000000", "refund_holder": "-", "refund_tel": "1"}


@dataclass(frozen=True, slots=True)
class DryRow:
    """One row of the file by its number in a spreadsheet: what it would do, or all that stands in its way.

    `amount` is None where it cannot be read; `typed` are the cells as they came.
    """

    number: int
    imp_uid: str
    amount: int | None
    currency: str | None
    wanted: Wanted | None
    problems: tuple[JangbuError, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def problem(self) -> JangbuError | None:
        """The first of what stands in the row's way."""
        return self.problems[0] if self.problems else None


def dry_row(
    token: str,
    number: int,
    line: Mapping[str, str],
    payment: Refundable | None,
    taken: Collection[str],
    *,
    less: int,
    taxes: TaxesLeft | None = None,
) -> DryRow:
    """Looks at every cell; `taken` are the payments of rows before it and what is worked on.

    `less` and `taxes` as in the form of one refund, which fills in a part that nobody typed.
    """
    imp_uid = line["imp_uid"]
    problems: list[JangbuError] = list(_of_payment(imp_uid, payment, taken))
    against = payment or _unknown(imp_uid)
    amounts: dict[str, int | None] = {}
    for name in ("amount", "tax_free", "vat_amount"):
        try:
            amounts[name] = read_amount(line.get(name, ""), against.currency, name)
        except InvalidRequest as problem:
            problems.append(problem)
    try:
        retain = _yes(line.get(RETAIN, ""))
    except InvalidRequest as problem:
        retain = False
        problems.append(problem)
    amounts = _with_taxes(amounts, taxes)
    form = RefundForm(
        amount=amounts.get("amount"),
        balance=against.amount - against.cancel_amount - less,
        less=less,
        reason=line["reason"],
        requester=line["requester"],
        tax_free=amounts.get("tax_free"),
        vat_amount=amounts.get("vat_amount"),
        retain_promotion=retain,
        account={name: line.get(name, "") for name in ACCOUNT},
    )
    if "amount" not in amounts:
        against, form = _any_amount(against, form)
    wanted, more = _looked_through(token, against, form)
    problems += more
    currency = payment.currency if payment else None
    sent = None if problems else wanted
    return DryRow(number, imp_uid, amounts.get("amount"), currency, sent, tuple(problems), line)


def _with_taxes(amounts: dict[str, int | None], taxes: TaxesLeft | None) -> dict[str, int | None]:
    """The tax-free part and the VAT that are known for sure, in the place of cells that are empty."""
    amount = amounts.get("amount")
    if not (taxes and taxes.certain and taxes.matters and amount):
        return amounts
    share = taxes.of(amount)
    known = {"tax_free": share.tax_free, "vat_amount": share.vat_amount}
    return amounts | {name: told for name, told in known.items() if name in amounts and amounts[name] is None}


def _yes(text: str) -> bool:
    """Whether a cell says yes; an empty one is a no. Raises InvalidRequest."""
    if (word := text.strip().lower()) not in ("", *_YES, *_NO):
        raise InvalidRequest("Write yes, or leave it empty.", field=RETAIN)
    return word in _YES


def _of_payment(imp_uid: str, payment: Refundable | None, taken: Collection[str]) -> list[InvalidRequest]:
    found = []
    if payment is None:
        found.append(InvalidRequest("No such payment in the mirror.", field="imp_uid"))
    elif payment.currency != "KRW":
        found.append(InvalidRequest("A file refunds won only: refund this one by itself.", field="amount"))
    if imp_uid in taken:
        found.append(InvalidRequest("This payment stands in the file twice.", field="imp_uid"))
    elif subject_of(imp_uid) in taken:
        found.append(InvalidRequest("Another operation on this payment is not finished.", field="imp_uid"))
    return found


def _looked_through(token: str, payment: Refundable, form: RefundForm) -> tuple[Wanted | None, list[InvalidRequest]]:
    """The form's one fault after the other: each is noted, taken for mended, and the form looked at again."""
    found: dict[str, InvalidRequest] = {}
    while True:
        try:
            return wanted_refund(token, payment, form, approval_from=0), list(found.values())
        except InvalidRequest as problem:
            name = str(problem.values.get("field"))
            if name in found:
                return None, list(found.values())
            found[name] = problem
        if name == "amount":
            payment, form = _any_amount(payment, form)
        elif name in _ACCOUNT:
            form = replace(form, account={**form.account, name: _ACCOUNT[name]})
        elif name in _MENDED:
            form = _MENDED[name](form)


def _any_amount(payment: Refundable, form: RefundForm) -> tuple[Refundable, RefundForm]:
    """The row with an amount that is not wrong, to see what else is."""
    paid = payment._replace(status=PaymentStatus.PAID, amount=_ANY, cancel_amount=0)
    return paid, replace(form, amount=_ANY, balance=_ANY, less=0)


def _unknown(imp_uid: str) -> Refundable:
    """A payment that nothing is known of: a file's amounts are won."""
    nothing: dict[str, Any] = dict.fromkeys(Refundable._fields)
    known = {"imp_uid": imp_uid, "merchant_uid": "", "status": PaymentStatus.PAID, "currency": "KRW", "amount": _ANY}
    return Refundable(**nothing | known | {"cancel_amount": 0, "paid_at": 0})
