"""Reading one payment or schedule again, outside of the script run that asked: a page never waits for a network."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from services.errors import JangbuError
from services.mirror.read_again import read_again, read_schedule_again

from dashboard.resources import open_gateway, open_store

_pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="read-again")
_asked: dict[str, Future[object]] = {}
_lock = threading.Lock()


def ask_again(imp_uid: str) -> None:
    """Starts reading a payment again, unless somebody is at it already."""
    start(imp_uid, lambda: _read(imp_uid))


def ask_schedule_again(merchant_uid: str) -> None:
    """The same for a schedule and the payment that it became."""
    start(
        schedule_name(merchant_uid),
        lambda: read_schedule_again(open_gateway(), open_store(), merchant_uid),
    )


def schedule_name(merchant_uid: str) -> str:
    """How a schedule is called among what is being read."""
    return f"schedule:{merchant_uid}"


def start(name: str, work: Callable[[], object]) -> None:
    """Starts some other reading under a name of its own, unless it runs already."""
    with _lock:
        running = _asked.get(name)
        if running is None or running.done():
            _asked[name] = _pool.submit(work)


def is_reading(imp_uid: str) -> bool:
    """Whether a payment is being read at this moment."""
    with _lock:
        running = _asked.get(imp_uid)
    return running is not None and not running.done()


def take_result(imp_uid: str) -> JangbuError | None:
    """What went wrong with the last reading, told once; None where it went well or nobody asked."""
    with _lock:
        done = _asked.pop(imp_uid) if imp_uid in _asked and _asked[imp_uid].done() else None
    error = done.exception() if done else None
    if error is not None and not isinstance(error, JangbuError):
        raise error
    return error


def _read(imp_uid: str) -> None:
    read_again(open_gateway(), open_store(), imp_uid)
