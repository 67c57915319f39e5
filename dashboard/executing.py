"""The executor of this process, and whether the people behind an operation may still do it."""

import getpass
import os
import threading

import streamlit as st
from services.journal_models import Operation, OperationKind
from services.operations.audit import Actor
from services.operations.batches import FOR_TWO
from services.operations.executor import Executor
from services.operations.refunds import is_for_two
from services.recovery.failures import POLICY
from services.store.operations import refunded_alone

from dashboard.access import PERMISSIONS, Permission, User, auth_configured
from dashboard.resources import current_settings, open_gateway, open_session, open_store
from dashboard.sessions import current_user

SCREEN, CLI = "screen", "cli"
_LOCAL = "local"
_NEEDED: dict[str, Permission] = {
    OperationKind.REFUND: Permission.REFUND,
    OperationKind.CHARGE: Permission.CHARGE,
    OperationKind.BOOK: Permission.SCHEDULE,
    OperationKind.MOVE: Permission.SCHEDULE,
    OperationKind.REVOKE: Permission.SCHEDULE,
    OperationKind.REBOOK: Permission.SCHEDULE,
    OperationKind.RETRY: Permission.SCHEDULE,
    OperationKind.DELETE_KEY: Permission.DELETE_KEY,
}
_wake = threading.Event()


def actor_of(user: User) -> Actor:
    """The person in front of a screen, as the journal names them; with the address they came from where it is known.

    Whose session is over, or whose role changed since the page was drawn, sees the page anew instead.
    """
    if current_user() != user:
        st.rerun()
    return Actor(name_of(user), f"{SCREEN} {st.context.ip_address or ''}".strip())


def name_of(user: User) -> str:
    """How the journal names a person."""
    return user.email or _LOCAL


def cli_actor() -> Actor:
    """The person at the command line: whoever may run it holds the keys anyway."""
    try:
        return Actor(getpass.getuser(), CLI)
    except (KeyError, OSError):
        # In a container the user often has a number only.
        return Actor(f"uid {os.getuid()}", CLI)


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
    if not _may(operation.asked_by, operation.asked_from, _NEEDED[operation.kind]):
        return False
    if not needs_approval(operation):
        return True
    approver = operation.approved_by
    return approver is not None and approver != operation.asked_by and _may(approver, SCREEN, Permission.APPROVE)


def needs_approval(operation: Operation) -> bool:
    """Whether a second person has to say yes: refunds above the limit, and what moves money for a whole file."""
    limit = current_settings().refund_approval_from
    if operation.batch_id is not None:
        return operation.kind in FOR_TWO
    if operation.kind != OperationKind.REFUND or limit is None:
        return False
    with open_session() as session:
        alone = refunded_alone(session, operation.imp_uid or "", operation.asked_by, but=operation.id)
    return is_for_two(alone + operation.amount, operation.currency, limit)


def _may(name: str, origin: str, permission: Permission) -> bool:
    if origin == CLI or not auth_configured():
        return True
    role = current_settings().roles.get(name)
    return role is not None and permission in PERMISSIONS[role]
