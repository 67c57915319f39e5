"""A click is never lost: the run that it starts goes to its end, and what the browser asks for meanwhile follows."""

import threading
import time

from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner import script_runner
from streamlit.runtime.scriptrunner_utils.script_requests import (
    RerunData,
    ScriptRequest,
    ScriptRequests,
    ScriptRequestType,
)

_EVERY = 0.05
_running: set[int] = set()
"""Threads of runs that a button started."""
_process_ends = False


class ClicksFirst(ScriptRequests):
    """Requests of one session; only the run itself, by `st.rerun`, ends a run that a button started.

    Streamlit has a later request replace a run at any point. A field that is left by a click on a button is sent some
    milliseconds after the click, and the button would be forgotten.
    """

    def __init__(self) -> None:
        super().__init__()
        self._clicked_in: int | None = None
        """The thread of a run that a button started."""

    def request_rerun(self, new_data: RerunData) -> bool:
        """As Streamlit's."""
        if threading.get_ident() == self._clicked_in:
            self._note(None)
        return super().request_rerun(new_data)

    def on_scriptrunner_yield(self) -> ScriptRequest | None:
        """As Streamlit's, but that a run which a button started has no other one before it, nor the process's end."""
        kept_from = (ScriptRequestType.RERUN, ScriptRequestType.STOP) if _process_ends else (ScriptRequestType.RERUN,)
        if self._clicked_in is not None and self._state in kept_from:
            return None
        request = super().on_scriptrunner_yield()
        if request:
            self._taken(request)
        return request

    def on_scriptrunner_ready(self) -> ScriptRequest:
        """As Streamlit's."""
        request = super().on_scriptrunner_ready()
        self._taken(request)
        return request

    def _taken(self, request: ScriptRequest) -> None:
        rerun = request.type == ScriptRequestType.RERUN
        clicked = rerun and _has_click(request.rerun_data.widget_states)
        self._note(threading.get_ident() if clicked else None)

    def _note(self, clicked_in: int | None) -> None:
        _running.discard(threading.get_ident())
        if clicked_in is not None:
            _running.add(clicked_in)
        self._clicked_in = clicked_in


def _has_click(states: WidgetStates | None) -> bool:
    """Whether a button is among what the browser sent."""
    return any(one.trigger_value for one in states.widgets) if states else False


def keep_clicks() -> None:
    """From now on every session has its clicks first; `runner.fastReruns` has to be off."""
    script_runner.ScriptRequests = ClicksFirst  # type: ignore[attr-defined]


def process_ends() -> None:
    """From now on connections close because the process ends: what a click began is not stopped by that."""
    global _process_ends
    _process_ends = True


def let_clicks_end(seconds: float) -> None:
    """Waits for runs that a button started."""
    until = time.monotonic() + seconds
    while _running and time.monotonic() < until:
        time.sleep(_EVERY)
