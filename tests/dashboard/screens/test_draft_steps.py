"""A form that moves money: from each step, what may come of it and where it stands then."""

import pytest

from dashboard.screens.asking.steps import Asked, Filling, Looking, Step, clicked, filled, stake_moved
from services.errors import InvalidRequest, JangbuError, Moved, NotSaved
from services.operations.journal.journal import Wanted
from services.tables.journal import OperationKind

WANTED = Wanted(token="t", kind=OperationKind.REFUND, subject="payment:imp_1", amount=1_000, currency="KRW", request={})
PROBLEM = InvalidRequest("This is not an amount: type it like 12,000.", field="amount")
OVERTAKEN, LOST = Moved("Somebody was first."), NotSaved("It could not be saved.")


@pytest.mark.parametrize(
    ("step", "then"),
    [
        (Filling(), Filling(moved=True)),
        (Filling(problem=PROBLEM), Filling(moved=True, problem=PROBLEM)),
        (Filling(overtaken=OVERTAKEN), Filling(moved=True, overtaken=OVERTAKEN)),
        (Looking(WANTED), Filling(moved=True)),
        (Looking(WANTED, LOST), Filling(moved=True)),
        (Asked(7), Asked(7)),
    ],
)
def test_a_change_of_what_is_at_stake_leads_back_to_the_fields_unless_it_is_written_down(
    step: Step, then: Step
) -> None:
    assert stake_moved(step) == then


@pytest.mark.parametrize(("made", "then"), [(WANTED, Looking(WANTED)), (PROBLEM, Filling(problem=PROBLEM))])
def test_what_was_typed_is_looked_at_or_has_to_be_mended(made: Wanted | InvalidRequest, then: Step) -> None:
    assert filled(made) == then


@pytest.mark.parametrize(
    ("came", "then"),
    [(7, Asked(7)), (OVERTAKEN, Filling(overtaken=OVERTAKEN)), (LOST, Looking(WANTED, LOST))],
)
@pytest.mark.parametrize("before", [None, LOST])
def test_a_click_is_written_down_or_too_late_or_can_be_tried_again(
    came: int | JangbuError, then: Step, before: JangbuError | None
) -> None:
    assert clicked(Looking(WANTED, before), came) == then
