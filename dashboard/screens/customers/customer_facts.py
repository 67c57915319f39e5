"""One customer: who it is, by what their payments were joined, what they come to, and the payments themselves."""

from collections import Counter
from collections.abc import Sequence

import streamlit as st
from services.payment_states import MONEY_STATES, PaymentState
from services.store.customers import MOST, Customer
from services.store.lists.keyset import Page
from services.store.lists.payments import PaymentRow

from dashboard.locale import _, ngettext
from dashboard.screens.payments.tables import payment_columns, payment_table
from dashboard.words import formats, labels
from dashboard.words.states import channel_badge

_SHOWN = 50
_COLUMNS = ("made_at", "amount", "status", "name", "hits", "pay_method", "merchant_uid", "fail_reason")


def customer_line(customer: Customer, *, buyers: bool) -> None:
    """Phone and e-mail, and by what payments are taken for this buyer's."""
    tel, email = customer.buyer.buyer_tel, customer.buyer.buyer_email
    if line := formats.line(*((tel, email) if buyers else (formats.mask_phone(tel), formats.mask_email(email)))):
        st.text(line)
    if customer.buyer.sandbox:
        st.markdown(channel_badge(True))
    by = Counter(field for row in customer.payments for field in row.hits)
    ways = " · ".join(f"{labels.field(field)} ({_payments(n)})" for field, n in by.most_common())
    words = [_("Joined by: {ways}.").format(ways=ways or labels.field("imp_uid"))]
    if buyers:
        words.append(_("A name joins only payments that have neither phone nor e-mail."))
    else:
        words.append(_("Your role does not see buyers, so only the billing key joins."))
    words += [
        _("{field} joins nothing: more than {most} payments have the same.").format(
            field=labels.field(field), most=f"{MOST:,}"
        )
        for field in customer.shared
    ]
    if customer.more:
        more = _("Their billing keys made more than {most} payments: what stands here is of the latest {most}.")
        words.append(more.format(most=f"{MOST:,}"))
    st.caption(" ".join(words))


def customer_figures(customer: Customer) -> None:
    """What was paid, went back, failed, and is charged next."""
    rows = customer.payments
    paid = [row for row in rows if row.state in MONEY_STATES]
    failed = [row for row in rows if row.state == PaymentState.FAILED]
    back = [row for row in paid if row.refunded]
    soonest = min((key for key in customer.keys if key.next_at), key=lambda key: key.next_at or 0, default=None)
    next_charge = formats.money(soonest.next_amount or 0, soonest.next_currency or "KRW") if soonest else ""
    figures = (
        (_("Amount paid"), formats.sums((row.currency, row.amount) for row in paid), _payments(len(paid))),
        (_("Refunded"), formats.sums((row.currency, row.refunded) for row in back), _payments(len(back))),
        (_("Failed"), formats.sums((row.currency, row.amount) for row in failed), _payments(len(failed))),
        (_("Next charge"), next_charge, formats.short_time(soonest.next_at) if soonest else None),
    )
    with st.grid(len(figures), min_column_width=150):
        for label, value, below in figures:
            st.metric(
                label,
                value or formats.NOTHING,
                below,
                delta_color="off",
                delta_arrow="off",
                border=True,
                height="stretch",
            )


def customer_payments(rows: Sequence[PaymentRow], *, buyers: bool) -> str | None:
    """The latest payments; returns the imp_uid of the one that was picked."""
    if len(rows) > _SHOWN:
        st.caption(_("The latest {shown} of {all}.").format(shown=_SHOWN, all=f"{len(rows):,}"))
    return payment_table(
        Page(tuple(rows[:_SHOWN])), payment_columns(buyers=buyers, names=_COLUMNS), key="customer_payments"
    )


def no_such_customer() -> None:
    """What to do where the address leads to nobody."""
    words = _("Open a payment or a billing key, and their customer from there.")
    st.info(words, title=_("No such customer here"), icon=":material/person_off:")


def _payments(count: int) -> str:
    return ngettext("{n} payment", "{n} payments", count).format(n=f"{count:,}")
