"""Ending a billing key as its form asks for it: the deletion, what is revoked before it, and writing both down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from services.operations.actions.charges import subject_of
from services.operations.actions.key_deletions import end_subscription, wanted_deletion
from services.operations.actions.revocations import wanted_revocation
from services.operations.journal.audit import Actor
from services.operations.journal.journal import Wanted
from services.store.lists.keys import payments_of_key, schedules_of_key
from services.store.lists.one import booked_on_key, get_billing_key
from services.store.lists.subscriptions import subscription_of_key
from services.tables.journal import Operation, OperationKind, OperationState
from services.tables.v1 import BillingKey, Schedule
from sqlalchemy import Engine

from dashboard.access import User
from dashboard.kit import session
from dashboard.kit.watch import watch_steps
from dashboard.locale import _
from dashboard.process import rereads
from dashboard.process.resources import current_freshness, current_settings, open_session
from dashboard.screens.asking import drafts, review
from dashboard.screens.asking.drafts import Draft
from dashboard.screens.asking.steps import Looking
from dashboard.screens.keys import key_deletion_form as form
from dashboard.screens.keys.key_deletion_form import DeletionTyping
from dashboard.screens.telling import messages
from dashboard.screens.telling.telling_desk import tell


@dataclass(frozen=True, slots=True)
class DeletionScreen:
    """The form that deletes one billing key, and what it stands on."""

    draft: Draft
    name: str
    """What rereads calls the reading of the key."""
    reading: bool
    """Whether the key was being read again before the store was."""
    key: BillingKey | None
    booked: Sequence[Schedule]
    operation: Operation | None
    """What is shown instead of the form."""

    def ends_all(self, address: Mapping[str, str]) -> bool:
        """Whether what is booked is revoked first, as the address asks for."""
        return "end" in address and bool(self.booked or (self.operation and self.operation.after_id))


def open_deletion(uid: str) -> DeletionScreen:
    """The form for a billing key; has the key read from the gateway whenever it is entered."""
    draft, name = drafts.draft_of(subject_of(uid), OperationKind.DELETE_KEY), rereads.key_name(uid)
    drafts.read_first(draft, uid, entered=session.ENTERED.get(), ask_again=rereads.ask_key_again)
    reading = rereads.is_reading(name)
    with open_session() as conn:
        key, booked = get_billing_key(conn, uid), booked_on_key(conn, uid)
        operation = drafts.operation_to_show(conn, draft, session.USER.get())
    return DeletionScreen(draft, name, reading, key, booked, operation)


def steps(draft: Draft, operation: Operation, key: BillingKey) -> None:
    """How the deletion went, and what was revoked before it; a new form unless it is done."""
    read_steps = partial(drafts.read_steps, operation.id)
    watch_steps(read_steps(), read_steps, partial(_result, key))
    if operation.state != OperationState.SUCCEEDED:
        drafts.offer_again(draft, operation, "", form.as_typed)


def _result(key: BillingKey, done: Sequence[Operation]) -> None:
    """Each step, and once a subscription has ended what its buyer is told."""
    form.steps_result(done)
    if len(done) == 1 or done[-1].state != OperationState.SUCCEEDED:
        return
    with open_session() as conn:
        uid = key.customer_uid
        # The key's last charge may have been for something else.
        booked = schedules_of_key(conn, uid, limit=1).rows
        paid_for = subscription_of_key(conn, uid) or next(iter(booked), None)
        charged = payments_of_key(conn, uid, limit=1).rows
    if paid_for:
        ending = messages.of_ending(key, paid_for.name, done[-1].state_at)
        tell(ending, charged[0].imp_uid if charged else None)


def last_look(found: DeletionScreen, key: BillingKey, user: User) -> None:
    """The last look at both steps, and the click that has them written down."""
    # Shown whatever the time is: whether something is due by now is looked at as it is written down.
    draft, looking = found.draft, found.draft.step
    if not isinstance(looking, Looking):
        return
    revocation = first_step(looking.wanted, found.booked, now=0)
    choice = review.review(
        looking.wanted,
        form.says(found.booked),
        form.requests(looking.wanted, revocation),
        confirm_from=None,
        closed=review.closed_words(current_freshness(), draft.unread, has_key=bool(current_settings().imp_key)),
        error=looking.error,
        may_read=draft.unread is not None,
        label=_("End the subscription") if found.booked else _("Delete the key"),
    )
    drafts.follow(draft, choice, user, partial(_write, key, found.booked))


def wanted_ending(token: str, key: BillingKey, booked: Sequence[Schedule], now: float, typed: DeletionTyping) -> Wanted:
    """The deletion that a form asks for, all that is booked being revoked first. Raises InvalidRequest."""
    deletion = wanted_deletion(token, key, reason=typed.reason, requester=typed.requester, booked=0)
    first_step(deletion, booked, now)
    return deletion


def first_step(deletion: Wanted, booked: Sequence[Schedule], now: float) -> Wanted | None:
    """What is revoked before the key is deleted; None where nothing is booked. Raises InvalidRequest."""
    return wanted_revocation(deletion.token, booked, reason=deletion.reason or "", now=now) if booked else None


def _write(
    key: BillingKey, booked: Sequence[Schedule], engine: Engine, wanted: Wanted, actor: Actor, now: float
) -> Operation:
    reason, requester = wanted.reason or "", wanted.requester
    return end_subscription(engine, wanted.token, key, booked, reason=reason, requester=requester, actor=actor, now=now)
