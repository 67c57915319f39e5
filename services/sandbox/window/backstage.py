"""What a window works with."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from services.sandbox.window.later import Later
from services.sandbox.window.switches import Switches
from services.sandbox.window.webhooks import Webhooks
from services.sandbox.world.world import World


@dataclass(frozen=True, slots=True)
class Backstage:
    """The world, and what happens outside it."""

    world: World
    held: AbstractContextManager[Any]
    """Holds the world: for moments alone, never while a shop is asked or told."""
    now: Callable[[], int]
    tick: Callable[[], None]
    """Does what is due by now."""
    switches: Callable[[], Switches]
    webhooks: Webhooks
    later: Later
