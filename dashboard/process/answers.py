"""What the gateway answers of a payment now, word for word: asked outside of the script run, kept for a minute."""

import threading
import time
from dataclasses import dataclass

from services.errors import JangbuError

from dashboard.process import rereads
from dashboard.process.resources import open_gateway

_KEPT_FOR = 60.0
_lock = threading.Lock()
_answers: dict[str, "Answer"] = {}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came when it was asked `at` (UNIX seconds): the answer's text, or why there is none."""

    at: float
    text: str = ""
    error: JangbuError | None = None


def ask(imp_uid: str) -> None:
    """Begins to ask, unless somebody is at it already."""
    rereads.start(name_of(imp_uid), lambda: _ask(imp_uid))


def told(imp_uid: str) -> Answer | None:
    """The answer of the last minute, whoever asked."""
    with _lock:
        for old in [one for one, answer in _answers.items() if time.time() - answer.at > _KEPT_FOR]:
            del _answers[old]
        return _answers.get(imp_uid)


def is_asking(imp_uid: str) -> bool:
    """Whether the gateway is being asked at this moment."""
    return rereads.is_reading(name_of(imp_uid))


def name_of(imp_uid: str) -> str:
    """How the question is called among what is being read."""
    return f"answer:{imp_uid}"


def _ask(imp_uid: str) -> None:
    at = time.time()
    try:
        answer = Answer(at, open_gateway().payment_as_it_came(imp_uid))
    except JangbuError as error:
        answer = Answer(at, error=error)
    with _lock:
        _answers[imp_uid] = answer
