"""F6: double clicks, two tabs, a tab closed in mid-call, at random: no refund is made twice, none is unrecorded.

JANGBU_TEST_TRIALS says how many (200 for the figure), JANGBU_TEST_SEED which.
"""

import os
import random
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from services.sandbox.faults import Fault, Plan, calls
from services.tables.journal import OperationState as State
from tests.browser.till import Till, fill_part

TRIALS = int(os.environ.get("JANGBU_TEST_TRIALS", "4"))
SEED = int(os.environ.get("JANGBU_TEST_SEED", "6"))
SEND = "3,000원 환불하기"


def double_click(till: Till, page: Page, chance: random.Random, _imp_uid: str) -> None:
    """Two or three clicks, up to 300 ms apart."""
    button = page.get_by_role("button", name=SEND)
    box = button.bounding_box()
    assert box
    for _ in range(chance.choice((2, 3))):
        page.mouse.click(box["x"] + 20, box["y"] + 10)
        page.wait_for_timeout(chance.choice((0, 20, 80, 300)))


def two_tabs(till: Till, page: Page, chance: random.Random, imp_uid: str) -> None:
    """The same form in two tabs, sent one after the other."""
    other = page.context.new_page()
    other.goto(f"{till.url}/refund?imp_uid={imp_uid}")
    fill_part(other, "3,000")
    first, second = chance.sample([page, other], 2)
    expect(first.get_by_role("button", name=SEND)).to_be_visible()  # says what stands there instead
    first.get_by_role("button", name=SEND).click()
    page.wait_for_timeout(chance.choice((0, 50, 400)))
    send = second.get_by_role("button", name=SEND)
    if send.count():
        send.click(no_wait_after=True)


def closed_tab(till: Till, page: Page, chance: random.Random, _imp_uid: str) -> None:
    """Sent to a slow gateway, and closed before the answer."""
    till.sandbox.plans.append(Plan(Fault.SLOW, picks=calls("POST", "/payments/cancel"), seconds=1.0))
    page.get_by_role("button", name=SEND).click()
    page.wait_for_timeout(chance.choice((0, 30, 100, 600)))
    page.close()


TRIES: tuple[Callable[[Till, Page, random.Random, str], None], ...] = (double_click, two_tabs, closed_tab)


@pytest.mark.parametrize("number", range(TRIALS))
def test_however_it_is_sent_money_moves_once_and_is_written_down(till: Till, number: int) -> None:
    chance = random.Random(f"{SEED} {number}")
    imp_uid = till.paid(10_000)
    page = till.open(f"refund?imp_uid={imp_uid}")
    fill_part(page, "3,000")
    TRIES[number % len(TRIES)](till, page, chance, imp_uid)
    time.sleep(1)
    operations = till.ended(imp_uid)
    made = [one for one in operations if one.state == State.SUCCEEDED]
    assert len(till.refunds(imp_uid)) == len(made) <= 1
    # Of a tab that is closed at once the click may not have left: then nothing happened at all.
    assert made or (page.is_closed() and not operations)
    assert len({one.cancellation_id for one in made}) == len(made)
    assert all(one.state in (State.SUCCEEDED, State.REFUSED) for one in operations)
