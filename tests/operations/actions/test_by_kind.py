"""One action for each kind of operation; which of them move money at once."""

from services.operations.actions.by_kind import ACTIONS
from services.tables.journal import OperationKind


def test_every_kind_of_operation_has_its_action() -> None:
    assert set(ACTIONS) == set(OperationKind)


def test_a_second_person_approves_whole_files_of_what_cannot_be_undone() -> None:
    assert {kind for kind, action in ACTIONS.items() if action.MOVES_MONEY} == {
        OperationKind.REFUND,
        OperationKind.CHARGE,
        OperationKind.RETRY,
        OperationKind.BENEPIA_PAYMENT,
        OperationKind.CARD_CHARGE,
    }
