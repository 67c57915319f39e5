"""What is known of one payment: whose and how much on top, facts beside its story, everything from outside escaped."""

import json
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

import streamlit as st
from services.payment_states import money_moved, only_registered, state_of
from services.plain_text import in_json
from services.store.writes.payments import V1_COLUMNS
from services.tables.receipts import CashReceipt
from services.tables.v1 import Cancellation, CustomerUidUsage, Payment, Schedule
from streamlit.delta_generator import DeltaGenerator

from dashboard.locale import _
from dashboard.screens.payments.slips import slip_link
from dashboard.words import formats, labels
from dashboard.words.names.stores import store_fact
from dashboard.words.states import channel_badge
from dashboard.words.vbanks import waiting_labels
from dashboard.words.ways import pg_and_method

_IN_TITLE, _IN_LINE = 40, 300
"""Signs of a shop's text; the whole of it is among the stored values."""


def payment_state(payment: Payment) -> str:
    """payment_states.PaymentState, or a status that only the gateway knows."""
    return state_of(payment.model_dump())


def payment_title(payment: Payment | None, *, buyers: bool) -> str:
    """Whose it is and what was bought, as Markdown; the page's name where neither is known."""
    said = (formats.buyer(payment.buyer_name, buyers), payment.name) if payment else ()
    return formats.escape(" · ".join(formats.cut(part, _IN_TITLE) for part in said if part)) or _("Payment")


def payment_header(payment: Payment, now: float) -> None:
    """In one line: amount, state, what of it went back, and the ids, which can be copied."""
    told = payment.model_dump()
    shown = only_registered(told)
    with st.container(horizontal=True, vertical_alignment="center"):
        amount = formats.escape(formats.money(0 if shown else payment.amount, payment.currency))
        badges = [waiting_labels.standing(payment, now), *([channel_badge(True)] if payment.sandbox else ())]
        st.header(f"{amount} {' '.join(badges)}", anchor=False, width="content")
        if shown:
            words = _("Shown, not charged: {amount}").format(amount=formats.money(payment.amount, payment.currency))
            st.text(words, width="content")
        elif payment.cancel_amount and money_moved(told):
            _refunded_bar(payment)
        for value in (payment.imp_uid, payment.merchant_uid):
            st.code(formats.shown(value), language=None, width="content")
    read = _("read from the gateway at {time} KST").format(time=formats.time(payment.read_at // 1000))
    st.caption(formats.escape(read))


def _refunded_bar(payment: Payment) -> None:
    left = max(payment.amount - payment.cancel_amount, 0)
    money = [formats.escape(formats.money(amount, payment.currency)) for amount in (payment.cancel_amount, left)]
    words = _("{refunded} refunded · {left} left").format(refunded=money[0], left=money[1])
    st.progress(left / payment.amount if payment.amount else 0.0, words, width=280)


def payment_facts(
    payment: Payment, receipt: CashReceipt | None, *, buyers: bool, order_url: str, tiers: Mapping[str, str]
) -> None:
    """What was bought, how it was paid, and the buyer; masked without `buyers`. `order_url` and `tiers` as settings."""
    with st.container(gap="xxsmall"):
        if order_url:
            address = order_url.replace("{merchant_uid}", quote(payment.merchant_uid, safe=""))
            with _fact(labels.field("merchant_uid")):
                st.markdown(f"[{formats.escape(payment.merchant_uid)}]({address})", width="stretch")
        store = {labels.field("tier"): store_fact(payment.tier, tiers)}
        fact_lines(
            {**store, **_product(payment, receipt), **_way(payment, buyers), **buyer_facts(payment, buyers=buyers)}
        )


def fact_lines(facts: Mapping[str, str | None]) -> None:
    """Names and values, those that are empty left out: buyers' text is neither Markdown nor a link, and is copied."""
    with st.container(gap="xxsmall"):
        for name, value in facts.items():
            if value:
                with _fact(name):
                    st.text(formats.shown(formats.cut(value, _IN_LINE)), width="stretch")


def _fact(name: str) -> DeltaGenerator:
    row = st.container(horizontal=True, gap="small", wrap=False)
    row.caption(name, width=110)
    return row


def slips(payment: Payment, refunds: Sequence[Cancellation]) -> None:
    """The slips of the payment and of each refund that has one."""
    with st.container(horizontal=True):
        slip_link(payment.receipt_url, _("Sales slip"))
        for refund in refunds:
            words = _("Refund slip") if len(refunds) == 1 else _("Refund slip {n}").format(n=refund.seq + 1)
            slip_link(refund.receipt_url, words)


def _product(payment: Payment, receipt: CashReceipt | None) -> dict[str, str | None]:
    in_window = _("issued") if payment.cash_receipt_issued else None
    issued = formats.line(receipt.apply_num, formats.money(receipt.amount, "KRW")) if receipt else in_window
    return {
        labels.field("name"): payment.name,
        _("Used as"): _usage(payment) if payment.customer_uid_usage else None,
        _("Cash receipt"): issued,
    }


def _usage(payment: Payment) -> str:
    if payment.customer_uid_usage == CustomerUidUsage.ISSUE and not only_registered(payment.model_dump()):
        return _("Registration of a billing key, with a charge")
    return labels.usage(payment.customer_uid_usage or "")


def _way(payment: Payment, buyers: bool) -> dict[str, str | None]:
    number = payment.vbank_num if buyers else formats.mask_rest(payment.vbank_num)
    holder = payment.vbank_holder if buyers else formats.mask_name(payment.vbank_holder)
    quota = payment.card_quota
    card = (payment.card_name, payment.card_number)
    return {
        labels.field("pay_method"): pg_and_method(payment),
        _("Card"): " ".join(part for part in card if part),
        _("Instalments"): _("{n} months").format(n=quota) if quota else None,
        labels.field("apply_num"): payment.apply_num,
        _("PG's number"): payment.pg_tid,
        _("Channel"): payment.pg_id,
        _("Bank"): payment.vbank_name or payment.bank_name,
        _("Account"): number,
        _("Holder"): holder,
        _("Pay until"): formats.time(payment.vbank_date) if payment.vbank_date else None,
    }


def buyer_facts(bought: Payment | Schedule, *, buyers: bool) -> dict[str, str | None]:
    """Name, phone, e-mail and address; masked without `buyers`."""
    fields: tuple[tuple[str, Callable[[str | None], str | None]], ...] = (
        ("buyer_name", formats.mask_name),
        ("buyer_tel", formats.mask_phone),
        ("buyer_email", formats.mask_email),
        ("buyer_addr", formats.mask_rest),
        ("buyer_postcode", formats.mask_rest),
    )
    values = ((name, getattr(bought, name), mask) for name, mask in fields)
    told = {labels.field(name): value if buyers else mask(value) for name, value, mask in values}
    return told | {_("Buyer made anonymous (KST)"): formats.time(bought.anonymous_at) if bought.anonymous_at else None}


def stored_values(payment: Payment, refunds: Sequence[Cancellation]) -> None:
    """V1's fields as they are kept, as JSON in V1's spelling: amounts in the smallest unit, texts composed."""
    kept = payment.model_dump(mode="json", include=set(V1_COLUMNS))
    if not payment.tier:
        del kept["tier"]
    kept["extra"] = json.loads(payment.extra) if payment.extra else None
    kept["cancel_history"] = [refund.model_dump(mode="json", exclude={"imp_uid", "seq"}) for refund in refunds]
    st.caption(_("As the mirror keeps them, amounts in the smallest unit: not the gateway's own answer."))
    st.code(in_json(json.dumps(kept, ensure_ascii=False, indent=2)), language="json", height=400)
