"""A verification by a one-time number: which channels send one, what was begun, and writing both steps down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.identity.person import checked_otp, checked_person
from services.identity.pg_rules import Ability, able
from services.operations.actions.identity.otp_confirmations import wanted_confirmation
from services.operations.actions.identity.otp_requests import APP, wanted_otp
from services.operations.journal.journal import Wanted, asked
from services.store.lists.system import list_channels
from services.tables.journal import Operation, OperationKind
from services.tables.v1 import Channel

from dashboard.process.resources import open_session
from dashboard.screens.asking import drafts
from dashboard.screens.asking.drafts import Draft

KINDS = (OperationKind.REQUEST_OTP, OperationKind.CONFIRM_OTP)


@dataclass(frozen=True, slots=True)
class Begun:
    """A verification that waits for its number."""

    uid: str
    by_app: bool
    draft: Draft

    def wanted(self, otp: str) -> Wanted:
        """The intent to confirm. Raises InvalidRequest."""
        return wanted_confirmation(self.draft.token, self.uid, otp, by_app=self.by_app)

    def hold(self, otp: str) -> dict[str, str]:
        """What is sent and kept nowhere. Raises InvalidRequest."""
        return {"otp": checked_otp(otp, by_app=self.by_app)}


def channels() -> Sequence[Channel]:
    """Those that send one-time numbers, live ones first."""
    with open_session() as session:
        return able(list_channels(session), Ability.OTP)


def request_draft() -> Draft:
    """The form of a new verification."""
    return drafts.draft_of("identity_otp", OperationKind.REQUEST_OTP)


def wanted(channel: Channel, filled: Mapping[str, str], *, by_app: bool) -> Wanted:
    """The intent to have a number sent. Raises InvalidRequest."""
    return wanted_otp(request_draft().token, channel, filled, by_app=by_app)


def hold(filled: Mapping[str, str]) -> dict[str, str]:
    """What is sent of the person and kept nowhere. Raises InvalidRequest."""
    return checked_person(filled)


def begun(operation: Operation) -> Begun | None:
    """The verification that an operation began; None where there is nothing to confirm."""
    if operation.kind != OperationKind.REQUEST_OTP or operation.verification_uid is None:
        return None
    uid = operation.verification_uid
    draft = drafts.draft_of(f"identity:{uid}", OperationKind.CONFIRM_OTP)
    return Begun(uid, asked(operation).get("verification_method") == APP, draft)
