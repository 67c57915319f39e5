"""Chosen payments read again: a hundred in a call, what that does not tell by itself, and what is gone named."""

import pytest
from sqlalchemy import Engine

from services.errors import OutcomeUnknown
from services.gateway import Gateway
from services.mirror.single.selection import Selection, read_selection
from services.sandbox.faults import Fault, Plan, calls
from services.sandbox.sandbox import Sandbox
from services.store.engine import reading
from services.store.lists.one import get_payment


def live(sandbox: Sandbox, n: int) -> list[str]:
    return [uid for uid, row in sandbox.payments.items() if not row["sandbox"]][:n]


def test_a_hundred_and_fifty_take_two_calls(sqlite_store: Engine, gateway: Gateway, sandbox: Sandbox) -> None:
    uids = live(sandbox, 150)
    gateway.now()
    before = gateway.requests
    assert read_selection(gateway, sqlite_store, uids) == Selection(150, 150, ())
    assert gateway.requests == before + 2
    assert read_selection(gateway, sqlite_store, uids).changed == 0


def test_what_was_refunded_elsewhere_is_seen(sqlite_store: Engine, gateway: Gateway, sandbox: Sandbox) -> None:
    uid = next(uid for uid in live(sandbox, 500) if sandbox.payments[uid]["status"] == "paid")
    read_selection(gateway, sqlite_store, [uid])
    given = sandbox.payments[uid]["cancel_amount"]
    sandbox.refund(uid, 100, "콘솔에서 환불")
    assert read_selection(gateway, sqlite_store, [uid]).changed == 1
    with reading(sqlite_store) as conn:
        kept = get_payment(conn, uid)
    assert kept is not None
    assert kept.cancel_amount == given + 100


def test_one_that_is_gone_is_named_and_the_others_are_read(
    sqlite_store: Engine, gateway: Gateway, sandbox: Sandbox
) -> None:
    uids = [*live(sandbox, 2), "imp_000000000000"]
    assert read_selection(gateway, sqlite_store, uids) == Selection(2, 2, ("imp_000000000000",))


def test_a_payment_of_a_test_channel_is_read_too(sqlite_store: Engine, gateway: Gateway, sandbox: Sandbox) -> None:
    uids = [next(uid for uid, row in sandbox.payments.items() if row["sandbox"]), *live(sandbox, 1)]
    assert read_selection(gateway, sqlite_store, uids).read == 2


def test_a_gateway_that_does_not_answer_is_said(sqlite_store: Engine, gateway: Gateway, sandbox: Sandbox) -> None:
    sandbox.plans.extend(Plan(Fault.LOST_BEFORE, picks=calls("GET", "/payments")) for _try in range(4))
    with pytest.raises(OutcomeUnknown):
        read_selection(gateway, sqlite_store, live(sandbox, 2))
