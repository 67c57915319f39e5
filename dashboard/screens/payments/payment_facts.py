"""What is known of one payment: figures on top, facts in groups, everything from outside escaped."""

import json
from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st
from services.payment_states import money_moved, only_registered, state_of
from services.plain_text import harmless, in_json
from services.store.writes.payments import V1_COLUMNS
from services.tables.v1 import Cancellation, CustomerUidUsage, Payment

from dashboard.locale import _
from dashboard.words import formats, labels
from dashboard.words.states import channel_badge


def payment_state(payment: Payment) -> str:
    """payment_states.PaymentState, or a status that only the gateway knows."""
    return state_of(payment.model_dump())


def payment_header(payment: Payment) -> None:
    """State, live or test, and what was paid, refunded and is left."""
    badges = f"{labels.state.markdown(payment_state(payment))} {channel_badge(payment.sandbox)}"
    read = _("read from the gateway at {time} KST").format(time=formats.time(payment.read_at // 1000))
    st.markdown(f"{badges} :gray[{formats.escape(read)}]")
    with st.container(horizontal=True):
        for label, amount in _figures(payment):
            st.metric(label, formats.money(amount, payment.currency), border=True, width=220)


def _figures(payment: Payment) -> Sequence[tuple[str, int]]:
    told = payment.model_dump()
    if only_registered(told):
        return ((_("Charged"), 0), (_("Shown, not charged"), payment.amount))
    refunded = payment.cancel_amount if money_moved(told) else 0
    paid = payment.amount if payment.paid_at else 0
    return ((_("Amount"), payment.amount), (_("Refunded"), refunded), (_("Left"), max(paid - refunded, 0)))


def payment_ids(payment: Payment) -> None:
    """imp_uid and order number, each with a button that copies it."""
    with st.container(horizontal=True):
        for label, value in (
            ("imp_uid", payment.imp_uid),
            (labels.field("merchant_uid"), payment.merchant_uid),
        ):
            with st.container(width=360, gap="xxsmall"):
                st.caption(label)
                st.code(harmless(value), language=None)


def payment_facts(payment: Payment, *, buyers: bool) -> None:
    """Product, way of payment and buyer side by side; masked without `buyers`."""
    with st.grid(3, min_column_width=280):
        fact_table(_("Product"), _product(payment))
        fact_table(_("Way of payment"), _way(payment, buyers))
        fact_table(_("Buyer"), _buyer(payment, buyers))


def fact_table(title: str, facts: dict[str, str | None]) -> None:
    """A table of cells: buyers' text there is neither Markdown nor a link."""
    shown = {label: value for label, value in facts.items() if value}
    with st.container():
        st.subheader(title)
        if shown:
            data = {_("What"): list(shown), _("Value"): list(shown.values())}
            st.dataframe(pd.DataFrame(formats.cells(data)), hide_index=True, alt=title)
        else:
            st.caption(_("The gateway says nothing about it."))


def _product(payment: Payment) -> dict[str, str | None]:
    return {
        labels.field("name"): payment.name,
        _("Used as"): _usage(payment),
        labels.field("fail_reason"): payment.fail_reason,
        labels.field("cancel_reason"): payment.cancel_reason,
        _("Cash receipt"): _("issued") if payment.cash_receipt_issued else None,
    }


def _usage(payment: Payment) -> str:
    if payment.customer_uid_usage == CustomerUidUsage.ISSUE and not only_registered(payment.model_dump()):
        return _("Registration of a billing key, with a charge")
    return labels.usage(payment.customer_uid_usage or "")


def _way(payment: Payment, buyers: bool) -> dict[str, str | None]:
    number = payment.vbank_num if buyers else formats.mask_rest(payment.vbank_num)
    holder = payment.vbank_holder if buyers else formats.mask_name(payment.vbank_holder)
    quota = payment.card_quota
    return {
        labels.field("pg_provider"): labels.provider(payment.pg_provider or ""),
        _("Channel"): payment.pg_id,
        labels.field("pay_method"): labels.method(payment.pay_method or ""),
        labels.field("card_name"): payment.card_name,
        labels.field("card_number"): payment.card_number,
        _("Instalments"): _("{n} months").format(n=quota) if quota else None,
        labels.field("apply_num"): payment.apply_num,
        _("PG's number"): payment.pg_tid,
        _("Bank"): payment.vbank_name or payment.bank_name,
        _("Account"): number,
        _("Holder"): holder,
        _("Pay until"): formats.time(payment.vbank_date) if payment.vbank_date else None,
        labels.field("customer_uid"): payment.customer_uid,
    }


def _buyer(payment: Payment, buyers: bool) -> dict[str, str | None]:
    fields: tuple[tuple[str, Callable[[str | None], str | None]], ...] = (
        ("buyer_name", formats.mask_name),
        ("buyer_tel", formats.mask_phone),
        ("buyer_email", formats.mask_email),
        ("buyer_addr", formats.mask_rest),
        ("buyer_postcode", formats.mask_rest),
    )
    values = ((name, getattr(payment, name), mask) for name, mask in fields)
    return {labels.field(name): value if buyers else mask(value) for name, value, mask in values}


def stored_values(payment: Payment, refunds: Sequence[Cancellation]) -> None:
    """V1's fields as they are kept, as JSON in V1's spelling: amounts in the smallest unit, texts composed."""
    kept = payment.model_dump(mode="json", include=set(V1_COLUMNS))
    kept["extra"] = json.loads(payment.extra) if payment.extra else None
    kept["cancel_history"] = [refund.model_dump(mode="json", exclude={"imp_uid", "seq"}) for refund in refunds]
    st.caption(_("As the mirror keeps them, amounts in the smallest unit: not the gateway's own answer."))
    st.code(in_json(json.dumps(kept, ensure_ascii=False, indent=2)), language="json", height=400)
