"""For how much of a Naver Pay payment a cash receipt may be issued: asked of Naver Pay when somebody wants to know."""

from functools import partial

import streamlit as st
from services.gateway.payloads import NaverCashAmount
from services.operations.actions.charges import NAVERPAY
from services.payment_states import money_moved
from services.tables.v1 import Payment

from dashboard.kit.gateway_notice import gateway_warning, said_no
from dashboard.kit.lists.tiles import facts
from dashboard.kit.watch import watch_reading
from dashboard.locale import _
from dashboard.process.answers import cash_amounts
from dashboard.words import formats


def cash_amount(payment: Payment, *, may_ask: bool) -> None:
    """A button that asks, and what came of it; nothing for payments that Naver Pay would not answer for."""
    if payment.pg_provider != NAVERPAY or not money_moved(payment.model_dump()) or not may_ask:
        return
    imp_uid = payment.imp_uid
    if cash_amounts.is_asking(imp_uid):
        watch_reading(partial(cash_amounts.is_asking, imp_uid), _("Asking Naver Pay for the cash receipt's amount …"))
        return
    words = _("Amount for a cash receipt")
    st.button(words, icon=":material/receipt:", key="cash_amount", on_click=cash_amounts.begin, args=(imp_uid,))
    answer = cash_amounts.told(imp_uid)
    if answer is None or not (answer.found or answer.error):
        return
    at = formats.escape(formats.time(int(answer.at)))
    if answer.error:
        refused, lost = _("Asked at {time} KST: Naver Pay gives no amount"), _("Asked at {time} KST: no answer")
        gateway_warning(answer.error, (refused if said_no(answer.error) else lost).format(time=at))
    elif answer.found:
        st.caption(_("Asked at {time} KST, after refunds.").format(time=at))
        _told(answer.found)


def _told(found: NaverCashAmount) -> None:
    if not found.amount_total:
        words = _("0: nothing to issue. It was paid by card, or by points that were given for free.")
        st.info(words, icon=":material/receipt_long_off:")
        return
    rows = (
        (_("To be issued"), found.amount_total),
        (_("By points"), found.amount_by_npoint),
        (_("By bank account or another way"), found.amount_by_primary),
        (_("Supply value"), found.amount_supply),
        (_("VAT"), found.amount_vat),
    )
    facts((name, formats.money(amount, "KRW")) for name, amount in rows)
    words = _("For shops that issue receipts themselves. Where Naver Pay issues them, issue nothing: it would be a "
              "second one.")  # fmt: skip
    st.caption(words)
