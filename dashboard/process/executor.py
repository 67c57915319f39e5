"""The executor of this process, and whether the people behind an operation may still do it."""

import os
import pwd
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

import streamlit as st
from services.checkout.policy import CHECKOUT
from services.errors import NotAllowed, NotSaved
from services.operations.actions.by_kind import action_of
from services.operations.actions.refunds import is_for_two
from services.operations.executor import Executor
from services.operations.journal.audit import Actor
from services.operations.journal.journal import Wanted, with_stores
from services.operations.journal.limits import stricter
from services.operations.journal.persons import (
    CLI,
    LOCAL,
    SCREEN,
    by_token,
    is_address,
    machine_user,
    token_of,
)
from services.people import tokens
from services.people.access_log import Access
from services.store.engine import writing
from services.store.lists.operations import refunded_alone
from services.store.tiers import MAIN, tiers_of
from services.subscriptions.failures import POLICY
from services.tables.journal import Operation, OperationKind
from services.tables.staff.access import AccessKind
from services.tables.v1 import Payment, Schedule
from sqlalchemy import Connection, Engine

from dashboard.access import Permission, User, allow
from dashboard.process.access_log.note import note
from dashboard.process.resources import current_settings, open_gateway, open_session, open_store
from dashboard.process.roster import roles_in, roster_now, signs_in
from dashboard.process.sessions import current_user
from dashboard.words import kinds

_wake, _wake_held = threading.Event(), threading.Event()
_BY_HAND = (OperationKind.CARD_CHARGE, OperationKind.REGISTER_CARD)


def actor_of(user: User) -> Actor:
    """The person in front of a screen, as the journal names them; with the address they came from where it is known.

    Whose session is over, or whose role changed since the page was drawn, sees the page anew instead.
    """
    if current_user() != user:
        st.rerun()
    return Actor(name_of(user), f"{SCREEN} {st.context.ip_address or ''}".strip())


def name_of(user: User) -> str:
    """How the journal names a person."""
    return user.email or LOCAL


def cli_actor() -> Actor:
    """The person at the command line. Raises NotAllowed for a token that names nobody."""
    with open_session() as session:
        return _commander(session)


def user_of_machine() -> str:
    """Who the machine says runs this."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        # In a container the user often has a number only.
        return f"uid {os.getuid()}"


def _commander(conn: Connection) -> Actor:
    """Whose token JANGBU_TOKEN is; without one the user of the machine, by the address that the roster gives them."""
    name = user_of_machine()
    if token := current_settings().token.get_secret_value():
        found = tokens.owner_of(conn, token, time.time())
        return Actor(found.email, by_token(name, found.id or 0))
    return Actor(roster_now(conn).cli_users.get(name, name), f"{CLI} {name}")


def require_known(conn: Connection) -> None:
    """Raises NotAllowed where people sign in and the person at the command line is none of them."""
    name = _commander(conn).name
    if not _may(conn, name, None):
        raise NotAllowed(
            "People sign in here, so a command says by JANGBU_TOKEN whose it is: make a token under My sessions and "
            "tokens. {name} is nobody who signs in.",
            name=name,
        )


def require_right(permission: Permission) -> None:
    """Raises NotAllowed where people sign in and the person at the command line may not do it, or nobody is named.

    That they were turned away stands in the access log.
    """
    open_store()
    try:
        with open_session() as session:
            require_known(session)
            if not commander_may(session, permission):
                raise NotAllowed("{name} may not do that: their role does not allow it.", name=_commander(session).name)
    except NotAllowed:
        _note_refused(permission)
        raise
    note_token()


def _note_refused(permission: Permission) -> None:
    """They are turned away, whatever becomes of the entry."""
    with suppress(NotSaved):
        note(_refused_actor(), Access(AccessKind.REFUSED, permission))


def _refused_actor() -> Actor:
    """The person at the command line; by a token that names nobody the user of the machine, with its number."""
    try:
        return cli_actor()
    except NotAllowed:
        with open_session() as session:
            number = tokens.number_of(session, current_settings().token.get_secret_value())
        name = user_of_machine()
        return Actor(name, by_token(name, number) if number else f"{CLI} {name}")


def commander_may(conn: Connection, permission: Permission, tier: str = "") -> bool:
    """Whether the person at the command line may do something that is asked of nobody else; as `permits` has it."""
    return _may(conn, _commander(conn).name, permission, tier)


def commander_sees_buyers() -> bool:
    """Whether the person at the command line sees names, phones and mail addresses in full."""
    with open_session() as session:
        return commander_may(session, Permission.SEE_BUYERS)


def note_token() -> None:
    """A command that goes by a token: it was used."""
    if not (token := current_settings().token.get_secret_value()):
        return
    now = time.time()
    with open_session() as session:
        found = tokens.owner_of(session, token, now)
    if not tokens.is_noted(found, now):
        with writing(open_store(checked=False)) as conn:
            tokens.note_used(conn, found, now)


def limit_now(conn: Connection) -> int | None:
    """From which amount in won on a second person approves a refund; None: never."""
    return stricter(conn, current_settings().refund_approval_from)


def limit_of(conn: Connection, name: str, tier: str = "") -> int | None:
    """The same for what one person asks for: the lowest of that limit and those of their roles."""
    given = [limit_now(conn), *(roster_now(conn).limits.get(role) for role in roles_in(conn, name, tier))]
    return min((one for one in given if one is not None), default=None)


def require_own_name(operation: Operation) -> None:
    """Raises NotAllowed where a command was asked for by an address that is not its user's by the roster.

    Where nothing was served yet, the environment of whoever ran it may have named anybody's.
    """
    user, token = machine_user(operation.asked_from), token_of(operation.asked_from)
    with open_session() as session:
        named = tokens.named_by(session, token) if token else roster_now(session).cli_users.get(user or "")
    if user and is_address(operation.asked_by) and named != operation.asked_by:
        raise NotAllowed(
            "{user} asked on the command line as {name}, and nobody said here that they are the same: nobody can be "
            "told from who asked. The person who runs Jangbu can say so (JANGBU_CLI_USERS of the app).",
            user=user, name=operation.asked_by,
        )  # fmt: skip


def make_executor(engine: Engine | None = None) -> Executor:
    """An executor on this process's store and gateway. Raises SettingsError without key and secret."""
    return Executor(engine or open_store(), open_gateway(), permits)


def run_executor(stop: threading.Event, engine: Engine) -> None:
    """Works on the journal until told to stop."""
    make_executor(engine).run(stop, _wake)


def carry_out_held(stop: threading.Event, leads: Callable[[], bool]) -> None:
    """Sends what was typed here and is kept nowhere, while the loops run in another process."""
    make_executor().run_held(stop, _wake_held, leads)


def wake_executor() -> None:
    """Something was written down: it need not wait for the next turn."""
    _wake.set()
    _wake_held.set()


def permits(operation: Operation) -> bool:
    """Whether the one who asked, and above the limit a second one who approved, may do this at this moment."""
    if operation.asked_from == POLICY:
        return current_settings().recovery_automatic and operation.kind in (OperationKind.REBOOK, OperationKind.REVOKE)
    if operation.asked_from == CHECKOUT:
        return operation.kind == OperationKind.REFUND and _let_go(operation)
    if not _switched_on(operation):
        return False
    if operation.kind in _BY_HAND and not current_settings().allow_card_entry:
        return False
    for_two, approver = needs_approval(operation), operation.approved_by
    with open_session() as session:
        if not _may(session, operation.asked_by, kinds.of(operation.kind).permission, operation.tier):
            return False
        if not for_two:
            return True
        if approver is None or approver == operation.asked_by or not signs_in(session):
            return False
        return _may(session, approver, Permission.APPROVE, operation.tier)


def _switched_on(operation: Operation) -> bool:
    """Of what is off unless the settings switch it on: whether they do now."""
    settings = current_settings()
    switches = {
        OperationKind.REQUEST_OTP: settings.allow_identity_otp,
        OperationKind.CONFIRM_OTP: settings.allow_identity_otp,
        OperationKind.BENEPIA_PAYMENT: settings.allow_benepia,
    }
    return switches.get(OperationKind(operation.kind), True)


def _let_go(operation: Operation) -> bool:
    """Whether what a link gives back by itself may go: where that waits for a person, one has said yes."""
    if not current_settings().checkout_refund_waits:
        return True
    approver = operation.approved_by
    with open_session() as session:
        return (
            approver is not None and signs_in(session) and _may(session, approver, Permission.APPROVE, operation.tier)
        )


def needs_approval(operation: Operation) -> bool:
    """Whether a second person has to say yes: refunds above the limit, and what moves money for a whole file."""
    if operation.batch_id is not None:
        return action_of(operation.kind).MOVES_MONEY
    if operation.kind != OperationKind.REFUND:
        return False
    with open_session() as session:
        limit = limit_of(session, operation.asked_by, operation.tier)
        alone = refunded_alone(session, operation.imp_uid or "", but=operation.id)
    return is_for_two(alone + operation.amount, operation.currency, limit)


def require_in_stores(user: User, tiers: Iterable[str], permission: Permission) -> None:
    """Raises NotAllowed where the person's role in one of these stores does not let them do something there."""
    for tier in sorted(set(tiers)):
        if not user.in_store(tier).may(permission):
            raise NotAllowed("Your role in the store {tier} does not let you do this.", tier=tier or MAIN)


def require_in_store_of(
    user: User, model: type[Payment | Schedule], uids: Iterable[str], permission: Permission
) -> None:
    """Raises NotAllowed where the person's role in the store of one of these rows does not let them do something."""
    with open_session() as session:
        require_in_stores(user, tiers_of(session, model, uids).values(), permission)


def require_may_ask(user: User, wanted: Sequence[Wanted]) -> None:
    """Raises NotAllowed where the person's role in the store of one of these does not let them ask for it."""
    if user.stores:
        with open_session() as session:
            for one in with_stores(session, wanted):
                require_in_stores(user, [one.tier or ""], kinds.of(one.kind).permission)


def _may(conn: Connection, name: str, permission: Permission | None, tier: str = "") -> bool:
    """Without a permission: whether the person is known at all."""
    if not signs_in(conn):
        return True
    roles = roles_in(conn, name, tier)
    return bool(roles) and (permission is None or allow(permission, roles, roster_now(conn).made))
