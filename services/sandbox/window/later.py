"""What happens by itself some time later."""

import sched
import threading
import time
from collections.abc import Callable
from typing import Any


class Later:
    """Does things at their time, one after another, in a thread of its own."""

    def __init__(self) -> None:
        self._plan = sched.scheduler(time.monotonic)
        self._woken = threading.Event()
        self._begun = threading.Lock()

    def after(self, seconds: float, do: Callable[..., object], *told: Any) -> None:
        """Calls `do` in some seconds; it may not raise."""
        self._plan.enter(seconds, 0, do, told)
        self._woken.set()
        if self._begun.acquire(blocking=False):
            threading.Thread(target=self._run, name="sandbox-later", daemon=True).start()

    def _run(self) -> None:
        while True:
            self._woken.wait(self._plan.run(blocking=False))
            self._woken.clear()
