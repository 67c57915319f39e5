"""What the screens of escrow deliveries read and write: that of one payment, and the list."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from services.errors import JangbuError
from services.escrow.delivery_list import DeliveryFilter, DeliveryRow, count_states, list_deliveries
from services.escrow.kept import delivery_of, last_sender
from services.escrow.persons import of_buyer
from services.escrow.pg_rules import rule_of
from services.mirror.asked.deliveries import read_delivery, read_waiting
from services.operations.actions.escrow.forms import DeliveryForm, receiver_of, wanted_change, wanted_delivery
from services.operations.actions.refunds import subject_of
from services.operations.journal.audit import Actor
from services.operations.journal.journal import Wanted, latest_id
from services.store.lists.keyset import Page
from services.store.lists.one import get_payment
from services.store.lists.totals import Count
from services.tables.escrow import EscrowDelivery
from services.tables.journal import Operation, OperationKind
from services.tables.v1 import Payment
from sqlalchemy import Engine

from dashboard.process import rereads
from dashboard.process.answers import Answers
from dashboard.process.resources import open_gateway, open_session, open_store
from dashboard.screen import Screen
from dashboard.screens.asking import drafts, held_form, last_look
from dashboard.screens.asking.drafts import Draft
from dashboard.screens.deliveries.delivery_form import RECEIVER, First


def _read_waiting(days: str) -> int:
    first, _colon, last = days.partition(":")
    return read_waiting(open_gateway(), open_store(), int(first), int(last))


waiting = Answers("deliveries", _read_waiting)
"""Those that wait of a range of days, `20500:20590`; how many were entered elsewhere."""
looks = Answers("delivery", lambda imp_uid: read_delivery(open_gateway(), open_store(), imp_uid))


@dataclass(frozen=True, slots=True)
class DeliveryScreen:
    """The delivery of one payment, and what is asked for."""

    reading: bool
    known_there: bool | None
    """What the last look at V1 found, None where nobody looked within a minute."""
    unread: JangbuError | None
    payment: Payment | None
    stands: EscrowDelivery | None
    draft: Draft
    """Of a change where one stands, else of an entry."""
    operation: Operation | None
    """What is under way, or ended a short while ago."""
    seen: int
    sender: Mapping[str, str]

    def first(self, payment: Payment) -> First:
        """What the fields begin with."""
        wanted, stands = rule_of(payment.pg_provider).person, self.stands
        return First(
            stands.company if stands else None,
            stands.invoice if stands else "",
            stands.sent_at if stands else int(time.time()),
            self.sender,
            of_buyer(payment.model_dump(), wanted),
        )

    def wanted(self, payment: Payment, form: DeliveryForm) -> Wanted:
        """The intent of what was typed. Raises InvalidRequest."""
        token, now, seen = self.draft.token, time.time(), self.seen
        if self.stands:
            return wanted_change(token, payment, self.stands, form, now=now, seen=seen)
        return wanted_delivery(token, payment, form, now=now, seen=seen)

    @property
    def asked(self) -> Draft:
        """The draft of what is shown."""
        kind = OperationKind(self.operation.kind) if self.operation else None
        return drafts.draft_of(self.draft.subject, kind) if kind in _KINDS else self.draft


_KINDS = (OperationKind.ENTER_DELIVERY, OperationKind.CHANGE_DELIVERY)


def open_delivery(imp_uid: str, screen: Screen) -> DeliveryScreen:
    """The delivery of a payment; has both read from the gateway whenever its form is entered."""
    subject = subject_of(imp_uid)
    enter, change = (drafts.draft_of(subject, kind) for kind in _KINDS)
    with open_session() as conn:
        stands = delivery_of(conn, imp_uid)
    draft = change if stands else enter
    drafts.read_first(draft, imp_uid, entered=screen.entered, ask_again=_ask_both)
    reading, told = is_reading(imp_uid), looks.told(imp_uid)
    with open_session() as conn:
        payment, stands = get_payment(conn, imp_uid), delivery_of(conn, imp_uid)
        found = DeliveryScreen(
            reading=reading,
            known_there=told.found if told else None,
            unread=told.error if told else None,
            payment=payment,
            stands=stands,
            draft=change if stands else enter,
            operation=drafts.operation_to_show(conn, enter, screen.user)
            or drafts.operation_to_show(conn, change, screen.user),
            seen=latest_id(conn, subject),
            sender=last_sender(conn),
        )
    if payment and not reading:
        at_stake = (payment.status, (stands.company, stands.invoice, stands.sent_at) if stands else None)
        drafts.show(found.draft, imp_uid, at_stake)
    return found


def is_reading(imp_uid: str) -> bool:
    """Whether payment or delivery is being read at this moment."""
    return rereads.is_reading(imp_uid) or looks.is_asking(imp_uid)


def begin_anew(draft: Draft) -> None:
    """An empty form, once what was asked for has been seen."""
    drafts.begin_anew(draft, keep=False)


def look(draft: Draft, payment: Payment, screen: Screen, says: str, body: Mapping[str, object]) -> None:
    """The last look, and the click that has it written down."""
    last_look.last_look(draft, screen.user, says, body, charges=False, write=partial(_write, draft, payment))


def _ask_both(imp_uid: str) -> None:
    rereads.ask_again(imp_uid)
    looks.begin(imp_uid)


def _write(draft: Draft, payment: Payment, engine: Engine, wanted: Wanted, actor: Actor, now: float) -> Operation:
    """Has this process hold whom it goes to, writes the row that names it, and takes it out of the session."""
    names = [f"{RECEIVER}{name}" for name in rule_of(payment.pg_provider).person]
    typed = {name.removeprefix(RECEIVER): text for name, text in held_form.typed(draft.form, names).items()}
    receiver = receiver_of(payment, DeliveryForm(None, "", None, {}, typed)) or {}
    return held_form.write(draft.form, names, receiver, engine, wanted, actor, now)


@dataclass(frozen=True, slots=True)
class DeliveryList:
    """One page of escrow payments, and how many are in each state."""

    found: Page[DeliveryRow]
    states: Mapping[str, Count]


def read_list(chosen: DeliveryFilter, *, before: str | None, after: str | None) -> DeliveryList:
    """Escrow payments by a filter. Raises InvalidFilter."""
    with open_session() as session:
        return DeliveryList(list_deliveries(session, chosen, before=before, after=after), count_states(session, chosen))
