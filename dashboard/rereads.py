"""Reading one payment, key or schedule again, outside of the script run: a page never waits for a network."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from services.errors import JangbuError
from services.mirror.read_again import read_again, read_key_again, read_schedule_again

from dashboard.resources import open_gateway, open_store

_pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="read-again")
_asked: dict[str, Future[object]] = {}
_lock = threading.Lock()


def ask_again(imp_uid: str) -> None:
    """Starts reading a payment again, unless somebody is at it already."""
    start(imp_uid, lambda: _read(imp_uid))


def ask_schedule_again(merchant_uid: str) -> None:
    """The same for a schedule and the payment that it became."""
    start(schedule_name(merchant_uid), lambda: _read_schedule(merchant_uid))


def schedule_name(merchant_uid: str) -> str:
    """How a schedule is called among what is being read."""
    return f"schedule:{merchant_uid}"


def ask_key_again(customer_uid: str) -> None:
    """The same of a billing key, with its payments and what is booked on it."""
    start(key_name(customer_uid), lambda: read_key_again(open_gateway(), open_store(), customer_uid))


def key_name(customer_uid: str) -> str:
    """How a billing key is called among what is being read."""
    return f"billing_key:{customer_uid}"


def start(name: str, work: Callable[[], object]) -> None:
    """Starts some other reading under a name of its own, unless it runs already."""
    with _lock:
        running = _asked.get(name)
        if running is None or running.done():
            _asked[name] = _pool.submit(work)


def is_reading(name: str) -> bool:
    """Whether this is being read at this moment; a payment is called by its imp_uid."""
    with _lock:
        running = _asked.get(name)
    return running is not None and not running.done()


def take_result(name: str) -> JangbuError | None:
    """What went wrong with the last reading, told once; None where it went well or nobody asked."""
    with _lock:
        done = _asked.pop(name) if name in _asked and _asked[name].done() else None
    error = done.exception() if done else None
    if error is not None and not isinstance(error, JangbuError):
        raise error
    return error


def _read(imp_uid: str) -> None:
    read_again(open_gateway(), open_store(), imp_uid)


def _read_schedule(merchant_uid: str) -> None:
    read_schedule_again(open_gateway(), open_store(), merchant_uid)
