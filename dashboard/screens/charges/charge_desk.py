"""Charging a billing key: what its form stands on, and reading again what was refused before."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.operations.actions import charges
from services.operations.actions.charged import Charged, charged_already, refused_lately
from services.operations.actions.charges import ChargeForm
from services.operations.journal import journal
from services.operations.journal.journal import Wanted
from services.store.lists.filters import Live, PaymentFilter
from services.store.lists.one import get_billing_key
from services.store.lists.payments import PaymentRow, search_payments
from services.store.writes.late_payments import Late, late_of
from services.tables.journal import Operation, OperationKind
from services.tables.v1 import BillingKey

from dashboard.process import rereads
from dashboard.process.resources import open_session
from dashboard.screen import Screen
from dashboard.screens.asking import drafts
from dashboard.screens.asking.drafts import Draft


@dataclass(frozen=True, slots=True)
class ChargeScreen:
    """The form of a charge of one key, and what it stands on."""

    draft: Draft
    key: BillingKey | None
    last: Sequence[PaymentRow]
    """What the key was charged for last."""
    already: Sequence[Charged]
    """What was charged today, or paid late."""
    seen: int
    """As in Wanted: the latest operation that the person knows of."""
    refused: Sequence[str]
    """Payments (imp_uid) of charges that were refused lately: one of them may be paid by now."""
    operation: Operation | None
    """What is shown instead of the form."""
    late: Late | None
    """The payment that the operation is after all, though it was refused."""

    def reads_refused(self) -> bool:
        """Whether what was refused is being read from the gateway."""
        return any(map(rereads.is_reading, self.refused))

    def wanted(self, key: BillingKey, screen: Screen, form: ChargeForm) -> Wanted:
        """The intent of what was typed. Raises InvalidRequest."""
        minimum = screen.settings.naverpay_minimum
        return charges.wanted_charge(self.draft.token, key, form, minimum=minimum, now=screen.now, seen=self.seen)


def open_charge(customer_uid: str, screen: Screen) -> ChargeScreen:
    """The form of a charge; has what was refused lately read again whenever it is entered."""
    draft = drafts.draft_of(charges.subject_of(customer_uid), OperationKind.CHARGE)
    by_key = PaymentFilter(customer_uid=customer_uid, live=Live.ALL)
    with open_session() as session:
        # First: what is asked for while the rest is read is none that the person knows of.
        seen, already = journal.latest_id(session, draft.subject), charged_already(session, customer_uid, screen.now)
        operation = drafts.operation_to_show(session, draft, screen.user)
        found = ChargeScreen(
            draft=draft,
            key=get_billing_key(session, customer_uid),
            last=search_payments(session, by_key, limit=5).rows,
            already=already,
            seen=seen,
            refused=refused_lately(session, customer_uid, screen.now),
            operation=operation,
            late=late_of(session, operation.id) if operation else None,
        )
    if found.key and found.refused and operation is None and (screen.entered or not draft.read):
        draft.read = True
        for imp_uid in found.refused:
            rereads.ask_again(imp_uid)
    return found
