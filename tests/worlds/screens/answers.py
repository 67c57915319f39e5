"""For tests of what the gateway is asked beside a page."""

import time
from typing import TypeVar

from dashboard.process.answers import Answer, Answers

Found = TypeVar("Found")


def answered(questions: Answers[Found], text: str) -> Answer[Found]:
    """What became of a question, once nobody is asking any more."""
    until = time.monotonic() + 20
    while questions.is_asking(text) and time.monotonic() < until:
        time.sleep(0.01)
    found = questions.told(text)
    assert found
    return found
