"""The last look before money moves: the sentence, the request, a second typing of large amounts, one button."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

import streamlit as st
from services.amounts import read_amount
from services.errors import InvalidRequest, JangbuError, NotSaved
from services.operations.journal.journal import Wanted
from services.store.lists.system import Freshness
from services.tables.v1 import BillingKey, Payment

from dashboard.kit.fields import request_block
from dashboard.kit.gateway_notice import said_no
from dashboard.locale import _, sentence
from dashboard.words import formats, kinds, labels, operation_labels
from dashboard.words.ways import way_of, way_of_key

_LONGEST_NAME = 40


class Choice(StrEnum):
    """What a person does after the last look."""

    SEND = "send"
    CHANGE = "change"
    READ_AGAIN = "read_again"


def closed_words(fresh: Freshness, unread: JangbuError | None, *, has_key: bool) -> str | None:
    """Why nothing can be sent at this moment; None where it can."""
    if not has_key:
        return _("No key of the gateway is set: nothing can be sent.")
    if isinstance(unread, NotSaved):
        return _("What the gateway answered could not be saved: nothing can be sent. Open the form again.")
    if unread:
        lost = _("The gateway could not be read: {why} Nothing can be sent until it answers.")
        refused = _("The gateway refused to be read: {why} Nothing can be sent until it can be.")
        words = refused if said_no(unread) else lost
        return words.format(why=formats.escape(sentence(unread)))
    if fresh.last_error:
        return _("The gateway does not answer at the moment: nothing can be sent until it does.")
    return None


def refund_sentence(wanted: Wanted, payment: Payment, day: date | None, *, buyers: bool) -> str:
    """What goes back to whom and by which way, when it is usually there, and what stays; `buyers` may be named."""
    amount, whole = (formats.money(one, wanted.currency) for one in (wanted.amount, payment.amount))
    if holder := wanted.request.get("refund_holder"):
        who = _("the holder {name}").format(name=formats.cut(str(holder), _LONGEST_NAME))
    else:
        who = _whose(payment.buyer_name, buyers)
    way = _("the account below") if "refund_account" in wanted.request else way_of(payment).words()
    words = (
        _("All of it, {amount}, goes back to {who}: {way}.")
        if wanted.amount == payment.amount
        else _("{amount} of {whole} goes back to {who}: {way}.")
    )
    parts = [words.format(amount=amount, whole=whole, who=who, way=way)]
    if day:
        parts.append(_("Usually there by {day}.").format(day=formats.day(day)))
    if rest := (wanted.balance or 0) - wanted.amount:
        parts.append(_("{rest} stays.").format(rest=formats.money(rest, wanted.currency)))
    return " ".join((*parts, _("It cannot be undone.")))


def charge_sentence(wanted: Wanted, key: BillingKey, *, buyers: bool) -> str:
    """What is charged to whom and by which way, and what for; `buyers` may be named."""
    return _("{amount} is charged to {who} at once: {way}, for {name}.").format(
        amount=formats.money(wanted.amount, wanted.currency),
        who=_whose(key.customer_name, buyers),
        way=way_of_key(key).words() or labels.provider(key.pg_provider or ""),
        name=wanted.request["name"],
    )


def _whose(name: str | None, buyers: bool) -> str:
    shown = formats.buyer(name, buyers)
    return _("the buyer {name}").format(name=formats.cut(shown, _LONGEST_NAME)) if shown else _("the buyer")


def review(
    wanted: Wanted,
    says: str,
    body: Mapping[str, object],
    *,
    confirm_from: int | None,
    closed: str | None,
    error: JangbuError | None,
    alone: bool = False,
    label: str | None = None,
    may_read: bool = False,
    details: Sequence[str] = (),
) -> Choice | None:
    """What the person chose. `closed`: why nothing can be sent now; `error`: why the last try was not saved.

    `alone`: nobody signs in here, so nobody else could approve it. `label` is the button's, where no sum says it.
    `may_read`: reading again may open it. `details` stand below the sentence, a line each.
    """
    with st.form(f"{wanted.token}.review", enter_to_submit=False):
        st.header(_("Is this right?"))
        st.markdown(f"**{formats.escape(says)}**")
        requester = operation_labels.requester(wanted.requester) if wanted.requester else None
        particulars = operation_labels.particulars(wanted.request, wanted.currency)
        for line in (*details, wanted.reason, requester, *particulars):
            if line:
                st.text(formats.shown(line))
        if wanted.note:
            st.caption(_("Note for colleagues, told to nobody outside"))
            st.text(formats.shown(wanted.note))
        request_block(body)
        typed = typed_again(wanted, confirm_from)
        _approval(wanted, alone)
        if closed:
            st.warning(closed, icon=":material/cloud_off:")
        if error:
            st.error(formats.told(error), icon=":material/error:")
        with st.container(horizontal=True, horizontal_alignment="right"):
            off = closed is not None
            label, icon = label or _button(wanted), ":material/send:"
            back = st.form_submit_button(_("Change something"), icon=":material/edit:", key="change")
            read = may_read and st.form_submit_button(_("Refresh"), icon=":material/sync:", key="read_again")
            pressed = st.form_submit_button(label, type="primary", icon=icon, key="send", disabled=off)
        if pressed and not typed:
            st.error(_("Type the amount once more, as it stands above."), icon=":material/error:")
    if pressed and typed:
        return Choice.SEND
    if read:
        return Choice.READ_AGAIN
    return Choice.CHANGE if back else None


def _approval(wanted: Wanted, alone: bool) -> None:
    if wanted.needs_approval:
        words = _("A second person has to approve this amount: until then nothing is sent.")
        st.info(words, icon=":material/group:")
        if alone:
            words = _("Nobody has to sign in here, so there is no second person who could approve it.")
            st.warning(words, icon=":material/group_off:")


def _button(wanted: Wanted) -> str:
    if wanted.needs_approval:
        return _("Ask for approval")
    amount = formats.escape(formats.money(wanted.amount, wanted.currency))
    return kinds.of(wanted.kind).send.format(amount=amount)


def typed_again(wanted: Wanted, confirm_from: int | None) -> bool:
    """The field in which a large amount is typed a second time; whether it is the same."""
    # The limit is in won: it says nothing of what an amount in another currency is worth.
    if confirm_from is None or (wanted.currency == "KRW" and wanted.amount < confirm_from):
        return True
    text = st.text_input(
        _("A large amount: type it once more"), key=f"{wanted.token}.again", persist_state="session", width=320
    )
    try:
        return read_amount(text or "", wanted.currency) == wanted.amount
    except InvalidRequest:
        return False
