"""For tests: a receiver of webhooks that keeps what is posted, and answers or hangs as it is told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.worlds.servers.listening import Door, listening


@dataclass
class Hook:
    """What was posted, and how the next ones are answered."""

    address: str = ""
    posts: list[dict[str, Any]] = field(default_factory=list)
    asked: int = 0
    """How often somebody came, whatever was answered."""
    status: int = 200
    hangs: threading.Event = field(default_factory=threading.Event)
    """Cleared: answers wait for it."""

    def __post_init__(self) -> None:
        self.hangs.set()


@contextmanager
def taking_posts() -> Iterator[Hook]:
    """Serves while the block lasts."""
    hook = Hook()

    class Taking(Door):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            hook.asked += 1
            hook.hangs.wait(60)
            if hook.status == 200:
                hook.posts.append(body)
            self.answer(hook.status, b"ok")

    with listening(Taking) as address:
        hook.address = f"{address}/services/T0/B0/secret-canary"
        yield hook
        hook.hangs.set()
