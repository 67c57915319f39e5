"""What the forms of PAYCO and Paymentwall read and write: the payment, what the PG was told, what is under way."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from services.operations.actions.deliveries import paymentwall
from services.operations.actions.deliveries.paymentwall import PLACE, PaymentwallForm
from services.operations.actions.deliveries.unseen import applies
from services.operations.actions.refunds import subject_of
from services.operations.journal.audit import Actor
from services.operations.journal.journal import Wanted, get, record
from services.operations.journal.once import STEPS, told_steps
from services.store.lists.one import get_payment
from services.tables.journal import Operation, OperationKind
from services.tables.v1 import Payment
from sqlalchemy import Engine

from dashboard.process import rereads
from dashboard.process.resources import open_session
from dashboard.screen import Screen
from dashboard.screens.asking import drafts, held_form, last_look
from dashboard.screens.asking.drafts import Draft

PERSONAL = ("email", *PLACE)


@dataclass(frozen=True, slots=True)
class StepsScreen:
    """What one PG is told of one payment."""

    draft: Draft
    reading: bool
    payment: Payment | None
    operation: Operation | None
    """What is shown instead of the form."""
    told: Mapping[str, Operation]
    """The operation that told each step."""
    applies: bool

    @property
    def ahead(self) -> Sequence[str]:
        """The steps that can still be told."""
        steps = STEPS[self.draft.kind or OperationKind.PAYCO_STATUS]
        last = max((steps.index(one) for one in self.told), default=-1)
        return steps[last + 1 :]


def open_steps(kind: OperationKind, imp_uid: str, screen: Screen) -> StepsScreen:
    """The form of a payment; has it read from the gateway whenever it is entered."""
    draft = drafts.draft_of(subject_of(imp_uid), kind)
    drafts.read_first(draft, imp_uid, entered=screen.entered)
    reading = rereads.is_reading(imp_uid)
    with open_session() as session:
        payment = get_payment(session, imp_uid)
        told = told_steps(session, kind, draft.subject)
        found = StepsScreen(
            draft,
            reading,
            payment,
            drafts.operation_to_show(session, draft, screen.user),
            {status: get(session, number) for status, number in told.items()},
            payment is not None and applies(payment, kind),
        )
    if payment and not reading:
        drafts.show(draft, imp_uid, (payment.status, tuple(found.told)))
    return found


def look(draft: Draft, screen: Screen, says: str, body: Mapping[str, object]) -> None:
    """The last look, and the click that has it written down."""
    write = partial(_write, draft) if draft.kind == OperationKind.PAYMENTWALL_DELIVERY else record
    last_look.last_look(draft, screen.user, says, body, charges=False, write=write)


def begin_anew(draft: Draft) -> None:
    """An empty form, once what was asked for has been seen."""
    drafts.begin_anew(draft, keep=False)


def wanted_of_paymentwall(token: str, payment: Payment, form: PaymentwallForm) -> Wanted:
    """The intent of what was typed. Raises InvalidRequest."""
    return paymentwall.wanted_delivery(token, payment, form, now=time.time())


def _write(draft: Draft, engine: Engine, wanted: Wanted, actor: Actor, now: float) -> Operation:
    """Has this process hold whom it goes to, writes the row that names it, and takes it out of the session."""
    typed = held_form.typed(draft.form, PERSONAL)
    form = PaymentwallForm(wanted.request["type"], wanted.request["status"], refundable=True, receiver=typed)
    return held_form.write(draft.form, PERSONAL, paymentwall.personal_of(form), engine, wanted, actor, now)
