"""Reading chosen payments again, a hundred in one call: what that call does not tell is read by itself."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from services.errors import NotFound, Refused, UnreadableAnswer
from services.gateway import Gateway
from services.gateway.client import BATCH
from services.gateway.payloads import PaymentPayload
from services.mirror.account import claimed_at
from services.mirror.keep import keep_payments, read_again
from services.mirror.stores.whose import by_store


@dataclass(frozen=True, slots=True)
class Selection:
    """How many were read, how many of them had changed, and the ids that the gateway does not tell of."""

    read: int
    changed: int
    missing: tuple[str, ...]


def read_selection(gateway: Gateway, engine: Engine, imp_uids: Sequence[str]) -> Selection:
    """Stores what the gateway says of these payments now. Raises GatewayError."""
    known, changed = read_batches(gateway, engine, imp_uids)
    missing = []
    for uid in dict.fromkeys(imp_uids):
        if uid in known:
            continue
        try:
            changed += read_again(gateway, engine, uid)
        except (NotFound, UnreadableAnswer):
            missing.append(uid)
        else:
            known.add(uid)
    return Selection(len(known), changed, tuple(missing))


def read_batches(gateway: Gateway, engine: Engine, imp_uids: Iterable[str]) -> tuple[set[str], int]:
    """Stores those that a call for many tells; which they are, and how many had changed. Raises GatewayError.

    It leaves out payments of test channels, and those in a spelling that only the call for one can be read in.
    """
    known: set[str] = set()
    changed = 0
    for store, uids in by_store(gateway, engine, imp_uids).items():
        for part in _parts(uids):
            as_of = claimed_at(store, engine)
            found = _batch(store, part)
            changed += keep_payments(engine, found, as_of=as_of)
            known.update(one.imp_uid for one in found)
    return known, changed


def _batch(gateway: Gateway, imp_uids: Sequence[str]) -> tuple[PaymentPayload, ...]:
    try:
        return gateway.payments(imp_uids).found
    except (Refused, UnreadableAnswer):
        return ()


def _parts(imp_uids: Sequence[str]) -> Iterator[Sequence[str]]:
    for begins in range(0, len(imp_uids), BATCH):
        yield imp_uids[begins : begins + BATCH]
