"""What `jangbu receipt` asks for, written into the journal: checked against what the gateway says at this moment."""

import hmac
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from services.amounts import half_width
from services.clock import system_clock
from services.errors import InvalidRequest, NotFound
from services.mirror.receipts import read_external_receipt, read_receipt
from services.operations import held
from services.operations.actions.receipts.cancellations import wanted_cancellation
from services.operations.actions.receipts.forms import (
    ReceiptForm,
    Sale,
    personal_of,
    wanted_receipt,
    wanted_sale_receipt,
)
from services.operations.actions.receipts.shown import subject_of
from services.operations.journal import journal
from services.operations.journal.journal import Wanted
from services.receipts.kept import receipts_of_payment, receipts_of_sale
from services.store.engine import reading
from services.tables.journal import Operation
from services.tables.receipts import CashReceipt

from dashboard.commands.wishes.money import Asked, fresh_payment, minor, once_written
from dashboard.process.executor import cli_actor
from dashboard.process.resources import current_settings, open_gateway, open_store


@dataclass(frozen=True, slots=True)
class Whose:
    """The receipt that a command is about: of a payment, or by its order number of a sale made elsewhere."""

    imp_uid: str | None
    order: str | None

    def __post_init__(self) -> None:
        """Raises InvalidRequest unless it is one of them."""
        if bool(self.imp_uid) == bool(self.order):
            raise InvalidRequest("Give a payment, or --order of a sale made elsewhere.", field="imp_uid")

    @property
    def subject(self) -> str:
        """The subject of its operations."""
        return subject_of(self.imp_uid, self.order or "")

    def kept(self) -> list[CashReceipt]:
        """Its receipts as they are kept, the latest first."""
        with reading(open_store()) as conn:
            return receipts_of_payment(conn, self.imp_uid) if self.imp_uid else receipts_of_sale(conn, self.order or "")

    def read(self) -> bool:
        """Reads it at the gateway; whether V1 knows of one. Raises GatewayError."""
        if self.imp_uid:
            return read_receipt(open_gateway(), open_store(), self.imp_uid)
        return read_external_receipt(open_gateway(), open_store(), self.order or "")


@dataclass(frozen=True, slots=True)
class ReceiptOrder:
    """`jangbu receipt issue` as it was typed."""

    whose: Whose
    type: str
    kind: str
    number: str = field(repr=False)
    tax_free: str | None = None
    vat_amount: str | None = None
    meant: bool = False
    more: dict[str, str] = field(default_factory=dict, repr=False)
    amount: str | None = None
    name: str = ""
    channel: str = ""
    again: bool = False

    def form(self) -> ReceiptForm:
        """As a form. Raises InvalidRequest."""
        return ReceiptForm(
            self.type, self.kind, self.number, minor(self.tax_free, "KRW", "tax_free"), self.meant, self.more,
            vat_amount=minor(self.vat_amount, "KRW", "vat_amount"),
        )  # fmt: skip


def ask_issue(order: ReceiptOrder) -> Asked:
    """Reads the payment afresh, has this process hold the number and writes the intent down. Raises JangbuErrors."""
    residents, form = current_settings().receipt_residents, order.form()
    personal = personal_of(form, residents=residents)

    def wanted(token: str) -> Wanted:
        held.hold(token, personal)
        if order.whose.imp_uid:
            return wanted_receipt(token, fresh_payment(order.whose.imp_uid), form, residents=residents)
        return wanted_sale_receipt(token, _sale(order), form, residents=residents)

    amounts = (order.tax_free or "", order.amount or "", *([f"vat={order.vat_amount}"] if order.vat_amount else []))
    words = ("issue_receipt", order.type, order.kind, *amounts, _sealed(order))
    return _once(order.whose, words, wanted, again=order.again)


def ask_cancel(whose: Whose, *, again: bool) -> Asked:
    """Writes down that the receipt that stands is cancelled. Raises JangbuErrors."""
    with suppress(NotFound):
        whose.read()

    def wanted(token: str) -> Wanted:
        live = next((one for one in whose.kept() if not one.cancelled_at), None)
        if live is None:
            raise InvalidRequest("No receipt that stands is known here.", field="receipt")
        return wanted_cancellation(token, live)

    latest = next((one.apply_num for one in whose.kept()), "")
    return _once(whose, ("cancel_receipt", latest), wanted, again=again)


def _once(whose: Whose, words: tuple[str, ...], wanted: Callable[[str], Wanted], *, again: bool) -> Asked:
    def written(token: str) -> Operation:
        return journal.record(open_store(), wanted(token), cli_actor(), system_clock())

    def stands(known: Operation) -> bool:
        # After a cancellation the same words ask for another receipt.
        return any(one.operation_id == known.id and not one.cancelled_at for one in whose.kept())

    is_issue = words[0] == "issue_receipt"
    return once_written(whose.subject, words, again, written, stands=stands if is_issue else lambda _known: True)


def _sealed(order: ReceiptOrder) -> str:
    """All else that was typed, whose number it is too, under a key that the database does not hold."""
    number = re.sub("[^0-9]", "", half_width(order.number))
    parts = (number, order.name, order.channel, *(f"{name}={value}" for name, value in sorted(order.more.items())))
    secret = current_settings().imp_secret.get_secret_value().encode()
    return hmac.new(secret, chr(0).join(parts).encode(), "sha256").hexdigest()


def _sale(order: ReceiptOrder) -> Sale:
    channels = (one.fields for one in open_gateway().channels())
    unknown: dict[str, Any] = {"pg_provider": "", "sandbox": False}
    found = next((one for one in channels if one["channel_key"] == order.channel), unknown)
    return Sale(
        merchant_uid=order.whose.order or "",
        name=order.name,
        amount=minor(order.amount, "KRW", "amount"),
        pg_provider=found["pg_provider"],
        channel_key=order.channel,
        sandbox=found["sandbox"],
    )
