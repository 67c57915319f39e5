"""What a window works with."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from services.sandbox.window.asked import Asked, Stopped
from services.sandbox.window.later import Later
from services.sandbox.window.switches import Switches
from services.sandbox.window.webhooks import Webhooks
from services.sandbox.world.world import World


@dataclass(frozen=True, slots=True)
class Backstage:
    """The world of each store, and what happens outside it."""

    worlds: Mapping[str, World]
    held: AbstractContextManager[Any]
    """Holds them: for moments alone, never while a shop is asked or told."""
    now: Callable[[], int]
    tick: Callable[[], None]
    """Does what is due by now."""
    switches: Callable[[], Switches]
    webhooks: Webhooks
    later: Later

    def world(self, asked: Asked) -> World:
        """The store that a page asks for. Raises Stopped for one that the merchant does not have."""
        tier = asked.tier_code or ""
        if tier not in self.worlds:
            raise Stopped("등록되지 않은 하위 상점(Tier) 코드입니다.")
        return self.worlds[tier]
