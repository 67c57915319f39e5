"""What verification found and no refund follows from: it waits for a person, who says when it is done."""

from sqlalchemy import Connection, Engine

from services.checkout.policy import CHECKOUT
from services.errors import InvalidRequest, Moved
from services.operations.journal import audit
from services.operations.journal.audit import JANGBU, Actor
from services.operations.journal.journal import saving
from services.store.writes.link_alarms import end_alarm, note_alarm
from services.tables.checkouts import AlarmKind, CheckoutAttempt
from services.typed_text import require_typed

_ACTOR = Actor(JANGBU, CHECKOUT)


def not_refunded(
    conn: Connection, attempt: CheckoutAttempt, imp_uid: str, now: float, why: InvalidRequest | None
) -> None:
    """A payment should go back and does not; `why` says what stood in the way, None where it was tried in vain."""
    kept = why.kept() if why else None
    order, link = attempt.merchant_uid, attempt.checkout_id
    # A second look at the same payment is no second entry.
    if note_alarm(conn, imp_uid, AlarmKind.NOT_REFUNDED, order=order, link=link, why=kept, now=int(now)):
        told = why.template if why else ""
        audit.append(conn, _ACTOR, "link_not_refunded", int(now), link=link, order=order, imp_uid=imp_uid, why=told)


def done(engine: Engine, imp_uid: str, what: str, actor: Actor, note: str, now: float) -> None:
    """A person is done with an alarm, and says how. Raises InvalidRequest, Moved, NotSaved."""
    if not note.strip():
        raise InvalidRequest("Say what was done: it is kept with it.", field="note")
    require_typed(note, "note")
    with saving(engine) as conn:
        if not end_alarm(conn, imp_uid, what, actor.name, note.strip(), now=int(now)):
            raise Moved("It has been dealt with already.")
        audit.append(conn, actor, "link_alarm_done", int(now), imp_uid=imp_uid, what=what, note=note.strip())
