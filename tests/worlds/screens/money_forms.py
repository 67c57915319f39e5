"""For tests of screens that move money: a store whose gateway answers, forms filled in, the journal read back."""

import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from dashboard.settings import Role
from services.operations.actions.refunds import RefundForm, wanted_refund
from services.operations.journal import journal
from services.operations.journal.audit import Actor
from services.store.engine import reading, writing
from services.store.lists.one import get_payment
from services.store.lists.operations import OperationFilter, list_operations
from services.store.writes.keys import mark_billing_keys_deleted, upsert_billing_keys
from services.store.writes.payments import upsert_payments
from services.store.writes.sync import begin_run, end_run
from services.tables.journal import Operation
from services.tables.journal import OperationState as State
from services.tables.v1 import BillingKey
from tests.worlds.screens.screens import filled_store, payment, run_page

NAVER, VBANK, CARD = "imp_100000000001", "imp_200000000001", "imp_200000000002"
NAVER_KEY, CARD_KEY, GONE_KEY = "key_1", "key_2", "key_3"
EXECUTOR = Actor("jangbu", "executor")
OTHER = Actor("other@example.com", "screen 203.0.113.7")


def money_store(folder: Path, **settings: Any) -> Engine:
    """The store of the other screens, with a last run that went well, a virtual account and billing keys."""
    engine, now = filled_store(folder, imp_key="key", imp_secret="secret", **settings), int(time.time())
    smartro = {"pay_method": "vbank", "pg_provider": "smartro_v2"}
    card = {"pg_provider": "nice_v2", "customer_uid": CARD_KEY, "customer_uid_usage": "payment"}
    with writing(engine) as conn:
        rows = [
            payment(VBANK, now - 86_400, "paid", 50_000, **smartro),
            payment(CARD, now - 60, "paid", 70_000, **card),
        ]
        upsert_payments(conn, rows, as_of=now * 1000)
        for uid, pg in ((NAVER_KEY, "naverpay"), (CARD_KEY, "nice_v2"), (GONE_KEY, "naverpay")):
            upsert_billing_keys(conn, [key(uid, pg)], checked_at=now)
        mark_billing_keys_deleted(conn, [GONE_KEY], at=1_790_000_000)
        run = begin_run(conn, "sync", now - 40)
        end_run(conn, run, now - 30, {"payments": 0}, None)
    return engine


def key(customer_uid: str, pg_provider: str) -> dict[str, Any]:
    """A billing key of 홍길동."""
    names = [name for name in BillingKey.model_fields if name not in ("checked_at", "deleted_at")]
    return dict.fromkeys(names) | {
        "customer_uid": customer_uid,
        "pg_provider": pg_provider,
        "sandbox": False,
        "tier": "",
        "card_name": "신한카드",
        "card_number": "123456******7890",
        "customer_name": "홍길동",
        "customer_tel": "010-1234-5678",
        "inserted": 0,
        "updated": 0,
    }


def refund_page(imp_uid: str = NAVER, role: Role | None = None, language: str = "en") -> AppTest:
    """The form of a refund, with what is left read."""
    return settled(run_page("refund", role=role, language=language, query={"imp_uid": imp_uid}))


def charge_page(customer_uid: str = NAVER_KEY, role: Role | None = None, language: str = "en") -> AppTest:
    """The form of a charge."""
    return run_page("charge", role=role, language=language, query={"customer_uid": customer_uid})


def settled(at: AppTest, seconds: float = 60) -> AppTest:
    """The page once nothing is being read any more."""
    until = time.monotonic() + seconds
    while any(one.icon == ":material/sync:" for one in at.info) and time.monotonic() < until:
        time.sleep(0.05)
        at.run()
    return at


def field(at: AppTest, name: str) -> Any:
    """A widget of the form by the end of its key, which begins with the form's token."""
    kinds = (
        "text_input", "selectbox", "radio", "checkbox", "segmented_control", "date_input", "datetime_input",
        "number_input", "button_group", "text_area",
    )  # fmt: skip
    found = [one for kind in kinds for one in at.get(kind) if str(one.key or "").endswith(f".{name}")]
    assert found, name
    return found[0]


def fill(at: AppTest, **values: Any) -> AppTest:
    """Fills in fields by name; switches first, because they decide which others there are."""
    for name in sorted(values, key=lambda name: (name != "how", name != "ends")):
        field(at, name).set_value(values[name])
        if name in ("how", "ends"):
            at.run()
    return at


def partial(at: AppTest, amount: str = "3,000", **more: Any) -> AppTest:
    """A part of the payment back, because the buyer changed their mind."""
    return fill(at, amount=amount, requester="customer", reason="mind", **more)


def press(at: AppTest, name: str) -> AppTest:
    """Clicks a button by its key; the page once nothing is being read any more."""
    return settled(at.button(key=name).click().run())


def refused_as_typed(at: AppTest, sentence: str, typed: dict[str, Any]) -> None:
    """The form says this and nothing else, and each field holds what was typed into it."""
    assert [error.value for error in at.error] == [sentence]
    for name, value in typed.items():
        assert field(at, name).value == value


def send_twice(at: AppTest, engine: Engine) -> None:
    """A last look is sent, and sent again by a tab that still shows it after the operation has ended."""
    draft = next(iter(at.session_state["drafts"].values()))
    looking = draft.step
    press(at, "send")
    draft.step = looking
    moved(engine, operations(engine)[0], State.SENT, State.SUCCEEDED)
    draft.anew = True
    press(at.run(), "send")


def operations(engine: Engine) -> list[Operation]:
    """Everything in the journal, the latest first."""
    with reading(engine) as conn:
        return list(list_operations(conn, OperationFilter()).rows)


def asked_by_other(
    engine: Engine,
    imp_uid: str = NAVER,
    amount: int = 3_000,
    *,
    waits: bool = False,
    who: Actor = OTHER,
    token: str = "other",
    **more: Any,
) -> Operation:
    """A refund that somebody else asked for; `waits` for approval, or on its way. `more` are fields of the form."""
    with reading(engine) as conn:
        found = get_payment(conn, imp_uid)
    assert found is not None
    left = found.amount - found.cancel_amount
    form = RefundForm(amount=amount, balance=left, reason="배송 지연", requester="admin", **more)
    wanted = wanted_refund(f"{token} {imp_uid}", found, form, approval_from=0 if waits else None)
    return journal.record(engine, wanted, who, time.time())


def moved(engine: Engine, operation: Operation, *steps: State, **last: Any) -> Operation:
    """The operation after some steps; `last` are fields of the last one."""
    now = time.time()
    for step in steps:
        more: dict[str, Any] = {"claimed_by": "here:1:x", "claimed_until": int(now) + 900} if step == State.SENT else {}
        more |= {"look_at": int(now) + 900}
        more |= last if step == steps[-1] else {}
        with journal.saving(engine) as conn:
            operation = journal.move(conn, operation, step, EXECUTOR, step.value, now, **more)
    return operation


def lost(engine: Engine) -> Operation:
    """A refund of which nobody knows how it ended."""
    steps = (State.INTENT, State.SENT, State.UNKNOWN, State.NEEDS_PERSON)
    return moved(engine, asked_by_other(engine, CARD, waits=True), *steps, why="not_found_after_looking")
