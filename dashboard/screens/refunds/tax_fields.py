"""The tax-free part and the VAT of a refund: filled in where they are known, with a line that says from where."""

import streamlit as st
from services.balances.left import Known, TaxesLeft

from dashboard.kit.fields import Fields, Typed
from dashboard.locale import _
from dashboard.words import formats

_FREE, _VAT = "tax_free", "vat_amount"


def tax_fields(fields: Fields, currency: str, taxes: TaxesLeft | None, going: int) -> tuple[Typed, Typed]:
    """Both fields; `going` is the refund's amount, 0 while none stands there. Won alone are taxed so."""
    if currency != "KRW":
        return Typed(_FREE, "", currency), Typed(_VAT, "", currency)
    known = taxes is not None and taxes.matters
    if taxes and known and taxes.certain:
        _fill(fields, taxes, going, currency)
    with st.expander(_label(known), icon=":material/percent:", expanded=known):
        if taxes and known:
            st.caption(formats.escape(_source(taxes)))
        with st.container(horizontal=True):
            free = fields.amount(_FREE, _("Tax-free part of this refund"), currency)
            return free, fields.amount(_VAT, _("VAT of this refund"), currency)


def _label(known: bool) -> str:
    return _("Tax-free part and VAT") if known else _("Tax-free part and VAT, for payments made with them")


def _fill(fields: Fields, taxes: TaxesLeft, going: int, currency: str) -> None:
    """Follows the amount until somebody types another one."""
    share = taxes.of(going)
    for name, amount in ((_FREE, share.tax_free), (_VAT, share.vat_amount)):
        key, filled = fields.key(name), fields.key(f"{name}.filled")
        if amount is not None and st.session_state.get(key) in (None, st.session_state.get(filled)):
            st.session_state[key] = st.session_state[filled] = formats.typed_money(amount, currency)


def _source(taxes: TaxesLeft) -> str:
    known = {
        Known.BALANCE: _("Read from the gateway at {at} KST").format(at=formats.time(taxes.at)),
        Known.CHARGE: _("As it was charged here (operation {n})").format(n=taxes.at),
        Known.CARD: _("As the card was charged here (operation {n})").format(n=taxes.at),
        Known.ACCOUNT: _("As its account was issued here (operation {n})").format(n=taxes.at),
        Known.SCHEDULE: _("As it was booked here (operation {n})").format(n=taxes.at),
        Known.LINK: _("As its payment link {n} said").format(n=taxes.at),
    }[taxes.known]
    return f"{known}: {_said(taxes)}"


def _said(taxes: TaxesLeft) -> str:
    free, left = formats.money(taxes.tax_free, "KRW"), formats.money(taxes.left, "KRW")
    if not taxes.certain:
        words = _("{free} of it was tax-free. Something was refunded elsewhere, so nobody here knows how much of the "
                  "rest is: fill it in.")  # fmt: skip
        return words.format(free=free)
    words = _("{free} of the {left} that are left are tax-free. Of a part it is filled in in proportion: change it "
              "where certain goods come back.")  # fmt: skip
    return words.format(free=free, left=left)
