"""The executor of this process, and whether the people behind an operation may still do it."""

import os
import pwd
import threading

import streamlit as st
from services.checkout.policy import CHECKOUT
from services.errors import NotAllowed
from services.operations.actions.by_kind import action_of
from services.operations.actions.refunds import is_for_two
from services.operations.executor import Executor
from services.operations.journal.audit import Actor
from services.operations.journal.limits import stricter
from services.operations.journal.persons import (
    CLI,
    LOCAL,
    SCREEN,
    is_address,
    is_command,
    machine_user,
)
from services.store.lists.operations import refunded_alone
from services.subscriptions.failures import POLICY
from services.tables.journal import Operation, OperationKind
from sqlalchemy import Connection

from dashboard.access import PERMISSIONS, Permission, User
from dashboard.process.resources import current_settings, open_gateway, open_session, open_store
from dashboard.process.roster import role_of, roster_now, signs_in
from dashboard.process.sessions import current_user
from dashboard.words import kinds

_wake = threading.Event()
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
    """The person at the command line: who the machine says it is, by the address that the roster gives them."""
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
    name = user_of_machine()
    return Actor(roster_now(conn).cli_users.get(name, name), f"{CLI} {name}")


def require_known(conn: Connection) -> None:
    """Raises NotAllowed where a limit holds and the person at the command line is nobody who signs in."""
    name = _commander(conn).name
    if not _may(conn, name, CLI, None):
        raise NotAllowed(
            "{name} is a user of this machine and nobody who signs in: where refunds are approved, the person who runs "
            "Jangbu has to name their address (JANGBU_CLI_USERS of the app).",
            name=name,
        )


def commander_may(conn: Connection, permission: Permission) -> bool:
    """Whether the person at the command line may do something that is asked of nobody else; as `permits` has it."""
    return _may(conn, _commander(conn).name, CLI, permission)


def limit_now(conn: Connection) -> int | None:
    """From which amount in won on a second person approves a refund; None: never."""
    return stricter(conn, current_settings().refund_approval_from)


def require_own_name(operation: Operation) -> None:
    """Raises NotAllowed where a command was asked for by an address that is not its user's by the roster.

    Where nothing was served yet, the environment of whoever ran it may have named anybody's.
    """
    user = machine_user(operation.asked_from)
    with open_session() as session:
        named = roster_now(session).cli_users.get(user or "")
    if user and is_address(operation.asked_by) and named != operation.asked_by:
        raise NotAllowed(
            "{user} asked on the command line as {name}, and nobody said here that they are the same: nobody can be "
            "told from who asked. The person who runs Jangbu can say so (JANGBU_CLI_USERS of the app).",
            user=user, name=operation.asked_by,
        )  # fmt: skip


def make_executor() -> Executor:
    """An executor on this process's store and gateway. Raises SettingsError without key and secret."""
    return Executor(open_store(), open_gateway(), permits)


def run_executor(stop: threading.Event) -> None:
    """Works on the journal until told to stop."""
    make_executor().run(stop, _wake)


def wake_executor() -> None:
    """Something was written down: it need not wait for the next turn."""
    _wake.set()


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
        if not _may(session, operation.asked_by, operation.asked_from, kinds.of(operation.kind).permission):
            return False
        if not for_two:
            return True
        if approver is None or approver == operation.asked_by or not signs_in(session):
            return False
        return _may(session, approver, SCREEN, Permission.APPROVE)


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
        return approver is not None and signs_in(session) and _may(session, approver, SCREEN, Permission.APPROVE)


def needs_approval(operation: Operation) -> bool:
    """Whether a second person has to say yes: refunds above the limit, and what moves money for a whole file."""
    if operation.batch_id is not None:
        return action_of(operation.kind).MOVES_MONEY
    if operation.kind != OperationKind.REFUND:
        return False
    with open_session() as session:
        limit = limit_now(session)
        alone = refunded_alone(session, operation.imp_uid or "", but=operation.id)
    return is_for_two(alone + operation.amount, operation.currency, limit)


def _may(conn: Connection, name: str, origin: str, permission: Permission | None) -> bool:
    """Without a permission: whether the person is known at all. A user of the machine is where no limit holds."""
    if not signs_in(conn) or (is_command(origin) and limit_now(conn) is None and not is_address(name)):
        return True
    role = role_of(conn, name)
    return role is not None and (permission is None or permission in PERMISSIONS[role])
