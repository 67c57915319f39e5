"""The action of each kind of operation: how it is prepared, sent and looked for at the gateway."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from services.gateway import Gateway
from services.operations.actions import (
    bookings,
    charges,
    key_deletions,
    moves,
    rebookings,
    refunds,
    retries,
    revocations,
)
from services.operations.actions.cards import card_charges, registrations
from services.operations.actions.deliveries import payco, paymentwall
from services.operations.actions.escrow import changes, entries
from services.operations.actions.identity import deletions, otp_confirmations, otp_requests
from services.operations.actions.kcp import benepia, quick_members
from services.operations.actions.naver import confirmations, points
from services.operations.actions.receipts import cancellations, issues
from services.operations.actions.vbanks import changes as vbank_changes
from services.operations.actions.vbanks import issues as vbank_issues
from services.operations.actions.vbanks import revocations as vbank_revocations
from services.operations.actions.vbanks import store_numbers
from services.operations.journal.journal import Wanted
from services.operations.outcomes import Outcome
from services.tables.journal import Operation, OperationKind


class Action(Protocol):
    """A module of this folder, as the executor calls it."""

    MOVES_MONEY: bool
    """Whether it moves money at once: a whole file of them is approved by a second person."""

    def as_sent(self, wanted: Wanted, /) -> dict[str, Any]:
        """The body, or the parameters, that an intent becomes, by V1's names."""

    def prepare(self, gateway: Gateway, operation: Operation, /) -> str | None:
        """Reads what it is about: what was there before the call, as JSON. Raises Stop, GatewayError."""

    def send(self, gateway: Gateway, operation: Operation, still: Callable[[], bool], /) -> Outcome:
        """Calls the gateway once, unless `still` says no. Raises NotSent, Refused, OutcomeUnknown."""

    def look(self, gateway: Gateway, operation: Operation, /) -> Outcome | None:
        """What the gateway shows of it, None for nothing; never sends. Raises GatewayError."""


ACTIONS: Mapping[OperationKind, Action] = {
    OperationKind.REFUND: refunds,
    OperationKind.CHARGE: charges,
    OperationKind.BOOK: bookings,
    OperationKind.MOVE: moves,
    OperationKind.REVOKE: revocations,
    OperationKind.REBOOK: rebookings,
    OperationKind.RETRY: retries,
    OperationKind.DELETE_KEY: key_deletions,
    OperationKind.ISSUE_RECEIPT: issues,
    OperationKind.CANCEL_RECEIPT: cancellations,
    OperationKind.NAVER_CONFIRM: confirmations,
    OperationKind.NAVER_POINTS: points,
    OperationKind.ENTER_DELIVERY: entries,
    OperationKind.CHANGE_DELIVERY: changes,
    OperationKind.PAYCO_STATUS: payco,
    OperationKind.PAYMENTWALL_DELIVERY: paymentwall,
    OperationKind.ISSUE_VBANK: vbank_issues,
    OperationKind.CHANGE_VBANK: vbank_changes,
    OperationKind.REVOKE_VBANK: vbank_revocations,
    OperationKind.ISSUE_CVS: store_numbers,
    OperationKind.REVOKE_CVS: vbank_revocations,
    OperationKind.DELETE_IDENTITY: deletions,
    OperationKind.REQUEST_OTP: otp_requests,
    OperationKind.CONFIRM_OTP: otp_confirmations,
    OperationKind.DELETE_QUICK_MEMBER: quick_members,
    OperationKind.BENEPIA_PAYMENT: benepia,
    OperationKind.CARD_CHARGE: card_charges,
    OperationKind.REGISTER_CARD: registrations,
}


def action_of(kind: str) -> Action:
    """The action of an operation's kind, as its row has it."""
    return ACTIONS[OperationKind(kind)]
