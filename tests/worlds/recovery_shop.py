"""For tests of recovery: a small merchant with monthly bookings, whose clock goes on and whose mirror keeps up."""

import random
from typing import Any

from sqlalchemy import Engine

from services.mirror.sync import sync
from services.operations.executor import Executor
from services.operations.journal.audit import Actor
from services.recovery.desk import Failed, Proposal, list_failed, proposals
from services.recovery.policy import Policy
from services.recovery.rounds import carry_out, recover
from services.sandbox.api.charges import charge_key, execute_due
from services.sandbox.sandbox import Sandbox
from services.sandbox.world.channels import channel_rows
from services.sandbox.world.rows import schedule_row
from services.sandbox.world.world import World
from services.store.engine import reading
from services.subscriptions.keep import refresh_chains
from services.tables.journal import Operation
from tests.worlds.mirrors import make_gateway
from tests.worlds.rows.times import at
from tests.worlds.sandboxes import MovingClock

ON = Policy(automatic=True)
NO_MONEY, NO_LIMIT, BANK, EXPIRED, GONE = (
    "[잔액부족] 출금 가능 잔액이 부족합니다.",
    "[한도초과] 카드 이용한도를 초과하였습니다.",
    "은행 점검 시간으로 결제할 수 없습니다.",
    "[유효기간만료] 카드 유효기간이 만료되었습니다.",
    "[거래거절] 카드사에서 거래를 거절하였습니다.",
)


class Shop:
    """The first of September 2026, in the morning; keys are charged on the 5th of each month at ten."""

    def __init__(self, engine: Engine, keys: int = 1) -> None:
        self.engine, self.clock = engine, MovingClock(at("2026-09-01 09:00"))
        self.world = World(channels=channel_rows(), chance=random.Random(1))
        self.sandbox = Sandbox(self.world, clock=self.clock)
        self.gateway = make_gateway(self.sandbox, self.clock)
        self.executor = Executor(engine, self.gateway, lambda _operation: True, clock=self.clock)
        for number in range(keys):
            key: dict[str, Any] = {"customer_uid": f"key{number}", "pg_provider": "html5_inicis", "pg_id": "shop"}
            self.world.billing_keys[f"key{number}"] = key | {"inserted": 1, "updated": 1, "sandbox": False}
            for month in ("09", "10", "11"):
                self.book(number, f"2026-{month}-05 10:00", f"order{number}-{month}")

    def book(self, number: int, when: str, order: str) -> None:
        """The merchant's server books."""
        row = schedule_row(f"key{number}", order, at(when), 9_900, name="구독", pg_provider="html5_inicis")
        self.world.put_schedule(row)

    def until(self, when: str) -> None:
        """Time passes: what is booked is charged, and the mirror sees it."""
        self.clock.at = at(when)
        execute_due(self.world, int(self.clock.at))
        self.look()

    def look(self) -> None:
        """The mirror catches up, and the chains with it."""
        sync(self.gateway, self.engine, full=True)
        refresh_chains(self.engine, self.clock())

    def fails(self, reason: str | None, number: int = 0) -> None:
        """The key's next charges fail for this reason; None: they are paid."""
        self.world.broken_keys.pop(f"key{number}", None)
        if reason:
            self.world.broken_keys[f"key{number}"] = reason

    def november_fails(self, reason: str, keys: int = 1) -> None:
        """The charges of the 5th of November on the first keys have failed for this reason, and so would the next."""
        self.until("2026-11-04 12:00")
        for number in range(keys):
            self.fails(reason, number)
        self.until("2026-11-05 12:00")

    def charged_elsewhere(self, order: str, number: int = 0) -> None:
        """The merchant's server charges the key itself."""
        charge_key(self.world, f"key{number}", order, 9_900, {"name": "구독"}, int(self.clock.at), "payment")

    def tried_elsewhere(self, reason: str | None, order: str = "extra", number: int = 0) -> None:
        """A charge of the merchant's server comes to this, and the mirror sees it."""
        self.fails(reason, number)
        self.charged_elsewhere(order, number)
        self.look()

    def recover(self, policy: Policy = ON) -> list[Operation]:
        """A turn of automatic recovery, carried out."""
        asked = recover(self.engine, policy, self.clock())
        self.executor.turn()
        refresh_chains(self.engine, self.clock())
        return asked

    def carry_out(self, actor: Actor) -> list[Operation]:
        """A person has everything that is proposed carried out."""
        asked = carry_out(self.engine, self.proposed(), actor, self.clock())
        self.executor.turn()
        refresh_chains(self.engine, self.clock())
        return asked

    def proposed(self, policy: Policy = ON) -> list[Proposal]:
        with reading(self.engine) as conn:
            return proposals(conn, self.clock(), policy)

    def failed(self) -> list[Failed]:
        with reading(self.engine) as conn:
            return list(list_failed(conn, self.clock()).rows)

    def paid(self, number: int = 0) -> list[str]:
        """Order numbers that the key paid, oldest first."""
        rows = [self.world.payments[one] for one in self.world.charges.get(f"key{number}", ())]
        return [row["merchant_uid"] for row in rows if row["status"] == "paid"]
