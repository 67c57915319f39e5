"""What is held of a person for one request: with the row, and no longer than that request needs it."""

from dataclasses import replace
from typing import cast

import pytest

from services.errors import Busy, Refusal, Refused
from services.gateway import Gateway
from services.gateway.payloads import Payload
from services.gateway.pg_requests import ReceiptRequest
from services.operations import held
from services.operations.actions.receipts import issues
from services.operations.actions.receipts.forms import personal_of, wanted_receipt
from services.operations.journal.journal import Wanted
from services.sandbox.faults import Fault
from services.tables.journal import Operation
from tests.operations.receipts.desks import form, issue, transfer
from tests.worlds.operations.desk import SUPPORT, Desk


@pytest.fixture
def wanted(desk: Desk) -> Wanted:
    return wanted_receipt("t", transfer(desk), form(), residents=False)


def click(desk: Desk, wanted: Wanted) -> Operation:
    told = personal_of(form(), residents=False)
    return held.record_held(desk.engine, wanted, SUPPORT, desk.times.ours(), told)


def test_it_is_held_until_its_request_leaves(desk: Desk, wanted: Wanted) -> None:
    operation = click(desk, wanted)
    assert held.held("t") == personal_of(form(), residents=False)
    desk.run()
    assert (desk.get(operation.id).state, held.held("t")) == ("succeeded", None)
    assert click(desk, wanted).id == operation.id
    assert held.held("t") is None


def test_a_second_click_after_the_request_left_holds_nothing(desk: Desk, wanted: Wanted) -> None:
    operation = click(desk, wanted)
    desk.call_faults = [Fault.LOST_BEFORE]
    desk.run()
    assert desk.get(operation.id).state == "unknown"
    assert click(desk, wanted).id == operation.id
    assert held.held("t") is None


def test_a_second_click_before_that_holds_it_still(desk: Desk, wanted: Wanted) -> None:
    assert click(desk, wanted).id == click(desk, wanted).id
    assert held.held("t")


def test_what_no_row_came_of_is_not_held(desk: Desk, wanted: Wanted) -> None:
    click(desk, wanted)
    with pytest.raises(Busy):
        click(desk, replace(wanted, token="other"))
    assert held.held("other") is None


class Refusing:
    """A gateway whose refusal says everything back."""

    def issue_receipt(self, _imp_uid: str, request: ReceiptRequest, **_still: object) -> Payload:
        raise Refused(Refusal(500, -1, f"[ksnet] {' / '.join(request.personal.values())} 010-7341-5678 오류"))


def test_a_refusal_tells_neither_number_nor_name_nor_address_back(desk: Desk) -> None:
    transfer(desk)
    buyer = {"buyer_name": "홍길동", "buyer_tel": "010-2222-3333", "buyer_email": "hong@example.com"}
    operation = desk.get(issue(desk, filled=form(more=buyer)))
    with pytest.raises(Refused) as told:
        issues.send(cast("Gateway", Refusing()), operation, lambda: True)
    words = told.value.refusal.message or ""
    assert words.startswith("[ksnet] ")
    assert words.endswith(" 오류")
    assert not [part for part in ("홍길동", "7341", "2222", "hong@example.com") if part in words]
