"""A cash receipt of a sale made elsewhere: which channel issues it, over how much, to which number; a last look."""

from functools import partial

import streamlit as st
from dashboard.kit.fields import Fields
from dashboard.locale import _
from dashboard.navigation import BACK, Place, link_to, open_page
from dashboard.screen import open_screen
from dashboard.screens.asking import drafts
from dashboard.screens.asking.step_line import form_column, step_line
from dashboard.screens.receipts import receipt_desk, receipt_form
from services.operations.actions.receipts import issues
from services.receipts import pg_rules

screen = open_screen(_("New receipt"))
found = receipt_desk.open_sale()
if asked := drafts.just_asked(found.draft):
    open_page(Place.RECEIPT, merchant_uid=asked.merchant_uid or "")
link_to(_("All cash receipts"), Place.RECEIPTS, icon=BACK)
with form_column():
    st.caption(_("Of cash that was taken outside of PortOne. Of a payment here, issue it on the payment."))
    if not found.channels:
        st.info(_("None of the channels issues cash receipts."), icon=":material/block:")
        st.stop()
    step_line(found.draft.step, asked=False)
    drafts.overtaken_line(found.draft)
    if found.draft.wanted is None:
        typing = receipt_form.sale_fields(
            Fields(found.draft.form),
            found.channels,
            pg_rules.rule_of,
            residents=receipt_desk.takes_residents(),
            cancel=partial(link_to, _("Cancel"), Place.RECEIPTS, icon=":material/close:"),
        )
        receipt = typing.receipt
        drafts.take_typed(found.draft, receipt.fields, typing.form, found.wanted, done=receipt.done)
        st.stop()
    says = receipt_form.receipt_sentence(found.draft.wanted)
    body = issues.as_sent(found.draft.wanted)
    receipt_desk.last_look(found.draft, screen.user, says, body, _("Issue the receipt"))
