"""What became of an operation: it stays in place, in our words beside the gateway's own."""

from collections.abc import Callable

import streamlit as st
from services.operations.actions.money_back import expected_back
from services.operations.journal.journal import asked
from services.operations.journal.once import ONCE, STEPS, UNSHOWN
from services.operations.journal.states import Why
from services.store.writes.late_payments import Late
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State
from services.tables.v1 import BillingKey, Payment

from dashboard.locale import _
from dashboard.navigation import Place, link_to
from dashboard.screens.payments.slips import slip_link
from dashboard.screens.telling import messages
from dashboard.screens.telling.telling_desk import tell
from dashboard.words import formats, kinds, operation_labels
from dashboard.words.advice import advice


def verbatim(message: str | None) -> None:
    """The gateway's words, byte for byte, in a block of their own."""
    if message:
        st.caption(_("The gateway's words"))
        # st.code takes one line break away at each end: these two.
        st.code(f"\n{formats.shown(message)}\n", language=None, wrap_lines=True)


def outcome(operation: Operation) -> None:
    """State, who asked and when, what the gateway said, and what that means."""
    says = operation_labels.summary(operation)
    st.markdown(f"{operation_labels.standing(operation)} **{formats.escape(says)}**")
    who = _("Asked by {who} at {time} KST · operation {n}").format(
        who=operation_labels.person(operation.asked_by), time=formats.time(operation.asked_at), n=operation.id
    )
    st.text(who)
    _HEADLINES.get(State(operation.state), _nothing)(operation)
    verbatim(operation.message)
    if operation.note:
        st.caption(
            _("Reason given by {who}").format(who=formats.escape(operation_labels.person(operation.noted_by or "")))
        )
        st.text(formats.shown(operation.note))


def refund_result(operation: Operation, payment: Payment, less: int, *, buyers: bool) -> None:
    """How a refund went, and to which account; once it is done also slip, what is left, when it is back, and a text.

    `less` as promotions.less_of has it; `buyers`: whether they may be named, as the text for them does.
    """
    outcome(operation)
    if operation.kind != OperationKind.REFUND:
        return  # something else is under way on the payment, and stands in the refund's way
    if account := operation_labels.account(asked(operation), buyers=buyers):
        st.text(formats.line(_("To account"), account))
    if operation.state == State.SUCCEEDED:
        _difference(operation)
        _refund_done(operation, payment, less)
    tell(messages.of_refusal(operation, payment), payment.imp_uid)


def charge_result(operation: Operation, late: Late | None, key: BillingKey) -> None:
    """What for, how it went, its receipt, and a text for the buyer.

    `late`: the payment that it is after all, though it was refused.
    """
    if late:
        words = _("It was refused, and {amount} was paid after all at {time} KST: see “Needs a person”.")
        amount, at = formats.money(late.amount, late.currency), formats.time(late.paid_at)
        told = words.format(amount=formats.escape(amount), time=formats.escape(at))
        st.warning(told, title=_("Paid after all"), icon=":material/warning:")
        verbatim(operation.message)
    else:
        outcome(operation)
    st.text(formats.shown(asked(operation)["name"]))
    slip_link(operation.receipt_url, _("Sales slip"))
    if late is None:
        tell(messages.of_charge(operation, key), operation.imp_uid)


def again_button(operation: Operation, label: str, begin: Callable[..., None]) -> None:
    """After an end: a new form, which keeps what was typed unless that was done."""
    keep = operation.state != State.SUCCEEDED
    words = _("Change it and ask again") if keep else label
    st.button(words, key="anew", icon=":material/edit:" if keep else None, on_click=begin, kwargs={"keep": keep})


def _difference(operation: Operation) -> None:
    """Says so where the PG gave back another amount than was asked for."""
    if operation.refunded is not None and operation.refunded != operation.amount:
        words = _("{asked} was asked for, {refunded} was refunded: a promotion, or points, made the difference.")
        asked_for, refunded = (formats.money(one, operation.currency) for one in (operation.amount, operation.refunded))
        told = words.format(asked=formats.escape(asked_for), refunded=formats.escape(refunded))
        st.info(told, icon=":material/sell:")


def _refund_done(operation: Operation, payment: Payment, less: int) -> None:
    by = expected_back(payment, operation.state_at)
    left = payment.amount - max(operation.cancel_amount or 0, payment.cancel_amount) - less
    words = [_("{left} is left.").format(left=formats.money(left, operation.currency))]
    if by:
        words.append(_("Usually back with the buyer by {day}, counted in business days.").format(day=formats.day(by)))
    st.text(formats.shown(" ".join(words)))
    if operation.after_id is not None:
        st.text(_("Its cash receipt was cancelled before."))
        if left:
            link_to(_("Issue a receipt over what is left"), Place.RECEIPT, imp_uid=payment.imp_uid)
    slip_link(operation.receipt_url, _("Refund slip"))
    tell(messages.of_refund(operation, payment, left, by), payment.imp_uid)


def _waiting(operation: Operation) -> None:
    if operation.after_id is not None:
        st.info(_("It is sent once the step before is done, and not at all where that fails."), icon=":material/timer:")
        return
    st.info(
        _("Nothing is sent before somebody else says yes, under “Needs a person”."),
        title=_("It waits for a second person"),
        icon=":material/group:",
    )


def _under_way(_operation: Operation) -> None:
    st.info(_("It is written down and on its way to the gateway."), icon=":material/hourglass_top:")


def _unknown(operation: Operation) -> None:
    if operation.kind in ONCE:
        words = _("It may have happened, and no reading shows it. Within a quarter of an hour it goes to “Needs a "
                  "person”: look at the order in the Naver Pay Center then.")  # fmt: skip
        st.warning(words, title=_("Answer lost: do not repeat it"), icon=":material/manage_search:")
        return
    if operation.kind in STEPS:
        words = _("It may have happened, and no reading shows it. Within a quarter of an hour it goes to “Needs a "
                  "person”: look at the order on the PG's own site then.")  # fmt: skip
        st.warning(words, title=_("Answer lost: do not repeat it"), icon=":material/manage_search:")
        return
    if operation.kind in UNSHOWN:
        st.warning(_unshown(operation), title=_("The answer was lost"), icon=":material/manage_search:")
        return
    next_look = formats.time(operation.look_at) if operation.look_at else formats.NOTHING
    st.warning(
        _("It may have happened. Jangbu reads the gateway until it knows; next look at {time} KST.").format(
            time=formats.escape(next_look)
        ),
        title=_("Being checked: do not repeat it"),
        icon=":material/manage_search:",
    )
    _why(operation)


def _unshown(operation: Operation) -> str:
    """What a person can do where no reading shows it."""
    if operation.kind == OperationKind.REQUEST_OTP:
        return _("Ask the person whether a number came. Say so under “Needs a person”, then begin anew.")
    return _(
        "No call reads a member. Have it sent once more under “Needs a person”: where PortOne then knows no such "
        "member, it is erased. Say so there."
    )


def _needs_person(operation: Operation) -> None:
    if operation.kind in ONCE:
        words = _("No reading shows whether Naver Pay did it. Look at the order in the Naver Pay Center, then say what "
                  "you saw under “Needs a person”.")  # fmt: skip
        st.warning(words, title=_("Answer lost: do not repeat it"), icon=":material/person_search:")
        return
    if operation.kind in STEPS:
        words = _("No reading shows whether the PG did it. Look at the order on its own site, then say what you saw "
                  "under “Needs a person”.")  # fmt: skip
        st.warning(words, title=_("Answer lost: do not repeat it"), icon=":material/person_search:")
        return
    if operation.kind in UNSHOWN:
        st.warning(_unshown(operation), title=_("The answer was lost"), icon=":material/person_search:")
        return
    st.warning(
        _("Jangbu looked several times and cannot tell. Look in the vendor's console, then settle it."),
        title=_("Being checked: do not repeat it"),
        icon=":material/person_search:",
    )
    _why(operation)


def _refused(operation: Operation) -> None:
    if operation.why:
        _because(operation)
    else:
        st.error(kinds.of(operation.kind).nothing, title=_("The gateway refused it"), icon=":material/block:")
    if operation.message and (hint := advice(operation.message)):
        st.info(hint, title=_("What helps"), icon=":material/lightbulb:")


def _expired(operation: Operation) -> None:
    _because(operation)


def _why(operation: Operation) -> None:
    if words := operation_labels.reason(operation.state, operation.why):
        st.caption(formats.escape(words))


def _because(operation: Operation) -> None:
    if operation.why:
        words = formats.escape(operation_labels.why(operation.why))
        level = st.warning if operation.why != Why.SETTLED_BY_PERSON else st.info
        level(words, icon=":material/info:")


def _succeeded(_operation: Operation) -> None:
    st.success(_("The gateway has done it."), icon=":material/check_circle:")


def _nothing(_operation: Operation) -> None:
    return None


_HEADLINES = {
    State.AWAITING_APPROVAL: _waiting,
    State.INTENT: _under_way,
    State.SENT: _under_way,
    State.SUCCEEDED: _succeeded,
    State.UNKNOWN: _unknown,
    State.NEEDS_PERSON: _needs_person,
    State.REFUSED: _refused,
    State.EXPIRED: _expired,
}
