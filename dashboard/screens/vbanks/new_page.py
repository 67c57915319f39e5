"""The page of a new account, or a new store number, for an order: its fields, then a last look."""

from functools import partial

import streamlit as st
from services.operations.actions.vbanks import issues, store_numbers
from services.tables.journal import OperationKind

from dashboard.kit.fields import Fields
from dashboard.locale import _
from dashboard.navigation import BACK, Place, link_to, open_page
from dashboard.screen import Screen
from dashboard.screens.asking import drafts, last_look
from dashboard.screens.asking.step_line import form_column, step_line
from dashboard.screens.vbanks import vbank_desk, vbank_form


def new_page(kind: OperationKind, screen: Screen) -> None:
    """Draws it below the head; once it was asked for the page of that order follows."""
    found = vbank_desk.open_new(kind, screen.now)
    if asked := drafts.just_asked(found.draft):
        open_page(Place.VBANK, merchant_uid=asked.merchant_uid or "")
    link_to(_("All that waits for money"), Place.WAITING, icon=BACK)
    is_account = kind == OperationKind.ISSUE_VBANK
    with form_column():
        st.caption(
            _("For an order by telephone: the buyer is told bank, number, holder and term by you; PortOne sends none.")
            if is_account
            else _("The buyer shows the number at the till of a convenience store.")
        )
        if not found.channels:
            none = _("None of the channels issues virtual accounts by a call.")
            st.info(none if is_account else _("None of the channels is Galaxia's."), icon=":material/block:")
            return
        step_line(found.draft.step, asked=False)
        drafts.overtaken_line(found.draft)
        if found.draft.wanted is None:
            cancel = partial(link_to, _("Cancel"), Place.WAITING, icon=":material/close:")
            typing = vbank_form.new_fields(Fields(found.draft.form), found, cancel, tiers=screen.settings.tiers)
            drafts.take_typed(found.draft, typing.fields, typing.form, found.wanted, done=typing.done)
            return
        wanted = found.draft.wanted
        body = issues.as_sent(wanted) if is_account else store_numbers.as_sent(wanted)
        call = {"POST /vbanks" if is_account else "POST /cvs": body}
        says = vbank_form.new_sentence(wanted, screen.settings.tiers)
        details = vbank_form.new_details(wanted, found.channels)
        last_look.last_look(found.draft, screen.user, says, call, charges=False, details=details)
