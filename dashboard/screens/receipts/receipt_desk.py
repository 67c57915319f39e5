"""What the screens of cash receipts read and write: those of one payment or sale, and the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from services.checkout.channels import opens_window
from services.errors import JangbuError
from services.mirror.receipts import read_external_receipt, read_receipt
from services.operations.actions.receipts.cancellations import wanted_cancellation
from services.operations.actions.receipts.forms import (
    PERSONAL,
    ReceiptForm,
    Sale,
    personal_of,
    wanted_receipt,
    wanted_sale_receipt,
)
from services.operations.actions.receipts.shown import subject_of
from services.operations.journal.audit import Actor
from services.operations.journal.journal import Wanted, latest_id, latest_on, record
from services.receipts.kept import receipts_of_payment, receipts_of_sale
from services.receipts.pg_rules import Ability, rule_of
from services.receipts.receipt_list import ReceiptFilter, ReceiptRow, ReceiptTotals, list_receipts, receipt_totals
from services.store.lists.keyset import Page
from services.store.lists.one import get_payment
from services.store.lists.system import list_channels
from services.tables.journal import Operation, OperationKind
from services.tables.receipts import CashReceipt
from services.tables.v1 import Channel, Payment
from sqlalchemy import Engine

from dashboard.access import User
from dashboard.process import rereads
from dashboard.process.answers import Answers
from dashboard.process.rereads import Reading
from dashboard.process.resources import current_settings, open_gateway, open_session, open_store
from dashboard.screens.asking import drafts, held_form
from dashboard.screens.asking import last_look as asking
from dashboard.screens.asking.drafts import Draft
from dashboard.screens.asking.steps import Looking

_OF_A_SALE = "sale:"


@dataclass(frozen=True, slots=True)
class ReceiptScreen:
    """The receipts of one payment, or of one sale made elsewhere, and what is asked for."""

    reading: Reading
    known_there: bool | None
    """What the last look at V1 found, None where nobody looked within a minute."""
    unread: JangbuError | None
    """Why that look brought nothing."""
    payment: Payment | None
    receipts: Sequence[CashReceipt]
    issue: Draft
    cancel: Draft
    operation: Operation | None
    """What is under way, or ended a short while ago."""
    seen: int
    """The latest operation that this person saw."""

    @property
    def live(self) -> CashReceipt | None:
        """The receipt that stands."""
        return next((one for one in self.receipts if not one.cancelled_at), None)

    @property
    def asked(self) -> Draft:
        """The draft of what is shown."""
        is_cancel = self.operation is not None and self.operation.kind == OperationKind.CANCEL_RECEIPT
        return self.cancel if is_cancel else self.issue

    def wanted(self, payment: Payment, form: ReceiptForm) -> Wanted:
        """The intent of what was typed. Raises InvalidRequest."""
        return wanted_receipt(self.issue.token, payment, form, residents=takes_residents(), seen=self.seen)

    def begin_cancelling(self, receipt: CashReceipt) -> JangbuError | None:
        """To the last look at a cancellation; what stands in the way."""
        try:
            self.cancel.step = Looking(wanted_cancellation(self.cancel.token, receipt, seen=self.seen))
        except JangbuError as error:
            return error
        return None


def takes_residents() -> bool:
    """Whether the shop has a legal ground to take resident registration numbers."""
    return current_settings().receipt_residents


def _read(name: str) -> bool:
    if name.startswith(_OF_A_SALE):
        return read_external_receipt(open_gateway(), open_store(), name.removeprefix(_OF_A_SALE))
    return read_receipt(open_gateway(), open_store(), name)


looks = Answers("receipt", _read)


def open_receipt(imp_uid: str, order: str, user: User) -> ReceiptScreen:
    """The receipts of a payment, or with an order number alone of a sale made elsewhere."""
    name = imp_uid or f"{_OF_A_SALE}{order}"
    subject, told = subject_of(imp_uid or None, order), looks.told(name)
    reading = Reading(f"receipt:{name}", partial(looks.begin, name), looks.is_asking(name))
    issue, cancel = (drafts.draft_of(subject, kind) for kind in (OperationKind.ISSUE_RECEIPT,
                                                                 OperationKind.CANCEL_RECEIPT))  # fmt: skip
    with open_session() as conn:
        latest = next(iter(latest_on(conn, subject, 1)), None)
        kind = latest.kind if latest else OperationKind.ISSUE_RECEIPT.value
        draft = cancel if kind == OperationKind.CANCEL_RECEIPT else issue
        return ReceiptScreen(
            reading=reading,
            known_there=told.found if told else None,
            unread=told.error if told else None,
            payment=get_payment(conn, imp_uid) if imp_uid else None,
            receipts=receipts_of_payment(conn, imp_uid) if imp_uid else receipts_of_sale(conn, order),
            issue=issue,
            cancel=cancel,
            operation=drafts.operation_to_show(conn, draft, user),
            seen=latest_id(conn, subject),
        )


def begin_anew(draft: Draft) -> None:
    """An empty form, once what was asked for has been seen."""
    drafts.begin_anew(draft, keep=False)


def read_first(found: ReceiptScreen, imp_uid: str, *, entered: bool) -> bool:
    """Has the payment read whenever its form is entered; whether that runs at this moment."""
    if imp_uid:
        drafts.read_first(found.issue, imp_uid, entered=entered)
    return rereads.is_reading(imp_uid)


def last_look(draft: Draft, user: User, says: str, body: dict[str, object], label: str) -> None:
    """The last look at a receipt, or at its cancellation, and the click that has it written down."""
    issues = draft.wanted is not None and draft.wanted.kind == OperationKind.ISSUE_RECEIPT
    write = partial(_write, draft) if issues else record
    asking.last_look(draft, user, says, body, charges=False, write=write, label=label)


def _write(draft: Draft, engine: Engine, wanted: Wanted, actor: Actor, now: float) -> Operation:
    """Has this process hold the number, writes the row that names it, and takes it out of the session."""
    typed = held_form.typed(draft.form, ("identifier", *PERSONAL))
    form = ReceiptForm(wanted.request["type"], wanted.request["identifier_kind"], typed["identifier"], more=typed)
    personal = personal_of(form, residents=takes_residents())
    return held_form.write(draft.form, typed, personal, engine, wanted, actor, now)


@dataclass(frozen=True, slots=True)
class SaleScreen:
    """The form of a receipt of a sale made elsewhere."""

    draft: Draft
    channels: Sequence[Channel]
    """Those that issue receipts, live ones first."""

    def wanted(self, filled: tuple[Sale, ReceiptForm]) -> Wanted:
        """The intent of what was typed. Raises InvalidRequest."""
        sale, form = filled
        with open_session() as conn:
            seen = latest_id(conn, subject_of(None, sale.merchant_uid))
        return wanted_sale_receipt(self.draft.token, sale, form, residents=takes_residents(), seen=seen)


def open_sale() -> SaleScreen:
    """The form of a sale made elsewhere, with the merchant's channels."""
    draft = drafts.draft_of(subject_of(None, ""), OperationKind.ISSUE_RECEIPT)
    with open_session() as conn:
        able = [one for one in list_channels(conn) if _issues(one)]
    return SaleScreen(draft, sorted(able, key=lambda one: (one.sandbox, one.pg_provider)))


def _issues(channel: Channel) -> bool:
    return opens_window(channel) and Ability.ISSUE_EXTERNAL in rule_of(channel.pg_provider).can


@dataclass(frozen=True, slots=True)
class ReceiptList:
    """One page of receipts, and what all that match come to."""

    found: Page[ReceiptRow]
    totals: ReceiptTotals


def read_list(chosen: ReceiptFilter, *, before: str | None, after: str | None) -> ReceiptList:
    """Receipts by a filter. Raises InvalidFilter."""
    with open_session() as conn:
        return ReceiptList(
            list_receipts(conn, chosen, before=before, after=after),
            receipt_totals(conn, chosen),
        )
