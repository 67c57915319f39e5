"""Reading one payment, key or schedule again, outside of the script run: a page never waits for a network."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import structlog
from services.errors import JangbuError, NotSaved, Refused
from services.mirror.keep import read_again, read_key_again, read_schedule_again
from services.mirror.single.balances import read_balance
from services.store.readings import is_read_elsewhere, noted
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from dashboard.process.resources import open_gateway, open_session, open_store

log = structlog.get_logger("jangbu")

_pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="read-again")
_reading: set[str] = set()
_failed: dict[str, tuple[Exception, float]] = {}
_lock = threading.Lock()
_TOLD_FOR = 30
"""Seconds for which everybody who looks is told that a reading failed."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page may have read again: its name among what is being read, and how that is begun."""

    name: str
    start: Callable[[], None]
    runs: bool
    """Whether it ran before the page read the store, which may lack what it brings."""


def of_payment(imp_uid: str) -> Reading:
    """The reading of a payment, before the store is read."""
    return Reading(imp_uid, partial(ask_again, imp_uid), is_reading(imp_uid))


def of_schedule(merchant_uid: str) -> Reading:
    """The reading of a schedule, before the store is read."""
    name = schedule_name(merchant_uid)
    return Reading(name, partial(ask_schedule_again, merchant_uid), is_reading(name))


def of_key(customer_uid: str) -> Reading:
    """The reading of a billing key, before the store is read."""
    name = key_name(customer_uid)
    return Reading(name, partial(ask_key_again, customer_uid), is_reading(name))


def ask_again(imp_uid: str) -> None:
    """Starts reading a payment again, unless somebody is at it already."""
    _start_shared(imp_uid, lambda: _read(imp_uid))


def ask_schedule_again(merchant_uid: str) -> None:
    """Starts reading a schedule again, and the payment that it became, unless somebody is at it already."""
    _start_shared(schedule_name(merchant_uid), lambda: _read_schedule(merchant_uid))


def schedule_name(merchant_uid: str) -> str:
    """How a schedule is called among what is being read."""
    return f"schedule:{merchant_uid}"


def ask_key_again(customer_uid: str) -> None:
    """Starts reading a billing key again, with its payments and what is booked on it."""
    _start_shared(key_name(customer_uid), lambda: read_key_again(open_gateway(), open_store(), customer_uid))


def key_name(customer_uid: str) -> str:
    """How a billing key is called among what is being read."""
    return f"billing_key:{customer_uid}"


def start(name: str, work: Callable[[], object]) -> None:
    """Starts some other reading under a name of its own, unless it runs here already."""
    with _lock:
        if name not in _reading:
            _reading.add(name)
            _pool.submit(partial(_run, name, work))


def is_reading(name: str) -> bool:
    """Whether this is being read at this moment, by any process; a payment is called by its imp_uid."""
    if is_reading_here(name):
        return True
    with open_session() as session:
        return is_read_elsewhere(session, name)


def is_reading_here(name: str) -> bool:
    """The same of what only this process reads, as somebody's question."""
    with _lock:
        return name in _reading


def _start_shared(name: str, work: Callable[[], object]) -> None:
    """Starts a reading of which every process may know, unless one of them is at it already."""
    if not is_reading(name):
        start(name, partial(_run_noted, name, work))


def _run_noted(name: str, work: Callable[[], object]) -> None:
    with noted(open_store(), name):
        work()


def last_error(name: str) -> JangbuError | None:
    """What went wrong with a reading that ended a short while ago, whoever asked; None where it went well."""
    with _lock:
        _forget_old()
        error = _failed[name][0] if name in _failed else None
    if error is not None and not isinstance(error, JangbuError):
        raise error
    return error


def _run(name: str, work: Callable[[], object]) -> None:
    failed: Exception | None = None
    try:
        work()
    except (OperationalError, PoolTimeout) as error:
        log.warning("what was read could not be kept", error=type(error).__name__)
        failed = NotSaved("The database could not save it. Try again.")
    except Exception as error:
        failed = error
    with _lock:
        _forget_old()
        _reading.discard(name)
        _failed.pop(name, None)
        if failed is not None:
            _failed[name] = failed, time.monotonic()


def _forget_old() -> None:
    for name in [name for name, (_error, at) in _failed.items() if time.monotonic() - at > _TOLD_FOR]:
        del _failed[name]


def of_balance(imp_uid: str) -> Reading:
    """The reading of what a payment is made up of, before the store is read."""
    name = f"balance:{imp_uid}"
    begin = partial(_start_shared, name, lambda: read_balance(open_gateway(), open_store(), imp_uid))
    return Reading(name, begin, is_reading(name))


def _read(imp_uid: str) -> None:
    """The payment, and what it is made up of where its PG tells that: without it the payment is read all the same."""
    read_again(open_gateway(), open_store(), imp_uid)
    with suppress(Refused):
        read_balance(open_gateway(), open_store(), imp_uid)


def _read_schedule(merchant_uid: str) -> None:
    read_schedule_again(open_gateway(), open_store(), merchant_uid)
