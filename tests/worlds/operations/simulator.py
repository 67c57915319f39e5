"""The simulator of operations: one seed, one history of people, executors, faults, crashes and clocks.

Two executors on one journal are stepped as greenlets, which change places at requests and after commits, so that
every history is repeated by its seed. `python -m tests.worlds.operations.simulator FIRST COUNT` runs many and prints
what it found.
"""

import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

import httpx
from greenlet import getcurrent, greenlet
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from services.errors import JangbuError
from services.gateway import Gateway
from services.sandbox.credentials import IMP_KEY, IMP_SECRET, PG_API_KEY
from services.tables.journal import Operation
from tests.worlds.operations.gate import (
    FAULTS,
    LATE,
    Gate,
    Times,
    Watched,
    changes_something,
    small_world,
)
from tests.worlds.operations.invariants import at_the_end
from tests.worlds.operations.people import People
from tests.worlds.operations.store import Commits, Killed

STEPS = 100
_STALLS = (30, 120, 1_500, 4_000)
_TROUBLED = 22
"""Turns of the settling during which things still go wrong: about an hour."""
_JUMPS = (0, 0, 45, -45, 3_600, -3_600, 86_400, -86_400)
_MOMENTS = (1, 1, 3, 15, 60)


@dataclass
class Found:
    """What a history came to: what was wrong, and how much of what happened in it."""

    seed: int
    wrong: list[str]
    seen: Counter[str] = field(default_factory=Counter)


class Life:
    """One life of an executor: from its start to its crash."""

    def __init__(self, simulator: "Simulator", name: str) -> None:
        self.simulator = simulator
        self.asleep_until = 0.0
        self.idle_since: float | None = None
        gateway = Gateway(
            "http://gate", IMP_KEY, IMP_SECRET,
            transport=httpx.MockTransport(self._request), clock=simulator.times.ours,
            pg_api_key=PG_API_KEY,
        )  # fmt: skip
        self.executor = Watched(
            simulator.engine, gateway, simulator.permits, clock=simulator.times.ours, name=name, pause=self._pause
        )
        self.thread = greenlet(self._live)

    def _live(self) -> None:
        while True:
            try:
                self.executor.turn()
            except (JangbuError, DatabaseError):
                self.simulator.seen["turns ended by an error"] += 1
            self.idle_since = self.simulator.times.at
            self.simulator.away()

    def _pause(self, seconds: float) -> None:
        self.asleep_until = self.simulator.times.at + seconds
        self.simulator.away()

    def _request(self, request: httpx.Request) -> httpx.Response:
        simulator = self.simulator
        calls = changes_something(request)
        if not calls:
            # A call that passed its last check is on its way: it may be slow, but nobody stops it here.
            simulator.away()
        operation = self.executor.calling if calls else None
        answer = simulator.gate.answer(request, operation, simulator.some_fault())
        if calls and not simulator.calm and simulator.chance.random() < simulator.stalls:
            simulator.stall(self)
        simulator.away()
        return answer

    def goes_on_at(self) -> float:
        """When it wants to go on: in the middle of a turn at once, else in a second."""
        return max(self.asleep_until, 0.0 if self.idle_since is None else self.idle_since + 1)

    def end(self) -> None:
        """Dies where it stands."""
        with suppress(Killed):
            self.thread.throw(Killed())


class Simulator:
    """One seed's history over a journal that is empty when it begins."""

    def __init__(self, engine: Engine, commits: Commits, seed: int) -> None:
        self.chance = random.Random(seed)
        self.engine, self.seed = engine, seed
        self.times = Times()
        self.seen: Counter[str] = Counter()
        self.gate = self.new_gate()
        self.people = self.new_people()
        self.trouble = self.chance.choice((0.05, 0.15, 0.3, 0.5))
        self.stalls = self.chance.choice((0.02, 0.1, 0.5))
        """How often an executor stops with the answer to its call in hand."""
        self.faults = self.chance.sample((*FAULTS, LATE), self.chance.choice((2, 4, len(FAULTS) + 1)))
        self.calm = False
        self.weights = [60, 3, 17, 3, 3, 3, 1]
        """How often each step of a history is taken: see _step."""
        self._named = 0
        self._hub = getcurrent()
        self.lives = [self.born(), self.born()]
        commits.before, commits.after = self._before_commit, self._after_commit

    def new_gate(self) -> Gate:
        """What stands before the gateway of this history."""
        keeps = 2 if self.seed % 4 == 3 else None
        # With a promotion the buyer gets less, and some PGs round: a little less, or more.
        sandbox = small_world(self.times, skew={3: -30, 4: 200}.get(self.seed % 5, 0))
        return Gate(sandbox, self.times, self.engine, keeps=keeps)

    def new_people(self) -> People:
        """Who acts in it."""
        return People(self)

    def run(self) -> Found:
        """The whole history; then everything is left to settle, and looked at."""
        for _ in range(STEPS):
            self._step()
        self._settle()
        for life in self.lives:
            life.end()
        wrong = [*self.gate.wrong, *self.people.wrong, *at_the_end(self.engine, self.gate)]
        self.seen["calls that change something"] = self.gate.posts
        return Found(self.seed, wrong, self.seen)

    def away(self) -> None:
        """Called by an executor between two of its steps: whoever is next goes on."""
        if getcurrent() is not self._hub:
            self._hub.switch()

    def permits(self, operation: Operation) -> bool:
        """Somebody's role is taken away now and then."""
        return self.calm or self.chance.random() > self.trouble / 10

    def some_fault(self) -> str | None:
        """What happens to the next request."""
        if self.calm or self.chance.random() > self.trouble:
            return None
        fault = self.chance.choice(self.faults)
        self.seen[f"fault {fault}"] += 1
        return fault

    def born(self) -> Life:
        """Another process."""
        self._named += 1
        return Life(self, f"elsewhere{self._named}:1:{self._named}")

    def _step(self) -> None:
        match self.chance.choices(range(7), self.weights)[0]:
            case 0:
                self._go_on()
            case 1:
                self._pass(self.chance.choice(_MOMENTS))
            case 2:
                self.people.act()
            case 3:
                self.people.console()
            case 4:
                self._stall()
            case 5:
                self._kill(self.chance.randrange(2))
            case _:
                self.seen["clock jumps"] += 1
                self.times.off = self.chance.choice(_JUMPS)

    def stall(self, life: Life) -> None:
        """Stops an executor where it stands; it wakes by itself."""
        self.seen["stalls"] += 1
        life.asleep_until = self.times.at + self.chance.choice(_STALLS)

    def _stall(self) -> None:
        busy = [life for life in self.lives if life.idle_since is None]
        if busy:
            self.stall(self.chance.choice(busy))

    def _go_on(self) -> None:
        awake = [number for number, life in enumerate(self.lives) if life.goes_on_at() <= self.times.at]
        if not awake:
            return self._pass(self.chance.choice(_MOMENTS))
        number = self.chance.choice(awake)
        for _ in range(self.chance.randrange(1, 8)):
            if not self._resume(number) or self.lives[number].asleep_until > self.times.at:
                break
        return None

    def _resume(self, number: int) -> bool:
        """One step of an executor; whether it has more to do."""
        life = self.lives[number]
        life.idle_since = None
        try:
            life.thread.switch()
        except Killed:
            self._kill(number)
        self._pass(0.05)
        return self.lives[number].idle_since is None

    def _pass(self, seconds: float) -> None:
        self.times.at += seconds
        self.passing()
        self.gate.carry_out_late()

    def passing(self) -> None:
        """What else happens by itself while time passes."""

    def _kill(self, number: int) -> None:
        self.seen["crashes"] += 1
        self.lives[number].end()
        self.lives[number] = self.born()

    def _before_commit(self) -> None:
        if getcurrent() is self._hub or self.calm:
            return
        chance = self.chance.random()
        if chance < self.trouble / 12:
            raise Killed()
        if chance < self.trouble / 6:
            self.seen["commits refused"] += 1
            raise Commits.full()

    def _after_commit(self) -> None:
        self.away()

    def _settle(self) -> None:
        for turn in range(70):
            self.calm = turn > _TROUBLED
            for number, life in enumerate(self.lives):
                while life.asleep_until <= self.times.at and self._resume(number):
                    life = self.lives[number]
            if self.people.tidy() and not self.gate.late:
                return
            self._pass(min(5 * 1.3**turn, 300))
        self.gate.wrong.append(f"stuck: {self.people.open_ones()}")
