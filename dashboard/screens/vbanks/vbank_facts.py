"""One payment that waits for money: where it is paid, how much, until when; and many that are to be revoked."""

import streamlit as st
from services.tables.v1 import Payment, PaymentStatus
from services.vbanks.store_number import StoreNumber, store_number

from dashboard.kit.lists.tiles import facts
from dashboard.locale import _, ngettext
from dashboard.words import formats, labels
from dashboard.words.vbanks import waiting_labels


def account_facts(payment: Payment, now: float, *, buyers: bool) -> None:
    """Amount, state and term, the account or the number, the buyer, and what the gateway says besides."""
    at_store = store_number(payment)
    pay_until = at_store.until if at_store else payment.vbank_date
    with st.container(horizontal=True):
        st.metric(
            _("Amount to be paid"),
            formats.money(payment.amount, payment.currency),
            border=True,
            width=220,
            height="stretch",
        )
        if pay_until:
            left = waiting_labels.time_left(pay_until, now) if payment.status == PaymentStatus.READY else None
            until = formats.short_time(pay_until)
            st.metric(
                _("Pay until"),
                until,
                left,
                delta_color="off",
                delta_arrow="off",
                border=True,
                width=220,
                height="stretch",
            )
    st.markdown(waiting_labels.standing(payment, now))
    hide = (lambda text: text) if buyers else formats.mask_rest
    facts(
        (
            (_("Number for the till"), hide(at_store.number if at_store else None)),
            (_("Bank"), payment.vbank_name),
            (_("Account number"), hide(payment.vbank_num)),
            (_("Account holder"), payment.vbank_holder if buyers else formats.mask_name(payment.vbank_holder)),
            (labels.field("name"), payment.name),
            (labels.field("buyer_name"), formats.buyer(payment.buyer_name, buyers)),
            (labels.field("buyer_tel"), payment.buyer_tel if buyers else formats.mask_phone(payment.buyer_tel)),
            (labels.field("merchant_uid"), payment.merchant_uid),
            (labels.field("pg_provider"), labels.provider(payment.pg_provider or "")),
            *(_more(at_store) if buyers and at_store else ()),
        )
    )
    if payment.status == PaymentStatus.READY and pay_until and pay_until < now:
        st.caption(waiting_labels.overdue_words())
    if payment.sandbox:
        st.caption(_("A payment of a test channel: no money moves."))


def _more(at_store: StoreNumber) -> list[tuple[str, str]]:
    """Where V1 shows a store number is not described, so all that has no name here is shown; times as times."""
    told = at_store.more.items()
    return [(name, _said(name, value)) for name, value in told if isinstance(value, str | int) and value != ""]


def _said(name: str, value: str | int) -> str:
    return formats.time(value) if name.endswith("_at") and isinstance(value, int) and value > 0 else str(value)


def revoke_words(n: int) -> str:
    """What the button for several says."""
    return ngettext("Revoke {n}", "Revoke {n}", n).format(n=f"{n:,}")
