"""What waits for a person: one card an operation, each with one direct action and a reason that is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import streamlit as st
from services.errors import JangbuError, NotShown
from services.operations.actions.schedule_changes import CHANGES
from services.operations.journal.journal import asked
from services.operations.journal.once import UNSEEN
from services.operations.journal.terms import APPROVAL_LIVES
from services.store.lists.one import Bought
from services.store.lists.operations import MOST
from services.tables.journal import Operation, OperationKind
from services.tables.journal import OperationState as State

from dashboard.kit.lists.tiles import facts
from dashboard.locale import _, ngettext
from dashboard.navigation import Place, link_to, link_to_form
from dashboard.screens.asking.holder import holder_warning
from dashboard.screens.asking.outcome import outcome, verbatim
from dashboard.screens.needs_person.second_person import Reader, say_of
from dashboard.words import formats, labels, operation_labels


class Act(StrEnum):
    """What a person may do about an operation."""

    APPROVE = "approve"
    DECLINE = "decline"
    LOOK = "look"
    SEND_AGAIN = "send_again"
    DONE = "done"
    DONE_UNSEEN = "done_unseen"
    """Although the gateway does not show it."""
    NOT_DONE = "not_done"
    PUT_ASIDE = "put_aside"


AT_ONCE = 25
"""Cards of one part that are drawn at once, the oldest first."""
READS = frozenset({Act.LOOK, Act.DONE, Act.DONE_UNSEEN})
"""What asks the gateway first: the page goes on meanwhile, and tells what came of it."""
NEEDS_REASON = frozenset({Act.DECLINE, Act.SEND_AGAIN, Act.DONE, Act.DONE_UNSEEN, Act.NOT_DONE, Act.PUT_ASIDE})


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose for an operation, and why."""

    operation_id: int
    act: Act
    note: str


def sections() -> dict[str, tuple[str, str]]:
    """The parts of the page by state: heading, and what is asked of the person."""
    return {
        State.AWAITING_APPROVAL: (_("Approvals"), _("Nothing of these is sent before somebody else says yes.")),
        State.NEEDS_PERSON: (
            _("Nobody knows how it ended"),
            _("Look in the vendor's console, then say here what you saw. Do not ask for it anew."),
        ),
        State.UNKNOWN: (_("Being checked"), _("Jangbu reads the gateway until it knows. Do not repeat these.")),
        State.EXPIRED: (_("Expired"), _("Nothing was sent. Ask again if it is still wanted, or put it aside.")),
    }


def waiting_card(
    operation: Operation,
    reader: Reader,
    bought: Bought | None,
    note: str | None,
    *,
    looking: bool,
    error: JangbuError | None,
) -> Choice | None:
    """One operation: what, who, why, what the gateway said; returns what the person chose.

    `bought` is what the payment of an approval was for, `note` what was written beside it for colleagues.
    """
    with st.container(border=True):
        _facts(operation)
        if operation.state == State.AWAITING_APPROVAL:
            _what_for(operation, bought, reader)
        if note:
            st.caption(_("Note for colleagues, told to nobody outside"))
            st.text(formats.shown(note))
        if error:
            st.error(formats.told(error), icon=":material/error:")
        acts = _acts(operation, reader)
        if isinstance(error, NotShown):
            # After the others, so that the second click of a double one never lands on it.
            acts = (*acts, Act.DONE_UNSEEN)
        if not acts:
            return None
        if looking:
            st.caption(_("The gateway is being read …"))
        own = operation.asked_by == reader.name
        with st.form(f"card_{operation.id}", border=False, enter_to_submit=False):
            reason = ""
            if NEEDS_REASON & set(acts):
                why = _why_asked(acts, own=own)
                reason = st.text_input(
                    _("Reason, kept with it"), key=f"note_{operation.id}", max_chars=200, placeholder=why
                )
            with st.container(horizontal=True):
                pressed = [act for act in acts if _button(act, operation, looking, first=act == acts[0], own=own)]
        return Choice(operation.id, pressed[0], (reason or "").strip()) if pressed else None


def _facts(operation: Operation) -> None:
    says = formats.escape(operation_labels.summary(operation))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{operation_labels.state.markdown(operation.state)} **{says}**", width="content")
        if operation.imp_uid:
            link_to(operation.imp_uid, Place.PAYMENT, icon=":material/receipt_long:", imp_uid=operation.imp_uid)
        if operation.merchant_uid and operation.kind in CHANGES:
            link_to(operation.merchant_uid, Place.SCHEDULE, merchant_uid=operation.merchant_uid)
    who = _("Asked by {who} at {time} KST · operation {n}")
    asked_by = operation_labels.person(operation.asked_by)
    who = who.format(who=asked_by, time=formats.time(operation.asked_at), n=operation.id)
    wanted = operation_labels.requester(operation.requester) if operation.requester else None
    st.text(formats.shown("\n".join(part for part in (who, wanted, operation.reason) if part)))
    if words := operation_labels.reason(operation.state, operation.why):
        st.caption(formats.escape(words))
    if operation.state == State.UNKNOWN and operation.kind not in UNSEEN:
        looks = _("Looked {n} times; next look at {time} KST.")
        st.caption(formats.escape(looks.format(n=operation.looks, time=formats.time(operation.look_at))))
    verbatim(operation.message)
    if operation.state == State.EXPIRED and operation.kind not in CHANGES:
        link_to_form(_("Ask again"), operation)


def _what_for(operation: Operation, bought: Bought | None, reader: Reader) -> None:
    """Whose money it is, for what, how it was paid, where it goes, and until when somebody may say yes."""
    field = labels.field
    rows: list[tuple[str, str | None]] = [(field("merchant_uid"), operation.merchant_uid)]
    if bought:
        way = " ".join(part for part in (labels.method(bought.pay_method or ""), bought.card_name) if part)
        rows = [
            (field("buyer_name"), formats.buyer(bought.buyer_name, reader.buyers)),
            (field("name"), bought.name),
            (field("payment_amount"), formats.money(bought.amount, bought.currency)),
            (field("pay_method"), f"{way} · {labels.provider(bought.pg_provider or '')}"),
            *rows,
        ]
    left = operation.balance
    rows += [
        (field("remaining"), None if left is None else formats.money(left, operation.currency)),
        (_("Expires (KST)"), formats.time(operation.asked_at + APPROVAL_LIVES)),
    ]
    facts(rows)
    request = asked(operation)
    if particulars := operation_labels.particulars(request, operation.currency):
        st.text(formats.shown("\n".join(particulars)))
    if bought:
        holder_warning(request, bought.buyer_name, buyers=reader.buyers)


def _acts(operation: Operation, reader: Reader) -> Sequence[Act]:
    if operation.state == State.AWAITING_APPROVAL:
        own = _("You asked for this yourself: somebody else has to approve it. You may withdraw it.")
        say = say_of(reader, operation.asked_by, operation.asked_from, own)
        return [act for act, offered in ((Act.APPROVE, say.yes), (Act.DECLINE, say.no)) if offered]
    if operation.kind in UNSEEN and operation.state != State.EXPIRED:
        # No look shows it, and nobody knows what a second one would do.
        return (Act.DONE, Act.NOT_DONE) if operation.state == State.NEEDS_PERSON else ()
    return {
        State.UNKNOWN: (Act.LOOK,),
        State.NEEDS_PERSON: (Act.LOOK, Act.SEND_AGAIN, Act.DONE, Act.NOT_DONE),
        State.EXPIRED: (Act.PUT_ASIDE,),
    }[State(operation.state)]


def _button(act: Act, operation: Operation, looking: bool, *, first: bool, own: bool) -> bool:
    label, icon = {
        Act.APPROVE: (_("Approve"), ":material/check:"),
        Act.DECLINE: (_("Withdraw") if own else _("Decline"), ":material/close:"),
        Act.LOOK: (_("Look now"), ":material/search:"),
        Act.SEND_AGAIN: (_("Send again"), ":material/send:"),
        Act.DONE: (_("It was done"), ":material/check:"),
        Act.DONE_UNSEEN: (_("It was done all the same"), ":material/check:"),
        Act.NOT_DONE: (_("It was not done"), ":material/close:"),
        Act.PUT_ASIDE: (_("Put aside"), ":material/inventory_2:"),
    }[act]
    hints = {Act.SEND_AGAIN: _("With the balance of the first time: the gateway refuses it if that one went through.")}
    return st.form_submit_button(
        label,
        icon=icon,
        type="primary" if first else "secondary",
        key=f"{act}_{operation.id}",
        disabled=looking and act in READS,
        help=hints.get(act) if operation.kind == OperationKind.REFUND else None,
    )


def _why_asked(acts: Sequence[Act], *, own: bool) -> str:
    if Act.DECLINE in acts and not own:
        return _("Needed to decline")
    return _("What you saw, and where") if Act.DONE in acts else _("For whoever looks at it later")


def settled_cards(settled: Sequence[Operation]) -> None:
    """What became of what this person settled: it stays in sight until the page is left."""
    for operation in settled:
        with st.container(border=True, key=f"settled_{operation.id}"):
            outcome(operation)
            link_to(_("All its steps"), Place.OPERATION, number=str(operation.id))


def fingerprint(operations: Sequence[Operation]) -> list[tuple[object, ...]]:
    """What of the operations the page shows: once it differs the page is drawn anew."""
    return [(one.id, one.state, one.looks, one.look_at) for one in operations]


def how_many(found: Sequence[Operation]) -> str:
    """Their number; `200+` where the list stops before its end."""
    return f"{len(found)}+" if len(found) >= MOST else str(len(found))


def more_line(n: int) -> None:
    """That a part has more than is drawn."""
    if n > 0:
        words = ngettext("{n} more comes after these.", "{n} more come after these.", n)
        st.caption(words.format(n=f"{n:,}"))


def nothing_waits() -> None:
    """Nobody is needed."""
    st.success(_("Nothing needs a person now."), icon=":material/check_circle:")
