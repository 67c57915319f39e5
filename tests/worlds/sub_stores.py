"""A merchant with a main store and two sub-stores, in which other orders may have the same numbers."""

import random
from dataclasses import dataclass, field

import httpx

from services.gateway import Gateway
from services.sandbox.credentials import IMP_KEY, IMP_SECRET
from services.sandbox.sandbox import Sandbox
from services.sandbox.world.channels import channel_rows
from services.sandbox.world.rows import schedule_row
from services.sandbox.world.world import SubStore, World
from tests.worlds.sandboxes import DAY, UNTIL

TIERS = {"ABC": "강남점", "DEF": "분당점"}
ORDER = "order-1"
"""An order number that each store has."""


@dataclass
class Chain:
    """The sandbox and the client of such a merchant, and what was asked: method, path, and `Tier` or an empty text."""

    at: float = UNTIL
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        worlds = {tier: _world(number, tier) for number, tier in enumerate(("", *TIERS))}
        stores = {tier: SubStore(name, worlds[tier]) for tier, name in TIERS.items()}
        self.sandbox = Sandbox(worlds[""], clock=lambda: self.at, sub_stores=stores)
        self.gateway = self.client(tuple(TIERS))

    def client(self, tiers: tuple[str, ...]) -> Gateway:
        """A client that knows of these sub-stores."""
        transport = httpx.MockTransport(self._answer)
        return Gateway("http://chain", IMP_KEY, IMP_SECRET, transport=transport, clock=lambda: self.at, tiers=tiers)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append((request.method, request.url.path, request.headers.get("tier", "")))
        return self.sandbox(request)

    @property
    def tiers_asked(self) -> set[str]:
        """The stores that requests named, tokens aside."""
        return {tier for _method, path, tier in self.asked if path != "/users/getToken"}

    def calls(self) -> list[tuple[str, str, str]]:
        """The requests that change something."""
        return [one for one in self.asked if one[0] != "GET" and one[1] != "/users/getToken"]


def _world(number: int, tier: str) -> World:
    world = World(channels=channel_rows(), chance=random.Random(number))
    own = {"pg_provider": "html5_inicis", "pay_method": "card", "status": "paid", "paid_at": int(UNTIL) - DAY}
    uid = f"imp_{tier or 'MAIN'}"
    world.add_payment(10_000 + number, int(UNTIL) - DAY, imp_uid=uid, merchant_uid=ORDER, **own)
    key = f"key-{tier or 'MAIN'}"
    of_key = {"pg_provider": "html5_inicis", "pg_id": "shop", "inserted": 1, "updated": 1, "sandbox": False}
    world.billing_keys[key] = {"customer_uid": key} | of_key
    world.put_schedule(schedule_row(key, f"booked-{tier or 'MAIN'}", int(UNTIL) + DAY, 9_900, name="구독"))
    return world
