"""Stories: newest first, in order within one second too, a line an event with who; notes by staff among them."""

import re
import time
from collections.abc import Sequence

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.access import PERMISSIONS, Permission
from dashboard.settings import Role
from services.operations.actions.charges import ChargeForm, wanted_charge
from services.operations.actions.refunds import RefundForm, wanted_refund
from services.operations.journal import journal
from services.operations.journal.journal import Wanted
from services.store.engine import reading, writing
from services.store.lists.one import get_billing_key, get_payment, notes_on
from services.store.writes.payments import upsert_payments
from services.tables.journal import Operation
from services.tables.journal import OperationState as State
from tests.worlds.screens.money_forms import EXECUTOR, NAVER, NAVER_KEY, OTHER
from tests.worlds.screens.screens import payment, run_page, story, texts

AT = int(time.time()) - 30
QUICK = "imp_300000000001"
STEPS = ("asked for", "approved", "sent", "done")


def carried_out(engine: Engine, wanted: Wanted, *steps: tuple[str, State], refund: str | None = None) -> Operation:
    """Asked for and moved on within one second."""
    operation = journal.record(engine, wanted, OTHER, AT)
    for action, state in steps:
        more = {"claimed_by": "here:1:x", "claimed_until": AT + 900} if state == State.SENT else {}
        more |= {"imp_uid": QUICK, "cancellation_id": refund} if state == State.SUCCEEDED else {}
        with journal.saving(engine) as conn:
            operation = journal.move(conn, operation, state, EXECUTOR, action, AT, **more)
    return operation


def kept(engine: Engine, **more: object) -> None:
    """A payment of that second, which is also the second of its refund."""
    row = payment(QUICK, AT, "paid", 50_000, started_at=AT, customer_uid=NAVER_KEY, **more)
    with writing(engine) as conn:
        upsert_payments(conn, [row._replace(values=row.values | {"customer_uid_usage": "payment"})], as_of=AT * 1000)


def of_a_thousand(engine: Engine, token: str = "one", approval_from: int | None = None) -> Wanted:
    """A refund of 1,000 won."""
    with reading(engine) as conn:
        found = get_payment(conn, QUICK)
    assert found
    form = RefundForm(amount=1_000, balance=found.amount - found.cancel_amount, reason="배송 지연", requester="admin")
    return wanted_refund(token, found, form, approval_from=approval_from)


def refunded(engine: Engine, token: str = "one") -> None:
    moves = (("approved", State.INTENT), ("sent", State.SENT), ("succeeded", State.SUCCEEDED))
    carried_out(engine, of_a_thousand(engine, token, approval_from=0), *moves, refund="c9")
    refund = {"cancellation_id": "c9", "pg_tid": "t9", "amount": 1_000, "cancelled_at": AT, "reason": "배송 지연"}
    kept(engine, refunds=[refund], cancel_amount=1_000)


def charged(engine: Engine) -> None:
    with reading(engine) as conn:
        found = get_billing_key(conn, NAVER_KEY)
    assert found
    form = ChargeForm(amount=50_000, name="유기농 사과 5kg")
    wanted = wanted_charge("two", found, form, minimum=100, now=AT)
    carried_out(engine, wanted, ("sent", State.SENT), ("succeeded", State.SUCCEEDED))


def told(page: str, **query: str) -> list[str]:
    """The story's lines without their times."""
    return [re.sub(r":gray\[.*?] ", "", line) for line in story(run_page(page, query=query))]


def steps(kind: str, *words: str) -> list[str]:
    """The beginnings of the lines behind an operation's."""
    return [f"  **{kind}: {one}**" for one in words]


def begins(lines: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether each line begins with what is wanted, and there are no others."""
    return [line[: len(one)] for line, one in zip(lines, wanted, strict=True)] == list(wanted)


def test_a_refund_of_ours_is_one_line_that_unfolds_into_asked_approved_sent_and_done(engine: Engine) -> None:
    kept(engine)
    refunded(engine)
    refund, *rest = told("payment", imp_uid=QUICK)
    assert refund == "**Refund 1** :red[-₩1,000] · 배송 지연 · other@example.com"
    assert begins(rest, [*steps("Refund", *STEPS), "**Paid** ₩50,000", "**Requested** ₩50,000 · charge by billing key"])
    assert rest[0] == "  **Refund: asked for** · ₩1,000 · 배송 지연 · other@example.com"
    assert rest[3].endswith(" · Jangbu by itself")


def test_of_one_second_what_came_of_something_stands_above_it(engine: Engine) -> None:
    charged(engine)
    kept(engine)
    refunded(engine)
    charge = ["**Charge ₩50,000: ✓ Done** · other@example.com", *steps("Charge", "asked for", "sent", "done")]
    lines = told("payment", imp_uid=QUICK)
    assert begins(lines[5:], [*charge, "**Paid**", "**Requested**"])
    assert lines[0].startswith("**Refund 1**")
    booked, *of_key = told("billing_key", customer_uid=NAVER_KEY)
    assert booked.startswith("**Due**")
    assert begins(of_key[:6], ["**Refunded** :red[-₩1,000]", *charge, "**Paid** ₩50,000"])


def test_a_refund_made_elsewhere_says_that_nobody_here_made_it(engine: Engine) -> None:
    refund = {"cancellation_id": "c8", "pg_tid": "t8", "amount": 2_000, "cancelled_at": AT, "reason": "고객 변심"}
    kept(engine, refunds=[refund], cancel_amount=2_000)
    elsewhere = "PortOne's console, or another program"
    assert told("payment", imp_uid=QUICK)[0] == f"**Refund 1** :red[-₩2,000] · 고객 변심 · {elsewhere}"


def test_a_refusal_tells_the_gateways_words_on_its_line_and_nothing_as_refunded(engine: Engine) -> None:
    kept(engine)
    operation = carried_out(engine, of_a_thousand(engine), ("sent", State.SENT))
    with journal.saving(engine) as conn:
        journal.move(conn, operation, State.REFUSED, EXECUTOR, "refused", AT, message="잔액이\n부족합니다.")
    line = told("payment", imp_uid=QUICK)[0]
    assert line == "**Refund ₩1,000: ✕ Not done** · “잔액이 부족합니다.” · other@example.com"


def test_what_was_sent_again_within_the_second_keeps_its_own_order(engine: Engine) -> None:
    kept(engine)
    moves = (
        ("sent", State.SENT), ("unknown", State.UNKNOWN), ("gave_up", State.NEEDS_PERSON), ("sent_again", State.INTENT),
        ("sent", State.SENT), ("succeeded", State.SUCCEEDED),
    )  # fmt: skip
    carried_out(engine, of_a_thousand(engine), *moves)
    words = ("asked for", "sent", "answer lost", "needs a person", "sent again", "sent", "done")
    assert begins(told("payment", imp_uid=QUICK)[1:8], steps("Refund", *words))


def written(text: str) -> AppTest:
    at = run_page("payment", role=Role.SUPPORT, query={"imp_uid": NAVER})
    at.text_area[0].set_value(text)
    next(button for button in at.button if button.label == "Keep the note").click().run()
    assert not at.exception
    return at


@pytest.mark.parametrize("role", Role)
def test_a_note_is_written_by_who_may_refund_or_charge_and_by_nobody_else(engine: Engine, role: Role) -> None:
    at = run_page("payment", role=role, query={"imp_uid": NAVER})
    assert bool(at.text_area) == bool(PERMISSIONS[role] & {Permission.REFUND, Permission.CHARGE})


def test_a_note_stands_on_top_of_the_story_with_who_wrote_it_and_the_field_is_empty(engine: Engine) -> None:
    at = written("통화함\n**내일** 다시")
    assert story(at)[0].endswith("**Note** · 통화함 **내일** 다시 · support@example.com")
    assert not [one for one in at.markdown if "통화함 **내일**" in one.value]
    assert at.text_area[0].value == ""


def test_a_card_number_is_refused_beside_the_field_and_what_was_typed_stays(engine: Engine) -> None:
    at = written("카드 4111 1111 1111 1111")
    assert "card number" in at.error[0].value
    assert at.text_area[0].value == "카드 4111 1111 1111 1111"
    with reading(engine) as conn:
        assert notes_on(conn, [NAVER]) == []


def test_a_phone_in_a_note_is_hidden_from_who_may_not_see_buyers(engine: Engine) -> None:
    written("010-9876-5432 로 전화")
    shown = texts(run_page("payment", role=Role.VIEWER, query={"imp_uid": NAVER})).replace("\\", "")
    assert "010-9876-5432" not in shown
    assert "010-****-5432" in shown


def test_a_failed_charge_of_a_key_says_what_helps_and_where_the_others_are(engine: Engine) -> None:
    row = payment(QUICK, AT, "failed", 50_000, started_at=AT, customer_uid=NAVER_KEY, fail_reason="[한도초과]")
    with writing(engine) as conn:
        upsert_payments(conn, [row._replace(values=row.values | {"customer_uid_usage": "payment"})], as_of=AT * 1000)
    of_payment = run_page("payment", query={"imp_uid": QUICK})
    of_key = run_page("billing_key", query={"customer_uid": NAVER_KEY})
    for at in (of_payment, of_key):
        assert "What helps" in texts(at)
        assert "limit" in texts(at)
    assert [link.label for link in of_payment.get("page_link")].count("In Recovery") == 1
    # It was charged without a booking: Recovery has nothing of the key.
    assert "Recovery has only booked payments" in texts(of_key)
