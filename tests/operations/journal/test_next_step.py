"""What every outcome does to an operation in every state, by the rules of the journal: no step is left to chance."""

from itertools import pairwise

import pytest

from services.operations.journal.states import LEGAL, Why
from services.operations.outcomes import Outcome
from services.operations.record import LEAVE, LOOKS, Source, Step, next_step
from services.tables.journal import Operation
from services.tables.journal import OperationState as State

NOW = 1_790_000_000
FENCE = 3
LATER = "later"

# Of a state that is missing, and of an outcome that is "-", nothing follows. Two states: through a person's list.
CALL = """
              succeeded                refused   unknown   expired
intent        needs_person>succeeded   -         -         -
sent          succeeded                refused   unknown   expired
unknown       succeeded                refused   -         needs_person>intent
needs_person  succeeded                -         -         -
"""
CALL_AFTER_ANOTHER = """
              succeeded                refused   unknown   expired
intent        needs_person>succeeded   -         -         -
sent          succeeded                unknown   unknown   unknown
unknown       succeeded                -         -         -
needs_person  succeeded                -         -         -
"""
STOP = """
              refused        none
intent        refused        later
"""
STOP_AFTER_A_CALL = """
              refused        none
intent        needs_person   later
"""
LOOK = """
              succeeded                refused                unknown   none
intent        needs_person>succeeded   needs_person>refused   -         later
unknown       succeeded                refused                later     later
needs_person  succeeded                refused                later     later
"""
TABLES = {
    (Source.CALL, False): CALL,
    (Source.CALL, True): CALL_AFTER_ANOTHER,
    (Source.STOP, False): STOP,
    (Source.STOP, True): STOP_AFTER_A_CALL,
    (Source.LOOK, False): LOOK,
}


def cases() -> list[tuple[Source, bool, str, str, str]]:
    """Every state with every outcome of every source, and what follows."""
    found = []
    for (source, uncertain), table in TABLES.items():
        (*outcomes,), *lines = [line.split() for line in table.strip().splitlines()]
        told = {state: dict(zip(outcomes, steps, strict=True)) for state, *steps in lines}
        for state in State:
            for outcome in outcomes:
                found.append((source, uncertain, state.value, outcome, told.get(state.value, {}).get(outcome, "-")))
    return found


def row(state: str, **more: object) -> Operation:
    """An operation in a state, to be looked at now."""
    values = {"state": state, "fence": FENCE, "state_at": NOW, "looks": 1, "look_at": NOW, "why": None}
    values |= {"kind": "refund", "asked_at": NOW - 300}
    return Operation(**(values | more))


def step(operation: Operation, outcome: Outcome | None, source: Source, *, uncertain: bool = False) -> Step:
    return next_step(operation, outcome, source, fence=FENCE, uncertain=uncertain, now=NOW)


def told_of(found: Step) -> str:
    if found == LEAVE:
        return "-"
    return ">".join(found.states) or LATER


@pytest.mark.parametrize(("source", "uncertain", "state", "outcome", "follows"), cases())
def test_every_outcome_in_every_state(source: Source, uncertain: bool, state: str, outcome: str, follows: str) -> None:
    given = None if outcome == "none" else Outcome(State(outcome))
    found = step(row(state), given, source, uncertain=uncertain)
    assert told_of(found) == follows
    assert all(to in LEGAL[before] for before, to in pairwise((State(state), *found.states)))


@pytest.mark.parametrize(("source", "uncertain", "state", "outcome", "_follows"), cases())
def test_of_a_newer_claim_nothing_is_recorded(
    source: Source, uncertain: bool, state: str, outcome: str, _follows: str
) -> None:
    given = None if outcome == "none" else Outcome(State(outcome))
    newer = row(state, fence=FENCE + 1)
    assert next_step(newer, given, source, fence=FENCE, uncertain=uncertain, now=NOW) == LEAVE


def test_a_refusal_after_a_call_that_may_have_gone_through_keeps_the_words_and_nothing_that_was_made() -> None:
    refusal = Outcome(State.REFUSED, "잔액 부족", Why.FAILED_FOR_NOW, refunded=100)
    found = step(row("sent"), refusal, Source.CALL, uncertain=True)
    assert (found.changes["message"], found.changes["why"]) == ("잔액 부족", Why.ANSWER_LOST)
    assert found.changes.get("refunded") is None


def test_what_became_unknown_is_looked_at_soon_and_from_the_first_look_on() -> None:
    found = step(row("sent", looks=5), Outcome(State.UNKNOWN, why=Why.STILL_PENDING), Source.CALL)
    assert (found.changes["looks"], found.changes["look_at"], found.changes["why"]) == (0, NOW + 2, Why.STILL_PENDING)


NOT_SENT = Outcome(State.EXPIRED, why=Why.UNREACHABLE)
HALTED = Outcome(State.EXPIRED, why=Why.EXECUTOR_DIED)


def test_what_never_left_is_to_be_sent_where_it_was_taken_for_dead() -> None:
    found = step(row("unknown"), NOT_SENT, Source.CALL)
    assert (found.states, found.action) == ((State.NEEDS_PERSON, State.INTENT), "goes_again")
    nothing_left = {"message": None, "why": None, "look_at": 0}
    assert found.changes == {**nothing_left, "state_at": NOW - 300}, "it is as old as it was"
    of_itself = step(row("sent"), HALTED, Source.CALL)
    assert of_itself.states == (State.UNKNOWN, State.NEEDS_PERSON, State.INTENT)
    assert step(row("sent"), NOT_SENT, Source.CALL).states == (State.EXPIRED,), "three tries are three tries"


@pytest.mark.parametrize(
    "more",
    [{"asked_at": NOW - 601}, {"asked_at": NOW + 61}, {"kind": "issue_vbank"}, {"kind": "naver_points"}],
)
def test_what_never_left_ends_where_it_is_too_old_or_may_not_go_twice(more: dict[str, object]) -> None:
    late = step(row("unknown", **more), NOT_SENT, Source.CALL)
    assert (late.states, late.changes["why"]) == ((State.REFUSED,), Why.UNREACHABLE)
    assert step(row("sent", **more), HALTED, Source.CALL).states == (State.EXPIRED,)


def test_the_last_word_of_a_person_is_what_it_is_as_old_as() -> None:
    for said in ({"approved_at": NOW - 5}, {"noted_at": NOW - 5}):
        found = step(row("unknown", asked_at=NOW - 7_000, **said), NOT_SENT, Source.CALL)
        assert (found.action, found.changes["state_at"]) == ("goes_again", NOW - 5)


def test_looks_come_at_2_s_5_s_15_s_1_m_5_m_and_15_m_and_then_a_person() -> None:
    assert LOOKS == (2, 5, 15, 60, 300, 900)
    for looks, wait in enumerate(LOOKS[1:], start=1):
        found = step(row("unknown", looks=looks - 1), Outcome(State.UNKNOWN), Source.LOOK)
        assert found.changes == {"looks": looks, "look_at": NOW + wait}
    last = step(row("unknown", looks=5), Outcome(State.UNKNOWN), Source.LOOK)
    assert (last.states, last.action) == ((State.NEEDS_PERSON,), "gave_up")
    assert last.changes["why"] == Why.NOT_FOUND_AFTER_LOOKING


def test_a_person_is_told_the_latest_reason_for_not_knowing() -> None:
    pending = row("unknown", looks=5, why=Why.STILL_PENDING.value)
    assert step(pending, Outcome(State.UNKNOWN), Source.LOOK).changes["why"] == Why.STILL_PENDING
    said = Outcome(State.UNKNOWN, "한도초과", Why.FAILED_FOR_NOW)
    assert step(pending, said, Source.LOOK).changes == {"why": Why.FAILED_FOR_NOW, "message": "한도초과"}


def test_a_look_before_its_time_is_not_counted() -> None:
    assert step(row("unknown", look_at=NOW + 10), Outcome(State.UNKNOWN), Source.LOOK) == LEAVE
    set_back = row("unknown", look_at=NOW + 5_000)
    assert step(set_back, Outcome(State.UNKNOWN), Source.LOOK).changes["looks"] == 2


def test_what_cannot_be_read_is_no_look_and_comes_again() -> None:
    assert step(row("unknown", looks=4), None, Source.LOOK).changes == {"looks": 4, "look_at": NOW + 15}
    assert step(row("intent", looks=4), None, Source.STOP).changes == {"looks": 0, "look_at": NOW + 2}
