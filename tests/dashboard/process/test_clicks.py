"""A click is never lost, whatever the browser sends right after it."""

import threading
import time

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.scriptrunner import script_runner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequestType

from dashboard.process import clicks
from dashboard.process.clicks import ClicksFirst, keep_clicks

CLICK = RerunData(widget_states=WidgetStates(widgets=[WidgetState(id="button", trigger_value=True)]))
FIELD = RerunData(widget_states=WidgetStates(widgets=[WidgetState(id="amount", string_value="10,001")]))


def sent(*asked: RerunData) -> ClicksFirst:
    requests = ClicksFirst()
    for data in asked:
        ask(requests, data)
    return requests


def ask(requests: ClicksFirst, data: RerunData) -> None:
    """The browser asks, from another thread than that of the run."""
    thread = threading.Thread(target=requests.request_rerun, args=(data,))
    thread.start()
    thread.join()


def test_a_run_that_a_button_started_goes_to_its_end_and_what_came_meanwhile_follows() -> None:
    requests = sent(CLICK)
    assert requests.on_scriptrunner_ready().rerun_data == CLICK
    ask(requests, FIELD)
    assert requests.on_scriptrunner_yield() is None
    assert requests.on_scriptrunner_ready().rerun_data.widget_states == FIELD.widget_states
    assert requests.on_scriptrunner_ready().type == ScriptRequestType.STOP


@pytest.mark.parametrize("click_first", [True, False])
def test_what_waits_together_keeps_the_button(click_first: bool) -> None:
    first, second = (CLICK, FIELD) if click_first else (FIELD, CLICK)
    states = sent(first, second).on_scriptrunner_ready().rerun_data.widget_states
    assert states
    assert any(one.id == "button" and one.trigger_value for one in states.widgets)


def test_a_click_replaces_a_run_without_one_and_is_not_replaced_itself() -> None:
    requests = sent(FIELD)
    requests.on_scriptrunner_ready()
    ask(requests, CLICK)
    taken = requests.on_scriptrunner_yield()
    assert taken
    assert taken.rerun_data == CLICK
    ask(requests, FIELD)
    assert requests.on_scriptrunner_yield() is None


def test_a_run_that_a_button_started_may_begin_anew_by_itself_and_is_stopped_with_its_session() -> None:
    requests = sent(CLICK)
    requests.on_scriptrunner_ready()
    requests.request_rerun(RerunData())
    begun_anew = requests.on_scriptrunner_yield()
    assert begun_anew
    assert begun_anew.type == ScriptRequestType.RERUN
    ask(requests, CLICK)
    requests.on_scriptrunner_yield()
    requests.request_stop()
    stopped = requests.on_scriptrunner_yield()
    assert stopped
    assert stopped.type == ScriptRequestType.STOP


def test_the_end_of_the_process_waits_for_what_a_click_began(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clicks, "_process_ends", False)
    requests = sent(CLICK)
    requests.on_scriptrunner_ready()
    clicks.process_ends()
    requests.request_stop()
    assert requests.on_scriptrunner_yield() is None
    begun = time.monotonic()
    clicks.let_clicks_end(0.2)
    assert time.monotonic() - begun >= 0.2
    assert requests.on_scriptrunner_ready().type == ScriptRequestType.STOP
    clicks.let_clicks_end(600)


def test_every_session_of_the_app_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script_runner, "ScriptRequests", script_runner.ScriptRequests)  # type: ignore[attr-defined]
    keep_clicks()
    assert isinstance(script_runner.ScriptRequests(), ClicksFirst)  # type: ignore[attr-defined]
