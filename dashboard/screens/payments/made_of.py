"""What a payment is made up of: by what it was paid, how that is taxed, and who bore a discount."""

from functools import partial

import streamlit as st
from services.balances.kept import is_up_to_date, tells_balance
from services.balances.left import paid_by
from services.operations.actions.promotions import discount_of
from services.tables.balances import PaymentBalance
from services.tables.v1 import Payment

from dashboard.kit.gateway_notice import gateway_warning
from dashboard.kit.watch import watch_reading
from dashboard.locale import _
from dashboard.process import rereads
from dashboard.process.rereads import Reading
from dashboard.screens.payments.payment_facts import fact_lines
from dashboard.words import formats
from dashboard.words.labels import Words, once_a_language

_PARTS = ("tax_free", "supply", "vat", "service")


@once_a_language
def instrument() -> Words:
    """By what a part was paid, or who took it off."""
    return {
        "primary": _("Card, bank or phone"),
        "secondary": _("Points"),
        "discount": _("Discount of the PG or card"),
        "cash_receipt": _("Of which by cash receipt"),
    }


@once_a_language
def part() -> Words:
    """How a part is taxed."""
    return {
        "tax_free": _("tax-free {amount}"),
        "supply": _("supply {amount}"),
        "vat": _("VAT {amount}"),
        "service": _("service charge {amount}"),
    }


def made_of(payment: Payment, kept: PaymentBalance | None, reading: Reading, *, may_read: bool) -> None:
    """What was read of it, and a button that reads it; nothing for payments whose PG does not tell."""
    if (discount := discount_of(payment)) is not None:
        fact_lines({_("Promotion"): _("{amount} off").format(amount=formats.money(discount, payment.currency))})
    if not tells_balance(payment):
        return
    st.subheader(_("What it is made up of"), anchor=False)
    if kept:
        fact_lines({instrument(name): _line(kept, name) for name in ("primary", "secondary", "discount")})
        fact_lines({instrument("cash_receipt"): _line(kept, "cash_receipt")})
        if paid_by(kept, "discount"):
            st.caption(_("The discount is the PG's or the card company's own: they bear it, not the shop."))
        words = _("After refunds, read from the gateway at {time} KST.")
        if not is_up_to_date(payment, kept):
            words = _("Read from the gateway at {time} KST, before the latest refund.")
        st.caption(formats.escape(words.format(time=formats.time(kept.read_at))))
    if reading.runs:
        watch_reading(partial(rereads.is_reading, reading.name), _("Reading from the gateway …"))
    elif may_read and not (kept and is_up_to_date(payment, kept)):
        st.button(_("Read what it is made up of"), icon=":material/sync:", key="read_balance", on_click=reading.start)
    if error := rereads.last_error(reading.name):
        gateway_warning(error)


def _line(kept: PaymentBalance, name: str) -> str | None:
    if not (whole := paid_by(kept, name)):
        return None
    parts = [
        part(one).format(amount=formats.money(amount, "KRW"))
        for one in _PARTS
        if (amount := getattr(kept, f"{name}_{one}"))
    ]
    return f"{formats.money(whole, 'KRW')} ({', '.join(parts)})"
