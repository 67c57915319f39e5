"""What becomes of the cash receipt of a payment that is refunded: cancelled before, or left as it is."""

import streamlit as st
from services.receipts.pg_rules import Ability, rule_of
from services.tables.receipts import CashReceipt

from dashboard.kit.fields import Fields
from dashboard.locale import _
from dashboard.screens.receipts.receipt_facts import refund_question
from dashboard.words.labels import Words, once_a_language

RECEIPT = "receipt"
CANCEL_FIRST, LEAVE = "cancel_first", "leave"


@once_a_language
def choice() -> Words:
    """What can become of it."""
    return {CANCEL_FIRST: _("Cancel the receipt, then refund"), LEAVE: _("Leave the receipt as it is")}


def receipt_choice(fields: Fields, receipt: CashReceipt) -> str | None:
    """The question, none chosen at first; only one answer where the receipt cannot be cancelled here."""
    st.warning(refund_question(receipt), title=_("A cash receipt stands"), icon=":material/receipt_long:")
    able = not receipt.pg_provider or Ability.CANCEL in rule_of(receipt.pg_provider).can
    chosen = fields.choice(RECEIPT, _("The cash receipt"), [CANCEL_FIRST, LEAVE] if able else [LEAVE], choice)
    if chosen == LEAVE:
        st.caption(_("It then stands in the list of cash receipts as one that differs from the money."))
    return chosen
