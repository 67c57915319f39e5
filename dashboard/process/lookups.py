"""Asking the gateway for an id that is not here, outside of the script run: once a minute whoever asks."""

import threading
import time
from dataclasses import dataclass

from services.errors import JangbuError
from services.mirror.look_up import is_id, look_up
from services.store.lists.payments import is_called
from sqlalchemy import Connection

from dashboard.process import rereads
from dashboard.process.resources import open_gateway, open_store

_KEPT_FOR = 60.0
_AT_MOST = 30
"""Questions in that time: no page, and nobody at one, keeps the gateway busy."""
_lock = threading.Lock()
_answers: dict[str, "Answer"] = {}


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a question: `at` when it was asked (UNIX seconds), `found` null while that is open or failed."""

    at: float
    found: bool | None = None
    error: JangbuError | None = None


def ask(text: str) -> Answer | None:
    """The answer of the last minute, or a question begun now; None where the text is no id or too much was asked."""
    if not is_id(text):
        return None
    now = time.time()
    with _lock:
        for old in [one for one, answer in _answers.items() if now - answer.at > _KEPT_FOR]:
            del _answers[old]
        if text not in _answers and len(_answers) < _AT_MOST:
            _answers[text] = Answer(now)
            rereads.start(name_of(text), lambda: _ask(text, now))
        return _answers.get(text)


def is_here(conn: Connection, text: str) -> bool:
    """Whether there is nothing to ask for: the text is no id, or that of a payment here, however it is written."""
    return not is_id(text) or is_called(conn, text)


def told(text: str) -> Answer | None:
    """The answer of the last minute; nothing is asked."""
    with _lock:
        return _answers.get(text)


def is_asking(text: str) -> bool:
    """Whether the gateway is being asked for it at this moment."""
    return rereads.is_reading(name_of(text))


def name_of(text: str) -> str:
    """How the question is called among what is being read."""
    return f"look_up:{text}"


def _ask(text: str, at: float) -> None:
    answer = Answer(at)
    try:
        answer = Answer(at, found=look_up(open_gateway(), open_store(), text))
    except JangbuError as error:
        answer = Answer(at, error=error)
    finally:
        with _lock:
            _answers[text] = answer
