"""What the screens of accounts and store numbers read and write: the forms, one that waits, the list, many at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.errors import JangbuError
from services.operations.actions.refunds import subject_of
from services.operations.actions.vbanks.changes import ChangeForm, wanted_change
from services.operations.actions.vbanks.forms import WaitingForm, wanted_cvs, wanted_vbank
from services.operations.actions.vbanks.forms import subject_of as order_subject
from services.operations.actions.vbanks.revocations import wanted_revocation
from services.operations.files import accounts
from services.operations.files.run import PaymentRow, Run
from services.operations.journal.journal import Wanted, latest_id, latest_on
from services.store.lists.keyset import Page
from services.store.lists.one import get_payment
from services.store.lists.system import list_channels
from services.tables.journal import Operation, OperationKind
from services.tables.v1 import Channel, Payment
from services.vbanks.pg_rules import Ability, rule_of
from services.vbanks.store_number import is_at_store
from services.vbanks.waiting_list import (
    WaitingFilter,
    WaitingRow,
    WaitingTotals,
    list_waiting,
    open_accounts,
    waiting_totals,
)

from dashboard.access import User
from dashboard.kit.session import Slot
from dashboard.locale import ngettext
from dashboard.process import rereads
from dashboard.process.resources import current_settings, open_session
from dashboard.screen import Screen
from dashboard.screens.asking import drafts, many
from dashboard.screens.asking.drafts import Draft
from dashboard.screens.asking.many import ManyDraft
from dashboard.screens.asking.steps import Looking

MANY: Slot[ManyDraft[Run[PaymentRow]]] = Slot("vbanks.draft", ManyDraft)
_OF = {OperationKind.ISSUE_VBANK: Ability.ISSUE, OperationKind.ISSUE_CVS: Ability.ISSUE_CVS}


def has_key() -> bool:
    """Whether the key is set that some PGs want with each call."""
    return bool(current_settings().inicis_api_key.get_secret_value())


@dataclass(frozen=True, slots=True)
class NewScreen:
    """The form of an account or a number for an order."""

    kind: OperationKind
    draft: Draft
    channels: Sequence[Channel]
    """Those that issue, live ones first."""
    now: float

    def open_ones(self, order: str) -> list[str]:
        """What waits for an order already."""
        with open_session() as conn:
            return open_accounts(conn, order) if order else []

    def wanted(self, filled: tuple[Channel, WaitingForm]) -> Wanted:
        """The intent of what was typed. Raises InvalidRequest."""
        channel, form = filled
        order = form.order.strip()
        with open_session() as conn:
            waiting = open_accounts(conn, order) if order else []
            seen = latest_id(conn, order_subject(order)) if order else None
        given: dict[str, Any] = {"now": self.now, "open_ones": waiting, "seen": seen}
        if self.kind == OperationKind.ISSUE_CVS:
            return wanted_cvs(self.draft.token, channel, form, **given)
        return wanted_vbank(self.draft.token, channel, form, has_key=has_key(), **given)


def open_new(kind: OperationKind, now: float) -> NewScreen:
    """The form, with the merchant's channels that issue it."""
    draft = drafts.draft_of(order_subject(""), kind)
    with open_session() as conn:
        able = [one for one in list_channels(conn) if _OF[kind] in rule_of(one.pg_provider).can and one.channel_key]
    return NewScreen(kind, draft, sorted(able, key=lambda one: (one.sandbox, one.type == "payment")), now)


def kinds_here() -> list[OperationKind]:
    """What some channel of the merchant's issues."""
    with open_session() as conn:
        abilities = {ability for one in list_channels(conn) for ability in rule_of(one.pg_provider).can}
    return [kind for kind, ability in _OF.items() if ability in abilities]


@dataclass(frozen=True, slots=True)
class AccountScreen:
    """One payment that waits, or an order for which something was asked."""

    payment: Payment | None
    reading: rereads.Reading | None
    change: Draft
    revoke: Draft
    operation: Operation | None
    """What is under way, or ended a short while ago."""
    seen: int

    def wanted_change(self, payment: Payment, form: ChangeForm, now: float) -> Wanted:
        """The intent of what was typed. Raises InvalidRequest."""
        return wanted_change(self.change.token, payment, form, now=now, seen=self.seen)

    def begin_revoking(self, payment: Payment) -> JangbuError | None:
        """To the last look at a revocation; what stands in the way."""
        try:
            wanted = wanted_revocation(self.revoke.token, payment, has_key=has_key(), seen=self.seen)
            self.revoke.step = Looking(wanted)
        except JangbuError as error:
            return error
        return None


def open_account(imp_uid: str, order: str, screen: Screen) -> AccountScreen:
    """A payment by its id, or what was asked for an order; the payment is read whenever the page is entered."""
    subject = subject_of(imp_uid) if imp_uid else order_subject(order)
    change, revoke = (
        drafts.draft_of(subject, kind) for kind in (OperationKind.CHANGE_VBANK, OperationKind.REVOKE_VBANK)
    )
    if imp_uid and screen.may_read:
        drafts.read_first(change, imp_uid, entered=screen.entered)
    reading = rereads.of_payment(imp_uid) if imp_uid else None
    with open_session() as conn:
        latest = next(iter(latest_on(conn, subject, 1)), None)
        if imp_uid:
            revoked = latest and latest.kind != OperationKind.CHANGE_VBANK
            latest = drafts.operation_to_show(conn, revoke if revoked else change, screen.user)
        return AccountScreen(
            payment=get_payment(conn, imp_uid) if imp_uid else None,
            reading=reading,
            change=change,
            revoke=revoke,
            operation=latest,
            seen=latest_id(conn, subject),
        )


def begin_anew(found: AccountScreen) -> None:
    """Empty forms, once what was asked for has been seen."""
    for draft in (found.change, found.revoke):
        drafts.begin_anew(draft, keep=False)


def is_number(imp_uid: str, order: str) -> bool:
    """Whether a convenience store's number is shown, or was asked for, rather than an account."""
    with open_session() as conn:
        if payment := get_payment(conn, imp_uid) if imp_uid else None:
            return is_at_store(payment)
        latest = next(iter(latest_on(conn, order_subject(order), 1)), None) if order else None
    return latest is not None and latest.kind == OperationKind.ISSUE_CVS


@dataclass(frozen=True, slots=True)
class WaitingList:
    """One page of what waits, and what all that match come to."""

    found: Page[WaitingRow]
    totals: WaitingTotals


def read_list(chosen: WaitingFilter, *, before: str | None, after: str | None) -> WaitingList:
    """What waits, by a filter. Raises InvalidFilter."""
    with open_session() as conn:
        return WaitingList(list_waiting(conn, chosen, before=before, after=after), waiting_totals(conn, chosen))


def begin_many(imp_uids: Sequence[str]) -> None:
    """Another list to revoke, looked at row by row."""
    draft: ManyDraft[Run[PaymentRow]] = ManyDraft(tuple(imp_uids))
    MANY.put(draft)
    draft.look(lambda conn, token: accounts.dry_run(conn, token, "", imp_uids, has_key=has_key()))


def submit_many(run: Run[PaymentRow], user: User) -> None:
    """Writes the list and its rows down."""
    n = len(run.rows)
    name = ngettext("{n} chosen to be revoked", "{n} chosen to be revoked", n).format(n=f"{n:,}")
    many.submit(MANY, replace(run, name=name), user)
