"""What nobody keeps of a person: held in the memory of the process that was told it, until it is sent; nowhere else.

The journal sends later, out of a row. A row with the number, encrypted too, would keep it in the database, its log of
writes and every backup: so the row names the process that holds it. Where that process ends first nothing is sent, and
the person is asked to type it again.
"""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Engine

from services.claimants import claimant_name, may_live
from services.errors import NotSent, Unauthorized
from services.gateway.unspoken import without_told
from services.operations.journal.audit import Actor
from services.operations.journal.journal import Wanted, asked, record
from services.operations.journal.states import TERMINAL, Why
from services.operations.journal.terms import INTENT_LIVES
from services.operations.outcomes import Stop
from services.tables.journal import Operation
from services.tables.journal import OperationState as State

_SHORTEST = 2
"""Characters of what is hidden: a single one would be found anywhere."""
_lock = threading.Lock()
_BEFORE = (State.AWAITING_APPROVAL, State.INTENT)
"""States of what has not left yet."""
_held: dict[str, tuple[Mapping[str, str], float]] = {}


def hold(token: str, personal: Mapping[str, str]) -> None:
    """Keeps what is sent of a person under an operation's token; what outlived its intent goes with the next look."""
    with _lock:
        _forget_old_ones()
        _held[token] = dict(personal), time.monotonic()


def held(token: str) -> Mapping[str, str] | None:
    """What is held under a token; None where it was sent, or never told here."""
    with _lock:
        _forget_old_ones()
        found = _held.get(token)
    return found[0] if found else None


def held_tokens() -> set[str]:
    """The operations of which something is held here."""
    with _lock:
        _forget_old_ones()
        return set(_held)


def forget(token: str) -> None:
    """It was sent, or never will be."""
    with _lock:
        _held.pop(token, None)


def forget_old() -> None:
    """What outlived its intent goes."""
    with _lock:
        _forget_old_ones()


def record_held(
    engine: Engine, wanted: Wanted, actor: Actor, now: float, personal: Mapping[str, str]
) -> Operation:  # fmt: skip
    """Holds what is sent of a person, and writes the row that names this process. Raises as journal.record.

    Where no row came of it, or its request left already, nothing is held: a second click comes that late.
    """
    known = held(wanted.token) is not None
    if personal:
        hold(wanted.token, personal)
    try:
        operation = record(engine, wanted, actor, now)
    except Exception:
        forget(wanted.token)
        raise
    if operation.state in TERMINAL or (not known and operation.state not in _BEFORE):
        forget(wanted.token)
    return operation


@contextmanager
def sending(token: str) -> Iterator[Mapping[str, str]]:
    """What is held, for one request: gone before that leaves, and held again only where it never left.

    Raises NotSent where it is gone already.
    """
    found = held(token)
    if found is None:
        raise NotSent("What was typed is held no more.")
    forget(token)
    try:
        yield found
    except NotSent as error:
        hold(token, found)
        if isinstance(error, Unauthorized):
            # The only words of a gateway among them: they are kept with the attempt.
            told = [one for one in found.values() if len(one) >= _SHORTEST]
            raise Unauthorized("{message}", message=without_told(str(error), told)) from None
        raise


def require_held(operation: Operation, gone: Why = Why.NUMBER_GONE) -> None:
    """Raises NotSent where another process holds it, and will send it; Stop, for `gone`, where none does any more."""
    if held(operation.token) is not None:
        return
    if is_elsewhere(operation):
        raise NotSent("Another process holds what is to be sent of a person.")
    raise Stop(gone)


def is_elsewhere(operation: Operation) -> bool:
    """Whether another process holds what it sends of a person, and may still send it."""
    holder = str(asked(operation).get("held_by", ""))
    if not holder or operation.fence or held(operation.token) is not None:
        return False
    return holder != claimant_name() and may_live(holder, claimant_name())


def _forget_old_ones() -> None:
    for token in [token for token, (_personal, at) in _held.items() if time.monotonic() - at > INTENT_LIVES]:
        del _held[token]
