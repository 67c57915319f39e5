"""The receipts of one payment or sale: each with its number at the tax office, and what has to be known of them."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from services.receipts.pg_rules import as_of, rule_of
from services.tables.receipts import CashReceipt, ReceiptState
from services.tables.v1 import Payment

from dashboard.kit.lists.money_cells import money_cells, money_column
from dashboard.locale import _
from dashboard.screens.payments.slips import slip_link
from dashboard.words import formats, labels
from dashboard.words.receipts import receipt_labels
from dashboard.words.ways import pg_and_method


def payment_line(payment: Payment, *, buyers: bool) -> None:
    """What the receipt is of: product, buyer, order, method, and what is left."""
    way = pg_and_method(payment)
    buyer = formats.buyer(payment.buyer_name, buyers)
    st.text(formats.line(payment.name, buyer, payment.merchant_uid, way))
    left = formats.money(max(payment.amount - payment.cancel_amount, 0), payment.currency)
    st.metric(_("Remaining"), left, border=True, width=200)
    if payment.sandbox:
        st.caption(_("A payment of a test channel: nothing reaches the tax office."))


def state_of(receipt: CashReceipt, payment: Payment | None) -> str:
    """As the list has it."""
    if receipt.cancelled_at:
        return ReceiptState.CANCELLED
    differs = payment is not None and receipt.amount != payment.amount - payment.cancel_amount
    return ReceiptState.DIFFERS if differs else ReceiptState.LIVE


def receipt_table(receipts: Sequence[CashReceipt], payment: Payment | None, *, buyers: bool) -> None:
    """Every receipt that is known here, the latest first."""
    money = [(one.amount, "KRW") for one in receipts]
    ends = [one.identifier_end if buyers else None for one in receipts]
    data = {
        _("Issued at"): [formats.short_time(one.applied_at) for one in receipts],
        labels.field("state"): [receipt_labels.state.badge(state_of(one, payment)) for one in receipts],
        _("Amount"): money_cells(money),
        _("VAT"): [formats.money(one.vat, "KRW") for one in receipts],
        labels.field("receipt_type"): [receipt_labels.type_of(one.type) for one in receipts],
        _("Number at the tax office"): [one.apply_num for one in receipts],
        _("Goes to"): [
            receipt_labels.ended_in(one.identifier_kind, end) for one, end in zip(receipts, ends, strict=True)
        ],
        _("Cancelled at"): [formats.short_time(one.cancelled_at) if one.cancelled_at else None for one in receipts],
    }
    st.dataframe(
        pd.DataFrame(formats.cells(data)),
        hide_index=True,
        placeholder="",
        column_config={_("Amount"): money_column(None, money)},
        alt=_("Cash receipts"),
        # The browser keeps the widths of columns: another state is another table.
        key=f"receipts_{len(receipts)}_{state_of(receipts[0], payment)}",
    )
    with st.container(horizontal=True):
        for one in receipts[:1]:
            slip_link(one.receipt_url, _("Cash receipt"))


def none_known(payment: Payment | None, *, known_there: bool | None) -> None:
    """That no receipt is known here, and what that does not say."""
    if payment is not None and payment.cash_receipt_issued:
        st.info(
            _("The payment window issued one. PortOne does not show it: a second one would count twice."),
            title=_("A receipt was issued in the payment window"),
            icon=":material/receipt_long:",
        )
        return
    st.caption(_("No receipt is known here."))
    if known_there is False:
        words = _(
            "PortOne shows none that was issued through it. One that the payment window issued, to 010-000-1234 too, "
            "is not shown."
        )
        st.caption(words)


def differs_warning(receipt: CashReceipt, payment: Payment) -> None:
    """What to do with a receipt that stands over other money than is left."""
    if state_of(receipt, payment) != ReceiptState.DIFFERS:
        return
    left = payment.amount - payment.cancel_amount
    amounts = {"receipt": formats.money(receipt.amount, "KRW"), "left": formats.money(left, "KRW")}
    words = _(
        "The receipt stands over {receipt}, of the payment {left} is left. No call lowers a receipt: cancel it, and "
        "issue another one over what is left."
    )
    escaped = {name: formats.escape(value) for name, value in amounts.items()}
    st.warning(words.format(**escaped), title=_("Differs from the money"), icon=":material/balance:")


def sentences(told: Sequence[str]) -> None:
    """What whoever issues has to know first, and as of when that is known."""
    for sentence in told:
        st.warning(_(sentence), icon=":material/info:")
    if told:
        st.caption(_("Known from PortOne's description, as of {day}.").format(day=as_of().isoformat()))


def refund_question(receipt: CashReceipt) -> str:
    """What a refund does to a receipt that stands."""
    money = formats.money(receipt.amount, "KRW")
    first = _("A cash receipt over {amount} stands for this payment.").format(amount=formats.escape(money))
    if rule_of(receipt.pg_provider).stays_after_refund:
        return f"{first} " + _("At this PG the refund does not cancel it: left as it is, it stays with the tax office.")
    return f"{first} " + _("Nobody says whether a refund at this PG cancels it.")
